"""What can still be taken back, newest first."""

from __future__ import annotations

from datetime import datetime

from hotmess_console.domain.errors import ConsoleError
from hotmess_console.services.queries import Undoable
from hotmess_console.services.undo import Undo
from hotmess_console.ui.dialogs.choice_list import Choice
from hotmess_console.ui.dialogs.choose import find
from hotmess_console.ui.errors import Notice, notice_for
from hotmess_console.ui.host import Host

NAMES = {
    "ticket.reply": "Reply",
    "ticket.claim": "Claim",
    "ticket.assign": "Assign",
    "ticket.set_category": "Category",
    "ticket.set_priority": "Priority",
    "ticket.escalate": "Escalate",
    "ticket.return_to_level": "Hand back",
    "ticket.wait": "Wait for the person",
    "ticket.resume": "Go on",
    "ticket.resolve": "Resolve",
    "ticket.reopen": "Reopen",
    "ticket.close": "Close",
    "ticket.snooze": "Snooze",
    "ticket.wake": "Wake",
    "ticket.merge": "Merge",
    "ticket.set_address": "Address",
    "ticket.danger": "Immediate danger",
    "ticket.no_danger": "No danger",
    "ticket.link": "Link",
    "note.add": "Note",
}
"""Commands as people say them."""


def deed_words(item: Undoable) -> str:
    """Return what was done to which cases: "Reply on HM-10482", "Claim on 34 cases"."""
    name = NAMES.get(item.name, item.name)
    return f"{name} on HM-{item.numbers[0]}" if len(item.numbers) == 1 else f"{name} on {len(item.numbers):,} cases"


def undo_choice(item: Undoable, now: datetime) -> Choice:
    """Return one deed as a row: when it was, or how long its message is still held."""
    held = item.hold_until - now if item.hold_until and item.hold_until > now else None
    local = item.at.astimezone()
    when = f"held {int(held.total_seconds())} s" if held else f"{local:%H:%M}"
    return Choice(item, deed_words(item), when, "undo-2")


async def open_undo_list(host: Host) -> None:
    """Show what this person did and can take back; take back the chosen one."""
    items = await host.bridge.ask(lambda queries: queries.undoable())
    if not items:
        host.tell(Notice("There is nothing to take back.", "What you do from now on will be listed here."))
        return
    now = await host.bridge.ask(lambda queries: queries.now())
    rows = [undo_choice(item, now) for item in items]
    words = "A message that has left cannot be taken back. A case that somebody changed since stays as it is."
    chosen = await find(host.window, "Take something back", rows, words=words, icon="history")
    if isinstance(chosen, Undoable):
        await take_back(host, chosen)


async def take_back(host: Host, item: Undoable) -> None:
    """Take back one deed and say what came of it."""
    try:
        outcome = await host.bridge.send(Undo(taken_back=item.command))
    except ConsoleError as error:
        host.tell(notice_for(error))
        return
    left = f"{len(outcome.skipped)} stayed as they are: somebody changed them since." if outcome.skipped else ""
    host.tell(Notice(f"Taken back: {deed_words(item)}.", f"{left} {outcome.words}".strip()))
    await host.refresh()
