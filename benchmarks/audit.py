"""What the audit costs a command, and how fast the chain is verified, each beside its floor.

The same command runs in turns on two desks, one of them without the audit's triggers. Verifying is compared with
reading the same rows in the same order and doing nothing with them.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle
from statistics import median

import psycopg

from benchmarks.desk import AGENT, FILL, PASSWORD
from benchmarks.figures import beside
from hotmess_console.adapters.store.audit import reading
from hotmess_console.adapters.store.demo_world import demo_colleagues
from hotmess_console.adapters.store.embedded import EmbeddedPostgres, Server
from hotmess_console.adapters.store.engine import open_engine
from hotmess_console.adapters.store.install import install
from hotmess_console.adapters.store.queries import PostgresQueries
from hotmess_console.adapters.store.staff import add_everyone
from hotmess_console.adapters.store.work import work_opener
from hotmess_console.domain.audit import Checker
from hotmess_console.domain.values import CaseId, Priority
from hotmess_console.domain.views import TEAM
from hotmess_console.services.bus import Bus
from hotmess_console.services.support import SetPriority
from tests.clusters import short_folder

COST_BAR, FASTEST_BAR, PER_SECOND = 1.25, 2.0, 50_000
ENTRIES = 200_000
WITHOUT = """
DO $$ DECLARE t record; BEGIN
  FOR t IN SELECT tgrelid::regclass AS relation, tgname FROM pg_trigger
            WHERE tgfoid = 'console_audit.record()'::regprocedure LOOP
    EXECUTE format('ALTER TABLE %s DISABLE TRIGGER %I', t.relation, t.tgname);
  END LOOP;
END $$"""
MANY = """
INSERT INTO console_audit.entries (action, relation, subject, case_id, detail)
  SELECT 'update', 'cases', id::text, id, jsonb_build_object('version', jsonb_build_array(n, n + 1),
         'status', jsonb_build_array('open', 'in_progress'), 'assignee', jsonb_build_array(NULL, 'imani'))
    FROM (SELECT gen_random_uuid() AS id, n FROM generate_series(1, {count}) n) made"""


def run(rounds: int = 40, entries: int = ENTRIES) -> dict[str, object]:
    """Return the cost of the triggers for commands of three sizes, and the speed of verifying."""
    with _desks() as (server, names):
        costs = asyncio.run(_costs(server, names, rounds))
        return {"trigger": costs, "verify": _verify(server.conninfo(names[0]), entries)}


@contextmanager
def _desks() -> Iterator[tuple[Server, Sequence[str]]]:
    names = ("with_audit", "without_audit")
    with short_folder() as folder, EmbeddedPostgres(folder / "pg") as server:
        for name in names:
            with psycopg.connect(server.conninfo("postgres"), autocommit=True) as conn:
                conn.execute(f"CREATE DATABASE {name}".encode())
            owner = server.conninfo(name)
            install(owner)
            add_everyone(owner, [(person, PASSWORD) for person in demo_colleagues()])
            with psycopg.connect(owner) as conn:
                conn.execute(FILL.format(count=3000).encode())
                if name == names[1]:
                    conn.execute(WITHOUT)
            with psycopg.connect(owner, autocommit=True) as conn:
                conn.execute("VACUUM ANALYZE")
        yield server, names


async def _costs(server: Server, names: Sequence[str], rounds: int) -> dict[str, object]:
    desks = [await _sit_down(server.conninfo(name, user=AGENT, password=PASSWORD)) for name in names]
    found: dict[str, object] = {}
    for size, times in ((1, rounds * 5), (10, rounds * 2), (1_000, max(8, rounds // 3))):
        spent: tuple[list[float], list[float]] = ([], [])
        priorities = cycle((Priority.LOW, Priority.NORMAL, Priority.HIGH, Priority.URGENT))
        for turn in range(times + 4):
            to = next(priorities)
            for which in (0, 1) if turn % 2 else (1, 0):
                seconds = await _change(*desks[which], size, to)
                if turn >= 4:
                    spent[which].append(seconds)
        found[f"{size:,} cases changed"] = beside(spent[0], spent[1], bar=COST_BAR)
    return found


async def _sit_down(conninfo: str) -> tuple[Bus, PostgresQueries, list[CaseId]]:
    engine = open_engine(conninfo)
    queries = PostgresQueries(engine)
    me = await queries.me()
    cases = [case.id for case in (await queries.page(TEAM.filter, None, 1_000)).cases]
    return Bus(me.roles, work_opener(engine, me.login)), queries, cases


async def _change(bus: Bus, queries: PostgresQueries, ids: list[CaseId], size: int, to: Priority) -> float:
    cases = [case for case in await queries.cases(ids[:size]) if case.priority is not to]
    if not cases:
        return await _change(bus, queries, ids, size, Priority.LOW if to is not Priority.LOW else Priority.HIGH)
    command = SetPriority(cases=tuple(case.ref for case in cases), priority=to)
    start = time.perf_counter()
    await bus.execute(command)
    return time.perf_counter() - start


def _verify(owner: str, entries: int) -> dict[str, object]:
    with psycopg.connect(owner) as conn:
        conn.execute(MANY.format(count=entries).encode())
    started = time.perf_counter()
    with psycopg.connect(owner, autocommit=True) as conn:
        while conn.execute("SELECT console_audit.seal(10000)").fetchone() != (0,):
            pass
        sealing = time.perf_counter() - started
        conn.execute("VACUUM ANALYZE console_audit.entries, console_audit.seals")
    verifying, plain = [], []
    for _ in range(5):
        verifying.append(_walk(owner, check=True))
        plain.append(_walk(owner, check=False))
    rate = round(entries / median(verifying))
    return {
        "beside reading": beside(verifying, plain, bar=FASTEST_BAR),
        "entries verified per second": rate,
        "entries verified per second, at best": round(entries / min(verifying)),
        "entries sealed per second": round(entries / sealing),
        "passed": rate >= PER_SECOND,
    }


def _walk(owner: str, *, check: bool) -> float:
    checker = Checker()
    start = time.perf_counter()
    with reading(owner) as audit:
        for record in audit.records(1, audit.head().seq):
            if check:
                checker.take(record)
    seconds = time.perf_counter() - start
    assert not check or (checker.finish() is None and checker.head.seq > 0)
    return seconds
