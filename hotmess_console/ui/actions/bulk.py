"""Doing one thing to the open case at once, or to all that are ticked after a preview."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from hotmess_console.domain.cases import Case, CaseRef
from hotmess_console.domain.errors import ConsoleError, Unreachable
from hotmess_console.domain.values import CaseId, CommandId
from hotmess_console.services.bulk import ALREADY, CHUNK, foresee
from hotmess_console.services.bus import Outcome, Skipped
from hotmess_console.services.support import CHANGED_MEANWHILE, Moment, TicketCommand
from hotmess_console.services.undo import Undo
from hotmess_console.ui.actions.window import queue_of
from hotmess_console.ui.dialogs.bulk_preview import BulkSheet, Plan, Progress
from hotmess_console.ui.dialogs.bulk_receipt import Receipt, Returned
from hotmess_console.ui.errors import Notice
from hotmess_console.ui.host import Host
from hotmess_console.ui.viewmodels.queue_model import QueueModel

Make = Callable[[tuple[CaseRef, ...]], TicketCommand]


@dataclass(frozen=True, slots=True)
class Deed:
    """A command for any number of cases and how it is spoken of.

    `verb` begins a button ("Resolve"), `done` a notice ("Resolved"). `leaves`: the cases go from the queue shown.
    """

    verb: str
    done: str
    make: Make
    happens: tuple[tuple[str, str], ...] = ()
    messages: str = "Nobody outside the desk is written to."
    leaves: Callable[[Case], bool] = lambda case: False


async def targets_of(host: Host) -> list[Case]:
    """Return the cases that an action is about: all that match if so ticked, the ticked ones, or the open one."""
    context = host.context()
    if context.all_matching is None:
        return list(context.chosen)
    wanted = context.all_matching
    found = await host.bridge.ask(lambda queries: queries.matching(wanted))
    spared = _unticked(host)
    return [case for case in found if case.id not in spared]


def _unticked(host: Host) -> frozenset[CaseId]:
    """Cases taken out again by hand after all were ticked."""
    queue = queue_of(host)
    rows = queue.model() if queue is not None else None
    return rows.ticked.ids if isinstance(rows, QueueModel) and rows.ticked.all_matching else frozenset()


async def carry_out(host: Host, deed: Deed, cases: Sequence[Case]) -> None:
    """Do it to one case at once; to several after showing what will happen to which."""
    if len(cases) == 1 and host.context().all_matching is None:
        case = cases[0]
        leaves = (case.id,) if deed.leaves(case) else ()
        await host.decide(deed.make((case.ref,)), f"{deed.done} {case.reference}", leaves_queue=leaves)
        return
    if cases:
        await _in_bulk(host, deed, cases)
    else:
        host.tell(Notice(f"{deed.verb}: no case is ticked any more.", "Tick some with X, or all with Ctrl+A."))


async def _in_bulk(host: Host, deed: Deed, cases: Sequence[Case]) -> None:
    now = await host.bridge.ask(lambda queries: queries.now())
    targets = await host.bridge.ask(lambda queries: queries.targets())
    foreseen = foresee(deed.make(()), cases, Moment(host.me.login, now, targets))
    if not foreseen.changed:
        host.tell(_nothing_to_do(deed, foreseen.skipped))
        return
    undoable = ("undo-2", f"One undo brings all {len(foreseen.changed):,} back")
    plan = Plan(deed.verb, deed.done, tuple(cases), foreseen, (*deed.happens, undoable), deed.messages)
    batch, queue = _Batch(host, deed), queue_of(host)
    await BulkSheet(host.window, plan, host.staff, batch.run, batch.undo).open()
    if batch.sent and queue is not None and host.context().all_matching is not None:
        queue.untick_all()  # from now on all that match are other cases than those that were meant
    await host.refresh()


def _nothing_to_do(deed: Deed, skipped: Sequence[Skipped]) -> Notice:
    """Why none would change: the most frequent reason in full, and how many have another."""
    ((reason, count), *others) = Counter(item.reason for item in skipped).most_common()
    which = "this case" if len(skipped) == 1 else f"any of the {len(skipped):,} ticked cases"
    if reason == ALREADY and count > 1:
        reason = "They are like this already."
    more = f" {len(skipped) - count:,} for another reason." if others else ""
    return Notice(f"{deed.verb}: nothing to do for {which}.", f"{reason}{more}")


def _as_before(count: int) -> str:
    return "1 case is as it was before." if count == 1 else f"{count:,} cases are as they were before."


@dataclass
class _Batch:
    """One batch while its sheet is open: what was sent, and so what one undo takes back."""

    host: Host
    deed: Deed
    sent: list[CommandId] = field(default_factory=list)
    changed: list[CaseId] = field(default_factory=list)
    tried: bool = False
    offered: bool = False

    async def run(self, cases: Sequence[Case], through: Progress) -> Receipt:
        """Change the cases in portions of `CHUNK`, each one transaction; stop between two when asked."""
        fresh = await self._fresh(cases) if self.tried else list(cases)
        self.tried = True
        receipt, going = Receipt(), True
        for at in range(0, len(fresh), CHUNK):
            portion = fresh[at : at + CHUNK]
            if not going:
                receipt = replace(receipt, left_out=(*receipt.left_out, *(case.id for case in portion)))
                continue
            receipt = await self._portion(receipt, portion, alone=len(fresh) <= CHUNK)
            going = through(min(len(fresh), at + CHUNK))
        return receipt

    async def _portion(self, receipt: Receipt, cases: Sequence[Case], *, alone: bool) -> Receipt:
        command = self.deed.make(tuple(case.ref for case in cases))
        try:
            outcome = await self._send(command, cases, alone=alone)
        except ConsoleError as error:
            failed = tuple(Skipped(case.id, f"{error} {error.hint}".strip()) for case in cases)
            return replace(receipt, failed=receipt.failed + failed)
        self._remember(command.id, outcome)
        again = tuple(skipped for skipped in outcome.skipped if skipped.reason == CHANGED_MEANWHILE)
        for_good = tuple(skipped for skipped in outcome.skipped if skipped.reason != CHANGED_MEANWHILE)
        return replace(
            receipt,
            changed=receipt.changed + outcome.changed,
            skipped=receipt.skipped + for_good,
            failed=receipt.failed + again,
        )

    def _remember(self, command: CommandId, outcome: Outcome) -> None:
        """Offer all that was sent so far as one deed, so that Z takes it back also when the sheet is closed."""
        if not outcome.changed:
            return
        self.sent.append(command)
        self.changed += outcome.changed
        if len(self.sent) > 1 or not self.offered:
            self.offered = True
            self.host.offer_undo(self.sent, f"{self.deed.done} {len(self.changed):,} cases", self.changed)

    async def _send(self, command: TicketCommand, cases: Sequence[Case], *, alone: bool) -> Outcome:
        """One portion alone goes the usual way: its rows leave the queue at once, and the window offers its undo."""
        if not alone or self.sent:
            return await self.host.bridge.send(command)
        count = len(cases)
        leaves = [case.id for case in cases if self.deed.leaves(case)]
        outcome = await self.host.decide(command, f"{self.deed.done} {count:,} cases", leaves_queue=leaves)
        if outcome is None:
            raise ConsoleError("This was refused.", hint="The line at the bottom says why.")
        self.offered = True
        return outcome

    async def undo(self) -> Returned:
        """Take back every portion, the newest first; what could not be reached may be taken back once more."""
        back: list[CaseId] = []
        stay: list[Skipped] = []
        trouble, unreached = "", list[CommandId]()
        for command in reversed(tuple(self.sent)):
            try:
                outcome = await self.host.bridge.send(Undo(taken_back=command))
            except Unreachable as error:
                trouble = f" {error}"
                unreached.insert(0, command)
                continue
            except ConsoleError as error:
                trouble = f" {error}"
            else:
                back += outcome.changed
                stay += outcome.skipped
            self.host.withdraw_undo([command])
        self.sent, self.offered = unreached, bool(unreached)
        self.changed = [case for case in self.changed if case not in frozenset(back)] if unreached else []
        return Returned(tuple(back), tuple(stay), _as_before(len(back)) + trouble, bool(unreached))

    async def _fresh(self, cases: Sequence[Case]) -> list[Case]:
        """Return the cases as they are now, for another try; those that are gone are left out."""
        ids = [case.id for case in cases]
        return list(await self.host.bridge.ask(lambda queries: queries.cases(ids)))
