"""Many writers on a few cases: nothing is lost, by a checker that knows only what each writer was told."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import count
from random import Random
from threading import Thread
from uuid import UUID, uuid4

import psycopg
import pytest

from tests.desks import AGENT, MANAGER, OTHER_AGENT, SENIOR, DeskDatabase
from tests.integration.authority.acting import a_case

pytestmark = pytest.mark.authority

PEOPLE = (AGENT, OTHER_AGENT, SENIOR, MANAGER)
READ = "SELECT version, snippet FROM console.cases WHERE id = %s"
WRITE = (
    "UPDATE console.cases SET snippet = %s, priority = %s, unread = %s WHERE id = %s AND version = %s RETURNING version"
)


@dataclass(frozen=True, slots=True)
class Written:
    """One action as its writer saw it: which version and words it found, and what it left."""

    case: UUID
    found: int
    found_words: str
    left: int
    left_words: str


def triage(database: DeskDatabase, login: str, name: str, cases: list[UUID], actions: int, told: list[Written]) -> None:
    """Change `actions` times a case chosen at random, each from what was read before; what is stale is read again."""
    choose, number = Random(name), count()
    with psycopg.connect(database.conninfo(login), autocommit=True) as conn:
        done = 0
        while done < actions:
            case = choose.choice(cases)
            version, words = conn.execute(READ, [case]).fetchall()[0]
            left = f"{name} {next(number)}"
            with conn.transaction():
                conn.execute(
                    "INSERT INTO console.commands (id, name, digest) VALUES (%s, 'test.triage', sha256('x'::bytea))",
                    [uuid4()],
                )
                values = [left, choose.choice(["low", "normal", "high"]), done % 2 == 0, case, version]
                rows = conn.execute(WRITE, values).fetchall()
            if rows:
                done += 1
                told.append(Written(case, version, words, rows[0][0], left))


def losses(told: list[Written], stands: dict[UUID, tuple[int, str]]) -> list[str]:
    """What does not fit together: for each case the actions must be one chain from version 1 to what now stands."""
    wrong = []
    by_case: dict[UUID, list[Written]] = defaultdict(list)
    for action in told:
        by_case[action.case].append(action)
    for case, (version, words) in stands.items():
        expected, former = 1, ""
        for action in sorted(by_case[case], key=lambda a: a.found):
            if (action.found, action.found_words, action.left) != (expected, former, expected + 1):
                wrong.append(f"{action.left_words} was written over {action.found_words!r}, not over {former!r}")
            expected, former = action.left, action.left_words
        if (version, words) != (expected, former):
            wrong.append(f"{case} stands at {version}, {words!r}, not at {expected}, {former!r}")
    return wrong


def race(database: DeskDatabase, writers: int, actions: int, cases: int) -> list[str]:
    """Let them all at it; returns what was lost."""
    hot = [a_case(database) for _ in range(cases)]
    told: list[Written] = []
    threads = [
        Thread(target=triage, args=(database, PEOPLE[i % len(PEOPLE)], f"writer {i}", hot, actions, told))
        for i in range(writers)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == writers * actions
    with database.connect() as conn:
        stands = {case: conn.execute(READ, [case]).fetchall()[0] for case in hot}
    return losses(told, {case: (int(v), str(w)) for case, (v, w) in stands.items()})


def without_version_guard(database: DeskDatabase) -> None:
    """The migration's own guard with the one line left out that moves the version on."""
    source = database.one("SELECT pg_get_functiondef('console.guard_case()'::regprocedure)")
    broken = source.replace("NEW.version := OLD.version + 1;", "")
    assert broken != source
    database.run(broken)


def test_no_action_of_several_writers_is_lost(desk_database: DeskDatabase) -> None:
    assert race(desk_database, writers=4, actions=10, cases=2) == []


def test_the_checker_notices_a_version_that_stands_still(desk_database: DeskDatabase) -> None:
    without_version_guard(desk_database)
    assert race(desk_database, writers=4, actions=10, cases=2) != []


def test_the_checker_notices_a_loss_that_no_counter_shows() -> None:
    case = UUID(int=1)
    chain = [Written(case, 1, "", 2, "a"), Written(case, 2, "a", 3, "b"), Written(case, 3, "b", 4, "c")]
    assert losses(chain, {case: (4, "c")}) == []
    overwritten = [chain[0], Written(case, 2, "", 3, "b"), chain[2]]
    assert len(losses(overwritten, {case: (4, "c")})) == 1
    assert len(losses(chain[:2], {case: (4, "c")})) == 1


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_none_of_8000_actions_on_20_hot_cases_is_lost(desk_database: DeskDatabase) -> None:
    assert race(desk_database, writers=8, actions=1_000, cases=20) == []


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_same_without_the_guard_is_noticed(desk_database: DeskDatabase) -> None:
    without_version_guard(desk_database)
    assert race(desk_database, writers=8, actions=250, cases=20) != []
