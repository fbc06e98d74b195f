"""Giving a ticket the address it came without."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from hotmess_console.domain.errors import BadInput, StaleError, StateError
from hotmess_console.domain.tickets import Ticket
from hotmess_console.domain.values import CaseId, Permission
from hotmess_console.services.addressing import SetRequesterAddress
from hotmess_console.services.ids import new_id
from hotmess_console.services.replies import AddNote, Reply
from hotmess_console.services.undo import Undo
from tests.unit.services.desk import Desk

pytestmark = pytest.mark.foundation

NOWHERE = "4f1c@import.invalid"


def set_address(ticket: Ticket, address: str = "ada@example.org") -> SetRequesterAddress:
    return SetRequesterAddress(cases=(ticket.ref,), address=address)


@pytest.mark.parametrize("before", [NOWHERE, ""])
async def test_a_ticket_that_came_without_an_address_can_be_answered_once_it_has_one(before: str) -> None:
    desk = Desk()
    ticket = desk.ticket(email=before)
    with pytest.raises(BadInput, match="no address"):
        await desk.do(Reply(case=ticket.ref, body="Hello"))
    await desk.do(set_address(ticket, "  ada@example.org "))
    await desk.do(Reply(case=desk.now(ticket).ref, body="Hello"))
    [(message, _by)] = desk.world.messages.values()
    assert message.deliver_to == "ada@example.org"


@pytest.mark.parametrize("before", [NOWHERE, ""])
async def test_it_is_taken_away_again_by_undo(before: str) -> None:
    desk = Desk()
    ticket = desk.ticket(email=before)
    command = set_address(ticket)
    await desk.do(command)
    await desk.do(Undo(taken_back=command.id))
    assert desk.now(ticket).requester_email == before


async def test_an_undo_of_something_else_leaves_the_address() -> None:
    desk = Desk()
    ticket = desk.ticket(email=NOWHERE)
    await desk.do(set_address(ticket))
    note = AddNote(case=ticket.id, body="Rang her")
    await desk.do(note)
    await desk.do(Undo(taken_back=note.id))
    assert desk.now(ticket).requester_email == "ada@example.org"


async def test_an_address_that_is_there_is_never_replaced() -> None:
    desk = Desk()
    ticket = desk.ticket()
    with pytest.raises(StateError, match="has an address already"):
        await desk.do(set_address(ticket, "somebody.else@example.org"))
    assert desk.now(ticket) == ticket


async def test_a_case_that_was_merged_or_has_changed_gets_none() -> None:
    desk = Desk()
    ticket = desk.ticket(email=NOWHERE)
    with pytest.raises(StaleError):
        await desk.do(set_address(replace(ticket, version=ticket.version + 1)))
    desk.world.tickets[ticket.id] = replace(ticket, merged_into=CaseId(new_id()))
    with pytest.raises(StateError, match="merged"):
        await desk.do(set_address(ticket))


@pytest.mark.parametrize(
    "address",
    ["", "ada", "ada@example", "a b@example.org", "a@b.org, c@d.org", "x@IMPORT.invalid", "a" * 250 + "@b.org"],
)
async def test_what_is_no_address_is_refused_in_words(address: str) -> None:
    desk = Desk()
    ticket = desk.ticket(email=NOWHERE)
    with pytest.raises(BadInput, match="no e-mail address") as refused:
        await desk.do(set_address(ticket, address))
    assert refused.value.hint
    assert desk.now(ticket) == ticket


def test_the_record_of_the_command_holds_no_address() -> None:
    command = set_address(Desk().ticket(email=NOWHERE))
    assert "ada" not in json.dumps(command.params())
    assert SetRequesterAddress.permission is Permission.TICKET_REPLY
