"""Agents cannot see safety tickets: tried in plain SQL, each with what safety staff get by the same words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import errors as pg

from hotmess_console.domain.imports import ImportedTicket
from hotmess_console.domain.values import Category
from hotmess_console.services.importing import ImportTickets
from hotmess_console.services.replies import AddNote
from hotmess_console.services.support import Claim
from tests.desks import AGENT, MANAGER, MODERATOR, SAFETY, SENIOR, Connection, DeskDatabase
from tests.integration.authority.acting import as_superuser
from tests.integration.authority.grid import where_tickets_are

pytestmark = pytest.mark.authority

ONLY_SAFETY = "wren"
SECRET = "zebra"
"""A word that only the person's own text has."""


@dataclass(frozen=True)
class Guarded:
    """A safety ticket with something of everything, and two that are about something else."""

    db: DeskDatabase
    case: UUID
    ticket: UUID | None
    """The platform's own, where it keeps tickets."""
    plain: UUID
    other: UUID
    claim: UUID
    """A command of safety staff's on it."""

    def ask(self, login: str, query: str, *values: object) -> list[tuple[Any, ...]]:
        """What `login` gets to read."""
        with self.db.connect(login) as conn:
            return conn.execute(query, values or None).fetchall()

    @contextmanager
    def acting(self, login: str) -> Iterator[Connection]:
        """A transaction of `login` with a recorded command; rolled back."""
        with psycopg.connect(self.db.conninfo(login)) as conn:
            conn.execute(
                "INSERT INTO console.commands (id, name, digest) VALUES (%s, 'test.run', sha256('x'::bytea))", [uuid4()]
            )
            yield conn
            conn.rollback()

    def state(self) -> tuple[Any, ...]:
        """What the row says, to the superuser."""
        return self.db.rows(
            "SELECT guarded, status, category, priority, level, assignee, snippet, version FROM console.cases "
            "WHERE id = %s",
            self.case,
        )[0]


@pytest.fixture
async def guarded(desk_database: DeskDatabase) -> Guarded:
    """A safety ticket that an agent's console took in, with a reply, a file, a note, a link and a claim."""
    has_tickets = desk_database.one("SELECT to_regclass('public.support_tickets') IS NOT NULL")
    make = _from_the_platform if has_tickets else _from_a_file
    ticket = await make(desk_database)
    cases = dict(desk_database.rows("SELECT subject, id FROM console.cases"))
    case = UUID(str(cases["Somebody follows me"]))
    async with desk_database.sit_down(ONLY_SAFETY) as safety:
        await safety.drain()
        shown, plain, other = [await safety.case(cases[subject]) for subject in SUBJECTS]
        claim = Claim(cases=(shown.ref,))
        await safety.do(claim)
        await safety.do(AddNote(case=shown.id, body=f"The {SECRET} was seen before"))
    with psycopg.connect(desk_database.conninfo(SAFETY)) as conn:
        conn.execute(
            "INSERT INTO console.commands (id, name, digest) VALUES (gen_random_uuid(), 'test.run', sha256('x'::bytea))"
        )
        low, high = sorted((case, plain.id))
        conn.execute("INSERT INTO console.case_links (case_id, other_id) VALUES (%s, %s)", [low, high])
    return Guarded(desk_database, case, ticket, plain.id, other.id, claim.id)


SUBJECTS = ("Somebody follows me", "A badge", "Another badge")
WORDS = f"He has a {SECRET} tattoo"
ADDRESS = "zora.quill@example.org"


async def _from_the_platform(database: DeskDatabase) -> UUID:
    ticket = database.ticket(category="safety", subject=SUBJECTS[0], message=WORDS, user_email=ADDRESS)
    async with database.sit_down() as seat:
        await seat.new_cases([{"subject": subject} for subject in SUBJECTS[1:]])
    database.answer(ticket, f"The {SECRET} again", attachments='[{"url": "https://example.org/zebra.png"}]')
    return ticket


async def _from_a_file(database: DeskDatabase) -> None:
    """The same where the platform keeps no tickets: imported, and what would come from it written by hand."""
    kinds = (Category.SAFETY, Category.GENERAL, Category.GENERAL)
    said = ((WORDS, ADDRESS), ("Lost it", "robin@example.org"), ("Lost it", "robin@example.org"))
    rows = [
        ImportedTicket(line, line, subject, words, kind, "en", address, f"key-{line}")
        for line, (subject, kind, (words, address)) in enumerate(zip(SUBJECTS, kinds, said, strict=True))
    ]
    async with database.sit_down() as seat:
        await seat.do(ImportTickets(rows=tuple(rows)))
    for statement in BY_HAND:
        as_superuser(database, statement)


BY_HAND = (
    "INSERT INTO console.attachments (id, case_id, filename, media_type, size, url) "
    "SELECT gen_random_uuid(), id, 'a.png', 'image/png', 1, 'https://example.org/zebra.png' FROM console.cases "
    "WHERE guarded",
    "INSERT INTO console.messages (id, case_id, direction, kind, channel, body) SELECT gen_random_uuid(), id, 'out', "
    "'acknowledgement', 'console', 'We have it' FROM console.cases WHERE guarded",
    "INSERT INTO console.deliveries (message_id, case_id, to_address, subject, hold_until) "
    f"SELECT id, case_id, '{ADDRESS}', 'x', console.now() FROM console.messages WHERE kind = 'acknowledgement'",
)

READS = {
    "its messages": "SELECT body FROM console.messages WHERE case_id = %(case)s AND kind = 'message'",
    "its notes": "SELECT body FROM console.notes WHERE case_id = %(case)s",
    "who wrote": "SELECT requester_email FROM console.tickets WHERE case_id = %(case)s",
    "its files": "SELECT url FROM console.attachments WHERE case_id = %(case)s",
    "its links": "SELECT 1 FROM console.case_links WHERE %(case)s IN (case_id, other_id)",
    "what was done to it": "SELECT prior FROM console.command_cases WHERE case_id = %(case)s",
    "what was wanted of it": "SELECT params FROM console.commands WHERE id = %(claim)s",
    "a word of its text": "SELECT console.search_cases(ARRAY['%%zebra%%'], 10)",
    "who wrote, by a word": "SELECT console.search_cases(ARRAY['%%quill%%'], 10)",
    "a word, among known cases": "SELECT console.search_among(ARRAY[%(case)s::uuid], ARRAY['%%zebra%%'])",
    "the platform's ticket": "SELECT message FROM platform.tickets WHERE id = %(ticket)s",
    "the platform's replies": "SELECT message FROM platform.ticket_responses WHERE ticket_id = %(ticket)s",
}


async def test_agents_read_nothing_of_it_but_the_row(guarded: Guarded) -> None:
    known = {"case": guarded.case, "ticket": guarded.ticket, "claim": guarded.claim}
    for login, finds in ((AGENT, False), (SENIOR, False), (MODERATOR, False), (ONLY_SAFETY, True), (MANAGER, True)):
        with guarded.db.connect(login) as conn:
            for what, query in READS.items():
                if (login != MODERATOR and guarded.ticket is not None) or "platform" not in query:
                    assert bool(conn.execute(query, known).fetchall()) is finds, (login, what)


async def test_the_row_itself_holds_the_subject_the_clock_and_the_level_and_no_word_of_the_text(
    guarded: Guarded,
) -> None:
    query = "SELECT subject, snippet, level, due_at IS NOT NULL, guarded FROM console.queue WHERE id = %s"
    expected = [("Somebody follows me", "", 2, True, True)]
    assert guarded.ask(AGENT, query, guarded.case) == expected
    assert guarded.ask(ONLY_SAFETY, query, guarded.case) == expected


async def test_agents_find_it_by_number_and_subject(guarded: Guarded) -> None:
    [(number,)] = guarded.ask(AGENT, "SELECT number FROM console.cases WHERE id = %s", guarded.case)
    for words in (f"%hm-{number}%", "%follows%"):
        for login in (AGENT, ONLY_SAFETY):
            assert guarded.ask(login, "SELECT console.search_cases(%s, 10)", [words]) == [(guarded.case,)]
            assert guarded.ask(login, "SELECT console.search_among(%s, %s)", [guarded.case], [words])


@where_tickets_are
async def test_its_text_is_not_told_by_filing_its_key_into_the_intake(guarded: Guarded) -> None:
    with guarded.acting(AGENT) as conn:
        conn.execute("INSERT INTO console.intake (source, key) VALUES ('ticket', %s)", [str(guarded.ticket)])
        assert conn.execute("SELECT message FROM platform.tickets WHERE id = %s", [guarded.ticket]).fetchall() == []
        assert conn.execute("SELECT key FROM console.intake").fetchall() == []


CHANGES = {
    "claim": "UPDATE console.cases SET assignee = session_user WHERE id = %(case)s",
    "un-guard by another category": "UPDATE console.cases SET category = 'general' WHERE id = %(case)s",
    "close": "UPDATE console.cases SET status = 'resolved' WHERE id = %(case)s",
    "another subject": "UPDATE console.cases SET subject = 'Nothing' WHERE id = %(case)s",
    "lock": "SELECT FROM console.cases WHERE id = %(case)s FOR UPDATE",
    "readdress": "UPDATE console.tickets SET requester_email = 'me@example.org' WHERE case_id = %(case)s",
}


async def test_agents_change_nothing_of_it(guarded: Guarded) -> None:
    for login, rows in ((AGENT, False), (SENIOR, False), (ONLY_SAFETY, True), (MANAGER, True)):
        for what, statement in CHANGES.items():
            with guarded.acting(login) as conn:
                assert bool(conn.execute(statement, {"case": guarded.case}).rowcount) is rows, (login, what)


async def test_agents_take_nothing_back_and_unlink_nothing_of_it(guarded: Guarded) -> None:
    retract = "UPDATE console.messages SET retracted_at = now() WHERE case_id = %s AND kind = 'message'"
    unlink = "SELECT console.unlink_cases(%s, %s)"
    for login in (AGENT, SENIOR):
        with guarded.acting(login) as conn:
            assert conn.execute(retract, [guarded.case]).rowcount == 0
        for pair in ((guarded.case, guarded.plain), (guarded.plain, guarded.case)):
            with guarded.acting(login) as conn, pytest.raises(pg.InsufficientPrivilege):
                conn.execute(unlink, pair)
    with guarded.acting(ONLY_SAFETY) as conn:
        conn.execute(unlink, [guarded.plain, guarded.case])
        assert conn.execute("SELECT FROM console.case_links").fetchall() == []


INSERTS = {
    "an answer": "INSERT INTO console.messages (id, case_id, direction, kind, channel, author, body) "
    "VALUES (gen_random_uuid(), %(case)s, 'out', 'reply', 'console', session_user, 'All is well')",
    "forged words of the person": "INSERT INTO console.messages (id, case_id, direction, kind, channel, body) "
    "VALUES (gen_random_uuid(), %(case)s, 'in', 'message', 'console', 'All is well')",
    "a forged acknowledgement": "INSERT INTO console.messages (id, case_id, direction, kind, channel, body) "
    "VALUES (gen_random_uuid(), %(case)s, 'out', 'acknowledgement', 'console', 'Go home')",
    "a note": "INSERT INTO console.notes (id, case_id, body) VALUES (gen_random_uuid(), %(case)s, 'Mine')",
    "a letter": "INSERT INTO console.deliveries (message_id, case_id, to_address, subject, hold_until) "
    "VALUES ('00000000-0000-0000-0000-000000000001', %(case)s, 'me@example.org', 'x', now())",
    "a file": "INSERT INTO console.attachments (id, case_id, filename, media_type, size, url) "
    "VALUES (gen_random_uuid(), %(case)s, 'a.png', 'image/png', 1, 'https://example.org/a.png')",
    "a link": "INSERT INTO console.case_links (case_id, other_id) "
    "VALUES (least(%(case)s, %(other)s::uuid), greatest(%(case)s, %(other)s::uuid))",
}


async def test_agents_add_nothing_to_it(guarded: Guarded) -> None:
    before, known = guarded.state(), {"case": guarded.case, "other": guarded.other}
    for what, statement in INSERTS.items():
        for login in (AGENT, SENIOR):
            with guarded.acting(login) as conn, pytest.raises(pg.InsufficientPrivilege):
                conn.execute(statement, known)
        with guarded.acting(ONLY_SAFETY) as conn:
            if what == "a letter":  # past the policy, to the missing message
                with pytest.raises(pg.ForeignKeyViolation):
                    conn.execute(statement, known)
            else:
                conn.execute(statement, known)
    assert guarded.state() == before


async def test_its_words_are_not_sent_by_a_delivery_filed_under_another_case(guarded: Guarded) -> None:
    message = guarded.db.one(
        "SELECT m.id FROM console.messages m LEFT JOIN console.deliveries d ON d.message_id = m.id "
        "WHERE m.case_id = %s AND d.message_id IS NULL LIMIT 1",
        guarded.case,
    )
    deliver = (
        "INSERT INTO console.deliveries (message_id, case_id, to_address, subject, hold_until) "
        "VALUES (%s, %s, 'thief@example.org', 'x', console.now())"
    )
    for login in (AGENT, ONLY_SAFETY):
        with guarded.acting(login) as conn, pytest.raises(pg.ForeignKeyViolation, match="deliveries_of_the_messages"):
            conn.execute(deliver, [message, guarded.plain])


async def test_agents_do_not_read_why_money_was_given_back_on_it(guarded: Guarded) -> None:
    ask = (
        "INSERT INTO console.refund_intents (id, command_id, case_id, charge, amount_minor, currency, reason) "
        "SELECT gen_random_uuid(), c.id, %s, 'ch_1', 100, 'gbp', 'She was followed' FROM console.commands c "
        "WHERE c.xact = pg_current_xact_id() LIMIT 1"
    )
    for case in (guarded.case, guarded.plain):
        with guarded.acting(MANAGER) as conn:
            conn.execute(ask, [case])
            conn.commit()
    read = "SELECT case_id FROM console.refund_intents"
    assert guarded.ask(AGENT, read) == [(guarded.plain,)]
    assert len(guarded.ask(MANAGER, read)) == 2


async def test_only_safetys_own_answer_opens_it_whoever_it_says_wrote_it(guarded: Guarded) -> None:
    query = "SELECT guarded FROM console.cases WHERE id = %s"
    answer = INSERTS["an answer"]
    for login, opened in ((MANAGER, False), (ONLY_SAFETY, True), (SAFETY, True)):
        with guarded.acting(login) as conn:
            conn.execute(answer, {"case": guarded.case})
            assert conn.execute(query, [guarded.case]).fetchall() == [(not opened,)], login
    for author in (ONLY_SAFETY, SAFETY):
        with guarded.acting(MANAGER) as conn, pytest.raises(pg.InsufficientPrivilege, match="signed by"):
            conn.execute(answer.replace("session_user", f"'{author}'"), {"case": guarded.case})


async def test_nobody_sets_what_the_guard_sets(guarded: Guarded) -> None:
    change = "UPDATE console.cases SET {} WHERE id = %s RETURNING snippet"
    for column in ("guarded = false", "guarded_in = pg_current_xact_id()"):
        for login in (AGENT, ONLY_SAFETY, MANAGER):
            with guarded.acting(login) as conn, pytest.raises(pg.InsufficientPrivilege):
                conn.execute(change.format(column), [guarded.case])
    with guarded.acting(ONLY_SAFETY) as conn:
        assert conn.execute(change.format("snippet = 'told'"), [guarded.case]).fetchall() == [("",)]


async def test_nobody_says_of_a_message_that_it_is_safetys_answer(guarded: Guarded) -> None:
    told = INSERTS["an answer"].replace("author,", "by_safety, author,").replace("session_user", "true, session_user")
    for login in (AGENT, MANAGER):
        with guarded.acting(login) as conn, pytest.raises(pg.InsufficientPrivilege):
            conn.execute(told, {"case": guarded.plain})


@where_tickets_are
async def test_an_effect_on_it_is_refused_and_one_on_another_ticket_is_not(guarded: Guarded) -> None:
    change = "SELECT platform.ticket_apply((SELECT id FROM console.commands WHERE xact = pg_current_xact_id()), %s, %s)"
    restore = "SELECT platform.ticket_restore((SELECT id FROM console.commands WHERE xact = pg_current_xact_id()), "
    restore += "%s, '{\"ours\": {}}', NULL)"
    other = guarded.db.one("SELECT platform_id FROM console.tickets WHERE case_id = %s", guarded.plain)
    wanted = '{"status": "closed"}'
    for query, values in ((change, [guarded.ticket, wanted]), (restore, [guarded.ticket])):
        with guarded.acting(AGENT) as conn, pytest.raises(pg.InsufficientPrivilege, match="safety ticket"):
            conn.execute(query, values)
    with guarded.acting(ONLY_SAFETY) as conn:
        conn.execute(change, [guarded.ticket, wanted])
    with guarded.acting(AGENT) as conn:
        conn.execute(change, [other, wanted])


async def test_a_case_is_not_merged_out_of_sight_into_it(guarded: Guarded) -> None:
    merge = "UPDATE console.cases SET merged_into = %s WHERE id = %s"
    with guarded.acting(AGENT) as conn, pytest.raises(pg.CheckViolation):
        conn.execute(merge, [guarded.case, guarded.plain])
    with guarded.acting(ONLY_SAFETY) as conn:
        assert conn.execute(merge, [guarded.case, guarded.plain]).rowcount == 1


async def test_a_hidden_command_is_not_taken_back_by_a_stranger(guarded: Guarded) -> None:
    undo = "INSERT INTO console.commands (id, name, digest, undoes) VALUES (%s, 'command.undo', sha256('x'::bytea), %s)"
    for login in (AGENT, SENIOR):
        with psycopg.connect(guarded.db.conninfo(login)) as conn, pytest.raises(pg.InsufficientPrivilege):
            conn.execute(undo, [uuid4(), guarded.claim])
    for login in (ONLY_SAFETY, MANAGER):
        with psycopg.connect(guarded.db.conninfo(login)) as conn:
            conn.execute(undo, [uuid4(), guarded.claim])
            conn.rollback()


async def test_it_is_given_to_nobody_who_may_not_see_it(guarded: Guarded) -> None:
    give = "UPDATE console.cases SET assignee = %s WHERE id = %s"
    for login in (AGENT, SENIOR, MODERATOR):
        with guarded.acting(MANAGER) as conn, pytest.raises(pg.CheckViolation):
            conn.execute(give, [login, guarded.case])
    for allowed in (SAFETY, ONLY_SAFETY, MANAGER, None):
        with guarded.acting(MANAGER) as conn:
            assert conn.execute(give, [allowed, guarded.case]).rowcount == 1


async def test_handing_a_ticket_over_works_once_and_takes_it_out_of_the_agents_hands(guarded: Guarded) -> None:
    with guarded.acting(AGENT) as conn:
        conn.execute(
            "UPDATE console.cases SET assignee = session_user, status = 'in_progress' WHERE id = %s", [guarded.plain]
        )
        over = "UPDATE console.cases SET category = %s WHERE id = %s RETURNING guarded, assignee, status, snippet"
        assert conn.execute(over, ["safety", guarded.plain]).fetchall() == [(True, None, "open", "")]
        assert conn.execute("SELECT FROM console.tickets WHERE case_id = %s", [guarded.plain]).fetchall() == []
        assert conn.execute(over, ["general", guarded.plain]).fetchall() == []


async def test_an_acknowledgement_is_seen_while_it_needs_sending_and_then_only_by_who_sent_it(guarded: Guarded) -> None:
    ledger = "SELECT d.state FROM console.deliveries d JOIN console.messages m ON m.id = d.message_id "
    ledger += "WHERE d.case_id = %s"
    assert guarded.ask(AGENT, ledger, guarded.case) == [("held",)]
    with guarded.db.connect(AGENT) as conn:
        for assignment in ("state = 'sending', claimed_by = session_user", "state = 'sent'"):
            done = conn.execute(f"UPDATE console.deliveries SET {assignment} WHERE case_id = %s", [guarded.case])
            assert done.rowcount == 1
    assert guarded.ask(AGENT, ledger, guarded.case) == [("sent",)]
    assert guarded.ask(SENIOR, ledger, guarded.case) == []
    assert guarded.ask(ONLY_SAFETY, ledger, guarded.case) == [("sent",)]
