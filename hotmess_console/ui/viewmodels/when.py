"""Moments as people read them: as short as is clear here and now, and in full where it must be exact."""

from __future__ import annotations

from datetime import datetime
from math import ceil
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from PySide6.QtCore import QTimeZone

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_WEEK = 7


def workstation_zone() -> ZoneInfo:
    """Return the zone that this workstation is set to; UTC where it names none that is known."""
    name = QTimeZone.systemTimeZoneId().data()
    try:
        return ZoneInfo(bytes(name).decode("ascii", "replace"))
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def seconds_left(span: float) -> int:
    """Return the whole seconds to show of so many: every countdown says the same at the same instant.

    A timer that fires a few hundredths early does not make a second stand twice as long.
    """
    return max(0, ceil(span - 0.05))


def clock_time(moment: datetime, zone: ZoneInfo) -> str:
    """Return the time of day alone: "02:19"."""
    return f"{moment.astimezone(zone):%H:%M}"


def short(moment: datetime, now: datetime, zone: ZoneInfo) -> str:
    """Return "02:19" today, "Sun 22:53" within a week, "21 Nov" this year, otherwise "3 Nov 2025"."""
    there, here = moment.astimezone(zone), now.astimezone(zone)
    away = abs((there.date() - here.date()).days)
    if away == 0:
        return f"{there:%H:%M}"
    if away < _WEEK:
        return f"{_DAYS[there.weekday()][:3]} {there:%H:%M}"
    day = f"{there.day} {_MONTHS[there.month - 1][:3]}"
    return day if there.year == here.year else f"{day} {there.year}"


def date(moment: datetime, zone: ZoneInfo) -> str:
    """Return the date in full: "14 March 2025"."""
    there = moment.astimezone(zone)
    return f"{there.day} {_MONTHS[there.month - 1]} {there.year}"


def day(moment: datetime, now: datetime, zone: ZoneInfo) -> str:
    """Return the heading of a day: "Today", "Yesterday", "Sunday 22 November", "3 November 2025"."""
    there, here = moment.astimezone(zone).date(), now.astimezone(zone).date()
    back = (here - there).days
    if back in (0, 1):
        return ("Today", "Yesterday")[back]
    if there.year == here.year:
        return f"{_DAYS[there.weekday()]} {there.day} {_MONTHS[there.month - 1]}"
    return date(moment, zone)


def full(moment: datetime, zone: ZoneInfo) -> str:
    """Return the moment so that nobody can misread it: "Sun 22 Nov 2026, 22:53 GMT"."""
    there = moment.astimezone(zone)
    name = there.tzname() or ""
    month = _MONTHS[there.month - 1][:3]
    return f"{_DAYS[there.weekday()][:3]} {there.day} {month} {there.year}, {there:%H:%M} {name}".rstrip()
