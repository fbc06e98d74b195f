"""The watch: draining by itself every second, reconciling, and telling trouble once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import psycopg
import pytest

from hotmess_console.services import watching
from hotmess_console.services.watching import Watch
from tests.desks import DeskDatabase, Seat
from tests.integration.authority.acting import record

pytestmark = pytest.mark.foundation


@asynccontextmanager
async def watched(
    seat: Seat, told: list[str], reconcile: Callable[[], Awaitable[int]] | None = None
) -> AsyncIterator[Watch]:
    """A running watch."""
    watch = Watch(seat.bus, reconcile, told.append)
    running = asyncio.create_task(watch.run())
    try:
        yield watch
    finally:
        running.cancel()


async def eventually(database: DeskDatabase, query: str, wanted: object, within: float) -> None:
    """Wait until plain SQL answers `wanted`."""
    async with asyncio.timeout(within):
        while database.one(query) != wanted:
            await asyncio.sleep(0.02)


CASES = "SELECT count(*) FROM console.cases"


async def test_a_new_ticket_becomes_a_case_within_two_seconds_by_itself(desk_database: DeskDatabase) -> None:
    told: list[str] = []
    async with desk_database.sit_down() as seat, watched(seat, told):
        await asyncio.sleep(0.2)
        desk_database.ticket()
        await eventually(desk_database, CASES, 1, 2.5)
    assert told == []


async def test_a_hint_hastens_the_drain(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat, watched(seat, []) as watch:
        await asyncio.sleep(0.2)
        desk_database.ticket()
        watch.hasten()
        await eventually(desk_database, CASES, 1, 0.7)


async def test_it_reconciles_when_it_starts(desk_database: DeskDatabase) -> None:
    desk_database.run("ALTER TABLE public.support_tickets DISABLE TRIGGER USER")
    desk_database.ticket()
    async with desk_database.sit_down() as seat, watched(seat, []):
        await eventually(desk_database, CASES, 1, 2.5)


async def test_trouble_is_told_once_and_its_end_too(desk_database: DeskDatabase) -> None:
    told: list[str] = []
    desk_database.run("ALTER TABLE console.intake RENAME TO elsewhere")
    async with desk_database.sit_down() as seat, watched(seat, told) as watch:
        for _ in range(5):
            watch.hasten()
            await asyncio.sleep(0.25)
        assert len(told) == 1
        desk_database.run("ALTER TABLE console.elsewhere RENAME TO intake")
        await asyncio.sleep(1.5)
        assert told[1:] == [""]


async def test_somebody_who_never_finishes_taking_is_told_and_so_is_the_end(
    desk_database: DeskDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "STANDSTILL_SECONDS", 1.2)
    told: list[str] = []
    async with desk_database.sit_down() as seat:
        with psycopg.connect(desk_database.conninfo("imani")) as busy:
            busy.execute("SET idle_in_transaction_session_timeout = 0")
            record(busy)
            busy.execute("SELECT console.take_intake(10)")
            desk_database.ticket()
            async with watched(seat, told), asyncio.timeout(15):
                while not told:
                    await asyncio.sleep(0.05)
                assert told == [watching.HELD_UP]
                busy.rollback()
                while len(told) < 2:
                    await asyncio.sleep(0.05)
        assert told == [watching.HELD_UP, ""]
    assert desk_database.one(CASES) == 1


async def test_an_idle_watch_writes_nothing(desk_database: DeskDatabase) -> None:
    before = desk_database.one("SELECT count(*) FROM console_audit.entries")
    async with desk_database.sit_down() as seat, watched(seat, []):
        await asyncio.sleep(1.5)
    assert desk_database.one("SELECT count(*) FROM console_audit.entries") == before
