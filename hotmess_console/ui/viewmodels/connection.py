"""What the status bar and the banner say about the line to the database and about mail that waits."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from hotmess_console.services.console import Contact
from hotmess_console.services.queries import SendingState

STALE_AFTER_S = 15.0
"""Seconds without a confirmed contact after which the line counts as lost, even if nobody said so."""


FLYING = (
    "What you did last is not confirmed: it is still on its way and goes in by itself when the database answers. "
    "Do not do it again."
)
LATE_AFTER_S = 1.0
"""Seconds after which something that was asked counts as not confirmed."""


@dataclass(frozen=True, slots=True)
class Connection:
    """The line, as far as it is known. Times are monotonic seconds; `confirmed_at` is None before the first contact."""

    confirmed_at: float | None = None
    lost: bool = False
    why: str = ""
    note: str = ""
    """How changes arrive, where that is unusual."""

    def heard(self, contact: Contact, at: float) -> Connection:
        """Return the line after a heartbeat or a failure at `at`."""
        if contact.live:
            return Connection(at, note=contact.words)
        return replace(self, lost=True, why=contact.words)

    def answered(self, at: float) -> Connection:
        """Return the line after the database answered a question or a command at `at`."""
        # whoever said that the line is lost says when it is back
        return self if self.lost else replace(self, confirmed_at=at)

    def is_late(self, at: float, asked_at: float | None) -> bool:
        """Return whether the database owes an answer to what was asked at `asked_at`, and has been silent since."""
        if asked_at is None or self.is_lost(at):
            return False
        silent_since = asked_at if self.confirmed_at is None else max(asked_at, self.confirmed_at)
        return at - silent_since > LATE_AFTER_S

    def is_lost(self, at: float) -> bool:
        """Return whether work has to do without the database at `at`."""
        return self.lost or (self.confirmed_at is not None and at - self.confirmed_at > STALE_AFTER_S)

    def age(self, at: float) -> str:
        """Return how long ago the database answered: "2 s ago", "6 min ago", "1 h 05 ago"; nothing if it never has."""
        return "" if self.confirmed_at is None else f"{span(at - self.confirmed_at)} ago"

    def words(self, at: float, asked_at: float | None = None) -> tuple[str, str]:
        """Return the state and the age, as the status bar shows them; `asked_at`: since when an answer is awaited."""
        if self.confirmed_at is None and not self.lost:
            return "Connecting", ""
        age = self.age(at)
        if self.is_lost(at):
            return "Offline", f"last confirmed {age}" if age else "never reached yet"
        if self.is_late(at, asked_at):
            return "Not confirmed yet", f"last confirmed {age}"
        return "Connected", ", ".join(filter(None, (self.note, f"confirmed {age}")))

    def banner(self, at: float, *, flying: bool = False) -> str:
        """Return what still works, and since when the line is gone; `flying`: something was given and not confirmed."""
        age = self.age(at)
        since = f"The database last answered {age}. " if age else "The database has not answered yet. "
        if flying:
            return since + FLYING
        return since + "You can go on reading; drafts are kept until you close the window. Send them when you are back."


def span(seconds: float) -> str:
    """Return a stretch of time, rounded down: "2 s", "6 min", "1 h 05"."""
    whole = max(0, int(seconds))
    if whole < 60:
        return f"{whole} s"
    minutes = whole // 60
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d}"


@dataclass(frozen=True, slots=True)
class Mail:
    """The delivery ledger and whoever works it, in words."""

    state: SendingState = field(default_factory=lambda: SendingState(0, 0, 0))
    trouble: str = ""

    @property
    def waiting(self) -> int:
        """How many messages have not left yet."""
        return self.state.held

    def words(self) -> str:
        """Return "Nothing held", "3 held", "1 held, 2 failed"; a cap shows as "999+"."""
        parts = [
            f"{capped(count)} {name}"
            for count, name in (
                (self.state.held, "held"),
                (self.state.failed, "failed"),
                (self.state.unknown, "of unknown fate"),
            )
            if count
        ]
        return ", ".join(parts) or "Nothing held"

    @property
    def needs_somebody(self) -> bool:
        """Whether a person has to look: mail failed, may have failed, or nobody is sending."""
        return bool(self.trouble or self.state.failed or self.state.unknown)


def capped(count: int) -> str:
    """Return a count as shown: "999+" where counting stopped."""
    return "999+" if count > 999 else str(count)
