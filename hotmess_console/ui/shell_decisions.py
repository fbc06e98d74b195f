"""Deciding and taking back: shown as done at the key press, made true by the database, put right if it refuses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from hotmess_console.domain.errors import ConsoleError, Unreachable
from hotmess_console.domain.values import CaseId, CommandId
from hotmess_console.services.bus import Command, Outcome
from hotmess_console.ui.errors import Notice, notice_for
from hotmess_console.ui.viewmodels.in_flight import InFlight, cases_of
from hotmess_console.ui.viewmodels.undo_stack import UNDO_S, Done, UndoStack
from hotmess_console.ui.widgets.status_bar import StatusBar

HOLD_SETTING = "messages.hold_seconds"
_LEAVES = " leaves in"


class Rows(Protocol):
    """The queue on screen, as decisions see it."""

    def leaving(self, command: Command) -> list[CaseId]: ...
    def take_away(self, cases: Sequence[CaseId]) -> list[CaseId]: ...
    def bring_back(self, cases: Sequence[CaseId], reason: str) -> None: ...
    async def show_again(self, cases: Sequence[CaseId]) -> None: ...


class Decisions:
    """One for the window. `hold_s` is how long a reply waits before it leaves, in seconds."""

    def __init__(
        self,
        in_flight: InFlight,
        status: StatusBar,
        tell: Callable[[Notice], None],
        monotonic: Callable[[], float],
    ) -> None:
        self._in_flight, self._status, self._tell, self._monotonic = in_flight, status, tell, monotonic
        self.hold_s = UNDO_S
        self.rows: Rows | None = None
        self.done = UndoStack()
        status.undo.ended.connect(self._offer_older)

    def _rows(self) -> Rows:
        if self.rows is None:
            raise Unreachable("The console is not connected yet.", hint="Wait a moment; it keeps trying.")
        return self.rows

    async def decide(self, command: Command, words: str, leaves_queue: Sequence[CaseId]) -> Outcome | None:
        """Do `command`: rows in `leaves_queue` go before this first waits. Returns None when it was refused."""
        rows = self._rows()
        hidden = rows.take_away([*leaves_queue, *(case for case in rows.leaving(command) if case not in leaves_queue)])
        self._remember(command, words)
        try:
            outcome = await self._in_flight.send(command)
        except ConsoleError as error:
            self._refused(command, hidden, rows, error)
            return None
        except BaseException as error:
            self._refused(command, hidden, rows, error)
            raise
        self._settle(outcome, hidden, rows)
        return outcome

    def _remember(self, command: Command, words: str) -> None:
        from hotmess_console.services.replies import Reply

        seconds = self.hold_s if isinstance(command, Reply) else UNDO_S
        if command.undoable and seconds > 0:
            told = f"{words}{_LEAVES}" if isinstance(command, Reply) else words
            self.done.push(Done(command.id, told, cases_of(command), self._monotonic() + seconds))
            self._status.offer_undo(told, seconds)

    def _refused(self, command: Command, hidden: Sequence[CaseId], rows: Rows, error: BaseException) -> None:
        self._forget(command.id)
        notice = notice_for(error)
        rows.bring_back(hidden, notice.text)
        if isinstance(error, ConsoleError):
            self._tell(notice)

    def _settle(self, outcome: Outcome, hidden: Sequence[CaseId], rows: Rows) -> None:
        for skipped in outcome.skipped:
            if skipped.case in hidden:
                rows.bring_back([skipped.case], skipped.reason)
        if outcome.skipped:
            count = len(outcome.skipped)
            told = "1 case was left alone." if count == 1 else f"{count} cases were left alone."
            self._tell(Notice(told, outcome.skipped[0].reason))
        elif outcome.words:
            self._tell(Notice(outcome.words))

    async def undo(self) -> None:
        """Take back the newest command of this window."""
        newest = self.done.newest()
        if newest is None:
            self._tell(Notice("There is nothing of yours to take back.", "Ctrl+Alt+Z lists what can still be undone."))
            return
        await self.take_back(newest.command, newest.cases, newest.words.removesuffix(_LEAVES))

    async def take_back(self, command: CommandId, cases: Sequence[CaseId], words: str) -> None:
        """Take back one command, after everything that was given before on its cases; `words` say what it was."""
        from hotmess_console.services.undo import Undo

        kept = next((one for one in (self.done.newest(),) if one is not None and one.command == command), None)
        self._forget(command)
        try:
            outcome = await self._in_flight.send(Undo(taken_back=command), cases)
        except ConsoleError as error:
            if kept is not None and isinstance(error, Unreachable):
                self.done.push(kept)
            self._tell(notice_for(error))
            return
        hint = outcome.words or (outcome.skipped[0].reason if outcome.skipped else "")
        self._tell(Notice(f"Taken back: {words}.", hint))
        await self._rows().show_again(outcome.changed)

    def _forget(self, command: CommandId) -> None:
        self.done.drop(command)
        self._offer_older()

    def _offer_older(self) -> None:
        now = self._monotonic()
        found = self.done.offered(now)
        if found is None:
            self._status.withdraw_undo()
        else:
            self._status.offer_undo(found.words, found.until - now)
