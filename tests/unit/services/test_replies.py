"""Writing on a case: what is refused, what is kept, and what a colleague is told."""

from __future__ import annotations

import copy

import pytest

from hotmess_console.domain.errors import BadInput, StaleError
from hotmess_console.domain.templates import Template
from hotmess_console.domain.values import Category, Login, Status, TemplateId
from hotmess_console.services.ids import part_of
from hotmess_console.services.letters import first_name, values_of
from hotmess_console.services.replies import LARGEST_FILE, LONGEST, AddNote, File, Reply, mail_subject
from tests.unit.services.desk import Desk

pytestmark = pytest.mark.foundation


async def test_a_reply_is_in_the_thread_held_for_the_person_and_on_the_platform() -> None:
    desk = Desk()
    ticket = desk.ticket()
    reply = Reply(case=ticket.ref, body="All is well.", then=Status.WAITING, template="resolution", template_version=2)
    await desk.do(reply)
    [(message, _)] = desk.world.messages.values()
    assert (message.body, message.kind, message.author) == ("All is well.", "reply", "imani")
    assert (message.deliver_to, message.to_name) == ("ada@example.org", "Ada Lovelace")
    assert (message.template, message.template_version) == ("resolution", 2)
    assert desk.world.deliveries == {message.id: "held"}
    assert desk.row(ticket)["admin_response"] == "All is well."
    assert desk.row(ticket)["status"] == "waiting_response"
    assert desk.world.platform_replies == {part_of(reply.id, "reply"): (ticket.platform_id, "All is well.")}
    assert message.source_key == str(part_of(reply.id, "reply"))


async def test_the_first_reply_starts_the_time_to_resolve_and_takes_the_ticket() -> None:
    desk = Desk()
    ticket = desk.ticket()
    desk.world.pass_time(hours=2)
    await desk.do(Reply(case=ticket.ref, body="We look into it."))
    after = desk.now(ticket)
    assert (after.assignee, after.status, after.unread) == ("imani", Status.IN_PROGRESS, False)
    assert after.first_response_at == after.last_outbound_at == desk.world.now
    assert after.clock is not None
    assert after.clock.started_at == desk.world.now


@pytest.mark.parametrize("figure", ["abc", "£9.99", "[amount]"])
async def test_a_wrong_figure_in_a_template_is_refused_whoever_sends_it(figure: str) -> None:
    desk = Desk()
    ticket = desk.ticket()
    words = "Your refund of £[amount] is on its way."
    desk.world.templates = [Template(TemplateId("refund"), "Refund", "support", "en", 1, "Refund", words)]
    with pytest.raises(BadInput):
        await desk.do(Reply(case=ticket.ref, body=words.replace("[amount]", figure), template="refund"))
    assert desk.world.messages == {}
    await desk.do(Reply(case=ticket.ref, body=words.replace("[amount]", "9.99"), template="refund"))
    assert len(desk.world.messages) == 1


async def test_send_and_resolve_is_a_confirmation() -> None:
    desk = Desk()
    ticket = desk.ticket()
    await desk.do(Reply(case=ticket.ref, body="It is fixed.", then=Status.RESOLVED))
    [(message, _)] = desk.world.messages.values()
    assert message.kind == "confirmation"
    assert desk.now(ticket).resolved_at == desk.world.now


@pytest.mark.parametrize("body", ["", "   \n\t", "x" * (LONGEST + 1)])
async def test_an_empty_or_endless_text_is_refused_before_anything_happens(body: str) -> None:
    desk = Desk()
    ticket = desk.ticket()
    before = copy.deepcopy(desk.world)
    for command in (Reply(case=ticket.ref, body=body), AddNote(case=ticket.id, body=body)):
        with pytest.raises(BadInput) as refused:
            await desk.do(command)
        assert refused.value.hint
    assert desk.world == before


async def test_a_file_that_is_too_large_is_refused_and_a_large_one_is_kept() -> None:
    desk = Desk()
    ticket = desk.ticket()
    with pytest.raises(BadInput, match="25 MB"):
        await desk.do(Reply(case=ticket.ref, body="x", files=(File("a", "b/c", bytes(LARGEST_FILE + 1)),)))
    await desk.do(Reply(case=ticket.ref, body="x", files=(File("a", "b/c", bytes(1000)),)))
    [kept] = desk.world.files
    assert (kept.size, kept.case, kept.message in desk.world.messages) == (1000, ticket.id, True)


async def test_a_reply_to_what_has_changed_keeps_the_draft_and_says_so() -> None:
    desk = Desk()
    ticket = desk.ticket()
    await desk.do(Reply(case=ticket.ref, body="One"))
    with pytest.raises(StaleError):
        await desk.do(Reply(case=ticket.ref, body="Two"))
    assert len(desk.world.messages) == 1


@pytest.mark.parametrize("email", ["", "row-1@import.invalid"])
async def test_nobody_writes_to_somebody_without_an_address(email: str) -> None:
    desk = Desk()
    ticket = desk.ticket(email=email)
    with pytest.raises(BadInput, match="no address"):
        await desk.do(Reply(case=ticket.ref, body="Hello"))
    assert desk.world.messages == {}


async def test_a_note_tells_those_it_names_but_not_its_writer_and_stays_here() -> None:
    desk = Desk()
    ticket = desk.ticket()
    await desk.do(AddNote(case=ticket.id, body="@rowan, @Rowan, @imani and @nobody: see ada@mehreen.example"))
    [(case, _, mentions, _)] = desk.world.notes.values()
    assert (case, mentions) == (ticket.id, (Login("rowan"), Login("imani")))
    assert desk.world.notices == [("mention", ticket.id, Login("rowan"))]
    assert desk.world.platform_replies == {}
    assert desk.world.deliveries == {}


def test_the_mails_subject_starts_with_the_number_and_is_one_short_line() -> None:
    from dataclasses import replace

    desk = Desk()
    ticket = desk.ticket()
    assert mail_subject(ticket) == f"[{ticket.reference}] Re: Charged twice"
    hostile = replace(ticket, subject="a\r\nBcc: x@y.z\x0b\u2028" + "é" * 500)
    line = mail_subject(hostile)
    assert line.startswith(f"[{ticket.reference}] Re: a Bcc: x@y.z é")
    assert len(line) <= 200
    assert line.isprintable()


def test_what_looks_empty_is_replaced_by_words_so_that_a_confirmation_can_always_be_written() -> None:
    from dataclasses import replace

    from hotmess_console.domain.policy.sla import MANUAL

    ticket = replace(Desk().ticket(Category.GENERAL), requester_name="\u200b", subject="\u200b\n")
    values = values_of(ticket, MANUAL)
    assert (values["Name"], values["subject"], values["timeframe"]) == ("there", "your message", "24-48 hours")
    assert first_name(replace(ticket, requester_name=" Ada  Lovelace")) == "Ada"
