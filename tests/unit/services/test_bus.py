"""The one door for writes."""

from __future__ import annotations

import copy

import pytest

from hotmess_console.domain.errors import BadInput, NotAllowed, StateError
from hotmess_console.domain.events import CasesChanged
from hotmess_console.domain.values import Permission, Role
from hotmess_console.services.intake import DrainIntake, Reconcile
from hotmess_console.services.support import Claim, Link, Resolve
from hotmess_console.services.undo import Undo
from tests.unit.services.desk import Desk

pytestmark = pytest.mark.foundation


async def test_a_command_that_the_role_does_not_include_touches_nothing() -> None:
    desk = Desk(roles=(Role.AUDITOR, Role.MODERATOR))
    ticket = desk.ticket()
    before = copy.deepcopy(desk.world)
    with pytest.raises(NotAllowed) as refused:
        await desk.do(Claim(cases=(ticket.ref,)))
    assert refused.value.hint == "Ask somebody whose role can: agent, senior agent, manager, safety."
    assert desk.world == before
    assert not desk.bus.allows(Permission.TICKET_WORK)
    assert desk.bus.allows(Permission.TICKET_READ)


async def test_a_colleagues_command_is_taken_back_by_a_manager_and_by_nobody_else() -> None:
    rowan = Desk(me="rowan")
    ticket = rowan.ticket()
    claim = Claim(cases=(ticket.ref,))
    await rowan.do(claim)
    imani = Desk(rowan.world, "imani", (Role.AGENT, Role.SENIOR))
    before = copy.deepcopy(rowan.world)
    with pytest.raises(NotAllowed, match="A colleague did this"):
        await imani.do(Undo(taken_back=claim.id))
    assert rowan.world == before
    sunniva = Desk(rowan.world, "sunniva", (Role.AGENT, Role.SENIOR, Role.MANAGER))
    await sunniva.do(Undo(taken_back=claim.id))
    assert rowan.now(ticket).assignee is None


async def test_what_happened_is_told_after_it_is_kept_and_only_then() -> None:
    desk = Desk()
    ticket = desk.ticket()
    kept: list[str | None] = []
    desk.bus.subscribe(lambda _: kept.append(desk.now(ticket).assignee))
    claim = Claim(cases=(ticket.ref,))
    await desk.do(claim)
    assert desk.events == [CasesChanged((ticket.id,), claim.id)]
    assert kept == ["imani"]


async def test_a_refused_command_is_neither_kept_nor_told() -> None:
    desk = Desk()
    ticket = desk.ticket()
    await desk.do(Resolve(cases=(ticket.ref,)))
    desk.events.clear()
    before = copy.deepcopy(desk.world)
    with pytest.raises(StateError):
        await desk.do(Claim(cases=(desk.now(ticket).ref,)))
    assert desk.world == before
    assert desk.events == []


async def test_a_repeated_command_changes_and_tells_nothing_again() -> None:
    desk = Desk()
    ticket = desk.ticket()
    claim = Claim(cases=(ticket.ref,))
    await desk.do(claim)
    desk.events.clear()
    outcome = await desk.do(claim)
    assert outcome.repeated
    assert outcome.words
    assert desk.events == []
    assert desk.now(ticket).version == ticket.version + 1


async def test_a_command_with_nothing_to_do_is_not_recorded() -> None:
    desk = Desk()
    for command in (DrainIntake(), Reconcile()):
        assert (await desk.do(command)).idle
    assert desk.world.commands == {}


async def test_a_case_is_not_linked_with_itself_or_with_one_that_is_gone() -> None:
    desk = Desk()
    one, other = desk.ticket(), desk.ticket()
    with pytest.raises(BadInput):
        await desk.do(Link(one=one.id, other=one.id))
    await desk.do(Link(one=other.id, other=one.id))
    assert len(desk.world.links) == 1
    await desk.do(Link(one=one.id, other=other.id, linked=False))
    assert desk.world.links == set()
