"""Why an action about tickets cannot be done now, in words: nothing open, finished, snoozed, somebody else's."""

from __future__ import annotations

from collections.abc import Callable

from hotmess_console.domain.cases import Case
from hotmess_console.domain.policy import guarded
from hotmess_console.domain.policy.workflow import WORDS
from hotmess_console.domain.values import Level, Status
from hotmess_console.ui.host import Context

Check = Callable[[Case], str]
NOTHING_OPEN = "No case is open: choose one in the queue first."
_FINISHED = (Status.RESOLVED, Status.CLOSED)


def each(check: Check) -> Callable[[Context], str]:
    """Return a reason when none of the chosen cases can be acted on; a mix goes to the preview, which says which."""

    def why_not(context: Context) -> str:
        if context.all_matching is not None:
            return ""
        if not context.chosen:
            return NOTHING_OPEN
        if len(context.chosen) == 1 and (gone := merged(context, context.chosen[0])):
            return gone
        reasons = [shut(case) or check(case) for case in context.chosen]
        if not all(reasons):
            return ""
        return reasons[0] if len(reasons) == 1 else f"None of the {len(reasons)} ticked cases: {reasons[0]}"

    return why_not


def one(check: Check) -> Callable[[Context], str]:
    """Return a reason when the open case cannot be acted on; ticked ones do not matter."""

    def why_not(context: Context) -> str:
        if context.current is None:
            return NOTHING_OPEN
        return merged(context, context.current) or shut(context.current) or check(context.current)

    return why_not


def merged(context: Context, case: Case) -> str:
    """Return that this case has become part of another one, as far as the window knows."""
    detail = context.detail
    if detail is None or detail.case.id != case.id or detail.ticket.merged_into is None:
        return ""
    return f"{case.reference} was merged into another case: open that one instead."


def shut(case: Case) -> str:
    """Return that this is a safety ticket which only safety staff and managers work on."""
    return f"{guarded.WORDS} {guarded.HINT}" if case.guarded else ""


def nothing(case: Case) -> str:
    """Return that nothing stands in the way."""
    return ""


def finished(case: Case) -> str:
    """Return that this case is done, so that it must be reopened first."""
    if case.status not in _FINISHED:
        return ""
    return f"{case.reference} is {WORDS[case.status].lower()}: reopen it first."


def not_finished(case: Case) -> str:
    """Return that this case is still being worked on."""
    return "" if case.status in _FINISHED else f"{case.reference} is not resolved: it is still in the queue."


def not_closable(case: Case) -> str:
    """Return that this case cannot be closed from where it stands."""
    if case.status is Status.CLOSED:
        return f"{case.reference} is closed already."
    return "" if case.status in (Status.RESOLVED, Status.WAITING) else f"{case.reference} is not resolved yet."


def not_pausable(case: Case) -> str:
    """Return that this case neither runs nor waits."""
    return finished(case)


def unassigned(case: Case) -> str:
    """Return that nobody has this case, or that it is done."""
    return finished(case) or ("" if case.assignee is not None else f"{case.reference} is nobody's already.")


def awake(case: Case) -> str:
    """Return that this case is not snoozed."""
    return "" if case.snoozed_until is not None else f"{case.reference} is not snoozed."


def not_asked(case: Case) -> str:
    """Return that nothing on this case suggests danger, or that somebody has answered already."""
    if case.asks_danger:
        return finished(case)
    return f"Nothing on {case.reference} asks about danger. E escalates an emergency all the same."


def at_the_top(case: Case) -> str:
    """Return that there is no level above."""
    if case.level is Level.MANAGEMENT:
        return f"{case.reference} is with management already: there is no level above."
    return finished(case)


def at_the_bottom(case: Case) -> str:
    """Return that there is no level below."""
    if case.level is Level.SUPPORT:
        return f"{case.reference} is at level 1 already: there is no level below."
    return finished(case)
