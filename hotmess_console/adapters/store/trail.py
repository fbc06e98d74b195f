"""Reading the audit for people: pages of what was done, the entries of a command, a case as it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from hotmess_console.adapters.store.detail import read_ticket
from hotmess_console.domain.errors import NotAllowed, NotFound
from hotmess_console.domain.threads import Happening
from hotmess_console.domain.trail import (
    Deed,
    Step,
    Then,
    TrailEntry,
    TrailFilter,
    TrailKey,
    TrailPage,
    values_after,
)
from hotmess_console.domain.values import CaseId, CommandId, Login

CHUNK = 200
"""Entries read at once while steps are put together."""
CHUNKS = 25
"""So often at the most for one page: a filter that hardly anything meets ends in a page that goes on."""
MOST_NUMBERS = 3


async def read_trail(conn: AsyncConnection, wanted: TrailFilter, after: TrailKey | None, steps: int) -> TrailPage:
    """Return so many steps below `after`. Raises NotAllowed."""
    await _check(conn)
    found: dict[CommandId | int, Step] = {}
    skipped = after.command if after is not None else None
    below = after.entry if after is not None else None
    for _ in range(CHUNKS):
        seen = [step.entry.command for step in found.values() if step.entry.command is not None]
        rows = (await _chunk(conn, wanted, below, [*seen, *([skipped] if skipped is not None else [])])).all()
        for row in rows:
            step = _step(row)
            before = found.get(step.key)
            if before is None and len(found) == steps:
                return TrailPage(tuple(found.values()), _key(found, below))
            found[step.key] = step if before is None else _joined(before, step)
            below = step.entry.id
        if len(rows) < CHUNK:
            return TrailPage(tuple(found.values()), None)
    return TrailPage(tuple(found.values()), _key(found, below))


async def read_entries(conn: AsyncConnection, command: CommandId, most: int) -> Sequence[TrailEntry]:
    """Return the entries of a command, the oldest first. Raises NotAllowed."""
    await _check(conn)
    return [_entry(row) for row in await conn.execute(_OF_COMMAND, {"command": command, "most": most})]


async def read_then(conn: AsyncConnection, case: CaseId, entry: int) -> Then:
    """Return the case as it was right after `entry`. Raises NotFound, NotAllowed."""
    await _check(conn)
    now = await read_ticket(conn, case)
    rows = (await conn.execute(_OF_CASE, {"case": case, "entry": entry})).all()
    own = [row for row in rows if row.relation in ("cases", "tickets")]
    if not own:
        raise NotFound("The audit does not go back to when this case was made.", hint="Open the case as it is now.")
    values = values_after((Deed(row.action), row.detail) for row in own)
    there = {row.subject for row in rows if row.action == "insert"}
    detail = replace(
        now,
        messages=tuple(m for m in now.messages if str(m.id) in there),
        notes=tuple(n for n in now.notes if str(n.id) in there),
    )
    return Then(detail, entry, rows[-1].at, values)


async def _check(conn: AsyncConnection) -> None:
    if not (await conn.execute(_MAY_READ)).scalar_one():
        raise NotAllowed("Only managers and auditors read the audit.", hint="Ask one of them what you need to know.")


async def _chunk(conn: AsyncConnection, wanted: TrailFilter, below: int | None, without: list[CommandId]) -> Any:
    """Read the next entries; what is typed reaches the statement as parameters only."""
    given: dict[str, Any] = {
        "below": below,
        "without": without or None,
        "actor": wanted.actor,
        "number": wanted.number,
        "did": wanted.did or None,
        "deed": wanted.deed.value if wanted.deed is not None else None,
        "subject": wanted.subject or None,
        "since": wanted.since,
        "until": wanted.until,
        "command": wanted.command,
    }
    narrowing = {name: value for name, value in given.items() if value is not None}
    where = " AND ".join(_CONDITIONS[name] for name in narrowing) or "true"
    statement = text(f"{_ENTRIES} WHERE {where} ORDER BY e.id DESC LIMIT :most")  # fixed pieces only
    return await conn.execute(statement, {**narrowing, "most": CHUNK})


def _key(found: dict[CommandId | int, Step], below: int | None) -> TrailKey:
    last = list(found.values())[-1].entry if found else None
    return TrailKey(below or 0, last.command if last is not None else None)


def _joined(before: Step, more: Step) -> Step:
    numbers = tuple(dict.fromkeys((*before.numbers, *more.numbers)))[: MOST_NUMBERS + 1]
    return Step(before.entry if before.entry.case is not None else more.entry, before.did, numbers)


def _step(row: Any) -> Step:
    entry = _entry(row)
    did = None
    if entry.command is not None and row.name is not None:
        did = Happening(entry.command, row.name, entry.actor, entry.at, row.params, {}, row.undone)
    return Step(entry, did, () if entry.number is None else (entry.number,))


def _entry(row: Any) -> TrailEntry:
    return TrailEntry(
        row.id,
        row.at,
        Login(row.actor),
        row.client or "",
        Deed(row.action),
        row.relation,
        row.subject,
        None if row.case_id is None else CaseId(UUID(str(row.case_id))),
        row.number,
        None if row.command_id is None else CommandId(UUID(str(row.command_id))),
        row.detail,
        row.sealed,
    )


_ENTRIES = (
    "SELECT e.id, e.at, e.actor, host(e.client) AS client, e.action, e.relation, e.subject, e.case_id, k.number, "
    "e.command_id, c.name, c.params, EXISTS (SELECT FROM console.commands u WHERE u.undoes = c.id) AS undone, "
    "e.detail, EXISTS (SELECT FROM console_audit.seals s WHERE s.entry_id = e.id) AS sealed "
    "FROM console_audit.entries e LEFT JOIN console.commands c ON c.id = e.command_id "
    "LEFT JOIN console.cases k ON k.id = e.case_id"
)
_CONDITIONS = {
    "below": "e.id < :below",
    "without": "(e.command_id IS NULL OR e.command_id <> ALL (:without))",
    "actor": "e.actor = :actor",
    "number": "e.case_id = (SELECT id FROM console.cases WHERE number = :number)",
    "did": "(c.name = :did OR starts_with(c.name, :did || '.'))",
    "deed": "e.action = :deed",
    "subject": "(e.relation = :subject OR starts_with(e.subject, :subject))",
    "since": "e.at >= :since",
    "until": "e.at < :until",
    "command": "e.command_id = :command",
}
_OF_COMMAND = text(f"SELECT * FROM ({_ENTRIES} WHERE e.command_id = :command ORDER BY e.id LIMIT :most) t")  # noqa: S608
_OF_CASE = text(
    "SELECT id, at, action, relation, subject, detail FROM console_audit.entries "
    "WHERE case_id = :case AND id <= :entry ORDER BY id"
)
_MAY_READ = text("SELECT has_table_privilege(session_user, 'console_audit.entries', 'SELECT')")
