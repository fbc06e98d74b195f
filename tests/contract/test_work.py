"""What every desk does, in memory as in Postgres: the fakes of the quick tests keep to this as well."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import uuid4

import pytest

from hotmess_console.domain.errors import BadInput, NotAllowed, StateError
from hotmess_console.domain.policy.sla import MANUAL
from hotmess_console.domain.ticket_memory import restored, state_of
from hotmess_console.domain.tickets import Ticket
from hotmess_console.domain.values import CaseId, CommandId, Login, MessageId, NoteId, Priority, Role, Status
from hotmess_console.services.ids import new_id
from hotmess_console.services.ports import NewMessage, NewTicket, TicketChange
from tests.contract.benches import Bench, InMemory, InPostgres, a_ticket, begun

pytestmark = pytest.mark.foundation


@pytest.fixture(params=["in memory", "in Postgres"])
async def bench(request: pytest.FixtureRequest) -> AsyncIterator[Bench]:
    """Each bench in turn."""
    made: Bench = InMemory() if request.param == "in memory" else InPostgres(request.getfixturevalue("desk_database"))
    yield made
    await made.close()


async def opened(bench: Bench, *new: NewTicket) -> list[Ticket]:
    """Open tickets for good and return them as they are kept."""
    async with bench.work() as work:
        await begun(work)
        await work.tickets.open(new)
        kept = await work.tickets.load([n.ticket.id for n in new])
        await work.commit()
    return [kept[n.ticket.id] for n in new]


def a_message(ticket: Ticket, **values: object) -> NewMessage:
    """A reply that is sent."""
    message = NewMessage(
        MessageId(new_id()),
        ticket.id,
        incoming=False,
        kind="reply",
        body="Hello",
        author=Login("imani"),
        deliver_to="ada@example.org",
        subject="[HM-1] Re: x",
    )
    return replace(message, **values)  # type: ignore[arg-type]


async def test_an_opened_ticket_is_loaded_as_it_was_with_a_number_and_version_one(bench: Bench) -> None:
    first, second = a_ticket(subject="One"), a_ticket(subject="Two")
    one, two = await opened(bench, first, second)
    assert (one.version, two.number - one.number) == (1, 1)
    assert state_of(one) == state_of(first.ticket)
    assert (one.subject, one.requester_name, one.requester_email) == ("One", "Ada", "ada@example.org")
    async with bench.work() as work:
        await begun(work)
        assert await work.tickets.load([CaseId(uuid4())]) == {}


async def test_nothing_is_kept_without_a_commit(bench: Bench) -> None:
    new = a_ticket()
    async with bench.work() as work:
        command = await begun(work)
        await work.tickets.open([new])
    async with bench.work() as work:
        await begun(work)
        assert await work.tickets.load([new.ticket.id]) == {}
        assert await work.name_of(command) is None


async def test_saving_counts_the_version_up_and_records_what_was_there(bench: Bench) -> None:
    [ticket] = await opened(bench, a_ticket())
    async with bench.work() as work:
        command = await begun(work)
        after = ticket.claimed(Login("imani"), await work.now())
        assert await work.tickets.save([(ticket, after)]) == {ticket.id}
        await work.commit()
    async with bench.work() as work:
        await begun(work)
        kept = (await work.tickets.load([ticket.id]))[ticket.id]
        [record] = await work.tickets.recorded(command)
    assert kept == replace(after, version=2)
    assert (record.case, record.version_before, record.version_after) == (ticket.id, 1, 2)
    assert state_of(restored(kept, record.prior)) == state_of(ticket)


async def test_saving_an_older_version_writes_nothing_and_says_so(bench: Bench) -> None:
    one, two = await opened(bench, a_ticket(), a_ticket())
    async with bench.work() as work:
        await begun(work)
        await work.tickets.save([(one, one.prioritised(Priority.LOW))])
        await work.commit()
    async with bench.work() as work:
        command = await begun(work)
        pairs = [(ticket, ticket.prioritised(Priority.URGENT)) for ticket in (one, two)]
        assert await work.tickets.save(pairs) == {two.id}
        kept = await work.tickets.load([one.id, two.id])
        assert [record.case for record in await work.tickets.recorded(command)] == [two.id]
    assert [kept[ticket.id].priority for ticket in (one, two)] == [Priority.LOW, Priority.URGENT]


async def test_a_command_is_begun_once_and_only_for_the_same_person_and_thing(bench: Bench) -> None:
    id = CommandId(new_id())
    async with bench.work() as work:
        assert await work.begin(id, "test.run", bytes(32), {}, None)
        await work.commit()
    async with bench.work() as work:
        assert not await work.begin(id, "test.run", bytes(32), {}, None)
        assert await work.name_of(id) == "test.run"
    async with bench.work() as work:
        with pytest.raises(BadInput, match="already used"):
            await work.begin(id, "test.run", b"x" * 32, {}, None)
    async with bench.work("rowan") as work:
        with pytest.raises(BadInput, match="already used"):
            await work.begin(id, "test.run", bytes(32), {}, None)


async def test_a_command_is_taken_back_once(bench: Bench) -> None:
    async with bench.work() as work:
        command = await begun(work)
        await work.commit()
    async with bench.work() as work:
        await begun(work, undoes=command)
        await work.commit()
    async with bench.work() as work:
        with pytest.raises(StateError, match="already taken back"):
            await begun(work, undoes=command)


async def test_tickets_are_found_again_by_where_they_came_from(bench: Bench) -> None:
    place = bench.platform_ticket()
    [ticket, _] = await opened(bench, a_ticket(platform=place), a_ticket(key="row 1"))
    async with bench.work() as work:
        await begun(work)
        assert await work.tickets.by_platform([place, uuid4()]) == {place: ticket.id}
        assert await work.tickets.imported(["row 1", "row 2"]) == {"row 1"}


async def test_a_held_message_is_stopped_once(bench: Bench) -> None:
    [ticket] = await opened(bench, a_ticket())
    silent = a_message(ticket, incoming=True, author=None, deliver_to=None, kind="message", channel="console")
    held = a_message(ticket)
    async with bench.work() as work:
        command = await begun(work)
        await work.threads.add([held, silent], hold_seconds=20)
        await work.commit()
    async with bench.work() as work:
        await begun(work)
        with pytest.raises(NotAllowed):
            await work.threads.take_back([held.id])
    async with bench.work() as work:
        await begun(work, undoes=command)
        assert await work.threads.of_command(command) == [held.id]
        assert await work.threads.take_back([held.id, silent.id]) == {held.id}
        assert await work.threads.take_back([held.id]) == frozenset()
        assert await work.threads.release([held.id]) == frozenset()


async def test_a_held_message_can_be_let_go_at_once(bench: Bench) -> None:
    [ticket] = await opened(bench, a_ticket())
    held = a_message(ticket, source_key="reply 1")
    async with bench.work() as work:
        await begun(work)
        await work.threads.add([held], hold_seconds=20)
        assert await work.threads.release([held.id, MessageId(uuid4())]) == {held.id}
        assert await work.threads.known(["reply 1", "reply 2"]) == {"reply 1"}


async def test_the_notes_of_a_command_are_taken_back_once(bench: Bench) -> None:
    [ticket] = await opened(bench, a_ticket())
    async with bench.work() as work:
        command = await begun(work)
        await work.threads.add_note(NoteId(uuid4()), ticket.id, "@rowan look", [Login("rowan")])
        await work.commit()
    async with bench.work() as work:
        await begun(work)
        with pytest.raises(NotAllowed):
            await work.threads.retract_notes_of(command)
    async with bench.work() as work:
        await begun(work, undoes=command)
        assert await work.threads.retract_notes_of(command) == [ticket.id]
        assert await work.threads.retract_notes_of(command) == []


async def test_linking_twice_and_unlinking_twice_change_nothing_more(bench: Bench) -> None:
    one, two = await opened(bench, a_ticket(), a_ticket())
    async with bench.work() as work:
        await begun(work)
        for _ in range(2):
            await work.tickets.link(one.id, two.id)
        for _ in range(2):
            await work.tickets.unlink(two.id, one.id)


async def test_an_effect_on_the_platform_is_put_back_where_it_still_stands(bench: Bench) -> None:
    place, reply = bench.platform_ticket(), uuid4()
    async with bench.work() as work:
        command = await begun(work)
        change = TicketChange(reply="Hello", reply_id=reply, status=Status.WAITING.value)
        answer = (await work.platform.apply(command, [(place, change)]))[place]
        assert answer["enforced"] == "applied"
        assert answer["was"]["status"] == "open"
        assert answer["was"]["ours"]["status"] == "waiting_response"
        back = await work.platform.restore(await begun(work, undoes=command), place, answer["was"], reply)
        assert back["changed_meanwhile"] == []
        assert back["reply_removed"] is True
        once_more = await begun(work)
        again = (await work.platform.apply(once_more, [(place, TicketChange(status="closed"))]))[place]
        assert again["was"]["status"] == "open"
        await work.platform.apply(once_more, [(place, TicketChange(status="resolved"))])
        late = await work.platform.restore(await begun(work, undoes=once_more), place, again["was"], None)
        assert "status" in late["changed_meanwhile"]


async def test_the_desk_knows_its_people_settings_and_targets(bench: Bench) -> None:
    async with bench.work() as work:
        await begun(work)
        staff = await work.desk.staff()
        rowan = staff.by_handle("ROWAN")
        assert rowan is not None
        assert rowan.login == "rowan"
        assert {person.login for person in staff.at_level(Role.SENIOR)} >= {"mehreen"}
        assert await work.desk.targets() == MANUAL
        assert await work.desk.setting("messages.hold_seconds") == 20
        assert await work.desk.setting("no.such_thing") is None


async def test_a_silent_platform_gives_nothing_to_take(bench: Bench) -> None:
    async with bench.work() as work:
        assert await work.intake.oldest() is None
        await begun(work)
        assert (await work.intake.take(10)).taken == 0
        assert await work.intake.reconcile(await work.now()) == 0


async def test_time_stands_still_within_a_transaction(bench: Bench) -> None:
    async with bench.work() as work:
        await begun(work)
        assert await work.now() == await work.now()
        assert (await work.now()).tzinfo is not None
