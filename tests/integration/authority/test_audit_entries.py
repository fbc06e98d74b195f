"""What an entry says: rows paired by their whole key, many at once as one, and nothing that identifies a person."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable

import pytest

from hotmess_console.domain.cases import Case
from hotmess_console.domain.imports import ImportedTicket, read_tickets
from hotmess_console.domain.values import Category, Level, Priority, Status
from hotmess_console.domain.views import QueueFilter
from hotmess_console.services.addressing import SetRequesterAddress
from hotmess_console.services.bus import Command, Outcome
from hotmess_console.services.desk_commands import SaveView
from hotmess_console.services.importing import ImportTickets
from hotmess_console.services.opening import NewCase
from hotmess_console.services.replies import AddNote, File, Reply
from hotmess_console.services.support import (
    Claim,
    Close,
    Escalate,
    Link,
    Merge,
    Resolve,
    Resume,
    SetCategory,
    SetPriority,
    Wait,
)
from hotmess_console.services.undo import Undo
from tests.desks import AGENT, DeskDatabase, Seat
from tests.integration.authority.sealing import record_command

pytestmark = pytest.mark.authority


def test_every_audit_trigger_is_told_the_whole_key_of_its_table(desk_database: DeskDatabase) -> None:
    wrong = desk_database.rows(
        "SELECT t.tgrelid::regclass::text, t.tgname, split_part(encode(t.tgargs, 'escape'), '\\000', 1), k.columns "
        "FROM pg_trigger t, LATERAL (SELECT string_agg(a.attname, ',' ORDER BY p.place) AS columns FROM pg_index i, "
        "unnest(i.indkey::int[]) WITH ORDINALITY p (attnum, place), pg_attribute a WHERE i.indrelid = t.tgrelid "
        "AND i.indisprimary AND a.attrelid = t.tgrelid AND a.attnum = p.attnum) k "
        "WHERE t.tgfoid = 'console_audit.record()'::regprocedure "
        "AND split_part(encode(t.tgargs, 'escape'), '\\000', 1) IS DISTINCT FROM k.columns"
    )
    assert wrong == []


def test_rows_with_a_key_of_several_columns_are_not_crossed(desk_database: DeskDatabase) -> None:
    with desk_database.connect() as conn, conn.transaction():
        record_command(conn)
        conn.execute(
            "INSERT INTO console.templates (id, language, area, name) SELECT 'greeting', l, 'support', "
            "'Greeting ' || l FROM unnest(ARRAY['en', 'de', 'fr']) l"
        )
        conn.execute("UPDATE console.templates SET name = 'New ' || language WHERE id = 'greeting'")
    assert desk_database.rows(
        "SELECT subject, detail FROM console_audit.entries WHERE relation = 'templates' AND action = 'update' "
        "AND subject LIKE 'greeting%' ORDER BY subject"
    ) == [(f"greeting/{of}", {"name": [f"Greeting {of}", f"New {of}"]}) for of in ("de", "en", "fr")]


def test_a_row_whose_key_changes_is_an_entry_for_either_key(desk_database: DeskDatabase) -> None:
    with desk_database.connect() as conn, conn.transaction():
        record_command(conn)
        conn.execute("INSERT INTO console.settings (key, value) VALUES ('test.one', '1')")
        conn.execute("UPDATE console.settings SET key = 'test.two' WHERE key = 'test.one'")
    assert desk_database.rows(
        "SELECT action, subject FROM console_audit.entries WHERE relation = 'settings' AND subject LIKE 'test.%' "
        "ORDER BY id, action"
    )[1:] in (
        [("delete", "test.one"), ("insert", "test.two")],
        [("insert", "test.two"), ("delete", "test.one")],
    )


def test_many_rows_at_once_leave_the_entries_that_each_alone_would(desk_database: DeskDatabase) -> None:
    """Above fifty rows the comparison is made on columns instead of JSON; the story must be the same."""
    with desk_database.connect() as conn:
        with conn.transaction():
            record_command(conn)
            conn.execute(
                "INSERT INTO console.cases (id, kind, source, subject, rank_at) "
                "SELECT gen_random_uuid(), 'ticket', 'manual', 'Old ' || n, now() FROM generate_series(1, 120) n"
            )
        change = (
            "UPDATE console.cases SET subject = 'New \"words\"', priority = 'high', unread = NOT unread, "
            "snoozed_until = '2026-11-23 12:00:00.123456+00', time_left = '26:00:00.5', language = 'de' "
            "WHERE id = ANY (%s)"
        )
        ids = [row[0] for row in conn.execute("SELECT id FROM console.cases WHERE subject LIKE 'Old %' ORDER BY id")]
        with conn.transaction():
            record_command(conn)
            conn.execute(change, [ids[:60]])
        with conn.transaction():
            record_command(conn)
            for id in ids[60:]:
                conn.execute(change, [[id]])
    details = (
        "SELECT detail - '{changed_at,rank_at}'::text[], detail ? 'rank_at', case_id = subject::uuid, action "
        "FROM console_audit.entries WHERE relation = 'cases' AND action = 'update' AND subject = ANY (%s) "
        "ORDER BY subject"
    )
    together, alone = (desk_database.rows(details, [str(id) for id in half]) for half in (ids[:60], ids[60:]))
    assert len(together) == 60
    assert together == alone
    assert together[0][0]["subject"] == "changed"
    assert together[0][0]["time_left"] == [None, "26:00:00.5"]


NAME, ADDRESS, GIVEN, WORDS = "Zarquon Trillian", "zarquon@example.org", "later-zarquon@example.org", "sesame-open"
PERSONAL = (NAME, "Zarquon", ADDRESS, GIVEN, WORDS)
FILE = f"email,subject,message,category,language\n{ADDRESS},{WORDS},{NAME} says {WORDS},billing,en\n".encode()
NOBODYS = f"subject,message,category,language\n{WORDS},{NAME} says {WORDS},billing,en\n".encode()


class Sitting:
    """Gives commands on cases as they now are, and counts their kinds."""

    def __init__(self, seat: Seat) -> None:
        self.seat = seat
        self.given: set[str] = set()

    async def give(self, command: Command) -> Outcome:
        """Give one command."""
        self.given.add(command.name)
        return await self.seat.do(command)

    async def on(self, case: Case, kind: Callable[..., Command], **values: object) -> Command:
        """Give a command of this kind on the case as it now is."""
        command = kind(cases=((await self.seat.case(case.id)).ref,), **values)
        await self.give(command)
        return command


async def a_full_set(seat: Seat) -> set[str]:
    """Give every kind of command that touches people, on tickets whose people and words are all known."""
    row: dict[str, object] = {
        "subject": f"{NAME} {WORDS}",
        "message": f"{NAME} {WORDS}",
        "user_email": ADDRESS,
        "name": NAME,
    }
    sitting = Sitting(seat)
    one, two, three = await seat.new_cases([row, row, row])
    await sitting.on(one, Claim)
    await sitting.on(one, SetCategory, category=Category.BILLING)
    await sitting.on(one, SetPriority, priority=Priority.LOW)
    await sitting.on(one, Escalate, to=Level.SENIOR, criterion="billing-dispute", reason=f"{NAME} {ADDRESS} asks again")
    await sitting.on(one, Wait)
    await sitting.on(one, Resume)
    file = File(f"{WORDS}.txt", "text/plain", WORDS.encode())
    reply = Reply(case=(await seat.case(one.id)).ref, body=f"Dear {NAME}: {WORDS}", then=Status.WAITING, files=(file,))
    await sitting.give(reply)
    await sitting.give(Undo(taken_back=reply.id))
    await sitting.give(AddNote(case=one.id, body=f"{NAME} says {WORDS} @mehreen"))
    await sitting.give(Link(one=one.id, other=two.id))
    await sitting.on(three, Merge, into=two.id)
    await sitting.on(two, Resolve)
    await sitting.on(two, Close)
    opened = NewCase(
        email=ADDRESS, subject=WORDS, category=Category.GENERAL, body=f"{NAME} {WORDS}", outgoing=True, person=NAME
    )
    await sitting.give(opened)
    await sitting.give(ImportTickets(rows=tuple(r for r in read_tickets(FILE) if isinstance(r, ImportedTicket))))
    rows = tuple(r for r in read_tickets(NOBODYS) if isinstance(r, ImportedTicket))
    imported = (await sitting.give(ImportTickets(rows=rows))).changed[0]
    await sitting.on(await seat.case(imported), SetRequesterAddress, address=GIVEN)
    await sitting.give(SaveView(title=NAME, filter=QueueFilter(text=ADDRESS)))
    return sitting.given


async def test_no_name_address_or_words_of_a_person_are_in_the_chain_after_a_full_set_of_commands(
    desk_database: DeskDatabase,
) -> None:
    async with desk_database.sit_down() as seat:
        given = await a_full_set(seat)
    assert len(given) == 17
    found = desk_database.rows(
        "SELECT relation, action, subject || ' ' || detail::text FROM console_audit.entries "
        "WHERE command_id IN (SELECT id FROM console.commands WHERE actor = %s)",
        AGENT,
    )
    assert len(found) > 60
    assert not [(relation, action) for relation, action, said in found if leaks(said)]


async def test_recorded_commands_repeat_nobodys_words_but_the_reason_of_an_escalation(
    desk_database: DeskDatabase,
) -> None:
    async with desk_database.sit_down() as seat:
        await a_full_set(seat)
    params = desk_database.rows("SELECT name, (params - 'reason')::text FROM console.commands")
    assert len(params) > 17
    assert [name for name, said in params if any(word.casefold() in said.casefold() for word in PERSONAL)] == []


def leaks(said: str) -> bool:
    """Whether an entry repeats something personal, or a digest of it that anybody could compute and compare."""
    plain = [word.casefold() for word in PERSONAL]
    texts = [text for word in PERSONAL for text in (word, json.dumps(word))]
    digests = [hashlib.new(kind, text.encode()).hexdigest() for kind in ("md5", "sha1", "sha256") for text in texts]
    return any(word in said.casefold() for word in (*plain, *digests))


def test_the_sweep_sees_words_and_digests() -> None:
    assert leaks(f"x {NAME.upper()} y")
    assert leaks(hashlib.sha256(json.dumps(GIVEN).encode()).hexdigest())
    assert not leaks("in_progress")
