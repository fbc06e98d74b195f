"""Putting a case out of sight until a moment: a few moments at hand, or any other, always with the absolute time."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from hotmess_console.domain.errors import BadInput
from hotmess_console.ui.dialogs.choice_list import Choice, ChoiceList
from hotmess_console.ui.dialogs.choose import FIGURES, KeyedSheet, numbered
from hotmess_console.ui.widgets.field import Field
from hotmess_console.ui.widgets.safe_text import SafeLabel

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})")
_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_SPAN = re.compile(r"(?:in\s+)?(\d{1,3})\s*(min|minutes?|h|hours?|d|days?|w|weeks?)")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_MORNING, _EVENING = time(9), time(18)
LONGEST = timedelta(days=366)


def presets(now: datetime, zone: ZoneInfo | None = None) -> list[tuple[str, datetime]]:
    """Return the moments at hand, later than `now`, as the workstation's clock counts (or `zone`)."""
    today = now.astimezone(zone).date()
    monday = today + timedelta(days=7 - today.weekday())
    found = [
        ("In 1 hour", now.astimezone(zone) + timedelta(hours=1)),
        ("Tonight", _at(today, _EVENING, zone)),
        ("Tomorrow morning", _at(today + timedelta(days=1), _MORNING, zone)),
        ("Monday morning", _at(monday, _MORNING, zone)),
    ]
    return [(name, moment) for name, moment in found if moment > now]


def moment_of(text: str, now: datetime, zone: ZoneInfo | None = None) -> datetime:
    """Return the moment that somebody typed: "14:30", "tomorrow 9:00", "fri 10:00", "2026-12-01 9:00", "3 h".

    Raises BadInput when it cannot be read, has passed, or is more than a year away.
    """
    words = text.strip().casefold()
    if span := _SPAN.fullmatch(words):
        moment = now.astimezone(zone) + int(span[1]) * _UNITS[span[2][0]]
    else:
        moment = _on_a_day(words, now, zone)
    if moment <= now:
        raise BadInput("That moment has passed.", hint="Choose a later one.")
    if moment - now > LONGEST:
        raise BadInput("That is more than a year away.", hint="Choose an earlier moment.")
    return moment


def _on_a_day(words: str, now: datetime, zone: ZoneInfo | None) -> datetime:
    here = now.astimezone(zone)
    clock, day = _CLOCK.search(words), _DATE.search(words)
    try:
        hour = time(int(clock[1]), int(clock[2])) if clock else _MORNING
        if day:
            return _at(date(int(day[1]), int(day[2]), int(day[3])), hour, zone)
    except ValueError as error:
        raise _unreadable() from error
    named = (_CLOCK.sub("", words)).strip(" ,")
    if named in ("", "today") and clock:
        moment = _at(here.date(), hour, zone)
        return moment if moment > now or named else _at(here.date() + timedelta(days=1), hour, zone)
    if named == "tomorrow":
        return _at(here.date() + timedelta(days=1), hour, zone)
    for place, name in enumerate(_DAYS):
        if len(named) >= 3 and named[:3] == name.casefold():
            return _at(here.date() + timedelta(days=(place - here.weekday() - 1) % 7 + 1), hour, zone)
    raise _unreadable()


def _unreadable() -> BadInput:
    return BadInput("That is no moment.", hint="Write 14:30, tomorrow 9:00, fri 10:00, 2026-12-01 9:00, or 3 h.")


def _at(day: date, hour: time, zone: ZoneInfo | None) -> datetime:
    # Made from the wall clock each time, so that a change of summer time in between does not move it.
    return datetime.combine(day, hour, zone).astimezone(zone)


def absolute(moment: datetime, zone: ZoneInfo | None = None) -> str:
    """Return a moment in full on the workstation's clock, with its zone: "Tue 24 Nov, 09:00 GMT"."""
    there = moment.astimezone(zone)
    return (
        f"{_DAYS[there.weekday()]} {there.day} {_MONTHS[there.month - 1]}, {there:%H:%M} {there.tzname() or ''}".strip()
    )


class SnoozeSheet(KeyedSheet):
    """A figure takes a moment at hand; typing names another. Answers the moment."""

    def __init__(self, window: QWidget, what: str, now: datetime, zone: ZoneInfo | None = None) -> None:
        words = "It leaves the queue until then and comes back by itself. Its clock goes on running."
        super().__init__(window, f"Snooze {what}", words, icon="alarm-clock", width=480, action="Snooze")
        self._now, self._zone = now, zone
        self.list = ChoiceList("Until when", by_letters=True)
        self.list.chosen.connect(self.finish)
        self.list.set_choices(numbered([Choice(at, name, absolute(at, zone)) for name, at in presets(now, zone)]))
        self.field = Field("Another moment", hint="Or type: fri 10:00, 2026-12-01 9:00, 3 h", limit=40)
        self.until = SafeLabel(step="small", role="gold_text", weight=500, elide=True)
        self.field.textChanged.connect(lambda _text: self.refresh())
        for part in (self.list, self.field, self.until):
            self.body.addWidget(part)
        self.refresh()

    def refresh(self) -> None:
        super().refresh()
        typed = bool(self.field.text().strip())
        self.until.set_text(f"Until {absolute(self._typed(), self._zone)}" if typed and not self.why_not() else "")

    def _typed(self) -> datetime:
        return moment_of(self.field.text(), self._now, self._zone)

    def why_not(self) -> str:
        if not self.field.text().strip():
            return ""
        try:
            self._typed()
        except BadInput as error:
            return f"{error} {error.hint}"
        return ""

    def result(self) -> object:
        return self._typed() if self.field.text().strip() else self.list.current()

    def focus_first(self) -> None:
        self.list.setFocus(Qt.FocusReason.PopupFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.field.hasFocus() and event.text():
            if event.text() in FIGURES and self.list.choose_key(event.text()):
                return
            if event.text().isalnum():
                self.field.setFocus(Qt.FocusReason.OtherFocusReason)
                self.field.insert(event.text())
                return
        super().keyPressEvent(event)


async def ask_moment(window: QWidget, what: str, now: datetime) -> datetime | None:
    """Ask until when `what` is put out of sight."""
    answer = await SnoozeSheet(window, what, now).open()
    return answer if isinstance(answer, datetime) else None
