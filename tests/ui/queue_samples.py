"""Cases that the queue's tests show: those of a busy night, and as many plain ones as asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from hotmess_console.domain.cases import Case
from hotmess_console.domain.people import Colleague, Staff
from hotmess_console.domain.policy.sla import MANUAL
from hotmess_console.domain.values import (
    CaseId,
    CaseKind,
    Category,
    Level,
    Login,
    Priority,
    Status,
    Urgency,
)
from hotmess_console.ui.viewmodels.queue_model import QueueModel, RowWords
from hotmess_console.ui.viewmodels.queue_rows import Row, row_of

NOW = datetime(2026, 11, 23, 2, 31, tzinfo=UTC)
LONDON = ZoneInfo("Europe/London")
MINE, THEIRS, OTHER = Login("mina"), Login("jo"), Login("pat")
STAFF = Staff(
    [
        Colleague(MINE, "Mina Dale", "mina", "MD"),
        Colleague(THEIRS, "Jo Kerr", "jo", "JK"),
        Colleague(OTHER, "Pat Noor", "pat", "PN"),
    ]
)
PRIORITY_OF = {
    Urgency.IMMEDIATE: Priority.URGENT,
    Urgency.HIGH: Priority.HIGH,
    Urgency.NORMAL: Priority.NORMAL,
    Urgency.LOW: Priority.LOW,
}


def words(case: Case, now: datetime, readers: tuple[Login, ...]) -> Row:
    """What the window uses, with the test's staff and London time."""
    return row_of(case, now=now, staff=STAFF, zone=LONDON, present=readers)


def make_case(
    number: int,
    *,
    urgency: Urgency = Urgency.NORMAL,
    due_minutes: int | None = None,
    subject: str = "",
    version: int = 1,
    status: Status = Status.OPEN,
) -> Case:
    """A case whose id, subject and due time follow from its number."""
    due_at = NOW + timedelta(minutes=number if due_minutes is None else due_minutes)
    return Case(
        id=CaseId(UUID(int=number)),
        number=10_000 + number,
        kind=CaseKind.TICKET,
        subject=subject or f"Question {number}",
        snippet="The map does not load on the train.",
        status=status,
        category=Category.TECHNICAL,
        priority=PRIORITY_OF[urgency],
        urgency=urgency,
        level=Level.SUPPORT,
        assignee=None,
        opened_at=NOW - timedelta(hours=1),
        due_at=due_at,
        rank_at=due_at,
        paused_at=None,
        snoozed_until=None,
        language="en",
        unread=False,
        version=version,
    )


def make_cases(count: int) -> list[Case]:
    """So many cases, already in queue order."""
    return [make_case(number) for number in range(1, count + 1)]


def make_model(cases: list[Case], *, last: bool = True, wording: RowWords = words) -> QueueModel:
    """A model that shows these cases."""
    model = QueueModel(wording, NOW)
    model.show_page(cases, first=True, last=last)
    return model


_Brief = tuple[int, Urgency, int, str, str, Category, Status, Level, Login | None, bool]


def busy_night() -> list[Case]:
    """Twelve cases with every urgency, status, clock and kind of owner."""
    c, u, s = Category, Urgency, Status
    rows: list[_Brief] = [
        (482, u.IMMEDIATE, -6, "I cannot reach the person I was meeting", "We agreed to text at two and",
         c.SAFETY, s.IN_PROGRESS, Level.MANAGEMENT, OTHER, True),
        (483, u.IMMEDIATE, 12, "Somebody posted where I live", "It stands in a public comment below an event",
         c.SAFETY, s.OPEN, Level.MANAGEMENT, None, True),
        (470, u.HIGH, -25, "Refund promised last week", "The bank has seen nothing, reference ends 7Q2",
         c.BILLING, s.IN_PROGRESS, Level.SENIOR, THEIRS, False),
        (474, u.HIGH, 48, "Charged twice for PLUS", "Two payments of £9.99 on Saturday, only one membership",
         c.BILLING, s.IN_PROGRESS, Level.SUPPORT, MINE, False),
        (479, u.HIGH, 96, "No refund after ten days", "My bank says that nothing is pending on the card",
         c.BILLING, s.OPEN, Level.SENIOR, None, True),
        (468, u.NORMAL, 320, "The sign-in code never comes", "Tried by text and by email, three times each",
         c.TECHNICAL, s.OPEN, Level.SUPPORT, None, True),
        (466, u.NORMAL, 362, "App closes when I open the map", "On every launch since the update on Friday",
         c.TECHNICAL, s.IN_PROGRESS, Level.SUPPORT, OTHER, False),
        (465, u.NORMAL, 400, "Photo check failed twice", "Good light, no hat, plain wall, same answer",
         c.GENERAL, s.WAITING, Level.SENIOR, THEIRS, False),
        (459, u.NORMAL, 555, "An event shows the wrong day", "Doors are on Saturday 28 November, not Friday",
         c.TECHNICAL, s.OPEN, Level.SUPPORT, None, False),
        (455, u.NORMAL, 840, "Spring nights at our venue", "Two floors, step-free, room for 240 people",
         c.BUSINESS, s.OPEN, Level.SENIOR, None, True),
        (440, u.LOW, 2280, "Map colours are hard to see outdoors", "Bolder pins would help in the sun",
         c.FEEDBACK, s.OPEN, Level.SUPPORT, None, False),
        (431, u.LOW, 3000, "The new check-in works well", "No reply needed, just thank you for it",
         c.FEEDBACK, s.RESOLVED, Level.SUPPORT, OTHER, False),
    ]  # fmt: skip
    made = []
    for number, urgency, minutes, subject, snippet, category, status, level, owner, unread in rows:
        case = make_case(number, urgency=urgency, due_minutes=minutes, subject=subject, status=status)
        opened = NOW + timedelta(minutes=minutes) - MANUAL.of(category).due
        stopped = status in (Status.WAITING, Status.RESOLVED)
        paused = NOW - timedelta(minutes=79) if status is Status.WAITING else None
        made.append(
            replace(
                case,
                snippet=snippet,
                category=category,
                level=level,
                assignee=owner,
                unread=unread,
                due_at=None if stopped else case.due_at,
                opened_at=opened,
                paused_at=paused,
            )
        )
    return made
