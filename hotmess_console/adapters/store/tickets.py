"""Tickets in Postgres: loaded and saved set-wise, one statement for any number of cases."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from hotmess_console.adapters.platform.failures import speaking
from hotmess_console.domain.ticket_memory import remembered, state_of, with_state
from hotmess_console.domain.tickets import Ticket
from hotmess_console.domain.values import CaseId, Category, CommandId, Level, Priority, Status
from hotmess_console.services.ports import NewTicket, Recorded

CHUNK = 1000
"""Rows per statement: larger ones hold locks longer without being faster."""

MUTABLE = (
    ("status", "text"),
    ("category", "text"),
    ("priority", "text"),
    ("level", "smallint"),
    ("assignee", "name"),
    ("started_at", "timestamptz"),
    ("due_at", "timestamptz"),
    ("breach_at", "timestamptz"),
    ("paused_at", "timestamptz"),
    ("time_left", "interval"),
    ("breach_left", "interval"),
    ("first_response_at", "timestamptz"),
    ("last_outbound_at", "timestamptz"),
    ("resolved_at", "timestamptz"),
    ("snoozed_until", "timestamptz"),
    ("unread", "boolean"),
    ("merged_into", "uuid"),
    ("danger", "text"),
)
_NAMES = ", ".join(name for name, _ in MUTABLE)
_ARRAYS = ", ".join(f"cast(:{name} AS {kind}[])" for name, kind in MUTABLE)

_LOAD = text(
    "SELECT c.id, c.number, c.version, c.subject, c.language, c.opened_at, "
    + ", ".join(f"c.{name}" for name, _ in MUTABLE)
    + ", t.platform_id, t.requester_name, t.requester_email, coalesce(t.subject, c.subject) AS full_subject, "
    "c.guarded AND NOT console.sees_guarded() AS guarded, c.guarded AS under_guard "
    # what hangs on a guarded case is not there for those who may not see it
    "FROM console.cases c LEFT JOIN console.tickets t ON t.case_id = c.id WHERE c.id = ANY(:ids)"
)
_LOCK = text("SELECT FROM console.cases WHERE id = ANY(:ids) ORDER BY id FOR NO KEY UPDATE")
_ADDRESS = text(
    "UPDATE console.tickets t SET requester_email = nullif(u.email, '') "
    "FROM unnest(cast(:ids AS uuid[]), cast(:emails AS text[])) AS u(id, email) WHERE t.case_id = u.id"
)
_SAVE = text(
    "UPDATE console.cases c SET "  # noqa: S608
    + ", ".join(f"{name} = u.{name}" for name, _ in MUTABLE)
    + f" FROM unnest(cast(:id AS uuid[]), cast(:version AS integer[]), {_ARRAYS}) AS u(id, version, {_NAMES}) "
    "WHERE c.id = u.id AND c.version = u.version RETURNING c.id, c.version"
)
_RECORD = text(
    "INSERT INTO console.command_cases (command_id, case_id, prior, version_before, version_after) "
    "SELECT :command, u.id, u.prior::jsonb, u.before, u.after "
    "FROM unnest(cast(:ids AS uuid[]), cast(:priors AS text[]), cast(:before AS integer[]), cast(:after AS integer[])) "
    "AS u(id, prior, before, after)"
)


class PostgresTickets:
    """`Tickets`, in the open transaction of one command."""

    def __init__(self, conn: AsyncConnection, command: Callable[[], CommandId]) -> None:
        self._conn = conn
        self._command = command

    async def load(self, ids: Sequence[CaseId]) -> dict[CaseId, Ticket]:
        """Return those of `ids` that this person may see."""
        with speaking():
            rows = await self._conn.execute(_LOAD, {"ids": list(ids)})
        return {CaseId(row.id): _ticket(row) for row in rows}

    async def lock(self, ids: Sequence[CaseId]) -> None:
        """Keep others from changing these until the transaction ends; locks are taken in the order of ids."""
        with speaking():
            await self._conn.execute(_LOCK, {"ids": list(ids)})

    async def save(
        self,
        changes: Sequence[tuple[Ticket, Ticket]],
        *,
        effects: Mapping[CaseId, Mapping[str, Any]] | None = None,
    ) -> frozenset[CaseId]:
        """Write (before, after) pairs whose version still holds, and keep what they were; return those written."""
        written: set[CaseId] = set()
        for start in range(0, len(changes), CHUNK):
            written |= await self._save_chunk(changes[start : start + CHUNK], effects or {})
        return frozenset(written)

    async def _save_chunk(
        self, changes: Sequence[tuple[Ticket, Ticket]], effects: Mapping[CaseId, Mapping[str, Any]]
    ) -> set[CaseId]:
        # locks are taken in id order, so that two bulk actions never wait for each other crosswise
        ordered = sorted(changes, key=lambda pair: pair[0].id)
        values: dict[str, list[Any]] = {"id": [], "version": [], **{name: [] for name, _ in MUTABLE}}
        for before, after in ordered:
            values["id"].append(before.id)
            values["version"].append(before.version)
            for name, value in state_of(after).items():
                values[name].append(value)
        with speaking():
            after_versions = {CaseId(row.id): row.version for row in await self._conn.execute(_SAVE, values)}
            written = [(before, after) for before, after in ordered if before.id in after_versions]
            kept = [before for before, _ in written]
            priors = [{**remembered(*pair), "platform": effects.get(pair[0].id)} for pair in written]
            await self._address(written)
            await self._conn.execute(
                _RECORD,
                {
                    "command": self._command(),
                    "ids": [before.id for before in kept],
                    "priors": [json.dumps(prior) for prior in priors],
                    "before": [before.version for before in kept],
                    "after": [after_versions[before.id] for before in kept],
                },
            )
        return set(after_versions)

    async def _address(self, written: Sequence[tuple[Ticket, Ticket]]) -> None:
        changed = [after for before, after in written if after.requester_email != before.requester_email]
        if changed:
            values = {"ids": [after.id for after in changed], "emails": [after.requester_email for after in changed]}
            await self._conn.execute(_ADDRESS, values)

    async def open(self, tickets: Sequence[NewTicket]) -> None:
        """Insert new tickets with their search words; their ids are the caller's."""
        for start in range(0, len(tickets), CHUNK):
            with speaking():
                await self._open_chunk(tickets[start : start + CHUNK])

    async def _open_chunk(self, tickets: Sequence[NewTicket]) -> None:
        await self._conn.execute(_OPEN_CASES, _case_values(tickets))
        await self._conn.execute(
            _OPEN_TICKETS,
            {
                "ids": [new.ticket.id for new in tickets],
                "platform_ids": [new.ticket.platform_id for new in tickets],
                "import_keys": [new.import_key for new in tickets],
                "subjects": [new.ticket.subject for new in tickets],
                "names": [new.ticket.requester_name or None for new in tickets],
                "emails": [new.ticket.requester_email or None for new in tickets],
                "accounts": [new.account_id for new in tickets],
            },
        )

    async def recorded(self, command: CommandId) -> Sequence[Recorded]:
        """Return what a command did to each of its cases."""
        with speaking():
            rows = await self._conn.execute(_RECORDED, {"command": command})
        return [
            Recorded(CaseId(r.case_id), dict(r.prior), r.version_before, r.version_after, r.overtaken) for r in rows
        ]

    async def link(self, one: CaseId, other: CaseId) -> None:
        """Link two cases; linking them again changes nothing."""
        low, high = sorted((one, other))
        with speaking():
            await self._conn.execute(_LINK, {"low": low, "high": high})

    async def unlink(self, one: CaseId, other: CaseId) -> None:
        """Take a link away; a link that is not there changes nothing."""
        with speaking():
            await self._conn.execute(_UNLINK, {"one": one, "other": other})

    async def imported(self, keys: Sequence[str]) -> frozenset[str]:
        """Return those import keys that are tickets already, guarded ones included."""
        with speaking():
            rows = await self._conn.execute(_IMPORTED, {"keys": list(keys)})
        return frozenset(rows.scalars())

    async def by_platform(self, ids: Sequence[UUID]) -> dict[UUID, CaseId]:
        """Return the case of each platform ticket that has one."""
        with speaking():
            rows = await self._conn.execute(_BY_PLATFORM, {"ids": list(ids)})
        return {row.platform_id: CaseId(row.case_id) for row in rows}


def _ticket(row: Any) -> Ticket:
    bare = Ticket(
        id=CaseId(row.id),
        number=row.number,
        version=row.version,
        subject=row.full_subject,
        status=Status.OPEN,
        category=Category.GENERAL,
        priority=Priority.NORMAL,
        level=Level.SUPPORT,
        assignee=None,
        opened_at=row.opened_at,
        language=row.language,
        platform_id=row.platform_id,
        requester_name=row.requester_name or "",
        requester_email=row.requester_email or "",
        guarded=row.guarded,
        under_guard=row.under_guard,
    )
    return with_state(bare, row._mapping)


def _case_values(tickets: Sequence[NewTicket]) -> dict[str, list[Any]]:
    values: dict[str, list[Any]] = {
        name: [] for name in ("id", "source", "subject", "snippet", "language", "opened_at")
    }
    values |= {name: [] for name in OPENED}
    for new in tickets:
        values["id"].append(new.ticket.id)
        values["source"].append(new.source)
        values["subject"].append(new.ticket.subject[:200])
        values["snippet"].append(new.snippet[:120])
        values["language"].append(new.ticket.language[:35])
        values["opened_at"].append(new.ticket.opened_at)
        columns = state_of(new.ticket)
        for name in OPENED:
            values[name].append(columns[name])
    return values


OPENED = (
    "status",
    "category",
    "priority",
    "level",
    "assignee",
    "started_at",
    "due_at",
    "breach_at",
    "unread",
    "danger",
)
_OPEN_CASES = text(
    "INSERT INTO console.cases (id, kind, source, subject, snippet, language, opened_at, rank_at, "  # noqa: S608
    + ", ".join(OPENED)
    + ") SELECT u.id, 'ticket', u.source, u.subject, u.snippet, u.language, u.opened_at, u.opened_at, "
    + ", ".join(f"u.{name}" for name in OPENED)
    + " FROM unnest(cast(:id AS uuid[]), cast(:source AS text[]), cast(:subject AS text[]), cast(:snippet AS text[]), "
    "cast(:language AS text[]), cast(:opened_at AS timestamptz[]), "
    + ", ".join(f"cast(:{name} AS {dict(MUTABLE)[name]}[])" for name in OPENED)
    + ") WITH ORDINALITY AS u(id, source, subject, snippet, language, opened_at, "
    + ", ".join(OPENED)
    + ", place) ORDER BY u.place"
)
_OPEN_TICKETS = text(
    "INSERT INTO console.tickets "
    "(case_id, platform_id, import_key, subject, requester_name, requester_email, account_id) "
    "SELECT * FROM unnest(cast(:ids AS uuid[]), cast(:platform_ids AS uuid[]), cast(:import_keys AS text[]), "
    "cast(:subjects AS text[]), cast(:names AS text[]), cast(:emails AS text[]), cast(:accounts AS uuid[]))"
)
_RECORDED = text(
    "SELECT p.case_id, p.prior, p.version_before, p.version_after, EXISTS ("
    "SELECT FROM console.command_cases later JOIN console.commands c ON c.id = later.command_id "
    "WHERE later.case_id = p.case_id AND later.version_before >= p.version_after AND c.undoes IS NULL "
    "AND NOT EXISTS (SELECT FROM console.commands u WHERE u.undoes = c.id)) AS overtaken "
    "FROM console.command_cases p WHERE p.command_id = :command"
)
_LINK = text("INSERT INTO console.case_links (case_id, other_id) VALUES (:low, :high) ON CONFLICT DO NOTHING")
_UNLINK = text("SELECT console.unlink_cases(:one, :other)")
_IMPORTED = text("SELECT console.imported(cast(:keys AS text[]))")
_BY_PLATFORM = text("SELECT platform_id, case_id FROM console.tickets WHERE platform_id = ANY(:ids)")
