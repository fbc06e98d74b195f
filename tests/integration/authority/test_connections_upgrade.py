"""From revision 0001 to the newest: every row stays, a second run changes nothing, and people can go on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from psycopg import sql

from hotmess_console.adapters.store.engine import open_engine
from hotmess_console.adapters.store.install import check, install, newest_revision
from hotmess_console.adapters.store.standing import meet
from hotmess_console.app.desk import desk
from hotmess_console.domain.cases import CaseRef
from hotmess_console.domain.errors import SetupError
from hotmess_console.domain.values import CaseId, Status
from hotmess_console.domain.views import QueueFilter
from hotmess_console.services.console import Contact
from hotmess_console.services.queries import Queries
from hotmess_console.services.support import Claim, Resume
from tests.desks import AGENT, MANAGER, DeskDatabase
from tests.first_revision import first_desk

pytestmark = pytest.mark.authority

CHANGES = frozenset({"revision", "commands", "entries", "bindings"})
"""Tables whose rows an upgrade may change or add to, because that is what they are for."""


@pytest.fixture
def old_desk(cluster: Any, desk_template: str) -> Iterator[DeskDatabase]:
    """A filled desk at revision 0001; the template is asked for because it makes the logins of the test staff."""
    with first_desk(cluster) as database:
        yield database


def rows_of(database: DeskDatabase) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table of ours."""
    tables = database.rows(
        "SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('console', 'console_audit') ORDER BY 1, 2"
    )
    found = {}
    with database.connect() as conn:
        for schema, table in tables:
            query = sql.SQL("SELECT to_jsonb(t) FROM {} t").format(sql.Identifier(schema, table))
            found[table] = [row[0] for row in conn.execute(query)]
    return found


def hidden(cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Cases as they are without the words that a safety ticket no longer shows in the queue."""
    return [{**case, "snippet": "" if case["category"] == "safety" else case["snippet"]} for case in cases]


def missing(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows that are no longer there as they were, looking only at the columns that they had."""
    columns = list(before[0]) if before else []
    now = [{name: row.get(name) for name in columns} for row in after]
    return [row for row in before if row not in now]


def test_the_old_desk_has_something_in_every_table(old_desk: DeskDatabase) -> None:
    empty = [table for table, rows in rows_of(old_desk).items() if not rows]
    assert empty == []
    assert check(old_desk.conninfo()).revision == "0001"


def test_an_upgrade_keeps_every_row_and_running_it_again_changes_nothing(old_desk: DeskDatabase) -> None:
    before = rows_of(old_desk)
    before["cases"] = hidden(before["cases"])
    done = install(old_desk.conninfo())
    after = rows_of(old_desk)
    assert done.revision == newest_revision()
    kept = {table: rows for table, rows in before.items() if table not in CHANGES}
    assert {table: lost for table, rows in kept.items() if (lost := missing(rows, after[table]))} == {}
    for grown in ("commands", "entries"):
        assert missing(before[grown], after[grown]) == []
    install(old_desk.conninfo())
    again = rows_of(old_desk)
    assert {table for table in again if again[table] != after[table]} <= {"commands", "entries"}


def test_the_go_live_instant_and_what_managers_chose_stay(old_desk: DeskDatabase) -> None:
    done = install(old_desk.conninfo())
    assert done.go_live.isoformat() == "2026-11-01T09:00:00+00:00"
    assert old_desk.one("SELECT value FROM console.settings WHERE key = 'messages.hold_seconds'") == 45


async def test_after_the_upgrade_people_go_on_with_the_cases_that_they_had(old_desk: DeskDatabase) -> None:
    install(old_desk.conninfo())
    async with old_desk.sit_down() as seat:
        page = await seat.queries.page(QueueFilter())
        [case] = [case for case in page.cases if case.assignee == AGENT]
        await seat.do(Resume(cases=(case.ref,)))
        assert (await seat.case(case.id)).paused_at is None
        assert len((await seat.detail(case.id)).messages) == 1


class Told:
    """A listener that keeps nothing but trouble."""

    def __init__(self) -> None:
        self.troubles: list[str] = []

    def on_event(self, event: object) -> None:
        """Nothing to note."""

    def on_contact(self, contact: Contact) -> None:
        """Nothing to note."""

    def on_sending(self, trouble: str) -> None:
        """Note it."""
        self.troubles.append(trouble)


async def everything(queries: Queries) -> None:
    """Ask all that a window asks, so that nothing of it needs a newer database."""
    for wanted in (QueueFilter(), QueueFilter(text="question 2")):
        assert (await queries.page(wanted)).cases
        assert await queries.count(wanted)
        assert await queries.matching(wanted)
    case = await queries.by_number(10_001)
    assert (await queries.person(case.id)).email == "robin@example.org"
    assert await queries.find_people("nobody of this name") == []
    for asked in (queries.staff(), queries.templates(), queries.settings(), queries.bindings(), queries.now()):
        assert await asked
    assert (await queries.sending_state()).held >= 20
    for more in (queries.saved_views(), queries.notices(), queries.undoable()):
        await more


def a_case(database: DeskDatabase) -> CaseRef:
    """Some case that nobody has."""
    [(id, version), *_] = database.rows(
        "SELECT id, version FROM console.cases WHERE assignee IS NULL AND category = 'billing'"
    )
    return CaseRef(CaseId(id), version)


@pytest.mark.parametrize(("revision", "words"), [("0001", "db upgrade"), ("9999", "Install the newer console")])
async def test_a_database_of_another_revision_is_read_and_nothing_is_sent_to_it(
    old_desk: DeskDatabase, revision: str, words: str
) -> None:
    if revision != "0001":
        install(old_desk.conninfo())
        old_desk.run("UPDATE console.revision SET version_num = %s", revision)
    before = rows_of(old_desk)
    case = a_case(old_desk)
    for login in (AGENT, MANAGER):
        console = await desk(old_desk.conninfo(login), profile="")(Told())
        try:
            assert revision in console.read_only
            assert words in console.read_only
            assert len((await console.queries.page(QueueFilter())).cases) == 30
            assert [c.status for c in await console.queries.cases([case.id])] == [Status.OPEN]
            assert (await console.queries.ticket(case.id)).messages
            await everything(console.queries)
            with pytest.raises(SetupError, match=revision) as refused:
                await console.bus.execute(Claim(cases=(case,)))
            assert "Nothing was changed" in refused.value.hint
        finally:
            await console.close()
    assert rows_of(old_desk) == before


async def test_what_runs_behind_the_window_leaves_such_a_database_alone_too(
    old_desk: DeskDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither drained nor sent: the row of the intake waits for a console that knows its rules."""
    import asyncio

    monkeypatch.setattr("hotmess_console.app.desk.FIRST_PAGE_FIRST", 0.0)
    before = rows_of(old_desk)
    told = Told()
    console = await desk(old_desk.conninfo(AGENT), profile="")(told)
    await asyncio.sleep(0.4)
    await console.close()
    assert rows_of(old_desk) == before
    assert told.troubles == []


async def test_at_the_newest_revision_nothing_stands_in_the_way(old_desk: DeskDatabase) -> None:
    install(old_desk.conninfo())
    engine = open_engine(old_desk.conninfo(AGENT))
    try:
        assert await meet(engine) == ""
    finally:
        await engine.dispose()
    console = await desk(old_desk.conninfo(AGENT), profile="")(Told())
    case = a_case(old_desk)
    await console.bus.execute(Claim(cases=(case,)))
    await console.close()
    assert old_desk.one("SELECT assignee FROM console.cases WHERE id = %s", case.id) == AGENT
