"""The queue: its plan, its pages and its search, against what plain Python says about the same rows."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from hotmess_console.adapters.store.queue import Narrowed, page_statement
from hotmess_console.domain.cases import Case
from hotmess_console.domain.errors import BadInput
from hotmess_console.domain.values import Category, Level, Login, Priority, Status
from hotmess_console.domain.views import TEAM, QueueFilter, Snooze, Whose
from tests.desks import AGENT, AUDITOR, MANAGER, MODERATOR, DeskDatabase, Seat, copied

pytestmark = pytest.mark.foundation

CROWD = """
INSERT INTO console.cases (id, kind, source, subject, snippet, status, category, priority, level, assignee, opened_at,
  started_at, due_at, breach_at, snoozed_until, language, unread, rank_at)
SELECT gen_random_uuid(), 'ticket', 'manual', 'Case ' || n || ' ' || word, 'words of ' || n,
  (ARRAY['open', 'open', 'in_progress', 'waiting_response', 'resolved'])[1 + n % 5],
  (ARRAY['general', 'technical', 'billing', 'safety', 'feedback', 'business', 'other'])[1 + n % 7],
  (ARRAY['low', 'normal', 'normal', 'high', 'urgent'])[1 + (n / 3) % 5], 1 + n % 3,
  (ARRAY['imani', 'rowan', NULL, NULL])[1 + (n / 2) % 4], base - make_interval(mins => n),
  CASE WHEN n % 5 = 3 THEN NULL ELSE base END,
  CASE WHEN n % 5 = 3 THEN NULL ELSE base + make_interval(mins => (n * 7919) % 6000 - 900) END,
  NULL, CASE n % 11 WHEN 0 THEN base + interval '1 day' WHEN 1 THEN base - interval '1 day' END,
  (ARRAY['en', 'de', ''])[1 + n % 3], n % 2 = 0, base
FROM generate_series(1, %(cases)s) n, (SELECT console.now() AS base) b,
  LATERAL (SELECT (ARRAY['refund', 'photo', 'meeting', 'password', 'badge'])[1 + n % 5] AS word) w;
INSERT INTO console.tickets (case_id, subject, requester_name, requester_email)
  SELECT id, subject, 'Robin ' || number, 'robin' || number || '@example.org' FROM console.cases;
INSERT INTO console.messages (id, case_id, direction, kind, channel, body)
  SELECT gen_random_uuid(), id, 'in', 'message', 'console', 'About the ' || subject || ', please.' FROM console.cases;
"""


def fill(database: DeskDatabase, cases: int) -> None:
    """That many cases of every sort, written by the superuser in one go."""
    with psycopg.connect(database.conninfo(), autocommit=True) as conn:
        with conn.transaction():
            conn.execute(
                "INSERT INTO console.commands (id, name, digest) VALUES (gen_random_uuid(), 'a.b', sha256('x'::bytea))"
            )
            conn.execute("ALTER TABLE console.cases DISABLE TRIGGER audit_insert")
            for statement in CROWD.replace("%(cases)s", str(cases)).split(";\n"):
                if statement.strip():
                    conn.execute(statement)
            conn.execute("ALTER TABLE console.cases ENABLE TRIGGER audit_insert")
        # test clusters commit without waiting for the disk, and only what is on disk can be marked as seen by all
        conn.execute("CHECKPOINT")
        conn.execute("VACUUM ANALYZE console.cases")
        conn.execute("VACUUM ANALYZE console.case_search")


@pytest.fixture(scope="module")
def crowded(cluster: Any, desk_template: str) -> Iterator[DeskDatabase]:
    """A thousand cases, and one more fifth that is resolved; tests only read it."""
    with copied(cluster, desk_template) as database:
        fill(database, 1250)
        yield database


async def explained(conn: AsyncConnection, wanted: QueueFilter, *, after: Case | None = None) -> list[str]:
    """The plan of a page, as the very statement that the window sends gets it."""
    narrowed = Narrowed(wanted)
    parameters: dict[str, Any] = {**narrowed.parameters, "limit": 51}
    if after is not None:
        key = after.key
        parameters |= {"after_urgency": key.urgency, "after_at": key.rank_at, "after_id": key.id}
    statement = page_statement(wanted, narrowed, after=after is not None)
    rows = await conn.execute(text(f"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) {statement.text}"), parameters)
    return [row[0] for row in rows]


@pytest.mark.parametrize("login", [AGENT, MODERATOR, AUDITOR])
async def test_a_page_is_one_index_only_scan_without_a_sort(crowded: DeskDatabase, login: str) -> None:
    async with crowded.sit_down(login) as seat, seat.engine.connect() as conn:
        [first] = (await seat.queries.page(TEAM.filter, limit=1)).cases
        for after in (None, first):
            plan = "\n".join(await explained(conn, TEAM.filter, after=after))
            assert "Index Only Scan using cases_queue" in plan, plan
            assert "Heap Fetches: 0" in plan, plan
            assert "Sort" not in plan, plan
            assert "Seq Scan" not in plan, plan


@pytest.mark.slow
async def test_a_page_is_one_index_only_scan_at_a_hundred_thousand_open_cases(desk_database: DeskDatabase) -> None:
    fill(desk_database, 125_000)
    async with desk_database.sit_down() as seat, seat.engine.connect() as conn:
        assert desk_database.one("SELECT count(*) FROM console.queue") == 100_000
        [first] = (await seat.queries.page(TEAM.filter, limit=1)).cases
        for after in (None, first):
            plan = "\n".join(await explained(conn, TEAM.filter, after=after))
            assert "Index Only Scan using cases_queue" in plan, plan
            assert "Heap Fetches: 0" in plan, plan
            assert "Sort" not in plan, plan


async def all_pages(seat: Seat, wanted: QueueFilter, size: int) -> list[Case]:
    """Every case of a queue, page by page."""
    found: list[Case] = []
    more = True
    while more:
        page = await seat.queries.page(wanted, found[-1].key if found else None, size)
        found += page.cases
        more = page.more
        assert len(page.cases) == size or not more
    return found


@pytest.mark.parametrize("size", [1, 7, 50, 999, 1000, 2000])
async def test_pages_show_every_case_exactly_once_in_the_queues_order(crowded: DeskDatabase, size: int) -> None:
    wanted = (
        QueueFilter(snooze=Snooze.ANY, levels=frozenset({Level.SUPPORT}))
        if size == 1
        else QueueFilter(snooze=Snooze.ANY)
    )
    async with crowded.sit_down() as seat:
        found = await all_pages(seat, wanted, size)
    level = "AND level = 1" if size == 1 else ""
    expected = crowded.rows(
        f"SELECT id FROM console.cases WHERE status NOT IN ('resolved', 'closed') {level} ORDER BY urgency, rank_at, id"
    )
    assert [case.id for case in found] == [id for (id,) in expected]


async def test_finished_cases_come_newest_first(crowded: DeskDatabase) -> None:
    async with crowded.sit_down() as seat:
        found = await all_pages(seat, QueueFilter(statuses=frozenset({Status.RESOLVED})), 50)
    assert len(found) == 250
    assert found == sorted(found, key=lambda case: (case.urgency, case.rank_at, case.id))


def belongs(row: dict[str, Any], wanted: QueueFilter, me: str, now: datetime) -> bool:
    """What a filter means, said once more without the console's code."""
    if wanted.whose is Whose.MINE and row["assignee"] != me:
        return False
    if wanted.whose is Whose.UNASSIGNED and row["assignee"] is not None:
        return False
    if wanted.whose is Whose.COLLEAGUE and row["assignee"] != wanted.colleague:
        return False
    if row["status"] not in ([s.value for s in wanted.statuses] or ["open", "in_progress", "waiting_response"]):
        return False
    for name, allowed in (
        ("category", wanted.categories),
        ("priority", wanted.priorities),
        ("level", wanted.levels),
        ("language", wanted.languages),
    ):
        if allowed and row[name] not in allowed:
            return False
    if wanted.overdue and not (row["due_at"] and row["due_at"] < now):
        return False
    soon = timedelta(minutes=wanted.due_within_minutes or 0)
    if wanted.due_within_minutes is not None and not (row["due_at"] and row["due_at"] < now + soon):
        return False
    asleep = row["snoozed_until"] is not None and row["snoozed_until"] > now
    if wanted.statuses and wanted.statuses <= {Status.RESOLVED, Status.CLOSED}:
        return True
    return {Snooze.ANY: True, Snooze.AWAKE: not asleep, Snooze.SNOOZED: asleep}[wanted.snooze]


def some_filters(seed: int, count: int) -> list[QueueFilter]:
    """Filters drawn at random, with every part used now and then."""
    draw = random.Random(seed)

    def some(values: Any) -> frozenset[Any]:
        pool = list(values)
        return frozenset(draw.sample(pool, draw.randint(1, len(pool)))) if draw.random() < 0.4 else frozenset()

    live = [Status.OPEN, Status.IN_PROGRESS, Status.WAITING]
    return [
        QueueFilter(
            whose=draw.choice(list(Whose)),
            colleague=Login("rowan"),
            statuses=draw.choice([frozenset(), some(live), frozenset({Status.RESOLVED})]),
            categories=some(Category),
            priorities=some(Priority),
            levels=some(Level),
            languages=some(["en", "de"]),
            overdue=draw.random() < 0.2,
            due_within_minutes=draw.choice([None, None, 0, 120, 5000]),
            snooze=draw.choice(list(Snooze)),
        )
        for _ in range(count)
    ]


async def test_filters_find_what_plain_python_finds(crowded: DeskDatabase) -> None:
    now = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=3)
    crowded.set_clock(now)
    with psycopg.connect(crowded.conninfo(), row_factory=psycopg.rows.dict_row) as conn:
        rows = conn.execute("SELECT * FROM console.cases").fetchall()
    found_something = 0
    async with crowded.sit_down() as seat:
        for wanted in some_filters(20_26, 120):
            expected = {row["id"] for row in rows if belongs(row, wanted, AGENT, now)}
            assert {case.id for case in await seat.queries.matching(wanted)} == expected, wanted
            assert await seat.queries.count(wanted, 100) == min(len(expected), 100), wanted
            found_something += bool(expected)
    assert found_something > 30


async def test_a_count_stops_at_its_cap(crowded: DeskDatabase) -> None:
    everything = QueueFilter(snooze=Snooze.ANY)
    async with crowded.sit_down() as seat:
        assert await seat.queries.count(everything) == 1000
        assert await seat.queries.count(everything, 999) == 999
        assert await seat.queries.count(everything, 5000) == 1000


async def found_by(seat: Seat, words: str) -> set[str]:
    """The subjects of the open cases that a search finds."""
    return {case.subject for case in await seat.queries.matching(QueueFilter(text=words, snooze=Snooze.ANY))}


async def test_search_looks_at_number_subject_words_address_and_name(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat:
        one, _, _ = await seat.new_cases(
            [
                {
                    "subject": "Gold badge",
                    "message": "It shimmers",
                    "user_email": "Zora@Example.org",
                    "name": "Zora Ångström",
                },
                {"subject": "Silver badge"},
                {"subject": "100% off_price \\o/ [x]"},
            ]
        )
        for words in (f"HM-{one.number}", str(one.number), "GOLD", "shimmer", "zora@example", "ångström", "badge gold"):
            assert await found_by(seat, words) == {"Gold badge"}, words
        assert await found_by(seat, "badge") == {"Gold badge", "Silver badge"}
        for words in ("%", "off_p", "\\o", "\\", "[x]", "100% \\o/"):
            assert await found_by(seat, words) == {"100% off_price \\o/ [x]"}, words
        for words in ("shim%ers", "g_ld", "\\%", "%%", "gold silver", "'; DROP TABLE console.cases; --", "x\x00y"):
            assert await found_by(seat, words) == set(), words
        assert (await seat.queries.by_number(one.number)).id == one.id


async def test_a_search_for_half_a_sign_is_refused_in_words(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat:
        with pytest.raises(BadInput):
            await found_by(seat, "\ud83d")


async def test_words_that_are_common_alone_find_what_they_share(desk_database: DeskDatabase) -> None:
    fill(desk_database, 6_250)
    async with desk_database.sit_down() as seat:
        assert await found_by(seat, "case about 4211") == {"Case 4211 photo"}
        assert await found_by(seat, "photo password") == set()


async def test_a_search_beyond_a_thousand_matches_misses_none_that_the_filter_lets_through(
    desk_database: DeskDatabase,
) -> None:
    fill(desk_database, 6_250)  # every case says "about", every fifth "refund"
    last = desk_database.rows(
        "SELECT id FROM console.queue WHERE language = 'de' AND category = 'billing' ORDER BY urgency, rank_at, id"
    )
    refunds = desk_database.rows(
        "SELECT id FROM console.cases WHERE subject LIKE '%refund%' AND queued ORDER BY urgency, rank_at, id"
    )
    filtered = QueueFilter(
        text="about", languages=frozenset({"de"}), categories=frozenset({Category.BILLING}), snooze=Snooze.ANY
    )
    async with desk_database.sit_down(MANAGER) as seat:  # who finds guarded cases by every word
        assert len(last) > 200
        assert [case.id for case in await all_pages(seat, filtered, 50)] == [id for (id,) in last]
        assert await seat.queries.count(filtered, 5_000) == len(last)
        assert await seat.queries.count(filtered, 100) == 100
        assert [case.id for case in await seat.queries.matching(filtered)] == [id for (id,) in last]
        refund = QueueFilter(text="refund", snooze=Snooze.ANY)
        assert len(refunds) > 1_001
        assert [case.id for case in await all_pages(seat, refund, 333)] == [id for (id,) in refunds]
        both = QueueFilter(text="about photo", levels=frozenset({Level.SUPPORT}), snooze=Snooze.ANY)
        [by_hand] = desk_database.rows("SELECT count(*) FROM console.queue WHERE subject LIKE '%photo%' AND level = 1")
        assert (len(await all_pages(seat, both, 999)),) == by_hand


async def test_the_few_that_a_filter_leaves_of_many_matches_are_found_at_the_very_end_of_the_queue(
    desk_database: DeskDatabase,
) -> None:
    fill(desk_database, 6_250)
    desk_database.run("ALTER TABLE console.cases DISABLE TRIGGER USER")
    desk_database.run(
        "UPDATE console.cases SET language = 'sv' WHERE id IN (SELECT id FROM console.queue "
        "ORDER BY urgency DESC, rank_at DESC, id DESC LIMIT 3)"
    )
    desk_database.run("ALTER TABLE console.cases ENABLE TRIGGER USER")
    wanted = QueueFilter(text="about", languages=frozenset({"sv"}), snooze=Snooze.ANY)
    async with desk_database.sit_down(MANAGER) as seat:
        page = await seat.queries.page(wanted)
        assert len(page.cases) == 3
        assert not page.more


async def test_search_uses_the_trigram_index_and_not_the_whole_table(desk_database: DeskDatabase) -> None:
    fill(desk_database, 20_000)
    uses = (
        "SELECT (SELECT idx_scan FROM pg_stat_user_indexes WHERE indexrelname = 'case_search_trigrams'), "
        "(SELECT seq_scan FROM pg_stat_user_tables WHERE relname = 'case_search')"
    )
    [(by_index, by_reading)] = desk_database.rows(uses)
    with psycopg.connect(desk_database.conninfo(AGENT), autocommit=True) as conn:
        for words in (["%case 12345%"], ["%robin15%", "%photo%"], ["%nothing like this%"], ["%case 777 %"]) * 3:
            conn.execute("SELECT count(*) FROM console.search_cases(%s, 1001)", [words]).fetchall()
        conn.execute("SELECT pg_stat_force_next_flush()")
    assert desk_database.rows(uses) == [(by_index + 12, by_reading)]


async def test_moderators_find_tickets_and_strangers_nothing(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat:
        await seat.new_case(subject="Gold badge")
    async with desk_database.sit_down(MODERATOR) as moderator:
        assert await found_by(moderator, "gold") == {"Gold badge"}
    with desk_database.connect() as conn:
        conn.execute("SET ROLE anon")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            conn.execute("SELECT console.search_cases(ARRAY['%gold%'], 10)")


def test_every_part_of_a_filter_was_drawn_at_least_once() -> None:
    drawn = some_filters(20_26, 120)
    for part, value in product(["whose"], Whose):
        assert any(getattr(wanted, part) is value for wanted in drawn)
    for part in ("statuses", "categories", "priorities", "levels", "languages", "overdue", "due_within_minutes"):
        assert any(getattr(wanted, part) for wanted in drawn), part
