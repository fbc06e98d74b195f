"""The audit is read by those who may, narrowed in every way, and shows a case as it was."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import cast

import pytest

from hotmess_console.domain.cases import Case
from hotmess_console.domain.errors import NotAllowed, NotFound
from hotmess_console.domain.trail import Deed, Step, TrailFilter, TrailPage
from hotmess_console.domain.values import CaseId, Category, Login, Priority
from hotmess_console.services.replies import AddNote
from hotmess_console.services.support import Claim, Resolve, SetCategory, SetPriority
from hotmess_console.services.trail import trail_queries
from tests.desks import AGENT, AUDITOR, MANAGER, DeskDatabase, Seat

pytestmark = pytest.mark.authority


@pytest.fixture
async def agent(desk_database: DeskDatabase) -> AsyncIterator[Seat]:
    async with desk_database.sit_down() as seat:
        yield seat


@pytest.fixture
async def manager(desk_database: DeskDatabase) -> AsyncIterator[Seat]:
    async with desk_database.sit_down(MANAGER) as seat:
        yield seat


async def trail(seat: Seat, wanted: TrailFilter | None = None) -> TrailPage:
    return await trail_queries(seat.queries).trail(wanted or TrailFilter())


def names(page: TrailPage) -> list[str]:
    return [step.did.name for step in page.steps if step.did is not None]


async def worked(agent: Seat) -> Case:
    """A case that was claimed, sorted anew, noted upon and resolved."""
    case = await agent.new_case()
    await agent.do(Claim(cases=(case.ref,)))
    await agent.do(SetCategory(cases=((await agent.case(case.id)).ref,), category=Category.BILLING))
    await agent.do(AddNote(case=case.id, body="Looked at it."))
    await agent.do(Resolve(cases=((await agent.case(case.id)).ref,)))
    return case


async def test_each_command_is_one_step_the_newest_first(agent: Seat, manager: Seat) -> None:
    case = await worked(agent)
    page = await trail(manager, TrailFilter(number=case.number))
    assert names(page) == ["ticket.resolve", "note.add", "ticket.set_category", "ticket.claim", "intake.drain"]
    assert [step.entry.actor for step in page.steps] == [Login(AGENT)] * 5
    assert all(step.numbers == (case.number,) for step in page.steps)
    assert page.after is None


@pytest.mark.parametrize("login", [MANAGER, AUDITOR])
async def test_managers_and_auditors_read_it_and_nobody_else_does(desk_database: DeskDatabase, login: str) -> None:
    async with desk_database.sit_down() as agent, desk_database.sit_down(login) as reader:
        case = await worked(agent)
        assert len((await trail(reader, TrailFilter(number=case.number))).steps) == 5
        with pytest.raises(NotAllowed, match="Only managers and auditors read the audit"):
            await trail(agent)
        with pytest.raises(NotAllowed):
            await trail_queries(agent.queries).case_then(case.id, 1)


async def test_every_condition_narrows(agent: Seat, manager: Seat) -> None:
    case = await worked(agent)
    other = await agent.new_case()
    await manager.do(Claim(cases=(other.ref,)))
    assert names(await trail(manager, TrailFilter(actor=Login(MANAGER)))) == ["ticket.claim"]
    assert names(await trail(manager, TrailFilter(did="ticket.claim"))) == ["ticket.claim"] * 2
    assert set(names(await trail(manager, TrailFilter(did="ticket", number=case.number)))) == {
        "ticket.resolve", "ticket.set_category", "ticket.claim",
    }  # fmt: skip
    assert names(await trail(manager, TrailFilter(did="tick"))) == []
    assert names(await trail(manager, TrailFilter(subject="notes"))) == ["note.add"]
    assert "ticket.claim" in names(await trail(manager, TrailFilter(subject=str(case.id)[:24])))
    assert (await trail(manager, TrailFilter(deed=Deed.DELETE, number=case.number))).steps == ()
    now = cast(datetime, agent.db.one("SELECT console.now()"))
    assert (await trail(manager, TrailFilter(since=now + timedelta(hours=1)))).steps == ()
    assert (await trail(manager, TrailFilter(until=now - timedelta(days=400)))).steps == ()
    assert len((await trail(manager, TrailFilter(since=now - timedelta(hours=1), number=case.number))).steps) == 5


async def test_pages_follow_each_other_and_a_bulk_action_is_one_step(agent: Seat, manager: Seat) -> None:
    cases = await agent.new_cases([{} for _ in range(60)])
    for case in cases[:7]:
        await agent.do(SetPriority(cases=(case.ref,), priority=Priority.LOW))
    fresh = [await agent.case(case.id) for case in cases]
    await agent.do(Claim(cases=tuple(case.ref for case in fresh)))
    seen: list[Step] = []
    wanted, after = TrailFilter(did="ticket"), None
    while True:
        page = await trail_queries(manager.queries).trail(wanted, after, 3)
        assert len(page.steps) <= 3
        seen += page.steps
        if (after := page.after) is None:
            break
    assert [step.did.name for step in seen if step.did] == ["ticket.claim", *["ticket.set_priority"] * 7]
    assert len({step.key for step in seen}) == 8
    assert len(seen[0].numbers) > 3
    command = seen[0].entry.command
    assert command is not None
    entries = await trail_queries(manager.queries).entries_of(command, 100)
    assert len(entries) == 100
    assert {entry.command for entry in entries} == {command}


async def test_a_case_is_shown_as_it_was(agent: Seat, manager: Seat) -> None:
    case = await worked(agent)
    page = await trail(manager, TrailFilter(number=case.number))
    steps = {step.did.name: step for step in page.steps if step.did is not None}
    asked = trail_queries(manager.queries)

    async def then(name: str) -> dict[str, object]:
        command = steps[name].entry.command
        assert command is not None
        last = (await asked.entries_of(command))[-1]
        found = await asked.case_then(case.id, last.id)
        assert found.detail.case.number == case.number
        return {
            "status": found.values["status"],
            "assignee": found.values.get("assignee"),
            "category": found.values["category"],
            "notes": len(found.detail.notes),
        }

    first = {"status": "open", "assignee": None, "category": case.category, "notes": 0}
    assert await then("intake.drain") == first
    assert await then("ticket.claim") == {**first, "status": "in_progress", "assignee": AGENT}
    sorted_anew = {**first, "status": "in_progress", "assignee": AGENT, "category": "billing"}
    assert await then("ticket.set_category") == sorted_anew
    assert await then("note.add") == {**sorted_anew, "notes": 1}
    assert await then("ticket.resolve") == {**sorted_anew, "status": "resolved", "notes": 1}
    with pytest.raises(NotFound, match="does not go back"):
        await asked.case_then(case.id, 1)


async def test_what_the_owner_changed_by_hand_is_a_step_without_a_command(
    manager: Seat, desk_database: DeskDatabase
) -> None:
    desk_database.rows("UPDATE console.bindings SET note = 'by hand' WHERE concept = 'tickets' RETURNING concept")
    newest = (await trail(manager)).steps[0]
    assert newest.did is None
    assert (newest.entry.relation, newest.entry.subject) == ("bindings", "tickets")
    assert newest.entry.detail["note"][1] == "by hand"


async def test_words_that_look_like_statements_only_find_nothing(manager: Seat) -> None:
    for typed in ("'; DROP TABLE console.cases; --", "%", ":did", "\\", "cases' OR 'a'='a"):
        assert (await trail(manager, TrailFilter(did=typed))).steps == ()
        assert (await trail(manager, TrailFilter(subject=typed))).steps == ()


async def test_a_case_that_is_out_of_sight_is_not_shown_as_it_was(manager: Seat) -> None:
    with pytest.raises(NotFound):
        await trail_queries(manager.queries).case_then(CaseId(manager.db.one("SELECT gen_random_uuid()")), 5)
