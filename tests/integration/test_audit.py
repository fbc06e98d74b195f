"""Every change leaves an entry in its own transaction; entries stay, and repeat nobody's words."""

from __future__ import annotations

import json

import psycopg
import pytest
from psycopg import errors as pg

from hotmess_console.domain.errors import BadInput
from hotmess_console.domain.values import Status
from hotmess_console.services.replies import AddNote, File, Reply
from hotmess_console.services.support import Claim, Link, SetPriority
from hotmess_console.services.undo import Undo
from tests.desks import AGENT, AUDITOR, MANAGER, DeskDatabase, Seat

pytestmark = pytest.mark.foundation

SECRETS = ("Zarquon", "zarquon@example.org", "sesame-open")
ENTRIES = "SELECT relation, action FROM console_audit.entries WHERE command_id = %s ORDER BY relation, action"


async def work_a_ticket(seat: Seat) -> list[Reply | AddNote | Claim | Link | SetPriority | Undo]:
    """Use everything once on a ticket whose words are all secret; return the commands."""
    case, other = await seat.new_cases(
        [
            {
                "subject": "Zarquon cannot sign in",
                "message": "The word is sesame-open",
                "user_email": "zarquon@example.org",
                "name": "Zarquon",
            },
            {},
        ]
    )
    done: list[Reply | AddNote | Claim | Link | SetPriority | Undo] = [Claim(cases=(case.ref,))]
    await seat.do(done[0])
    file = File("sesame-open.txt", "text/plain", b"sesame-open")
    reply = Reply(
        case=(await seat.case(case.id)).ref, body="Dear Zarquon: sesame-open", then=Status.WAITING, files=(file,)
    )
    done += [reply, AddNote(case=case.id, body="Zarquon says sesame-open @mehreen"), Link(one=case.id, other=other.id)]
    for command in done[1:]:
        await seat.do(command)
    undo = Undo(taken_back=reply.id)
    await seat.do(undo)
    return [*done, undo]


async def test_every_table_that_a_command_writes_has_its_entries(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat:
        claim, reply, note, link, undo = await work_a_ticket(seat)
    assert desk_database.rows(ENTRIES, claim.id) == [
        ("cases", "update"),
        ("commands", "insert"),
        ("platform.tickets", "update"),
    ]
    assert desk_database.rows(ENTRIES, reply.id) == [
        ("attachments", "insert"),
        ("cases", "update"),
        ("commands", "insert"),
        ("deliveries", "insert"),
        ("messages", "insert"),
        ("platform.tickets", "update"),
    ]
    assert desk_database.rows(ENTRIES, note.id) == [("commands", "insert"), ("notes", "insert"), ("notices", "insert")]
    assert desk_database.rows(ENTRIES, link.id) == [("case_links", "insert"), ("commands", "insert")]
    assert desk_database.rows(ENTRIES, undo.id) == [
        ("cases", "update"),
        ("commands", "insert"),
        ("deliveries", "update"),
        ("messages", "update"),
        ("platform.tickets", "update"),
    ]
    assert desk_database.rows("SELECT DISTINCT actor FROM console_audit.entries WHERE command_id = %s", undo.id) == [
        (AGENT,)
    ]


async def test_an_entry_lies_in_the_transaction_of_its_change(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat:
        case = await seat.new_case()
        claim = Claim(cases=(case.ref,))
        await seat.do(claim)
    entries = desk_database.rows(
        "SELECT DISTINCT e.xact = c.xact FROM console_audit.entries e JOIN console.commands c ON c.id = e.command_id "
        "WHERE e.relation <> 'commands' OR e.action <> 'read'"
    )
    assert entries == [(True,)]
    [(detail,)] = desk_database.rows(
        "SELECT detail FROM console_audit.entries WHERE command_id = %s AND relation = 'cases'", claim.id
    )
    assert detail["status"] == ["open", "in_progress"]
    assert detail["assignee"] == [None, AGENT]


async def test_what_is_rolled_back_leaves_no_entry(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat:
        case = await seat.new_case()
        before = desk_database.one("SELECT count(*) FROM console_audit.entries")
        with pytest.raises(BadInput):
            await seat.do(Reply(case=case.ref, body="   "))
        with psycopg.connect(desk_database.conninfo(AGENT)) as conn:
            conn.execute(
                "INSERT INTO console.commands (id, name, digest) VALUES (gen_random_uuid(), 'a.b', sha256('x'::bytea))"
            )
            conn.execute("UPDATE console.cases SET unread = false")
            conn.rollback()
    assert desk_database.one("SELECT count(*) FROM console_audit.entries") == before


async def test_no_words_addresses_or_names_of_people_are_in_the_audit(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat:
        await work_a_ticket(seat)
    everything = json.dumps(desk_database.rows("SELECT detail::text, subject FROM console_audit.entries")).casefold()
    assert "in_progress" in everything
    for secret in SECRETS:
        assert secret.casefold() not in everything, secret
    parameters = json.dumps(desk_database.rows("SELECT params::text FROM console.commands")).casefold()
    for secret in SECRETS:
        assert secret.casefold() not in parameters, secret


@pytest.mark.parametrize("login", [AGENT, AUDITOR, MANAGER, None])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE console_audit.entries SET actor = 'nobody'",
        "DELETE FROM console_audit.entries",
        "TRUNCATE console_audit.entries",
    ],
)
def test_entries_are_only_ever_added(desk_database: DeskDatabase, login: str | None, statement: str) -> None:
    before = desk_database.one("SELECT count(*) FROM console_audit.entries")
    assert before > 0
    with psycopg.connect(desk_database.conninfo(login)) as conn, pytest.raises(pg.InsufficientPrivilege):
        conn.execute(statement)
    assert desk_database.one("SELECT count(*) FROM console_audit.entries") == before


def test_nobody_writes_entries_by_hand(desk_database: DeskDatabase) -> None:
    for login in (AGENT, AUDITOR, MANAGER):
        with psycopg.connect(desk_database.conninfo(login)) as conn, pytest.raises(pg.InsufficientPrivilege):
            conn.execute(
                "INSERT INTO console_audit.entries (action, relation, subject, detail) VALUES ('read', 'x', 'x', '{}')"
            )


def test_auditors_and_managers_read_the_audit_and_agents_do_not(desk_database: DeskDatabase) -> None:
    for login in (AUDITOR, MANAGER):
        with psycopg.connect(desk_database.conninfo(login)) as conn:
            assert conn.execute("SELECT count(*) > 0 FROM console_audit.entries").fetchall() == [(True,)]
    with psycopg.connect(desk_database.conninfo(AGENT)) as conn, pytest.raises(pg.InsufficientPrivilege):
        conn.execute("SELECT count(*) FROM console_audit.entries")
