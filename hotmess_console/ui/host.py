"""What actions, details and the composer may ask of the window they live in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from PySide6.QtWidgets import QWidget

from hotmess_console.domain.cases import Case
from hotmess_console.domain.people import Staff
from hotmess_console.domain.values import CaseId, CommandId, Permission
from hotmess_console.domain.views import QueueFilter
from hotmess_console.services.bus import Command, Outcome
from hotmess_console.services.drafts import DraftKind
from hotmess_console.services.queries import Me
from hotmess_console.ui.bridge import Bridge
from hotmess_console.ui.errors import Notice

if TYPE_CHECKING:
    from hotmess_console.domain.tickets import TicketDetail


class Focus(StrEnum):
    """Which part of the window has the keyboard."""

    QUEUE = "queue"
    DETAIL = "detail"
    COMPOSER = "composer"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Context:
    """What an action would act on right now."""

    current: Case | None
    """The case that is open in the middle."""
    chosen: tuple[Case, ...]
    """The ticked cases, or else the current one alone; loaded ones only."""
    all_matching: QueueFilter | None
    """Set when the person ticked all that match the filter: then the filter counts, not `chosen`."""
    detail: TicketDetail | None
    permissions: frozenset[Permission]
    focus: Focus
    written: frozenset[DraftKind] = frozenset()
    """What is written on the current case and not sent."""


class Host(Protocol):
    """The window, as seen from its parts. The shell is the only implementation in the program."""

    @property
    def bridge(self) -> Bridge: ...
    @property
    def me(self) -> Me: ...
    @property
    def staff(self) -> Staff: ...
    @property
    def window(self) -> QWidget: ...
    @property
    def masked(self) -> bool:
        """Whether names and addresses are hidden; after a change the shell calls `refresh_mask()` of each part."""
        ...

    def context(self) -> Context: ...
    def run_action(self, id: str) -> None:
        """Start the registry's action of this id, as its key would: refusals are told in the status bar."""
        ...

    async def decide(self, command: Command, words: str, *, leaves_queue: Sequence[CaseId] = ()) -> Outcome | None:
        """Send a reversible command and show it as done at once: cases in `leaves_queue` go at the key press, the next
        is on screen, undo is offered with `words`. A refusal brings them back with its reason and returns None."""
        ...

    async def undo(self) -> None: ...
    def offer_undo(self, commands: Sequence[CommandId], words: str, cases: Sequence[CaseId]) -> None:
        """Offer several commands, sent without `decide`, as one deed: Z takes all of them back. It stands for what was
        offered of any of them before. Without commands nothing is offered."""
        ...

    def withdraw_undo(self, commands: Sequence[CommandId]) -> None:
        """Offer these no longer: they were taken back."""
        ...

    def tell(self, notice: Notice) -> None:
        """Show a line in the status bar."""
        ...

    def untell(self, notice: Notice) -> None:
        """Take a line back whose cause is gone; whatever else is shown meanwhile stays."""
        ...

    async def open_case(self, case: CaseId) -> None: ...
    def go_to(self, tab: str) -> None: ...
    def focus_queue(self) -> None: ...
    def start_reply(self, template: str | None = None) -> None: ...
    def start_note(self) -> None: ...
    async def send_draft(self, then: str) -> None: ...

    """`then` is a Status value: in_progress, waiting_response or resolved."""

    def focus_search(self) -> None: ...
    async def refresh(self) -> None: ...
    def toggle_mask(self) -> None: ...
    def open_palette(self) -> None: ...
    def open_cheat_sheet(self) -> None: ...
