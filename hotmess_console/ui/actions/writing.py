"""Writing to people: reply, note, template, and the three ways to send."""

from __future__ import annotations

from functools import partial

from hotmess_console.domain.values import Permission, Status
from hotmess_console.services.drafts import DraftKind
from hotmess_console.ui.actions.obstacles import nothing, one
from hotmess_console.ui.actions.registry import ALL_FOCUS, IN_QUEUE, Action
from hotmess_console.ui.dialogs.templates_picker import pick_for_case
from hotmess_console.ui.host import Context, Focus, Host

_TICKETS = "Tickets"


async def _reply(host: Host) -> None:
    host.start_reply()


async def _note(host: Host) -> None:
    host.start_note()


async def _send(then: Status, host: Host) -> None:
    await host.send_draft(then.value)


async def _template(host: Host) -> None:
    detail = host.context().detail
    if detail is None:
        return
    chosen = await pick_for_case(host, detail.ticket)
    if chosen is not None:
        host.start_reply(f"{chosen.id}/{chosen.language}")


def _answerable(context: Context) -> str:
    detail = context.detail
    if detail is None or context.current is None:
        return one(nothing)(context)
    if reason := one(nothing)(context):
        return reason
    if not detail.ticket.reachable:
        return f"{detail.case.reference} has no address: it cannot be answered. Add one: Shift+M. Or write a note: N."
    return ""


def _writing(context: Context) -> str:
    if reason := one(nothing)(context):
        return reason
    if context.focus is Focus.COMPOSER:
        return ""
    return _BACK_TO.get(context.written, "Nothing is being written: press R for a reply or N for a note.")


_BACK_TO = {
    frozenset({DraftKind.NOTE}): "Nothing was sent or kept: press N to go back to your note.",
    frozenset({DraftKind.REPLY}): "Nothing was sent: press R to go back to your reply.",
    frozenset(DraftKind): "Nothing was sent or kept: press R to go back to your reply, or N to your note.",
}


def _way(id: str, title: str, key: str, then: Status, icon: str) -> Action:
    return Action(
        id, title, (key,), partial(_send, then), _TICKETS, icon, why_not=_writing, where=ALL_FOCUS, decides=True
    )


WRITING_ACTIONS: tuple[Action, ...] = (
    Action("ticket.reply", "Reply", ("R",), _reply, IN_QUEUE, "reply", Permission.TICKET_REPLY, _answerable),
    Action(
        "note.write",
        "Write an internal note",
        ("N",),
        _note,
        IN_QUEUE,
        "sticky-note",
        Permission.NOTE_WRITE,
        one(nothing),
    ),
    Action(
        "template.insert",
        "Insert a template",
        ("T",),
        _template,
        _TICKETS,
        "file-text",
        Permission.TICKET_REPLY,
        _answerable,
    ),
    _way("reply.send", "Send the reply, or keep the note", "Ctrl+Return", Status.IN_PROGRESS, "send"),
    _way("reply.send_wait", "Send and wait for the person", "Alt+Return", Status.WAITING, "hourglass"),
    _way("reply.send_resolve", "Send and resolve", "Ctrl+Shift+Return", Status.RESOLVED, "circle-check"),
)
