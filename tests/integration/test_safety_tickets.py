"""Safety tickets through the console's own door: what agents are told, who is told, and how a ticket opens again."""

from __future__ import annotations

from uuid import UUID

import pytest

from hotmess_console.domain.cases import Case
from hotmess_console.domain.errors import BadInput, ConsoleError, NotAllowed, StateError
from hotmess_console.domain.imports import ImportedTicket
from hotmess_console.domain.people import Person
from hotmess_console.domain.policy import guarded
from hotmess_console.domain.values import CaseId, Category, Level, Login, Priority, Status
from hotmess_console.domain.views import QueueFilter
from hotmess_console.services.bus import Command
from hotmess_console.services.importing import ImportTickets
from hotmess_console.services.opening import NewCase, case_of
from hotmess_console.services.replies import AddNote, Reply
from hotmess_console.services.support import Assign, Claim, Escalate, Link, Merge, Resolve, SetCategory
from hotmess_console.services.undo import Undo
from tests.desks import AGENT, MANAGER, OTHER_AGENT, SAFETY, DeskDatabase, Seat

pytestmark = pytest.mark.authority

ONLY_SAFETY = "wren"
FOLLOWED: dict[str, object] = {
    "category": "safety",
    "subject": "Somebody follows me",
    "message": "Since Tuesday",
    "name": "Zora Quill",
}


def notices(database: DeskDatabase, case: Case) -> set[str]:
    """Who was told of a case."""
    return {who for (who,) in database.rows("SELECT recipient FROM console.notices WHERE case_id = %s", case.id)}


def is_guarded(database: DeskDatabase, case: Case) -> bool:
    """What the row says, to the superuser."""
    return bool(database.one("SELECT guarded FROM console.cases WHERE id = %s", case.id))


async def test_an_agent_reads_the_row_and_an_empty_detail_and_never_an_error(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat:
        case = await seat.new_case(**FOLLOWED)
        detail = await seat.detail(case.id)
        assert (case.guarded, case.subject, case.snippet, case.level) == (True, FOLLOWED["subject"], "", Level.SENIOR)
        assert detail.ticket.guarded
        assert detail.ticket.clock is not None
        assert {detail.messages, detail.notes, detail.history, detail.attachments, detail.links} == {()}
        assert await seat.queries.person(case.id) == Person("", None)
        assert [c.guarded for c in await seat.queries.matching(QueueFilter())] == [True]
    async with desk_database.sit_down(ONLY_SAFETY) as safety:
        shown = await safety.case(case.id)
        assert not shown.guarded
        assert [m.body for m in (await safety.detail(case.id)).messages if m.incoming] == ["Since Tuesday"]
        assert (await safety.queries.person(case.id)).name == "Zora Quill"


async def test_everything_that_an_agent_tries_is_refused_in_the_same_words(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat:
        case, other = await seat.new_cases([FOLLOWED, {}])
        tries: list[Command] = [
            Claim(cases=(case.ref,)),
            Resolve(cases=(case.ref,)),
            Assign(cases=(case.ref,), to=Login(SAFETY)),
            SetCategory(cases=(case.ref,), category=Category.GENERAL),
            Reply(case=case.ref, body="Hello"),
            AddNote(case=case.id, body="I know them"),
            Link(one=case.id, other=other.id),
            Merge(cases=(other.ref,), into=case.id),
            Merge(cases=(case.ref,), into=other.id),
        ]
        for command in tries:
            with pytest.raises(NotAllowed) as refused:
                await seat.do(command)
            assert (str(refused.value), refused.value.hint) == (guarded.WORDS, guarded.HINT), command.name
        both = await seat.do(Claim(cases=(case.ref, other.ref)))
        assert both.changed == (other.id,)
        assert [skipped.reason for skipped in both.skipped] == [guarded.WORDS]


async def test_of_many_that_a_manager_gives_to_an_agent_the_guarded_ones_stay_behind(
    desk_database: DeskDatabase,
) -> None:
    async with desk_database.sit_down() as seat:
        guarded_case, plain = await seat.new_cases([FOLLOWED, {}])
    async with desk_database.sit_down(MANAGER) as manager:
        refs = ((await manager.case(guarded_case.id)).ref, plain.ref)
        outcome = await manager.do(Assign(cases=refs, to=Login(OTHER_AGENT)))
        assert outcome.changed == (plain.id,)
        assert [skipped.case for skipped in outcome.skipped] == [guarded_case.id]
        with pytest.raises(NotAllowed, match="does not see safety tickets"):
            await manager.do(Assign(cases=refs[:1], to=Login(OTHER_AGENT)))
        await manager.do(Assign(cases=refs[:1], to=Login(SAFETY)))


async def test_handing_over_tells_safety_takes_the_ticket_out_of_ones_hands_and_is_not_taken_back(
    desk_database: DeskDatabase,
) -> None:
    async with desk_database.sit_down() as seat:
        case = await seat.new_case(message="He is outside")
        await seat.do(Claim(cases=(case.ref,)))
        over = SetCategory(cases=((await seat.case(case.id)).ref,), category=Category.SAFETY)
        await seat.do(over)
        shown = await seat.case(case.id)
        assert (shown.guarded, shown.assignee, shown.status, shown.snippet) == (True, None, Status.OPEN, "")
        assert notices(desk_database, case) == {SAFETY, ONLY_SAFETY}
        with pytest.raises(StateError, match="safety ticket"):
            await seat.do(Undo(taken_back=over.id))
    async with desk_database.sit_down(MANAGER) as manager:
        await manager.do(Undo(taken_back=over.id))
    async with desk_database.sit_down() as seat:
        shown = await seat.case(case.id)
        assert (shown.guarded, shown.category, shown.snippet) == (False, Category.GENERAL, "He is outside")


async def test_a_safety_emergency_becomes_a_safety_ticket_and_other_escalations_do_not(
    desk_database: DeskDatabase,
) -> None:
    async with desk_database.sit_down() as seat:
        one, other = await seat.new_cases([{}, {}])
        for case, criterion in ((one, guarded.CRITERION), (other, "legal")):
            await seat.do(Escalate(cases=(case.ref,), to=Level.MANAGEMENT, criterion=criterion, reason="He has a key"))
        up, plain = await seat.case(one.id), await seat.case(other.id)
        assert (up.guarded, up.category, up.priority) == (True, Category.SAFETY, Priority.URGENT)
        assert up.level is plain.level is Level.MANAGEMENT
        assert not plain.guarded
        assert notices(desk_database, one) == {SAFETY, ONLY_SAFETY, MANAGER}
        assert notices(desk_database, other) == {MANAGER}


async def test_an_answer_of_safetys_opens_it_and_taking_the_answer_back_shuts_it(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down() as seat:
        case = await seat.new_case(**FOLLOWED)
        async with desk_database.sit_down(ONLY_SAFETY) as safety:
            reply = Reply(case=(await safety.case(case.id)).ref, body="Are you safe now?", then=Status.WAITING)
            await safety.do(reply)
            shown = await seat.case(case.id)
            assert (shown.guarded, shown.snippet, shown.assignee) == (False, "Since Tuesday", ONLY_SAFETY)
            assert len((await seat.detail(case.id)).messages) == 3
            assert {c.id for c in await seat.queries.matching(QueueFilter(text="tuesday"))} == {case.id}
            await safety.do(Undo(taken_back=reply.id))
            assert (await safety.case(case.id)).assignee is None
        shown = await seat.case(case.id)
        assert (shown.guarded, shown.snippet) == (True, "")
        assert (await seat.detail(case.id)).messages == ()
        assert list(await seat.queries.matching(QueueFilter(text="tuesday"))) == []


async def test_a_managers_answer_leaves_it_guarded(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down(MANAGER) as manager:
        case = await manager.new_case(**FOLLOWED)
        await manager.do(Reply(case=case.ref, body="Hello"))
    assert is_guarded(desk_database, case)


async def test_safety_alone_gives_it_back_to_agents_by_another_category(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down(ONLY_SAFETY) as safety:
        case = await safety.new_case(**FOLLOWED)
        await safety.do(SetCategory(cases=(case.ref,), category=Category.GENERAL))
    async with desk_database.sit_down() as seat:
        shown = await seat.case(case.id)
        assert (shown.guarded, shown.snippet) == (False, "Since Tuesday")
        await seat.do(Claim(cases=(shown.ref,)))


async def test_an_agents_console_acknowledges_and_sends_and_leaves_what_comes_later_to_safety(
    desk_database: DeskDatabase,
) -> None:
    async with desk_database.sit_down() as seat:
        case = await seat.new_case(**FOLLOWED)
        body = "SELECT body FROM console.messages WHERE kind = 'acknowledgement'"
        assert desk_database.one(body).startswith("Hi Zora,")
        assert f"#HM-{case.number}" in desk_database.one(body)
        ticket = UUID(str(desk_database.one("SELECT platform_id FROM console.tickets")))
        desk_database.answer(ticket, "He is back")
        assert (await seat.drain()).idle
        assert desk_database.rows("SELECT FROM console.intake WHERE source = 'ticket_response'") == [()]
    async with desk_database.sit_down(ONLY_SAFETY) as safety:
        assert not (await safety.drain()).idle
        assert "He is back" in [m.body for m in (await safety.detail(case.id)).messages]
    assert desk_database.one("SELECT count(*) FROM console.intake") == 0


async def test_a_case_about_safety_that_an_agent_opens_goes_to_safety_with_their_words(
    desk_database: DeskDatabase,
) -> None:
    async with desk_database.sit_down() as seat:
        call = NewCase(
            email="zora@example.org",
            subject="A call",
            category=Category.SAFETY,
            body="She rang in tears",
            outgoing=False,
        )
        await seat.do(call)
        case = await seat.case(case_of(call.id))
        assert (case.guarded, case.assignee) == (True, None)
        assert notices(desk_database, case) == {SAFETY, ONLY_SAFETY}
        letter = NewCase(
            email="zora@example.org", subject="A call", category=Category.SAFETY, body="Hello", outgoing=True
        )
        with pytest.raises(BadInput, match="Safety staff write"):
            await seat.do(letter)
        assert "zora" not in str(desk_database.rows("SELECT params FROM console.commands"))
    async with desk_database.sit_down(ONLY_SAFETY) as safety:
        assert [note.body for note in (await safety.detail(case.id)).notes] == ["She rang in tears"]


async def test_a_file_is_imported_once_by_an_agent_whatever_is_guarded_of_it(desk_database: DeskDatabase) -> None:
    row = ImportedTicket(2, 2, "Followed", "Since Tuesday", Category.SAFETY, "en", "zora@example.org", "key-1")
    async with desk_database.sit_down() as seat:
        assert len((await seat.do(ImportTickets(rows=(row,)))).changed) == 1
        assert (await seat.do(ImportTickets(rows=(row,)))).changed == ()


async def test_one_who_may_not_see_it_is_given_none_of_it(desk_database: DeskDatabase) -> None:
    async with desk_database.sit_down(MANAGER) as manager:
        case = await manager.new_case(**FOLLOWED)
        with pytest.raises(ConsoleError, match="does not see safety tickets"):
            await manager.do(Assign(cases=(case.ref,), to=Login(AGENT)))
        await manager.do(Assign(cases=(case.ref,), to=Login(ONLY_SAFETY)))


async def other_cases(seat: Seat, case: CaseId) -> set[str]:
    """The subjects of what the person of a case has with us besides."""
    return {other.subject for other in (await seat.queries.person(case)).cases}


async def test_who_wrote_a_safety_ticket_is_not_told_by_their_other_cases(desk_database: DeskDatabase) -> None:
    same: dict[str, object] = {"user_email": "zora@example.org"}
    async with desk_database.sit_down() as seat:
        _, plain = await seat.new_cases([FOLLOWED | same, {"subject": "A badge", **same}])
        assert await other_cases(seat, plain.id) == set()
    async with desk_database.sit_down(ONLY_SAFETY) as safety:
        assert await other_cases(safety, plain.id) == {"Somebody follows me"}
