"""Who waits for whom: commands give up with words after two seconds, and bulk actions never wait crosswise."""

from __future__ import annotations

import asyncio

import psycopg
import pytest

from hotmess_console.domain.errors import StaleError, StateError
from hotmess_console.domain.values import Priority
from hotmess_console.services.support import Claim, SetPriority
from tests.desks import OTHER_AGENT, DeskDatabase

pytestmark = pytest.mark.foundation


async def test_a_locked_case_is_told_in_words_while_it_still_is_locked(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat:
        case = await seat.new_case()
        with psycopg.connect(desk_database.conninfo(OTHER_AGENT)) as other:
            other.execute("SELECT id FROM console.cases FOR UPDATE")
            # the other session is thrown out after three idle seconds: a claim that waited longer than its own limit of
            # two would then be done, and nothing raised
            with pytest.raises(StateError, match="Somebody else is changing this"):
                await seat.do(Claim(cases=(case.ref,)))
        await seat.do(Claim(cases=(case.ref,)))


async def test_reading_never_waits_for_a_lock(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat:
        case = await seat.new_case()
        with psycopg.connect(desk_database.conninfo(OTHER_AGENT)) as other:
            other.execute("SELECT id FROM console.cases FOR UPDATE")
            # a read that waited would be ended by the lock_timeout of two seconds, with an error
            assert (await seat.detail(case.id)).case == case


async def test_two_bulk_actions_over_the_same_cases_do_not_deadlock(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat, desk_database.sit_down(OTHER_AGENT) as other:
        cases = await seat.new_cases([{} for _ in range(60)])
        forwards = tuple(case.ref for case in cases)
        for _ in range(4):
            refs = {c.id: c.ref for c in await seat.queries.cases([case.id for case in cases])}
            priorities = [Priority.HIGH, Priority.LOW] if _ % 2 else [Priority.LOW, Priority.HIGH]
            ordered = tuple(refs[ref.id] for ref in forwards)
            outcomes = await asyncio.gather(
                seat.do(SetPriority(cases=ordered, priority=priorities[0])),
                other.do(SetPriority(cases=ordered[::-1], priority=priorities[1])),
                return_exceptions=True,
            )
            for outcome in outcomes:
                assert not isinstance(outcome, BaseException) or isinstance(outcome, StaleError), outcome
            done = [o for o in outcomes if not isinstance(o, BaseException)]
            assert done
            changed = [case for outcome in done for case in outcome.changed]
            assert len(changed) == len(set(changed))


async def test_of_two_who_claim_the_same_case_one_gets_it_and_the_other_is_told(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat, desk_database.sit_down(OTHER_AGENT) as other:
        for _ in range(5):
            case = await seat.new_case()
            outcomes = await asyncio.gather(
                *(at.do(Claim(cases=(case.ref,))) for at in (seat, other)), return_exceptions=True
            )
            assert sum(isinstance(outcome, StateError) for outcome in outcomes) == 1, outcomes
            assert (await seat.case(case.id)).version == case.version + 1
