"""Deciding and taking back: shown as done at the key press, made true by the database, put right if it refuses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from math import inf
from typing import Protocol

from hotmess_console.domain.errors import ConsoleError, Unreachable
from hotmess_console.domain.values import CaseId, CommandId
from hotmess_console.services.bus import Command, Outcome
from hotmess_console.ui.errors import Notice, notice_for
from hotmess_console.ui.viewmodels.desk_time import DeskTime
from hotmess_console.ui.viewmodels.in_flight import InFlight, cases_of
from hotmess_console.ui.viewmodels.undo_stack import UNDO_S, Done, UndoStack
from hotmess_console.ui.widgets.status_bar import StatusBar

HOLD_SETTING = "messages.hold_seconds"
_LEAVES, _FLIES = " leaves in", ": sending"


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
        time: DeskTime,
        monotonic: Callable[[], float],
    ) -> None:
        self._in_flight, self._status, self._tell, self._monotonic = in_flight, status, tell, monotonic
        self._time = time
        self.hold_s = UNDO_S
        self.rows: Rows | None = None
        self.done = UndoStack()
        self._told_refusal: Notice | None = None
        status.undo.ended.connect(self._offer_older)

    @property
    def unanswered(self) -> int:
        """How many cases wait for the database's answer."""
        return len(self._in_flight)

    def _rows(self) -> Rows:
        if self.rows is None:
            raise Unreachable("The console is not connected yet.", hint="Wait a moment; it keeps trying.")
        return self.rows

    async def decide(self, command: Command, words: str, leaves_queue: Sequence[CaseId]) -> Outcome | None:
        """Do `command`: rows in `leaves_queue` go before this first waits. Returns None when it was refused."""
        rows, before = self._rows(), self._told_refusal
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
        if before is not None:  # seen before this was begun, and answered by its success
            self._status.untell(before.text)
        self._hold(command, words, outcome)
        self._settle(outcome, hidden, rows)
        return outcome

    def _remember(self, command: Command, words: str) -> None:
        if not command.undoable:
            return
        if not _writes(command):
            self._push((command.id,), words, cases_of(command), UNDO_S)
        elif self.hold_s > 0:  # how long it is held is known once the database has it: nothing counts down before
            self.done.push(Done((command.id,), f"{words}{_FLIES}", cases_of(command), inf))
            self._offer_older()

    def _hold(self, command: Command, words: str, outcome: Outcome) -> None:
        """Count down to when the message leaves, by the database's time, now that it is held there."""
        flying = self.done.of(command.id)
        if flying is None or not _writes(command):
            return
        if outcome.hold_until is None:
            self.done.put(replace(flying, words=words, until=self._monotonic() + UNDO_S))
        else:
            until = self._at(outcome.hold_until, self._time.now())
            self.done.put(replace(flying, words=f"{words}{_LEAVES}", until=until, held_until=outcome.hold_until))
        self._offer_older()

    def _at(self, moment: datetime, now: datetime) -> float:
        return self._monotonic() + (moment - now).total_seconds()

    def tick(self, now: datetime) -> None:
        """A second passed, by the database's time: count as the thread does."""
        found = self.done.offered(self._monotonic())
        if found is not None and found.held_until is not None:
            self.done.put(replace(found, until=self._at(found.held_until, now)))
            self._status.undo.correct((found.held_until - now).total_seconds())

    def _push(self, commands: tuple[CommandId, ...], words: str, cases: tuple[CaseId, ...], seconds: float) -> None:
        self.done.push(Done(commands, words, cases, self._monotonic() + seconds))
        self._status.offer_undo(words, seconds)

    def offer(self, commands: Sequence[CommandId], words: str, cases: Sequence[CaseId]) -> None:
        """Offer the way back of several commands that are one deed."""
        self._push(tuple(commands), words, tuple(cases), UNDO_S)

    def forget_all(self) -> None:
        """Offer nothing any more: somebody else sits down here."""
        while (newest := self.done.newest()) is not None:
            self._forget(newest.commands)

    def withdraw(self, commands: Sequence[CommandId]) -> None:
        """Offer these no longer: they were taken back."""
        self._forget(commands)

    def _refused(self, command: Command, hidden: Sequence[CaseId], rows: Rows, error: BaseException) -> None:
        self._forget((command.id,))
        notice = notice_for(error)
        rows.bring_back(hidden, notice.text)
        if isinstance(error, ConsoleError):
            self._told_refusal = notice
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
        await self.take_back(newest.commands, newest.cases, newest.words.removesuffix(_LEAVES).removesuffix(_FLIES))

    async def take_back(self, commands: Sequence[CommandId], cases: Sequence[CaseId], words: str) -> bool:
        """Take back a deed, after everything that was given before on its cases; `words` say what it was.

        Its commands go the newest first; what came of all of them is told once. Returns whether all were taken back.
        """
        kept = self.done.of(commands[-1])
        self._forget(commands)
        outcomes, error = await self._taken_back(commands, cases)
        if isinstance(error, Unreachable) and kept is not None:
            left = tuple(commands[: len(commands) - len(outcomes)])
            self.done.push(replace(kept, commands=left))
        changed = [case for outcome in outcomes for case in outcome.changed]
        self._tell(_told(words, outcomes, error))
        if changed:
            await self._rows().show_again(changed)
        return error is None

    async def _taken_back(
        self, commands: Sequence[CommandId], cases: Sequence[CaseId]
    ) -> tuple[list[Outcome], ConsoleError | None]:
        """Send the undos one after the other; a refusal spares none of the others, a lost line does."""
        from hotmess_console.services.undo import Undo

        outcomes: list[Outcome] = []
        trouble: ConsoleError | None = None
        for command in reversed(commands):
            try:
                outcomes.append(await self._in_flight.send(Undo(taken_back=command), cases))
            except Unreachable as error:
                return outcomes, error
            except ConsoleError as error:
                outcomes.append(Outcome())
                trouble = error
        return outcomes, trouble

    def _forget(self, commands: Sequence[CommandId]) -> None:
        self.done.drop(commands)
        self._offer_older()

    def _offer_older(self) -> None:
        now = self._monotonic()
        found = self.done.offered(now)
        if found is None:
            self._status.withdraw_undo()
        else:
            self._status.offer_undo(found.words, None if found.until == inf else found.until - now)


def _writes(command: Command) -> bool:
    """Whether the command writes to a person."""
    from hotmess_console.services.replies import Reply

    return isinstance(command, Reply)


def _told(words: str, outcomes: Sequence[Outcome], error: ConsoleError | None) -> Notice:
    """Return what came of taking a deed back."""
    back = sum(len(outcome.changed) for outcome in outcomes)
    if error is not None and not back:
        return notice_for(error)
    if error is not None:
        only = f"Only {back:,} of them {'was' if back == 1 else 'were'} taken back: {words}."
        return Notice(only, f"{error} {error.hint}".strip())
    skipped = [skipped for outcome in outcomes for skipped in outcome.skipped]
    said = next((outcome.words for outcome in outcomes if outcome.words), "")
    if len(outcomes) > 1 and skipped:
        said = f"{len(skipped):,} cases stay as they are: somebody changed them since."
    return Notice(f"Taken back: {words}.", said or (skipped[0].reason if skipped else ""))
