"""An address that was given later: kept, found, answered to, audited without being repeated, and taken away again."""

from __future__ import annotations

import json

import pytest

from hotmess_console.domain.cases import Case
from hotmess_console.domain.errors import NotAllowed, StateError
from hotmess_console.domain.imports import ImportedTicket, read_tickets
from hotmess_console.domain.views import QueueFilter
from hotmess_console.services.addressing import SetRequesterAddress
from hotmess_console.services.importing import ImportTickets
from hotmess_console.services.replies import Reply
from hotmess_console.services.undo import Undo
from tests.desks import AUDITOR, OTHER_AGENT, DeskDatabase, Seat

pytestmark = pytest.mark.foundation

FILE = b"subject,message,category,language\nCharged twice,It was taken twice,billing,en\n"
ADDRESS = "zarquon@example.org"
STORED = "SELECT requester_email FROM console.tickets"


async def imported(seat: Seat) -> Case:
    """A case from a file without addresses."""
    rows = tuple(row for row in read_tickets(FILE) if isinstance(row, ImportedTicket))
    outcome = await seat.do(ImportTickets(rows=rows))
    return await seat.case(outcome.changed[0])


async def found(seat: Seat, words: str) -> int:
    """How many cases a search finds."""
    return len((await seat.queries.page(QueueFilter(text=words))).cases)


async def test_a_person_of_an_import_can_be_answered_and_found_by_the_new_address(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat:
        case = await imported(seat)
        await seat.do(SetRequesterAddress(cases=(case.ref,), address=ADDRESS))
        assert desk_database.one(STORED) == ADDRESS
        assert await found(seat, "zarquon@") == 1
        assert await found(seat, "import.invalid") == 0
        await seat.do(Reply(case=(await seat.case(case.id)).ref, body="Hello"))
    assert desk_database.one("SELECT to_address FROM console.deliveries") == ADDRESS


async def test_undo_takes_it_away_from_ticket_and_search(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat:
        case = await imported(seat)
        before = desk_database.one(STORED)
        command = SetRequesterAddress(cases=(case.ref,), address=ADDRESS)
        await seat.do(command)
        assert [item.command for item in await seat.queries.undoable()] == [command.id]
        await seat.do(Undo(taken_back=command.id))
        assert desk_database.one(STORED) == before
        assert await found(seat, "zarquon@") == 0
        assert await found(seat, "taken twice") == 1


async def test_once_it_was_answered_to_it_stays(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat:
        case = await imported(seat)
        command = SetRequesterAddress(cases=(case.ref,), address=ADDRESS)
        await seat.do(command)
        await seat.do(Reply(case=(await seat.case(case.id)).ref, body="Hello"))
        with pytest.raises(StateError, match="changed this case since"):
            await seat.do(Undo(taken_back=command.id))
    assert desk_database.one(STORED) == ADDRESS


async def test_the_change_is_in_the_audit_and_the_address_is_not(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat:
        case = await imported(seat)
        command = SetRequesterAddress(cases=(case.ref,), address=ADDRESS)
        await seat.do(command)
        assert (await seat.do(command)).repeated
    entries = desk_database.rows(
        "SELECT relation, action, detail FROM console_audit.entries WHERE command_id = %s ORDER BY 1", command.id
    )
    assert [(relation, action) for relation, action, _ in entries] == [
        ("cases", "update"),
        ("commands", "insert"),
        ("tickets", "update"),
    ]
    assert entries[-1][2] == {"requester_email": "changed"}
    kept = desk_database.rows(
        "SELECT to_jsonb(e)::text FROM console_audit.entries e "
        "UNION ALL SELECT to_jsonb(c)::text FROM console.commands c "
        "UNION ALL SELECT to_jsonb(p)::text FROM console.command_cases p"
    )
    assert "zarquon" not in json.dumps(kept)


async def test_an_auditor_cannot_and_of_two_only_the_first_is_done(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat, desk_database.sit_down(OTHER_AGENT) as other:
        case = await imported(seat)
        async with desk_database.sit_down(AUDITOR) as auditor:
            with pytest.raises(NotAllowed):
                await auditor.do(SetRequesterAddress(cases=(case.ref,), address=ADDRESS))
        await seat.do(SetRequesterAddress(cases=(case.ref,), address=ADDRESS))
        with pytest.raises(StateError):
            await other.do(SetRequesterAddress(cases=(case.ref,), address="somebody.else@example.org"))
    assert desk_database.one(STORED) == ADDRESS
