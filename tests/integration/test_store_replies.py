"""A reply and its undo: one transaction over thread, ledger, case and the platform's own rows, or nothing at all."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from hotmess_console.domain.cases import Case
from hotmess_console.domain.errors import BadInput, ConsoleError, StaleError, StateError
from hotmess_console.domain.values import CommandId, Level, Priority, Status
from hotmess_console.services.ids import new_id
from hotmess_console.services.intake import DrainIntake
from hotmess_console.services.replies import AddNote, File, Reply
from hotmess_console.services.support import Claim, Close, Escalate, Merge, Reopen, Resolve, SetPriority, SnoozeUntil
from hotmess_console.services.undo import Undo
from tests.desks import OTHER_AGENT, SENIOR, DeskDatabase, Seat

pytestmark = pytest.mark.foundation

PLATFORM = "SELECT status, admin_response, resolved_at IS NOT NULL FROM public.support_tickets WHERE id = %s"
ANSWERS = "SELECT responder_type, message FROM public.ticket_responses WHERE ticket_id = %s"
EVERYTHING = (
    "console.cases",
    "console.messages",
    "console.deliveries",
    "console.commands",
    "console.command_cases",
    "console.attachments",
    "console_audit.entries",
    "public.support_tickets",
    "public.ticket_responses",
)


def snapshot(database: DeskDatabase) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of everything that a reply may touch."""
    return {table: database.rows(f"SELECT to_jsonb(t)::text FROM {table} t ORDER BY 1") for table in EVERYTHING}


async def fresh(seat: Seat, case: Case) -> Case:
    """The case after whatever came back through the intake."""
    while not (await seat.drain()).idle:
        pass
    return await seat.case(case.id)


async def test_a_reply_is_on_the_platform_in_the_thread_and_in_the_ledger_together(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat:
        case = await seat.new_case(user_email="ada@example.org")
        ticket = seat.platform_id(case)
        stamped = desk_database.one("SELECT updated_at FROM public.support_tickets WHERE id = %s", ticket)
        reply = Reply(case=case.ref, body="We have put it right.", then=Status.RESOLVED)
        await seat.do(reply)
    assert desk_database.rows(PLATFORM, ticket) == [("resolved", "We have put it right.", True)]
    assert desk_database.one("SELECT updated_at FROM public.support_tickets WHERE id = %s", ticket) > stamped
    assert desk_database.rows(ANSWERS, ticket) == [("admin", "We have put it right.")]
    assert desk_database.rows(
        "SELECT d.state, d.to_address, d.hold_until - m.at BETWEEN '19 s' AND '21 s', m.kind, m.author "
        "FROM console.deliveries d JOIN console.messages m ON m.id = d.message_id WHERE m.command_id = %s",
        reply.id,
    ) == [("held", "ada@example.org", True, "confirmation", "imani")]
    assert desk_database.rows("SELECT status, assignee, unread FROM console.cases") == [("resolved", "imani", False)]


async def test_a_resolved_ticket_that_is_answered_again_loses_its_resolution_date(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat:
        case = await seat.new_case()
        ticket = seat.platform_id(case)
        await seat.do(Reply(case=case.ref, body="Done.", then=Status.RESOLVED))
        case = await fresh(seat, case)
        await seat.do(Reply(case=case.ref, body="Not quite, sorry.", then=Status.WAITING))
    assert desk_database.rows(PLATFORM, ticket) == [("waiting_response", "Not quite, sorry.", False)]


async def test_reopening_clears_the_resolution_on_the_platform(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat:
        case = await seat.new_case()
        ticket = seat.platform_id(case)
        await seat.do(Resolve(cases=(case.ref,)))
        assert desk_database.rows(PLATFORM, ticket) == [("resolved", None, True)]
        await seat.do(Reopen(cases=((await fresh(seat, case)).ref,)))
    assert desk_database.rows(PLATFORM, ticket) == [("open", None, False)]


@pytest.mark.parametrize("table", ["support_tickets", "ticket_responses"])
async def test_a_reply_that_the_platform_refuses_leaves_nothing_anywhere(
    desk_database: DeskDatabase, table: str
) -> None:
    async with desk_database.sit_down() as seat:
        case = await seat.new_case()
        desk_database.run(
            "CREATE FUNCTION public.broken() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'the platform is ill'; END $$"
        )
        desk_database.run(
            f"CREATE TRIGGER broken BEFORE INSERT OR UPDATE ON public.{table} "
            "FOR EACH ROW EXECUTE FUNCTION public.broken()"
        )
        before = snapshot(desk_database)
        file = File("a.txt", "text/plain", b"x")
        with pytest.raises(ConsoleError, match="the platform is ill"):
            await seat.do(Reply(case=case.ref, body="Hello", then=Status.WAITING, files=(file,)))
    assert snapshot(desk_database) == before


async def test_a_failure_after_the_platform_was_written_takes_that_back_too(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat:
        case = await seat.new_case()
        before = snapshot(desk_database)
        with pytest.raises(BadInput):
            await seat.do(Reply(case=case.ref, body="Hello", files=(File("a/b", "text/plain", b"x"),)))
    assert snapshot(desk_database) == before


async def test_a_reply_to_an_older_version_changes_nothing(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat, desk_database.sit_down(OTHER_AGENT) as other:
        case = await seat.new_case()
        await other.do(SetPriority(cases=(case.ref,), priority=Priority.HIGH))
        before = snapshot(desk_database)
        with pytest.raises(StaleError):
            await seat.do(Reply(case=case.ref, body="Hello"))
    assert snapshot(desk_database) == before


async def test_somebody_without_an_address_cannot_be_answered(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat:
        case = await seat.new_case(user_email="row-7@import.invalid")
        with pytest.raises(BadInput, match="no address"):
            await seat.do(Reply(case=case.ref, body="Hello"))
    assert desk_database.one("SELECT count(*) FROM console.deliveries") == 0


async def test_the_same_command_twice_takes_effect_once(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat:
        case = await seat.new_case()
        reply = Reply(case=case.ref, body="Hello", then=Status.WAITING)
        assert not (await seat.do(reply)).repeated
        before = snapshot(desk_database)
        assert (await seat.do(reply)).repeated
    assert snapshot(desk_database) == before


async def test_the_same_id_for_something_else_is_refused(desk_database: DeskDatabase) -> None:
    id = CommandId(new_id())
    async with desk_database.sit_down() as seat, desk_database.sit_down(OTHER_AGENT) as other:
        case = await seat.new_case()
        await seat.do(Reply(id=id, case=case.ref, body="Hello"))
        before = snapshot(desk_database)
        for at, command in (
            (seat, Reply(id=id, case=case.ref, body="Another word")),
            (seat, Claim(id=id, cases=(case.ref,))),
            (other, Reply(id=id, case=case.ref, body="Hello")),
        ):
            with pytest.raises(BadInput, match="already used"):
                await at.do(command)
    assert snapshot(desk_database) == before


async def test_undo_within_the_hold_puts_everything_back_and_stops_the_letter(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat:
        case = await seat.new_case(category="billing")
        ticket = seat.platform_id(case)
        found = desk_database.rows(PLATFORM, ticket)
        before = (await seat.detail(case.id)).ticket
        reply = Reply(case=case.ref, body="Hello", then=Status.RESOLVED)
        await seat.do(reply)
        await seat.do(Undo(taken_back=reply.id))
        after = (await seat.detail(case.id)).ticket
    assert desk_database.rows(PLATFORM, ticket) == found
    assert desk_database.rows(ANSWERS, ticket) == []
    assert desk_database.rows(
        "SELECT d.state, m.retracted_at IS NOT NULL FROM console.deliveries d JOIN console.messages m "
        "ON m.id = d.message_id WHERE m.command_id = %s",
        reply.id,
    ) == [("cancelled", True)]
    assert (after.status, after.assignee, after.unread, after.clock) == (
        before.status,
        before.assignee,
        before.unread,
        before.clock,
    )
    assert after.first_response_at is None
    assert after.version == case.version + 2


async def test_what_has_been_sent_cannot_be_taken_back(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat:
        case = await seat.new_case()
        reply = Reply(case=case.ref, body="Hello", then=Status.WAITING)
        await seat.do(reply)
        desk_database.run("UPDATE console.deliveries SET state = 'sending'")
        desk_database.run("UPDATE console.deliveries SET state = 'sent', sent_at = console.now()")
        before = snapshot(desk_database)
        with pytest.raises(StateError, match="already left"):
            await seat.do(Undo(taken_back=reply.id))
    assert snapshot(desk_database) == before


async def test_undo_does_not_overwrite_what_a_colleague_did_since(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat, desk_database.sit_down(OTHER_AGENT) as other:
        case = await seat.new_case()
        claim = Claim(cases=(case.ref,))
        await seat.do(claim)
        await other.do(SetPriority(cases=((await other.case(case.id)).ref,), priority=Priority.URGENT))
        before = snapshot(desk_database)
        with pytest.raises(StateError, match="changed this case since"):
            await seat.do(Undo(taken_back=claim.id))
    assert snapshot(desk_database) == before


async def test_the_same_command_is_taken_back_once(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat:
        case = await seat.new_case()
        claim = Claim(cases=(case.ref,))
        await seat.do(claim)
        await seat.do(Undo(taken_back=claim.id))
        before = snapshot(desk_database)
        with pytest.raises(StateError, match="already taken back"):
            await seat.do(Undo(taken_back=claim.id))
    assert snapshot(desk_database) == before


async def test_an_undo_and_a_drain_cannot_be_taken_back(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat:
        case = await seat.new_case()
        reply = Reply(case=case.ref, body="Hello", then=Status.WAITING)
        await seat.do(reply)
        undo = Undo(taken_back=reply.id)
        await seat.do(undo)
        case = await fresh(seat, case)
        drain = DrainIntake()
        desk_database.answer(seat.platform_id(case))
        await seat.do(drain)
        for command in (undo.id, drain.id):
            with pytest.raises(StateError, match="cannot be taken back"):
                await seat.do(Undo(taken_back=command))
        with pytest.raises(ConsoleError):
            await seat.do(Undo(taken_back=CommandId(new_id())))


async def test_undo_of_a_bulk_action_spares_the_case_that_somebody_changed(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat, desk_database.sit_down(OTHER_AGENT) as other:
        cases = await seat.new_cases([{"subject": f"Case {n}"} for n in range(5)])
        claim = Claim(cases=tuple(case.ref for case in cases))
        await seat.do(claim)
        touched = await other.case(cases[2].id)
        await other.do(SetPriority(cases=(touched.ref,), priority=Priority.URGENT))
        outcome = await seat.do(Undo(taken_back=claim.id))
        assert [skipped.case for skipped in outcome.skipped] == [touched.id]
        assert len(outcome.changed) == 4
        left = await seat.queries.cases([case.id for case in cases])
    assert {case.id for case in left if case.assignee} == {touched.id}


async def test_undo_leaves_alone_what_the_platform_changed_meanwhile_and_says_so(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat:
        case = await seat.new_case()
        ticket = seat.platform_id(case)
        reply = Reply(case=case.ref, body="Hello", then=Status.WAITING)
        await seat.do(reply)
        desk_database.run("UPDATE public.support_tickets SET admin_response = 'By hand' WHERE id = %s", ticket)
        outcome = await seat.do(Undo(taken_back=reply.id))
    assert f"HM-{case.number}" in outcome.words
    assert desk_database.rows(PLATFORM, ticket) == [("open", "By hand", False)]


async def test_a_note_is_never_on_the_platform_and_tells_whom_it_names(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat, desk_database.sit_down(SENIOR) as senior:
        case = await seat.new_case()
        ticket = seat.platform_id(case)
        note = AddNote(case=case.id, body="@mehreen @imani @nobody could you look?")
        await seat.do(note)
        assert [(n.kind, n.sender, n.case) for n in await senior.queries.notices()] == [("mention", "imani", case.id)]
        assert await seat.queries.notices() == []
        await seat.do(Undo(taken_back=note.id))
        [kept] = (await seat.detail(case.id)).notes
    assert kept.retracted
    assert kept.body == note.body
    assert desk_database.rows(ANSWERS, ticket) == []


async def test_an_escalation_keeps_its_reason_in_full_and_tells_the_level(desk_database: DeskDatabase) -> None:
    reason = "The card was charged twice and the bank has opened a dispute. " * 6
    async with desk_database.sit_down() as seat, desk_database.sit_down(SENIOR) as senior:
        case = await seat.new_case()
        await seat.do(Escalate(cases=(case.ref,), to=Level.SENIOR, criterion="billing-dispute", reason=reason))
        assert [n.kind for n in await senior.queries.notices()] == ["escalated"]
        happened = (await seat.detail(case.id)).history[-1]
    assert happened.params["reason"] == reason
    assert happened.params["criterion"] == "billing-dispute"
    assert happened.prior["level"] == 1


async def test_one_refusal_in_a_bulk_action_is_skipped_with_its_reason(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat:
        cases = await seat.new_cases([{}, {}, {}])
        await seat.do(Resolve(cases=(cases[1].ref,)))
        refs = tuple(case.ref for case in await seat.queries.cases([c.id for c in cases]))
        outcome = await seat.do(Claim(cases=refs))
    assert [(s.case, s.reason) for s in outcome.skipped] == [
        (cases[1].id, f"HM-{cases[1].number} is resolved and cannot be claimed.")
    ]
    assert len(outcome.changed) == 2


async def test_a_snoozed_case_is_out_of_sight_until_its_time(desk_database: DeskDatabase) -> None:
    from hotmess_console.domain.views import SNOOZED, TEAM

    async with desk_database.sit_down() as seat:
        case = await seat.new_case()
        now: datetime = await seat.queries.now()
        await seat.do(SnoozeUntil(cases=(case.ref,), until=now + timedelta(hours=2)))
        assert (await seat.queries.page(TEAM.filter)).cases == ()
        assert [c.id for c in (await seat.queries.page(SNOOZED.filter)).cases] == [case.id]
        desk_database.pass_time(hours=3)
        assert [c.id for c in (await seat.queries.page(TEAM.filter)).cases] == [case.id]


async def test_a_merged_case_shows_its_messages_in_the_other_and_comes_back_by_undo(
    desk_database: DeskDatabase,
) -> None:
    async with desk_database.sit_down() as seat:
        part, whole = await seat.new_cases([{"message": "The first half"}, {"message": "The second half"}])
        merge = Merge(cases=(part.ref,), into=whole.id)
        await seat.do(merge)
        assert await seat.queries.cases([part.id]) == []
        said = [m.body for m in (await seat.detail(whole.id)).messages if m.incoming]
        assert said == ["The first half", "The second half"]
        await seat.do(Undo(taken_back=merge.id))
        assert (await seat.case(part.id)).status is Status.OPEN


async def test_what_was_merged_into_a_merged_case_is_shown_and_heard_too(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat:
        first, second, last = await seat.new_cases([{"message": m} for m in ("One", "Two", "Three")])
        await seat.do(Merge(cases=(first.ref,), into=second.id))
        await seat.do(Merge(cases=(second.ref,), into=last.id))
        await seat.do(Reply(case=(await seat.case(last.id)).ref, body="Well?", then=Status.WAITING))
        desk_database.answer(seat.platform_id(first), "Four")
        while not (await seat.drain()).idle:
            pass
        assert [m.body for m in (await seat.detail(last.id)).messages if m.incoming] == ["One", "Two", "Three", "Four"]
        assert (await seat.case(last.id)).status is Status.IN_PROGRESS


async def test_an_open_case_cannot_be_closed_without_being_resolved(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat:
        case = await seat.new_case()
        with pytest.raises(StateError, match="cannot become closed"):
            await seat.do(Close(cases=(case.ref,)))


async def test_half_a_letter_is_refused_in_words(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat:
        case = await seat.new_case()
        for body in ("half \ud83d an emoji", "a nul \x00 byte"):
            with pytest.raises(BadInput):
                await seat.do(Reply(case=case.ref, body=body))
        assert (await seat.case(case.id)).version == case.version
