"""Merging: whatever two people do at the same moment, no case becomes part of itself."""

from __future__ import annotations

import asyncio
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import errors as pg

from hotmess_console.domain.errors import ConsoleError, NotFound
from hotmess_console.services.support import Merge
from tests.desks import AGENT, OTHER_AGENT, Connection, DeskDatabase

pytestmark = pytest.mark.foundation

MERGED = "SELECT id, merged_into FROM console.cases WHERE merged_into IS NOT NULL"
MERGE = "UPDATE console.cases SET merged_into = %s WHERE id = %s"


def record(conn: Connection) -> None:
    conn.execute("INSERT INTO console.commands (id, name, digest) VALUES (%s, 'a.b', sha256('x'::bytea))", [uuid4()])


async def test_of_two_who_merge_crosswise_at_once_one_is_refused(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat, desk_database.sit_down(OTHER_AGENT) as other:
        for _ in range(5):
            one, two = await seat.new_cases([{}, {}])
            outcomes = await asyncio.gather(
                seat.do(Merge(cases=(one.ref,), into=two.id)),
                other.do(Merge(cases=(two.ref,), into=one.id)),
                return_exceptions=True,
            )
            refused = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
            assert [type(outcome) for outcome in refused] == [NotFound], outcomes
            merged = desk_database.rows(f"{MERGED} AND id = ANY (%s)", [one.id, two.id])
            assert merged in ([(one.id, two.id)], [(two.id, one.id)])


async def test_a_merge_waits_for_one_that_is_under_way_and_then_sees_it(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat:
        one, two = await seat.new_cases([{}, {}])
        with psycopg.connect(desk_database.conninfo(OTHER_AGENT)) as first:
            record(first)
            first.execute(MERGE, [two.id, one.id])
            waiting = asyncio.ensure_future(seat.do(Merge(cases=(two.ref,), into=one.id)))
            while not desk_database.rows("SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'"):
                await asyncio.sleep(0.01)
            first.commit()
        with pytest.raises(ConsoleError) as refused:
            await waiting
        assert refused.value.hint
    assert desk_database.rows(MERGED) == [(one.id, two.id)]


async def two_cases(database: DeskDatabase) -> tuple[UUID, UUID]:
    async with database.sit_down() as seat:
        one, two = await seat.new_cases([{}, {}])
        return one.id, two.id


async def test_the_database_itself_lets_no_circle_be_typed(desk_database: DeskDatabase) -> None:
    one, two = await two_cases(desk_database)
    with psycopg.connect(desk_database.conninfo(AGENT)) as conn:
        record(conn)
        with pytest.raises(pg.CheckViolation, match="merged itself"):
            conn.execute(
                "UPDATE console.cases SET merged_into = CASE id WHEN %s THEN %s::uuid ELSE %s END", [one, two, one]
            )
    with psycopg.connect(desk_database.conninfo(AGENT)) as conn:
        record(conn)
        conn.execute(MERGE, [two, one])
        with pytest.raises(pg.CheckViolation, match="merged itself"):
            conn.execute(MERGE, [one, two])
    assert desk_database.rows(MERGED) == []


async def test_two_who_type_a_circle_at_once_do_not_both_get_it(desk_database: DeskDatabase) -> None:
    one, two = await two_cases(desk_database)
    loser = psycopg.connect(desk_database.conninfo(OTHER_AGENT))
    with psycopg.connect(desk_database.conninfo(AGENT)) as winner, loser:
        record(winner)
        record(loser)
        winner.execute(MERGE, [two, one])
        # the other session's limit of two seconds ends its wait for the case that is locked as a target
        with pytest.raises((pg.LockNotAvailable, pg.DeadlockDetected)):
            loser.execute(MERGE, [one, two])
        loser.rollback()
        winner.commit()
    assert desk_database.rows(MERGED) == [(one, two)]
