"""What people write on the platform becomes a case, once, whoever drains."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from hotmess_console.domain.cases import Case
from hotmess_console.domain.errors import StaleError
from hotmess_console.domain.people import UNVERIFIED
from hotmess_console.domain.values import Category, Level, Priority, Status
from hotmess_console.domain.views import TEAM
from hotmess_console.services.adopting import AdoptHistory
from hotmess_console.services.intake import DrainIntake, Reconcile
from hotmess_console.services.ports import HistoryChoice
from hotmess_console.services.replies import Reply
from hotmess_console.services.support import Merge, Resolve
from tests.desks import MANAGER, DeskDatabase, Seat
from tests.integration.authority.acting import record

pytestmark = pytest.mark.foundation

CASES = "SELECT count(*) FROM console.cases"
ACKNOWLEDGEMENTS = "SELECT count(*) FROM console.deliveries d JOIN console.messages m ON m.id = d.message_id \
WHERE m.kind = 'acknowledgement'"


async def replied(seat: Seat, case: Case, then: Status) -> Case:
    """The case after an answer of ours."""
    await seat.do(Reply(case=case.ref, body="Thank you, we are on it.", then=then))
    while not (await seat.drain()).idle:
        pass
    return await seat.case(case.id)


async def test_a_new_ticket_is_a_case_with_one_acknowledgement_after_one_drain(desk_database: DeskDatabase) -> None:
    ticket = desk_database.ticket(
        subject="Charged twice", category="billing", user_email="ada@example.org", name="Ada L"
    )
    async with desk_database.sit_down() as seat:
        await seat.drain()
        [case] = (await seat.queries.page(TEAM.filter)).cases
    assert (case.subject, case.category, case.priority, case.status) == (
        "Charged twice",
        Category.BILLING,
        Priority.HIGH,
        Status.OPEN,
    )
    assert desk_database.one("SELECT platform_id FROM console.tickets") == ticket
    [(body, subject, address)] = desk_database.rows(
        "SELECT m.body, d.subject, d.to_address FROM console.deliveries d "
        "JOIN console.messages m ON m.id = d.message_id"
    )
    assert f"Ticket ID: #HM-{case.number}" in body
    assert "within 4 hours" in body
    assert body.startswith("Hi Ada,")
    assert subject == f"[HM-{case.number}] Re: Charged twice"
    assert address == "ada@example.org"


async def test_a_safety_ticket_is_urgent_and_at_level_two_whatever_its_row_claims(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat:
        case = await seat.new_case(category="safety", priority="low", status="closed")
    assert (case.priority, case.level, case.status) == (Priority.URGENT, Level.SENIOR, Status.OPEN)


async def test_two_drains_at_once_make_one_case_and_one_acknowledgement(desk_database: DeskDatabase) -> None:
    tickets = [desk_database.ticket(subject=f"Number {n}") for n in range(40)]
    for ticket in tickets[:20]:
        desk_database.answer(ticket)
    async with desk_database.sit_down(size=8) as seat, desk_database.sit_down("rowan", size=8) as other:

        async def drain(at: Seat) -> None:
            for _ in range(6):
                await at.do(DrainIntake())

        await asyncio.gather(*(drain(at) for at in (seat, other) for _ in range(4)))
    assert desk_database.one(CASES) == 40
    assert desk_database.one("SELECT count(DISTINCT platform_id) FROM console.tickets") == 40
    assert desk_database.one(ACKNOWLEDGEMENTS) == 40
    assert desk_database.one("SELECT count(*) FROM console.messages WHERE direction = 'in'") == 60


async def test_while_another_console_drains_there_is_nothing_to_do(desk_database: DeskDatabase) -> None:
    desk_database.ticket()
    async with desk_database.sit_down() as seat:
        with psycopg.connect(desk_database.conninfo()) as busy:
            assert busy.execute("SELECT console.has_turn('the drain')").fetchone() == (True,)
            assert (await seat.drain()).idle
        assert not (await seat.drain()).idle


async def test_an_empty_intake_leaves_no_trace(desk_database: DeskDatabase) -> None:
    before = desk_database.one("SELECT count(*) FROM console.commands")
    async with desk_database.sit_down() as seat:
        assert (await seat.drain()).idle
        assert (await seat.do(Reconcile())).idle
    assert desk_database.one("SELECT count(*) FROM console.commands") == before
    assert desk_database.one("SELECT count(*) FROM console_audit.entries WHERE relation = 'intake'") == 0


async def test_a_reply_wakes_a_waiting_ticket_with_the_time_that_was_left(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat:
        case = await seat.new_case(category="billing")
        desk_database.pass_time(hours=1)
        waiting = await replied(seat, case, Status.WAITING)
        left = (await seat.detail(case.id)).ticket.clock
        assert left is not None
        assert left.left is not None
        assert waiting.due_at is None
        desk_database.pass_time(days=3)
        desk_database.answer(seat.platform_id(case))
        await seat.drain()
        now = await seat.queries.now()
        awake = await seat.case(case.id)
    assert awake.status is Status.IN_PROGRESS
    assert awake.unread
    assert awake.due_at is not None
    assert abs(awake.due_at - now - left.left) < timedelta(seconds=30)
    [(start, end)] = desk_database.rows("SELECT from_at, until_at FROM console.pauses")
    assert timedelta(days=3) <= end - start < timedelta(days=3, minutes=1)


async def test_a_reply_to_a_resolved_ticket_opens_it_here_and_on_the_platform(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat:
        case = await replied(seat, await seat.new_case(), Status.RESOLVED)
        ticket = seat.platform_id(case)
        assert desk_database.rows(
            "SELECT status, resolved_at IS NULL FROM public.support_tickets WHERE id = %s", ticket
        ) == [("resolved", False)]
        desk_database.answer(ticket, "It is broken again.")
        for _ in range(3):  # the change on the platform comes back through the intake and has to change nothing
            await seat.drain()
        assert (await seat.case(case.id)).status is Status.IN_PROGRESS
    assert desk_database.rows(
        "SELECT status, resolved_at IS NULL FROM public.support_tickets WHERE id = %s", ticket
    ) == [("in_progress", True)]


async def test_a_reply_and_a_change_in_one_batch_are_taken_in_together(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat:
        case = await seat.new_case()
        ticket = seat.platform_id(case)
        desk_database.answer(ticket, "One thing more.")
        desk_database.run("UPDATE public.support_tickets SET status = 'resolved' WHERE id = %s", ticket)
        outcome = await seat.drain()
        assert case.id in outcome.changed
        assert (await seat.case(case.id)).status in (Status.OPEN, Status.IN_PROGRESS)
    assert desk_database.one("SELECT count(*) FROM console.intake WHERE source = 'ticket_response'") == 0


async def test_a_reply_on_a_merged_ticket_wakes_the_one_it_went_into(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat:
        part, whole = await seat.new_cases([{"subject": "Part"}, {"subject": "Whole"}])
        ticket = seat.platform_id(part)
        await seat.do(Merge(cases=(part.ref,), into=whole.id))
        whole = await replied(seat, await seat.case(whole.id), Status.WAITING)
        desk_database.answer(ticket, "Here is the answer.")
        await seat.drain()
        awake = await seat.case(whole.id)
        said = [m.body for m in (await seat.detail(whole.id)).messages]
    assert awake.status is Status.IN_PROGRESS
    assert awake.unread
    assert "Here is the answer." in said


async def test_a_row_that_claims_to_be_staff_is_shown_as_unverified(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat:
        case = await seat.new_case()
        desk_database.answer(seat.platform_id(case), "We refunded you, says support.", responder_type="admin")
        await seat.drain()
        [forged] = [m for m in (await seat.detail(case.id)).messages if "refunded" in m.body]
    assert (forged.incoming, forged.author, forged.author_name) == (True, None, UNVERIFIED)


async def test_our_own_reply_does_not_come_back_as_a_strangers(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat:
        case = await replied(seat, await seat.new_case(), Status.WAITING)
        await seat.do(Reconcile())
        await seat.drain()
        messages = (await seat.detail(case.id)).messages
        assert [m.kind for m in messages if m.body.startswith("Thank you, we")] == ["reply"]
        assert (await seat.case(case.id)).status is Status.WAITING


async def test_a_status_set_by_the_web_admin_is_followed(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat:
        case = await seat.new_case()
        ticket = seat.platform_id(case)
        desk_database.run("UPDATE public.support_tickets SET status = 'closed' WHERE id = %s", ticket)
        await seat.drain()
        assert (await seat.case(case.id)).status is Status.RESOLVED
        desk_database.run("UPDATE public.support_tickets SET status = 'open' WHERE id = %s", ticket)
        await seat.drain()
        assert (await seat.case(case.id)).status is Status.OPEN


@pytest.mark.parametrize(
    "row",
    [
        {"subject": "\u200b", "message": "\u200b"},
        {"subject": "", "message": ""},
        {"name": "\u200b\u202e", "subject": "A\nBcc: everyone@example.org"},
        {"name": "x" * 5000, "subject": "s" * 5000, "message": "m" * 300_000},
        {"user_email": "e" * 900 + "@example.org"},
        {"user_email": "no address at all", "category": "other"},
        {"created_at": datetime(2199, 1, 1, tzinfo=UTC)},
        {"message": "[Name] [subject] %s :x {y} $1 \\ ' \" --"},
    ],
    ids=["invisible", "empty", "header in the subject", "endless", "endless address", "no address", "future", "codes"],
)
async def test_nothing_that_a_stranger_writes_stops_the_drain(
    desk_database: DeskDatabase, row: dict[str, object]
) -> None:
    async with desk_database.sit_down() as seat:
        case = await seat.new_case(**row)
        now = await seat.queries.now()
        assert case.opened_at <= now
        assert (await seat.drain()).idle


async def test_strange_attachments_do_not_stop_the_drain(desk_database: DeskDatabase) -> None:
    file = {"url": "https://x/../a\r\nb", "name": "../../etc\\passwd\r\n", "size": -4, "type": 7}
    strange = json.dumps([file, 3, {"name": "x"}])
    async with desk_database.sit_down() as seat:
        case = await seat.new_case()
        desk_database.answer(seat.platform_id(case), attachments=strange)
        await seat.drain()
        [kept] = (await seat.detail(case.id)).attachments
    assert "/" not in kept.filename
    assert "\n" not in kept.filename
    assert kept.media_type == "application/octet-stream"


async def test_a_failing_platform_does_not_stop_what_people_write(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat:
        case = await replied(seat, await seat.new_case(), Status.RESOLVED)
        ticket = seat.platform_id(case)
        desk_database.run(
            "CREATE FUNCTION public.broken() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'fault'; END $$"
        )
        desk_database.answer(ticket, "Once more.")
        desk_database.run(
            "CREATE TRIGGER broken BEFORE UPDATE ON public.support_tickets "
            "FOR EACH ROW EXECUTE FUNCTION public.broken()"
        )
        await seat.drain()
        assert (await seat.case(case.id)).status is Status.IN_PROGRESS


async def test_locked_cases_do_not_make_the_platform_wait(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat:
        await seat.new_cases([{}] * 3)
    with psycopg.connect(desk_database.conninfo("imani")) as console, desk_database.connect() as platform:
        assert len(console.execute("SELECT id FROM console.cases FOR UPDATE").fetchall()) == 3
        record(console)
        console.execute("SELECT console.take_intake(500)")
        platform.execute("SET ROLE service_role")
        platform.execute("SET statement_timeout = '1s'")
        platform.execute(
            "INSERT INTO public.support_tickets (user_email, subject, message) VALUES ('a@example.org', 'New', 'Now')"
        )
    assert desk_database.one("SELECT count(*) FROM console.intake") == 1


async def test_what_a_trigger_missed_is_found_by_reconciling(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat:
        case = await seat.new_case()
        desk_database.run("ALTER TABLE public.support_tickets DISABLE TRIGGER USER")
        desk_database.run("ALTER TABLE public.ticket_responses DISABLE TRIGGER USER")
        desk_database.ticket(subject="Missed")
        desk_database.answer(seat.platform_id(case), "Missed as well")
        assert (await seat.drain()).idle
        assert (await seat.do(Reconcile())).words == "2"
        await seat.drain()
        assert (await seat.do(Reconcile())).idle
    assert desk_database.one("SELECT count(*) FROM console.cases WHERE subject = 'Missed'") == 1
    assert desk_database.one("SELECT count(*) FROM console.messages WHERE body = 'Missed as well'") == 1


async def test_older_tickets_stay_history_until_somebody_writes_on_them(desk_database: DeskDatabase) -> None:
    old = desk_database.ticket(subject="Old", created_at=datetime(2020, 1, 1, tzinfo=UTC))
    async with desk_database.sit_down() as seat:
        await seat.drain()
        assert desk_database.one(CASES) == 0
        desk_database.answer(old, "Does anybody read this?")
        await seat.drain()
    assert desk_database.one(CASES) == 1
    assert desk_database.one(ACKNOWLEDGEMENTS) == 0


async def test_adopting_makes_cases_whose_clocks_start_now_and_writes_to_nobody(desk_database: DeskDatabase) -> None:
    written = datetime(2020, 1, 1, tzinfo=UTC)
    first = desk_database.ticket(subject="Old bill", category="billing", created_at=written)
    desk_database.answer(first, "Hello?", created_at=written + timedelta(hours=1))
    desk_database.ticket(subject="Old idea", category="feedback", created_at=written)
    desk_database.ticket(subject="Done", category="billing", status="closed", created_at=written)
    choice = HistoryChoice(categories=frozenset({Category.BILLING}))
    async with desk_database.sit_down(MANAGER) as seat:
        await seat.drain()
        preview = await seat.queries.adoptable(HistoryChoice())
        assert (preview.total, preview.oldest) == (2, written)
        narrowed = await seat.queries.adoptable(choice)
        assert dict(narrowed.by_category) == {Category.BILLING: 1}
        outcome = await seat.do(AdoptHistory(choice=choice, expected=narrowed.total))
        now = await seat.queries.now()
        [case] = await seat.queries.cases(outcome.changed)
        said = [m.body for m in (await seat.detail(case.id)).messages]
        assert (await seat.queries.adoptable(choice)).total == 0
    assert (case.subject, case.opened_at) == ("Old bill", written)
    assert case.due_at is not None
    assert timedelta(0) <= now + timedelta(hours=4) - case.due_at < timedelta(seconds=30)
    assert said == ["Please help me.", "Hello?"]
    assert desk_database.one("SELECT count(*) FROM console.deliveries") == 0


async def test_more_history_than_the_preview_showed_is_not_adopted(desk_database: DeskDatabase) -> None:
    for _ in range(2):
        desk_database.ticket(created_at=datetime(2020, 1, 1, tzinfo=UTC))
    async with desk_database.sit_down(MANAGER) as seat:
        with pytest.raises(StaleError, match="more such tickets"):
            await seat.do(AdoptHistory(choice=HistoryChoice(), expected=1))
    assert desk_database.one(CASES) == 0


async def test_a_resolved_case_stays_resolved_when_its_own_change_comes_back(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat:
        case = await seat.new_case()
        await seat.do(Resolve(cases=(case.ref,)))
        resolved = await seat.case(case.id)
        while not (await seat.drain()).idle:
            pass
        assert await seat.case(case.id) == resolved
