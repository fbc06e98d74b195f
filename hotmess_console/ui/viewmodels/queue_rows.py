"""One row of a queue in words: all that the list paints and speaks, and nothing it would have to work out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hotmess_console.domain.cases import Case
from hotmess_console.domain.people import Staff
from hotmess_console.domain.policy.countdown import DueState, due_state, due_words
from hotmess_console.domain.policy.sla import Clock
from hotmess_console.domain.safe_text import clean_line
from hotmess_console.domain.values import CaseId, Category, Login, Status, Urgency
from hotmess_console.services.drafts import DraftKind
from hotmess_console.ui.viewmodels import when
from hotmess_console.ui.viewmodels.faces import hue_of

SUBJECT_LIMIT = 160  # more than the widest row shows; whatever is behind it would only cost time
SNIPPET_LIMIT = 200
NAME_LIMIT = 60

STATUS_TITLES = {
    Status.OPEN: "Open",
    Status.IN_PROGRESS: "In progress",
    Status.WAITING: "Waiting",
    Status.RESOLVED: "Resolved",
    Status.CLOSED: "Closed",
}


@dataclass(frozen=True, slots=True)
class Face:
    """A member of staff as a small disc: two letters, one of six hues, and the name that is spoken."""

    initials: str
    hue: int
    name: str


@dataclass(frozen=True, slots=True)
class Row:
    """A case, a cluster of near-identical ones, or the heading of a section, ready to paint.

    `due` is relative ("48 min", "Overdue 6 min", "Paused"), `due_at` absolute ("03:19", "Tue 09:00").
    `notice` takes the snippet's place: why a row came back. `count` and `note` are for clusters and sections.
    """

    id: CaseId
    reference: str
    subject: str
    snippet: str = ""
    kind: str = "case"
    urgency: Urgency = Urgency.NORMAL
    category: str = ""
    status: Status = Status.OPEN
    due: str = ""
    due_at: str = ""
    due_state: DueState = DueState.CALM
    level: str = ""
    assignee: Face | None = None
    present: tuple[Face, ...] = ()
    unread: bool = False
    notice: str = ""
    count: int = 0
    note: str = ""
    version: int = 0
    draft: str = ""
    """What waits as a draft of one's own: "Note draft"."""
    asks_danger: bool = False

    @property
    def status_title(self) -> str:
        """The status as people say it."""
        return STATUS_TITLES[self.status]

    @property
    def late_and_grave(self) -> bool:
        """Overdue in the immediate band: the only due time that may be red."""
        return self.due_state is DueState.OVER and self.urgency is Urgency.IMMEDIATE

    def spoken(self) -> str:
        """The row as one sentence for a screen reader."""
        if self.kind == "section":
            cases = "1 case" if self.count == 1 else f"{self.count} cases"
            return ", ".join(filter(None, (f"Section {self.subject}", cases, self.note))) + "."
        return ", ".join(filter(None, self._phrases())) + "."

    def _phrases(self) -> Iterable[str]:
        yield self.subject
        yield self.notice
        yield "may be about danger" if self.asks_danger else ""
        yield self.draft.lower()
        yield "unread" if self.unread else ""
        yield f"{self.urgency.name.lower()} urgency"
        yield self.category
        yield self.status_title.lower()
        yield f"level {self.level[1:]}" if self.level else ""
        yield self._spoken_due()
        yield f"{self.count} near-identical" if self.kind == "cluster" else ""
        yield f"assigned to {self.assignee.name}" if self.assignee else "unclaimed"
        yield from (f"{face.name} is reading it" for face in self.present)
        yield self.reference

    def _spoken_due(self) -> str:
        if self.due_state is DueState.OVER:
            return f"{self.due.lower()}, was due {self.due_at}"
        if self.due_state is DueState.PAUSED:
            return f"clock paused {self.due_at}"
        return "" if self.due_state is DueState.DONE else f"due in {self.due}, at {self.due_at}"


def row_of(case: Case, *, now: datetime, staff: Staff, zone: ZoneInfo, present: Iterable[Login] = ()) -> Row:
    """Put `case` into words as of `now` (aware), times in `zone`; `present` are others who have it open."""
    due, due_at, state = _due_words(case, now, zone)
    return Row(
        id=case.id,
        reference=case.reference,
        subject=clean_line(case.subject, SUBJECT_LIMIT) or "(no subject)",
        snippet=clean_line(case.snippet, SNIPPET_LIMIT),
        urgency=case.urgency,
        category=category_title(case.category),
        status=case.status,
        due=due,
        due_at=due_at,
        due_state=state,
        level=f"L{int(case.level)}",
        assignee=face_of(case.assignee, staff) if case.assignee else None,
        present=tuple(face_of(login, staff) for login in present if login != case.assignee),
        unread=case.unread,
        version=case.version,
        asks_danger=case.asks_danger,
    )


def draft_words(kinds: frozenset[DraftKind]) -> str:
    """What a row says of words of one's own that wait: "Note draft", "Reply and note drafts"."""
    return "Reply and note drafts" if len(kinds) > 1 else f"{next(iter(kinds)).value.capitalize()} draft"


def face_of(login: Login, staff: Staff) -> Face:
    """The face of a login, its hue that of the name wherever it stands; one that has left gets letters of its login."""
    known = staff.get(login)
    if known is not None:
        return Face(clean_line(known.initials, 3), hue_of(known.name), clean_line(known.name, NAME_LIMIT))
    return Face(clean_line(login[:2]).upper(), hue_of(staff.name(login)), staff.name(login))


def category_title(category: Category) -> str:
    """The category as people say it."""
    return category.value.capitalize()


def _due_words(case: Case, now: datetime, zone: ZoneInfo) -> tuple[str, str, DueState]:
    clock = Clock(case.opened_at, case.due_at, case.due_at, case.paused_at)
    if case.due_at is None:
        # An open case without a clock is history that nobody adopted: it is not done, it just has no time.
        finished = case.status in (Status.RESOLVED, Status.CLOSED)
        words = due_words(clock, now) if finished or case.paused_at else ""
        since = f"since {when.short(case.paused_at, now, zone)}" if case.paused_at else ""
        return words, since, due_state(clock, now, timedelta())
    state = due_state(clock, now, case.due_at - case.opened_at)
    return due_words(clock, now), when.short(case.due_at, now, zone), state
