"""What an undo must remember of a ticket: its changeable state as JSON values, and the way back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from hotmess_console.domain.policy.sla import Clock
from hotmess_console.domain.tickets import Ticket
from hotmess_console.domain.values import CaseId, Category, Danger, Level, Login, Priority, Status


def state_of(ticket: Ticket) -> dict[str, Any]:
    """Return everything that commands may change, by the names the database uses."""
    clock = ticket.clock
    return {
        "status": ticket.status.value,
        "category": ticket.category.value,
        "priority": ticket.priority.value,
        "level": int(ticket.level),
        "assignee": ticket.assignee,
        "started_at": clock.started_at if clock else None,
        "due_at": clock.due_at if clock else None,
        "breach_at": clock.breach_at if clock else None,
        "paused_at": clock.paused_at if clock else None,
        "time_left": clock.left if clock else None,
        "breach_left": clock.breach_left if clock else None,
        "first_response_at": ticket.first_response_at,
        "last_outbound_at": ticket.last_outbound_at,
        "resolved_at": ticket.resolved_at,
        "snoozed_until": ticket.snoozed_until,
        "unread": ticket.unread,
        "merged_into": ticket.merged_into,
        "danger": ticket.danger.value,
    }


def with_state(ticket: Ticket, state: Mapping[str, Any]) -> Ticket:
    """Return `ticket` with the state of `state_of`, at its own version."""
    return replace(
        ticket,
        status=Status(state["status"]),
        category=Category(state["category"]),
        priority=Priority(state["priority"]),
        level=Level(state["level"]),
        assignee=Login(state["assignee"]) if state["assignee"] else None,
        clock=clock_from(state),
        first_response_at=state["first_response_at"],
        last_outbound_at=state["last_outbound_at"],
        resolved_at=state["resolved_at"],
        snoozed_until=state["snoozed_until"],
        unread=state["unread"],
        merged_into=CaseId(state["merged_into"]) if state["merged_into"] else None,
        danger=Danger(state["danger"]),
    )


def clock_from(state: Mapping[str, Any]) -> Clock | None:
    """Return the clock that the columns describe; None where none was started."""
    if state["started_at"] is None:
        return None
    return Clock(
        state["started_at"],
        state["due_at"],
        state["breach_at"],
        state["paused_at"],
        state["time_left"],
        state["breach_left"],
    )


def remembered(before: Ticket, after: Ticket | None = None) -> dict[str, Any]:
    """Return `state_of` `before` as JSON values.

    The address joins them only where `after` has another one, so that memories hold no more of a person than an undo
    needs; what stood there before was none that anybody could be reached at (`Ticket.addressed`).
    """
    memory = {name: _to_json(value) for name, value in state_of(before).items()}
    if after is not None and after.requester_email != before.requester_email:
        memory["requester_email"] = before.requester_email
    return memory


def restored(ticket: Ticket, memory: Mapping[str, Any]) -> Ticket:
    """Return `ticket` in the state that `remembered` wrote down."""
    # what no revision remembered when this was written down stays as it is
    kept = {name: _from_json(name, memory[name]) for name in state_of(ticket) if name in memory}
    found = with_state(ticket, state_of(ticket) | kept)
    return replace(found, requester_email=memory.get("requester_email", ticket.requester_email))


def _to_json(value: object) -> object:
    match value:
        case datetime():
            return value.isoformat()
        case timedelta():
            return value.total_seconds()
        case UUID():
            return str(value)
        case _:
            return value


def _from_json(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name.endswith(("_at", "_until")):
        return datetime.fromisoformat(value)
    if name.endswith("_left"):
        return timedelta(seconds=value)
    return UUID(value) if name == "merged_into" else value
