"""Danger on a real database: asked by whoever's words, seen without text where a ticket is guarded, never by itself."""

from __future__ import annotations

import pytest

from hotmess_console.domain.imports import ImportedTicket
from hotmess_console.domain.values import Category, Danger, Level, Priority
from hotmess_console.domain.views import QueueFilter
from hotmess_console.services.danger import DismissDanger, RaiseDanger
from hotmess_console.services.importing import ImportTickets
from hotmess_console.services.opening import NewCase, case_of
from hotmess_console.services.support import Claim
from tests.desks import AGENT, MANAGER, SAFETY, DeskDatabase

pytestmark = pytest.mark.foundation

KNIFE = "He stands at my door and has a knife"


def told(database: DeskDatabase) -> set[tuple[str, str]]:
    """Who was told of what kind."""
    return {(kind, who) for kind, who in database.rows("SELECT kind, recipient FROM console.notices")}


async def test_words_of_any_category_ask_and_change_no_level(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat:
        plain, asked = await seat.new_cases([{}, {"category": "billing", "message": KNIFE}])
        assert (plain.asks_danger, asked.asks_danger, asked.level) == (False, True, Level.SUPPORT)
        assert [c.asks_danger for c in await seat.queries.matching(QueueFilter())].count(True) == 1


async def test_a_later_message_asks_again_after_a_person_has_dismissed(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat:
        case = await seat.new_case(message=KNIFE)
        await seat.do(DismissDanger(cases=(case.ref,)))
        assert not (await seat.case(case.id)).asks_danger
        desk_database.answer(seat.platform_id(case), "Are you there?")
        await seat.drain()
        assert not (await seat.case(case.id)).asks_danger
        await seat.do(Claim(cases=((await seat.case(case.id)).ref,)))
        desk_database.answer(seat.platform_id(case), "Please call the police")
        await seat.drain()
        assert (await seat.case(case.id)).asks_danger
        assert ("danger", AGENT) in told(desk_database)


async def test_one_key_brings_it_to_management_and_is_recorded(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat:
        case = await seat.new_case(message=KNIFE)
        await seat.do(RaiseDanger(cases=(case.ref,)))
        after = await seat.case(case.id)
        assert (after.level, after.category, after.priority) == (Level.MANAGEMENT, Category.SAFETY, Priority.URGENT)
        assert (after.guarded, after.asks_danger) == (True, False)
    assert {("danger", MANAGER), ("danger", SAFETY)} <= told(desk_database)
    recorded = "SELECT count(*) FROM console.commands WHERE name = 'ticket.danger' AND actor = %s"
    assert desk_database.one(recorded, AGENT) == 1


async def test_who_may_not_see_a_safety_ticket_sees_that_it_may_be_about_danger(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat:
        case = await seat.new_case(category="safety", subject="Please read", message=KNIFE)
        assert (case.guarded, case.asks_danger, case.snippet, case.level) == (True, True, "", Level.SENIOR)
        detail = await seat.detail(case.id)
        assert (detail.ticket.danger, detail.messages) == (Danger.ASKED, ())


@pytest.mark.parametrize(("marked", "level"), [("urgent", Level.MANAGEMENT), ("high", Level.SENIOR)])
async def test_safety_that_its_own_source_marks_urgent_is_with_management_at_once(
    desk_database: DeskDatabase, marked: str, level: Level
) -> None:
    async with desk_database.sit_down() as seat:
        case = await seat.new_case(category="safety", priority=marked, message="Help")
        assert (case.level, case.asks_danger) == (level, False)
    assert (("danger", MANAGER) in told(desk_database)) is (marked == "urgent")


async def test_words_and_an_answer_that_arrive_together_ask_too(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat:
        ticket = desk_database.ticket()
        desk_database.answer(ticket, KNIFE)
        await seat.drain()
        assert [c.asks_danger for c in await seat.queries.matching(QueueFilter())] == [True]


async def test_whoever_opens_a_case_can_say_that_it_cannot_wait(desk_database: DeskDatabase) -> None:
    command = NewCase(
        email="zora@example.org",
        subject="She rang",
        category=Category.SAFETY,
        body="He is there.",
        outgoing=False,
        immediate_danger=True,
    )
    async with desk_database.sit_down() as seat:
        await seat.do(command)
        assert (await seat.case(case_of(command.id))).level is Level.MANAGEMENT
    assert {("danger", MANAGER), ("danger", SAFETY)} <= told(desk_database)


async def test_imported_words_ask_as_well(desk_database: DeskDatabase) -> None:
    rows = (
        ImportedTicket(2, 2, "Refund", KNIFE, Category.BILLING, "en", None, "k2"),
        ImportedTicket(3, 3, "Refund", "Twice", Category.BILLING, "en", None, "k3"),
    )
    async with desk_database.sit_down() as seat:
        await seat.do(ImportTickets(rows=rows))
        assert sorted(c.asks_danger for c in await seat.queries.matching(QueueFilter())) == [False, True]
