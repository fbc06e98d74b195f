"""Tickets and their replies in one shape, whatever columns this platform's tables have."""

from __future__ import annotations

from psycopg import sql

from hotmess_console.adapters.platform.columns import column, first, key, nothing, select_list
from hotmess_console.adapters.platform.probe import Relation, Shape

TICKETS = "public.support_tickets"
REPLIES = "public.ticket_responses"
TABLES = (TICKETS, REPLIES)

TICKET_SHAPE = {
    "id": "uuid",
    "user_id": "uuid",
    "email": "text",
    "name": "text",
    "subject": "text",
    "message": "text",
    "category": "text",
    "status": "text",
    "priority": "text",
    "admin_response": "text",
    "source": "text",
    "created_at": "timestamptz",
    "updated_at": "timestamptz",
    "resolved_at": "timestamptz",
}
REPLY_SHAPE = {
    "id": "uuid",
    "ticket_id": "uuid",
    "responder_id": "uuid",
    "responder_type": "text",
    "message": "text",
    "attachments": "jsonb",
    "created_at": "timestamptz",
}


def ticket_table(shape: Shape) -> Relation | None:
    """The platform's table of tickets, if it is there, is readable and has the columns that make it one."""
    found = shape.readable(TICKETS, "id", "subject", "message", "status", "created_at")
    return found if found is not None and found.columns["id"] == "uuid" else None


def reply_table(shape: Shape) -> Relation | None:
    """The platform's table of replies to tickets, on the same conditions."""
    found = shape.readable(REPLIES, "id", "ticket_id", "message", "created_at")
    keyed = found is not None and found.columns["id"] == found.columns["ticket_id"] == "uuid"
    return found if keyed else None


def tickets_query(shape: Shape) -> sql.Composable:
    """The SELECT behind `platform.tickets`; without the table, the same columns and no rows."""
    table = ticket_table(shape)
    if table is None:
        return nothing(TICKET_SHAPE)
    values = {name: column("t", table, name, kind) for name, kind in TICKET_SHAPE.items()}
    values["email"] = first([column("t", table, "user_email", "text"), column("t", table, "email", "text")], "text")
    values["name"] = first([*key("t", table, "metadata", "name"), *_names_of_accounts(shape, table)], "text")
    values["source"] = first(key("t", table, "metadata", "source"), "text")
    # A shape without it still has to order and compare: the moment of creation is the only one that is known.
    values["updated_at"] = values["updated_at"] or values["created_at"]
    return sql.SQL("SELECT {}\n  FROM {} AS t\n WHERE {}").format(
        select_list(TICKET_SHAPE, values), table.identifier, _open_to_caller("t.id", _taken_or_waiting(table))
    )


def replies_query(shape: Shape) -> sql.Composable:
    """The SELECT behind `platform.ticket_responses`; without the table, the same columns and no rows."""
    table = reply_table(shape)
    if table is None:
        return nothing(REPLY_SHAPE)
    values = {name: column("r", table, name, kind) for name, kind in REPLY_SHAPE.items()}
    tickets = ticket_table(shape)
    rule: sql.Composable = sql.SQL("true")
    if tickets is not None:
        rule = sql.SQL("NOT EXISTS (SELECT FROM {} AS t WHERE t.id = r.ticket_id AND NOT ({}))").format(
            tickets.identifier, _taken_or_waiting(tickets)
        )
    return sql.SQL("SELECT {}\n  FROM {} AS r\n WHERE {}").format(
        select_list(REPLY_SHAPE, values), table.identifier, _open_to_caller("r.ticket_id", rule)
    )


def _open_to_caller(ticket: str, rule: sql.Composable) -> sql.Composable:
    """Leaves out guarded tickets for those who may not see them; the console's own functions ask for everybody."""
    closed = sql.SQL(f"{ticket} NOT IN (SELECT console.closed_tickets())")
    return sql.SQL("current_user = 'console_owner' OR ({} AND ({}))").format(closed, rule)


def _taken_or_waiting(table: Relation) -> sql.Composable:
    """Leaves out what is about safety and neither a case nor on its way to become one: nobody has to take it in."""
    category = column("t", table, "category", "text")
    if category is None:
        return sql.SQL("true")
    return sql.SQL("{} IS DISTINCT FROM 'safety' OR console.may_read_uncased(t.id, {})").format(
        category, column("t", table, "created_at", "timestamptz")
    )


def _names_of_accounts(shape: Shape, tickets: Relation) -> list[sql.Composable]:
    """Display names to fall back on, looked up one row at a time, so that a ticket can never appear twice."""
    if column("t", tickets, "user_id", "uuid") is None:
        return []
    stores = [
        ("public.profiles", "id", ("display_name",)),
        ("public.User", "auth_user_id", ("display_name", "full_name")),
    ]
    return [
        sql.SQL("(SELECT {} FROM {} AS a WHERE a.{} = t.user_id)").format(
            column("a", store, name, "text"), store.identifier, sql.Identifier(on)
        )
        for words, on, names in stores
        if (store := shape.readable(words, on)) is not None and on in store.unique and store.columns[on] == "uuid"
        for name in names
        if store.has(name)
    ]
