"""What can be done to tickets, each declared once with its key and the reason when it cannot be done."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from hotmess_console.domain.cases import Case
from hotmess_console.domain.threads import DeliveryState
from hotmess_console.domain.values import Category, Permission, Priority, Status
from hotmess_console.services import support
from hotmess_console.services.replies import SendAgain
from hotmess_console.ui.actions.addressing import ADD_ADDRESS
from hotmess_console.ui.actions.bulk import Deed, carry_out, targets_of
from hotmess_console.ui.actions.obstacles import (
    at_the_bottom,
    at_the_top,
    awake,
    each,
    finished,
    not_closable,
    not_finished,
    not_pausable,
    nothing,
    one,
    unassigned,
)
from hotmess_console.ui.actions.registry import ALL_FOCUS, IN_QUEUE, READING, Action
from hotmess_console.ui.actions.unsent import stuck_messages
from hotmess_console.ui.actions.writing import WRITING_ACTIONS
from hotmess_console.ui.dialogs.assign import ask_assignee
from hotmess_console.ui.dialogs.choice_list import Choice
from hotmess_console.ui.dialogs.choose import choose
from hotmess_console.ui.dialogs.escalate import Step, ask_escalation, ask_return, told_words
from hotmess_console.ui.dialogs.find_person import find_person
from hotmess_console.ui.dialogs.merge import ask_link, ask_merge
from hotmess_console.ui.dialogs.new_case import open_new_case
from hotmess_console.ui.dialogs.notices import open_notices
from hotmess_console.ui.dialogs.snooze import absolute, ask_moment
from hotmess_console.ui.host import Context, Host

TICKETS = "Tickets"
_DONE = (Status.RESOLVED, Status.CLOSED)


def what(cases: list[Case]) -> str:
    """Return how dialogs name what they are about: "HM-10482" or "34 cases"."""
    return cases[0].reference if len(cases) == 1 else f"{len(cases):,} cases"


def _always_leaves(case: Case) -> bool:
    return True


def _leaves_finished(case: Case) -> bool:
    return case.status in _DONE


CLAIM = Deed("Claim", "Claimed", lambda refs: support.Claim(cases=refs), (("user-check", "Each becomes yours"),))
RELEASE = Deed(
    "Give back",
    "Gave back",
    lambda refs: support.Assign(cases=refs, to=None),
    (("users", "Each is free for everybody again"),),
)
RESOLVE = Deed(
    "Resolve",
    "Resolved",
    lambda refs: support.Resolve(cases=refs),
    (("circle-check", "Each is marked as resolved and leaves the queue"), ("timer", "Clocks stop")),
    "None. Nobody is told that their case is resolved.",
    _always_leaves,
)
REOPEN = Deed(
    "Reopen",
    "Reopened",
    lambda refs: support.Reopen(cases=refs),
    (("refresh-cw", "Each is work again, with a fresh clock"),),
    leaves=_leaves_finished,
)
CLOSE = Deed(
    "Close",
    "Closed",
    lambda refs: support.Close(cases=refs),
    (("archive", "Each is closed; a new message still opens it again"),),
    leaves=_always_leaves,
)
WAKE = Deed(
    "Wake", "Woke", lambda refs: support.Wake(cases=refs), (("sun", "Each is in sight again"),), leaves=_always_leaves
)
PAUSE = Deed(
    "Pause",
    "Waiting on the person for",
    lambda refs: support.Wait(cases=refs),
    (("pause", "Each waits for the person; its clock keeps what was left"),),
)
RESUME = Deed(
    "Resume", "Resumed", lambda refs: support.Resume(cases=refs), (("play", "Each is worked on again; its clock runs"),)
)


async def _do(deed: Deed, host: Host) -> None:
    await carry_out(host, deed, await targets_of(host))


async def _pause_or_resume(host: Host) -> None:
    cases = await targets_of(host)
    waiting = bool(cases) and all(case.status is Status.WAITING for case in cases)
    await carry_out(host, RESUME if waiting else PAUSE, cases)


async def _take_over(host: Host) -> None:
    me = host.me.login
    deed = Deed(
        "Take over",
        "Took over",
        lambda refs: support.Assign(cases=refs, to=me),
        (("user-check", "Each becomes yours, whoever had it"),),
    )
    await carry_out(host, deed, await targets_of(host))


async def _assign(host: Host) -> None:
    cases = await targets_of(host)
    if not cases:
        return
    now = cases[0].assignee if len(cases) == 1 else None
    chosen = await ask_assignee(host.window, host.staff, host.me.login, what=what(cases), now=now)
    if chosen is None:
        return
    name = host.staff.name(chosen.login)
    told = f"{name} gets a notice for each. Nobody outside the desk is written to."
    deed = Deed(
        "Assign",
        "Gave back" if chosen.login is None else f"{name} has",
        lambda refs: support.Assign(cases=refs, to=chosen.login),
        (("user-plus", f"Each is given to {name}"),),
        told if chosen.login not in (None, host.me.login) else "Nobody outside the desk is written to.",
    )
    await carry_out(host, deed, cases)


async def _set_category(host: Host) -> None:
    cases = await targets_of(host)
    if not cases:
        return
    now = cases[0].category if len(cases) == 1 else None
    notes = {Category.SAFETY: "goes to safety staff, who alone see it then"} | ({now: "now"} if now else {})
    choices = [Choice(c, c.value.capitalize(), notes.get(c, ""), "tag") for c in Category]
    words = "Priority, level and clock follow the category."
    chosen = await choose(host.window, f"Category of {what(cases)}", choices, words=words, icon="tag", now=now)
    if chosen is None:
        return
    deed = Deed(
        "Move",
        f"Filed under {chosen.value}:",
        lambda refs: support.SetCategory(cases=refs, category=chosen),
        (("tag", f"Each is filed under {chosen.value}"), ("timer", "Priority, level and clock follow")),
    )
    await carry_out(host, deed, cases)


async def _set_priority(host: Host) -> None:
    cases = await targets_of(host)
    if not cases:
        return
    now = cases[0].priority if len(cases) == 1 else None
    icons = {Priority.URGENT: "triangle-alert", Priority.HIGH: "chevrons-up", Priority.NORMAL: "minus"}
    choices = [
        Choice(p, p.value.capitalize(), "now" if p is now else "", icons.get(p, "chevrons-down"))
        for p in reversed(Priority)
    ]
    chosen = await choose(host.window, f"Priority of {what(cases)}", choices, icon="flag", now=now)
    if chosen is None:
        return
    deed = Deed(
        "Set",
        f"{chosen.value.capitalize()} priority for",
        lambda refs: support.SetPriority(cases=refs, priority=chosen),
        (("flag", f"Each gets {chosen.value} priority; due times stay"),),
    )
    await carry_out(host, deed, cases)


async def _escalate(host: Host) -> None:
    cases = await targets_of(host)
    if not cases:
        return
    start = min(case.level for case in cases)
    step = await ask_escalation(host.window, host.staff, host.me.login, what=what(cases), start=start)
    if step is not None:
        await carry_out(host, _escalation(step, told_words(host.staff, host.me.login, step.to)), cases)


def _escalation(step: Step, told: str) -> Deed:
    return Deed(
        "Escalate",
        f"Escalated to level {int(step.to)}:",
        lambda refs: support.Escalate(cases=refs, to=step.to, criterion=step.criterion, reason=step.reason),
        (("arrow-big-up", f"Each goes to level {int(step.to)} and is free for its people"),),
        f"{told} Nobody outside the desk is written to.",
    )


async def _return(host: Host) -> None:
    cases = await targets_of(host)
    if not cases:
        return
    step = await ask_return(host.window, what=what(cases), start=max(case.level for case in cases))
    if step is None:
        return
    deed = Deed(
        "Hand back",
        f"Handed back to level {int(step.to)}:",
        lambda refs: support.ReturnToLevel(cases=refs, to=step.to, reason=step.reason),
        (("corner-down-left", f"Each goes to level {int(step.to)}"),),
    )
    await carry_out(host, deed, cases)


async def _snooze(host: Host) -> None:
    cases = await targets_of(host)
    if not cases:
        return
    now = await host.bridge.ask(lambda queries: queries.now())
    until = await ask_moment(host.window, what(cases), now)
    if until is None:
        return
    deed = Deed(
        "Snooze",
        f"Out of sight until {absolute(until)}:",
        lambda refs: support.SnoozeUntil(cases=refs, until=until),
        (("alarm-clock", f"Each is out of sight until {absolute(until)}"), ("timer", "Clocks go on running")),
        leaves=_always_leaves,
    )
    await carry_out(host, deed, cases)


async def _merge(host: Host) -> None:
    cases = await targets_of(host)
    into = await ask_merge(host, cases) if cases else None
    if into is None:
        return
    deed = Deed(
        "Merge",
        f"Merged into {into.reference}:",
        lambda refs: support.Merge(cases=refs, into=into.id),
        (("merge", f"The messages of each are read in {into.reference}"),),
        leaves=_always_leaves,
    )
    await carry_out(host, deed, cases)


async def _link(host: Host) -> None:
    case = host.context().current
    other = await ask_link(host, [case]) if case is not None else None
    if case is not None and other is not None:
        command = support.Link(one=case.id, other=other.id)
        await host.decide(command, f"Linked {case.reference} with {other.reference}")


async def _send_again(host: Host) -> None:
    detail = host.context().detail
    stuck = stuck_messages(host.context())
    if detail is None or not stuck:
        return
    fates = {m.delivery.state for m in detail.messages if m.id in stuck and m.delivery is not None}
    if DeliveryState.UNKNOWN in fates and not await _sure(host):
        return
    await host.bridge.send(SendAgain(case=detail.case.id, messages=stuck))
    await host.refresh()


async def _sure(host: Host) -> bool:
    """Ask first where nobody knows whether the message has left: it could arrive twice."""
    choices = [Choice(True, "Send it again", "it may arrive twice", "send"), Choice(False, "Leave it", "", "x")]
    words = "The mail server never said whether it took the message."
    return bool(await choose(host.window, "Send a message of unknown fate again?", choices, words=words, icon="send"))


def _nothing_stuck(context: Context) -> str:
    return "" if stuck_messages(context) else "No message of this case is waiting or has failed."


def _action(
    id: str,
    title: str,
    key: str,
    run: Callable[[Host], object],
    icon: str,
    why_not: Callable[[Context], str],
    *,
    permission: Permission = Permission.TICKET_WORK,
    area: str = TICKETS,
    decides: bool = True,
) -> Action:
    where = ALL_FOCUS if key.startswith("Ctrl") else READING
    return Action(id, title, (key,), run, area, icon, permission, why_not, where, decides)  # type: ignore[arg-type]


_ASSIGN, _ESCALATE = Permission.TICKET_ASSIGN, Permission.TICKET_ESCALATE

TICKET_ACTIONS: tuple[Action, ...] = (
    *WRITING_ACTIONS,
    _action("ticket.claim", "Claim", "C", partial(_do, CLAIM), "user-check", each(finished), area=IN_QUEUE),
    _action(
        "ticket.release",
        "Give back to the queue",
        "Shift+C",
        partial(_do, RELEASE),
        "users",
        each(unassigned),
        permission=_ASSIGN,
    ),
    _action(
        "ticket.take_over", "Assign to me", "Shift+T", _take_over, "user-check", each(finished), permission=_ASSIGN
    ),
    _action("ticket.assign", "Assign to …", "Shift+A", _assign, "user-plus", each(finished), permission=_ASSIGN),
    _action(
        "ticket.escalate",
        "Escalate",
        "E",
        _escalate,
        "arrow-big-up",
        each(at_the_top),
        permission=_ESCALATE,
        area=IN_QUEUE,
    ),
    _action(
        "ticket.return",
        "Hand back to a lower level",
        "Shift+E",
        _return,
        "corner-down-left",
        each(at_the_bottom),
        permission=_ESCALATE,
    ),
    _action("ticket.pause", "Wait for the person, or go on", "P", _pause_or_resume, "pause", each(not_pausable)),
    _action(
        "ticket.resolve", "Resolve without a message", "Shift+R", partial(_do, RESOLVE), "circle-check", each(finished)
    ),
    _action("ticket.reopen", "Reopen", "Shift+O", partial(_do, REOPEN), "refresh-cw", each(not_finished)),
    _action("ticket.close", "Close for good", "Shift+D", partial(_do, CLOSE), "archive", each(not_closable)),
    _action("ticket.category", "Change the category", "Shift+G", _set_category, "tag", each(nothing)),
    _action("ticket.priority", "Change the priority", "Shift+P", _set_priority, "flag", each(nothing)),
    _action("ticket.snooze", "Snooze", "H", _snooze, "alarm-clock", each(finished)),
    _action("ticket.wake", "Wake", "Shift+H", partial(_do, WAKE), "sun", each(awake)),
    _action(
        "ticket.merge",
        "Merge into another case",
        "M",
        _merge,
        "merge",
        each(nothing),
        permission=Permission.TICKET_MERGE,
    ),
    _action("ticket.link", "Link with another case", "L", _link, "link", one(nothing)),
    _action(
        "message.send_again",
        "Send stuck messages again",
        "Shift+S",
        _send_again,
        "send",
        _nothing_stuck,
        permission=Permission.TICKET_REPLY,
        decides=False,
    ),
    ADD_ADDRESS,
    Action(
        "ticket.new", "New case", ("Ctrl+N",), open_new_case, TICKETS, "plus", Permission.TICKET_CREATE, where=ALL_FOCUS
    ),
    Action(
        "person.find",
        "Find a person",
        ("Ctrl+P",),
        find_person,
        TICKETS,
        "user",
        Permission.TICKET_READ,
        where=ALL_FOCUS,
    ),
    Action(
        "desk.notices", "Notices for me", ("Shift+N",), open_notices, icon="bell", permission=Permission.TICKET_READ
    ),
)
"""In the order in which the palette and the cheat sheet show them."""
