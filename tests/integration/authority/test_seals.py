"""The chain over the audit: sealed in one order by one sealer, and every break in it is named."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from hotmess_console.adapters.store.audit import PostgresSeals, reading
from hotmess_console.app import audit
from hotmess_console.domain.audit import Checker, Fault, Finding, canonical, fields
from hotmess_console.domain.errors import NotAllowed
from tests.desks import AGENT, AUDITOR, MANAGER, OTHER_AGENT, DeskDatabase
from tests.integration.authority.sealing import (
    RECHAIN,
    covering_tracks,
    make_entries,
    record_command,
    seal_all,
)

pytestmark = pytest.mark.authority

Verify = Callable[[], Finding | None]


ELSEWHERE = "UPDATE console_audit.entries SET xact = (xact::text::bigint + 1000000000)::text::xid8"
"""As a dump looks that was restored: transaction numbers of another server."""


@pytest.fixture
def verify(desk_database: DeskDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Verify:
    """What `audit verify` of a manager finds; nothing is remembered outside of this test."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return lambda: audit.verify(desk_database.conninfo(MANAGER), False, None)[2]


# ── sealing ──


def test_every_entry_is_sealed_once_and_the_chain_holds(desk_database: DeskDatabase, verify: Verify) -> None:
    make_entries(desk_database)
    head = seal_all(desk_database)
    assert head == desk_database.one("SELECT count(*) FROM console_audit.entries") > 20
    assert (
        desk_database.rows(
            "SELECT DISTINCT entry_id FROM console_audit.seals EXCEPT SELECT id FROM console_audit.entries"
        )
        == []
    )
    assert verify() is None
    assert seal_all(desk_database) == head


def test_the_database_seals_the_same_bytes_that_the_checker_hashes(desk_database: DeskDatabase) -> None:
    make_entries(desk_database, 2)
    seal_all(desk_database)
    statement = (
        "SELECT console_audit.canonical(s, e), s.seq, s.floor, (extract(epoch FROM s.sealed_at) * 1000000)::bigint, "
        "e.id, (extract(epoch FROM e.at) * 1000000)::bigint, e.xact::text::bigint, e.actor::text, host(e.client), "
        "e.command_id::text, e.action, e.relation, e.subject, e.case_id::text, e.detail::text, s.prev_hash "
        "FROM console_audit.seals s JOIN console_audit.entries e ON e.id = s.entry_id ORDER BY s.seq"
    )
    rows = desk_database.rows(statement)
    assert [bytes(row[0]) for row in rows] == [canonical(row[1:]) for row in rows]
    with reading(desk_database.conninfo(AUDITOR)) as opened:
        read = list(opened.records(1, opened.head().seq))
    assert [record[:-36] for record in read] == [bytes(row[0]) for row in rows]
    assert all(len(fields(record)) == 16 for record in read)


def test_what_has_not_ended_is_left_for_later_and_then_not_skipped(desk_database: DeskDatabase, verify: Verify) -> None:
    seal_all(desk_database)
    with psycopg.connect(desk_database.conninfo(AGENT)) as slow:
        record_command(slow, "test.slow")
        make_entries(desk_database, 3, OTHER_AGENT)
        before = seal_all(desk_database)
        assert desk_database.one("SELECT count(*) FROM console_audit.entries") - before == 3
        slow.commit()
    after = seal_all(desk_database)
    assert after - before == 4
    assert (
        desk_database.one(
            "SELECT detail ->> 'name' FROM console_audit.entries e JOIN console_audit.seals s "
            "ON s.entry_id = e.id WHERE s.seq = %s",
            before + 1,
        )
        == "test.slow"
    )
    assert verify() is None


def test_of_many_sealers_at_once_none_waits_and_the_chain_has_no_fork(
    desk_database: DeskDatabase, verify: Verify
) -> None:
    make_entries(desk_database, 60)
    sealed: list[int] = []

    def run() -> None:
        with desk_database.connect(AGENT) as conn:
            for _ in range(40):
                row = conn.execute("SELECT console_audit.seal(5)").fetchone()
                sealed.append(row[0] if row else -1)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seal_all(desk_database) == desk_database.one("SELECT count(*) FROM console_audit.entries")
    assert max(sealed) <= 5 < sum(sealed)
    assert verify() is None


def test_while_one_seals_another_is_told_at_once_that_there_is_nothing(desk_database: DeskDatabase) -> None:
    make_entries(desk_database)
    with psycopg.connect(desk_database.conninfo(AGENT)) as first, desk_database.connect(OTHER_AGENT) as second:
        assert first.execute("SELECT console_audit.seal(1)").fetchone() == (1,)
        second.execute("SET statement_timeout = '1s'")
        assert second.execute("SELECT console_audit.seal(1)").fetchone() == (0,)
        first.rollback()
        assert second.execute("SELECT console_audit.seal(1)").fetchone() == (1,)


@pytest.mark.parametrize("sealed_before", [True, False])
def test_a_database_restored_where_transaction_numbers_are_behind_goes_on_being_sealed(
    desk_database: DeskDatabase, verify: Verify, sealed_before: bool
) -> None:
    with covering_tracks(desk_database) as conn:
        conn.execute(ELSEWHERE.encode())
    if sealed_before:
        seal_all(desk_database)
        assert desk_database.one("SELECT max(floor) FROM console_audit.seals") == 0
    for _ in range(2):
        make_entries(desk_database, 3)
        assert seal_all(desk_database) == desk_database.one("SELECT count(*) FROM console_audit.entries")
        assert desk_database.one("SELECT max(floor) FROM console_audit.seals") > 0
        assert verify() is None
    found = desk_database.rows("SELECT seq FROM console_audit.seals WHERE floor > 0 ORDER BY seq")
    assert len(found) == 6


async def test_the_state_says_since_when_an_entry_waits(desk_database: DeskDatabase) -> None:
    seal_all(desk_database)
    async with desk_database.sit_down() as seat:
        seals = PostgresSeals(seat.engine)
        state = await seals.state(0)
        assert state.waiting_since is None
        assert not state.late
        make_entries(desk_database, 1)
        written = desk_database.one("SELECT max(at) FROM console_audit.entries")
        state = await seals.state(state.head.seq)
        assert state.waiting_since == written
        assert state.known_hash == state.head.hash
        desk_database.pass_time(seconds=29)
        assert not (await seals.state(0)).late
        desk_database.pass_time(seconds=2)
        assert (await seals.state(0)).late
        assert await seals.seal(100) == 1
        assert not (await seals.state(0)).late


# ── what is found ──

MIDDLE = "(SELECT entry_id FROM console_audit.seals WHERE seq = 10)"
NEXT = "(SELECT entry_id FROM console_audit.seals WHERE seq = 11)"
COLUMNS = {
    "at": "at + interval '1 microsecond'",
    "actor": "'sunniva'",
    "xact": "(xact::text::bigint - 1)::text::xid8",
    "client": "'10.9.8.7'",
    "command_id": "gen_random_uuid()",
    "action": "'delete'",
    "relation": "'cases'",
    "subject": "subject || ' '",
    "case_id": "gen_random_uuid()",
    "detail": 'detail || \'{"name": "a.b"}\'',
}
SEAL_COLUMNS = {
    "sealed_at": "sealed_at + interval '1 microsecond'",
    "prev_hash": "sha256('x')",
    "hash": "sha256('x')",
    "floor": "1",
}


@pytest.mark.parametrize("column", COLUMNS)
def test_an_edited_entry_is_named_whichever_column_it_was(
    desk_database: DeskDatabase, verify: Verify, column: str
) -> None:
    seal_all(desk_database)
    with covering_tracks(desk_database) as conn:
        conn.execute(f"UPDATE console_audit.entries SET {column} = {COLUMNS[column]} WHERE id = {MIDDLE}".encode())
    found = verify()
    assert found is not None
    assert (found.fault, found.seq) == (Fault.EDITED, 10)
    assert found.entry == desk_database.one(f"SELECT {MIDDLE}")


@pytest.mark.parametrize("column", SEAL_COLUMNS)
def test_an_edited_seal_is_named_whichever_column_it_was(
    desk_database: DeskDatabase, verify: Verify, column: str
) -> None:
    seal_all(desk_database)
    with covering_tracks(desk_database) as conn:
        conn.execute(f"UPDATE console_audit.seals SET {column} = {SEAL_COLUMNS[column]} WHERE seq = 10".encode())
    found = verify()
    assert found is not None
    assert (found.fault in (Fault.SEAL_EDITED, Fault.EDITED), found.seq) == (True, 10)


BREAKS: dict[str, tuple[str, Fault, int]] = {
    "deleted": (f"DELETE FROM console_audit.entries WHERE id = {MIDDLE}", Fault.ENTRY_GONE, 10),
    "seal deleted": ("DELETE FROM console_audit.seals WHERE seq = 10", Fault.SEAL_GONE, 10),
    "deleted with its seal": (
        f"DELETE FROM console_audit.entries WHERE id = {MIDDLE}; DELETE FROM console_audit.seals WHERE seq = 10",
        Fault.SEAL_GONE,
        10,
    ),
    "tail of the entries cut": (
        "DELETE FROM console_audit.entries WHERE id IN (SELECT entry_id FROM console_audit.seals WHERE seq > 10)",
        Fault.ENTRY_GONE,
        11,
    ),
    "beginning cut": ("DELETE FROM console_audit.seals WHERE seq < 10", Fault.SEAL_GONE, 1),
    "seals swapped": (
        "UPDATE console_audit.seals SET seq = 21 - seq + 100000 WHERE seq IN (10, 11); "
        "UPDATE console_audit.seals SET seq = seq - 100000 WHERE seq > 100000",
        Fault.REORDERED,
        10,
    ),
    "contents swapped": (
        "UPDATE console_audit.entries a SET subject = b.subject, detail = b.detail FROM console_audit.entries b "
        f"WHERE (a.id, b.id) IN (({MIDDLE}, {NEXT}), ({NEXT}, {MIDDLE}))",
        Fault.EDITED,
        10,
    ),
}


@pytest.mark.parametrize("name", BREAKS)
def test_what_was_taken_away_or_moved_is_named(desk_database: DeskDatabase, verify: Verify, name: str) -> None:
    seal_all(desk_database)
    statements, fault, seq = BREAKS[name]
    with covering_tracks(desk_database) as conn:
        conn.execute(statements.encode())
    found = verify()
    assert found is not None
    assert (found.fault, found.seq) == (fault, seq)


def test_an_entry_slipped_in_among_sealed_ones_is_named_as_foreign(desk_database: DeskDatabase, verify: Verify) -> None:
    seal_all(desk_database)
    with covering_tracks(desk_database) as conn:
        made = conn.execute(
            "INSERT INTO console_audit.entries (id, at, actor, xact, action, relation, subject, detail) "
            "OVERRIDING SYSTEM VALUE SELECT 1000000, at, 'sunniva', xact, 'read', 'cases', 'x', '{}' "
            f"FROM console_audit.entries WHERE id = {MIDDLE} RETURNING id".encode()
        ).fetchone()
    assert made is not None
    make_entries(desk_database, 1)
    seal_all(desk_database)
    found = verify()
    assert found is not None
    assert (found.fault, found.entry) == (Fault.FOREIGN, made[0])


def test_the_first_of_several_bad_entries_is_named(desk_database: DeskDatabase, verify: Verify) -> None:
    seal_all(desk_database)
    with covering_tracks(desk_database) as conn:
        conn.execute(
            "UPDATE console_audit.entries SET subject = 'x' WHERE id IN "
            "(SELECT entry_id FROM console_audit.seals WHERE seq IN (7, 12))"
        )
        conn.execute("DELETE FROM console_audit.seals WHERE seq = 9")
    found = verify()
    assert found is not None
    assert (found.fault, found.seq) == (Fault.EDITED, 7)


def test_seals_that_were_cut_off_leave_entries_that_nobody_sealed(desk_database: DeskDatabase, verify: Verify) -> None:
    seal_all(desk_database)
    desk_database.pass_time(minutes=5)
    assert verify() is None
    with covering_tracks(desk_database) as conn:
        conn.execute("DELETE FROM console_audit.seals WHERE seq > 10")
    found = verify()
    assert found is not None
    assert (found.fault, found.seq) == (Fault.UNSEALED, 11)


# ── what only a head kept outside can tell ──


def test_a_whole_new_chain_is_caught_by_the_anchor_file(
    desk_database: DeskDatabase, verify: Verify, tmp_path: Path
) -> None:
    seal_all(desk_database)
    anchors = tmp_path / "anchors.jsonl"
    audit.anchor(desk_database.conninfo(AUDITOR), anchors, None)
    make_entries(desk_database, 3)
    seal_all(desk_database)
    assert audit.verify(desk_database.conninfo(AUDITOR), False, anchors)[2] is None
    with covering_tracks(desk_database) as conn:
        conn.execute(f"UPDATE console_audit.entries SET actor = 'sunniva' WHERE id = {MIDDLE}".encode())
        conn.execute(RECHAIN)
    assert verify() is None, "a chain alone cannot see that all of it was made again"
    found = audit.verify(desk_database.conninfo(AUDITOR), False, anchors)[2]
    assert found is not None
    assert found.fault is Fault.REWRITTEN


def test_a_clean_cut_of_entries_and_seals_is_caught_by_what_this_computer_saw(
    desk_database: DeskDatabase, verify: Verify
) -> None:
    manager = desk_database.conninfo(MANAGER)
    head = seal_all(desk_database)
    compared, _, found = audit.verify(manager, True, None)
    assert (compared, found) == (0, None)
    assert audit.verify(manager, True, None)[0] == 1
    with covering_tracks(desk_database) as conn:
        conn.execute(
            "DELETE FROM console_audit.entries WHERE id IN (SELECT entry_id FROM console_audit.seals WHERE seq > 10)"
        )
        conn.execute("DELETE FROM console_audit.seals WHERE seq > 10")
    assert verify() is None
    found = audit.verify(manager, True, None)[2]
    assert found is not None
    assert (found.fault, found.seq) == (Fault.CUT, 11)
    assert f"{head:,}" in found.words


def test_whoever_may_not_read_all_of_the_audit_is_told_so_instead_of_nothing_found(desk_database: DeskDatabase) -> None:
    with pytest.raises(NotAllowed, match="cannot read the audit"):
        audit.verify(desk_database.conninfo(AGENT), False, None)


def test_a_checker_that_reads_nothing_still_misses_what_was_seen_before() -> None:
    checker = Checker({3: bytes(32)})
    found = checker.finish()
    assert found is not None
    assert found.fault is Fault.CUT
