"""The pool of a window that closes."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import text

from hotmess_console.adapters.store.engine import Engine, close_engine, open_engine
from tests.desks import AGENT, DeskDatabase

pytestmark = pytest.mark.foundation


def server_side(database: DeskDatabase) -> object:
    return database.one(
        "SELECT count(*) FROM pg_stat_activity WHERE usename = %s AND datname = current_database()", AGENT
    )


async def sleep_in(engine: Engine, seconds: float) -> None:
    async with engine.connect() as conn:
        await conn.execute(text("SELECT pg_sleep(:seconds)"), {"seconds": seconds})


async def asking(engine: Engine, seconds: float) -> asyncio.Task[None]:
    task = asyncio.ensure_future(sleep_in(engine, seconds))
    async with asyncio.timeout(5):
        while not engine.pool.checkedout():  # type: ignore[attr-defined]
            await asyncio.sleep(0.001)
    return task


async def test_a_question_still_in_flight_hands_its_connection_back_before_the_pool_closes(
    desk_database: DeskDatabase,
) -> None:
    engine = open_engine(desk_database.conninfo(AGENT))
    question = await asking(engine, 0.3)
    await close_engine(engine, within=10)
    await asyncio.wait_for(question, 5)
    async with asyncio.timeout(5):
        while server_side(desk_database):
            await asyncio.sleep(0.01)


async def test_a_server_that_does_not_answer_holds_nobody_up(desk_database: DeskDatabase) -> None:
    engine = open_engine(desk_database.conninfo(AGENT))
    question = await asking(engine, 30)
    async with asyncio.timeout(5):
        await close_engine(engine, within=0.05)
    assert not question.done()
    question.cancel()
    with pytest.raises(asyncio.CancelledError):
        await question
    await engine.dispose()
