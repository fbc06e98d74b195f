"""Every ticket action has a key, a permission and a reason when it cannot be done; many cases are previewed first."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from hotmess_console.domain.threads import Delivery, DeliveryState
from hotmess_console.domain.values import CaseId, Category, Level, Priority, Status
from hotmess_console.services import support
from hotmess_console.services.addressing import SetRequesterAddress
from hotmess_console.services.bus import Command
from hotmess_console.services.replies import SendAgain
from hotmess_console.ui.actions.all import build_registry
from hotmess_console.ui.actions.registry import Action, refusal
from hotmess_console.ui.actions.tickets import TICKET_ACTIONS
from hotmess_console.ui.theme.icons import names
from tests.ui.fakes_composer import JO, NOW, FakeHost, make_detail, make_ticket, message, settle
from tests.ui.host_parts import ENTER, ESC, carried_out, looking_at, press

pytestmark = pytest.mark.foundation
Gui = Callable[[Coroutine[Any, Any, Any]], Any]
ACTIONS = {action.id: action for action in TICKET_ACTIONS}


# ── the table of actions ──


def test_no_two_actions_of_the_program_share_a_key() -> None:
    keys = [key for action in build_registry() for key in action.keys]
    assert sorted(keys) == sorted(set(keys))


@pytest.mark.parametrize("action", TICKET_ACTIONS, ids=lambda action: action.id)
def test_each_action_has_a_key_an_icon_and_a_title(qapp: QApplication, action: Action) -> None:
    assert action.keys
    assert action.title[0].isupper()
    assert action.icon in names()


@pytest.mark.parametrize(
    ("id", "key"),
    {
        "ticket.reply": "R",
        "template.insert": "T",
        "note.write": "N",
        "ticket.claim": "C",
        "ticket.escalate": "E",
        "ticket.pause": "P",
        "reply.send": "Ctrl+Return",
        "reply.send_wait": "Alt+Return",
        "reply.send_resolve": "Ctrl+Shift+Return",
    }.items(),
)
def test_the_keys_that_people_know_stay_theirs(id: str, key: str) -> None:
    assert ACTIONS[id].keys[0] == key


NEEDS_CASE = [
    a for a in TICKET_ACTIONS if a.id not in ("ticket.new", "person.find", "desk.notices", "message.send_again")
]


@pytest.mark.parametrize("action", NEEDS_CASE, ids=lambda action: action.id)
def test_without_an_open_case_each_says_so(host: FakeHost, action: Action) -> None:
    host.detail, host.chosen = None, ()
    assert refusal(action, host.context()) == "No case is open: choose one in the queue first."


@pytest.mark.parametrize("action", [a for a in TICKET_ACTIONS if a.permission], ids=lambda action: action.id)
def test_a_role_without_the_right_is_told_so(host: FakeHost, action: Action) -> None:
    context = replace(host.context(), permissions=frozenset())
    assert refusal(action, context) == "Your role does not include this."


@pytest.mark.parametrize(
    ("id", "changes", "reason"),
    [
        ("ticket.claim", {"status": Status.RESOLVED}, "HM-10482 is resolved: reopen it first."),
        ("ticket.assign", {"status": Status.CLOSED}, "HM-10482 is closed: reopen it first."),
        ("ticket.release", {"assignee": None}, "HM-10482 is nobody's already."),
        ("ticket.escalate", {"level": Level.MANAGEMENT}, "with management already"),
        ("ticket.return", {}, "HM-10482 is at level 1 already"),
        ("ticket.reopen", {}, "HM-10482 is not resolved: it is still in the queue."),
        ("ticket.close", {}, "HM-10482 is not resolved yet."),
        ("ticket.close", {"status": Status.CLOSED}, "HM-10482 is closed already."),
        ("ticket.pause", {"status": Status.RESOLVED}, "reopen it first"),
        ("ticket.resolve", {"status": Status.RESOLVED}, "reopen it first"),
        ("ticket.wake", {}, "HM-10482 is not snoozed."),
        ("ticket.snooze", {"status": Status.RESOLVED}, "reopen it first"),
        ("ticket.reply", {"requester_email": "x@import.invalid"}, "has no address: it cannot be answered"),
        ("person.address", {}, "HM-10482 has an address already."),
        ("person.address", {"requester_email": "", "merged_into": CaseId(uuid4())}, "was merged into another case"),
        ("ticket.reply", {"merged_into": CaseId(uuid4())}, "was merged into another case"),
        ("ticket.merge", {"merged_into": CaseId(uuid4())}, "was merged into another case"),
        ("ticket.link", {"merged_into": CaseId(uuid4())}, "was merged into another case"),
        ("message.send_again", {}, "No message of this case is waiting or has failed."),
        ("reply.send", {}, "Nothing is being written"),
    ],
)
def test_what_stands_in_the_way_is_said(host: FakeHost, id: str, changes: dict[str, object], reason: str) -> None:
    assert reason in refusal(ACTIONS[id], looking_at(host, **changes))


@pytest.mark.parametrize(
    ("id", "changes"),
    [
        ("ticket.claim", {}),
        ("ticket.release", {}),
        ("ticket.escalate", {}),
        ("ticket.return", {"level": Level.SENIOR}),
        ("ticket.reopen", {"status": Status.RESOLVED}),
        ("ticket.close", {"status": Status.RESOLVED}),
        ("ticket.wake", {"snoozed_until": NOW}),
        ("ticket.reply", {}),
        ("note.write", {"requester_email": ""}),
        ("person.address", {"requester_email": ""}),
        ("person.address", {"requester_email": "x@import.invalid"}),
    ],
)
def test_nothing_stands_in_the_way_where_it_can_be_done(host: FakeHost, id: str, changes: dict[str, object]) -> None:
    assert refusal(ACTIONS[id], looking_at(host, **changes)) == ""


# ── one case ──


@pytest.mark.parametrize(
    ("id", "changes", "command", "words", "leaves"),
    [
        ("ticket.claim", {"assignee": None}, support.Claim, "Claimed HM-10482", False),
        ("ticket.release", {}, support.Assign, "Gave back HM-10482", False),
        ("ticket.take_over", {"assignee": JO}, support.Assign, "Took over HM-10482", False),
        ("ticket.resolve", {}, support.Resolve, "Resolved HM-10482", True),
        ("ticket.reopen", {"status": Status.RESOLVED}, support.Reopen, "Reopened HM-10482", True),
        ("ticket.close", {"status": Status.RESOLVED}, support.Close, "Closed HM-10482", True),
        ("ticket.pause", {}, support.Wait, "Waiting on the person for HM-10482", False),
        ("ticket.pause", {"status": Status.WAITING}, support.Resume, "Resumed HM-10482", False),
        ("ticket.wake", {"snoozed_until": NOW}, support.Wake, "Woke HM-10482", True),
    ],
)
def test_one_key_does_it_to_the_open_case(
    gui: Gui, host: FakeHost, id: str, changes: dict[str, object], command: type[Command], words: str, leaves: bool
) -> None:
    looking_at(host, **changes)
    gui(carried_out(ACTIONS[id], host))
    ((sent, told, gone),) = host.decided
    assert type(sent) is command
    assert told == words
    assert gone == ((host.chosen[0].id,) if leaves else ())


@pytest.mark.parametrize(
    ("id", "keys", "expected"),
    [
        ("ticket.category", ("2",), {"category": Category.TECHNICAL}),
        ("ticket.priority", ("1",), {"priority": Priority.URGENT}),
        ("ticket.assign", ("jo", ENTER), {"to": JO}),
        ("ticket.escalate", ("1",), None),
        ("ticket.snooze", ("1",), {"until": NOW + timedelta(hours=1)}),
    ],
)
def test_what_asks_is_answered_by_keys(
    gui: Gui, host: FakeHost, id: str, keys: tuple[str | Qt.Key, ...], expected: dict[str, object] | None
) -> None:
    async def run() -> None:
        task = asyncio.ensure_future(ACTIONS[id].run(host))
        await settle(20)
        for key in keys:
            press(key)
            await settle()
        if expected is None:
            press("Their bank asks", Qt.KeyboardModifier.NoModifier)
            press(ENTER)
        await asyncio.wait_for(task, 5)

    gui(run())
    ((sent, _, _),) = host.decided
    if expected is None:
        assert isinstance(sent, support.Escalate)
        assert (sent.to, sent.criterion, sent.reason) == (Level.SENIOR, "billing-dispute", "Their bank asks")
    else:
        assert {name: getattr(sent, name) for name in expected} == expected


@pytest.mark.parametrize(
    "id", ["ticket.category", "ticket.assign", "ticket.escalate", "ticket.snooze", "ticket.merge", "ticket.link"]
)
def test_esc_in_a_dialog_changes_nothing(gui: Gui, host: FakeHost, id: str) -> None:
    async def run() -> None:
        task = asyncio.ensure_future(ACTIONS[id].run(host))
        await settle(20)
        press(ESC)
        await asyncio.wait_for(task, 5)

    gui(run())
    assert host.decided == []


def test_stuck_messages_are_sent_again_and_doubtful_ones_only_after_asking(gui: Gui, host: FakeHost) -> None:
    stuck = replace(message("x", incoming=False), delivery=Delivery(DeliveryState.UNKNOWN, "a@example.org", NOW))
    host.detail = make_detail(make_ticket(), stuck)
    action = ACTIONS["message.send_again"]
    assert refusal(action, host.context()) == ""

    async def run(key: str) -> None:
        task = asyncio.ensure_future(action.run(host))
        await settle(20)
        press(key)
        await asyncio.wait_for(task, 5)

    gui(run("2"))
    assert host.desk.sent == []
    gui(run("1"))
    (command,) = host.desk.sent
    assert isinstance(command, SendAgain)
    assert command.messages == (stuck.id,)


# ── a case without an address ──


def test_an_address_is_typed_and_added_by_keys_and_can_be_undone(gui: Gui, host: FakeHost) -> None:
    detail = looking_at(host, requester_email="x@import.invalid").detail
    assert detail is not None

    async def run() -> None:
        task = asyncio.ensure_future(ACTIONS["person.address"].run(host))
        await settle(20)
        press("robin@")
        press(ENTER)  # half an address adds nothing
        await settle(20)
        assert host.decided == []
        press("example.org")
        press(ENTER)
        await asyncio.wait_for(task, 5)

    gui(run())
    [(command, words, *_)] = host.decided
    assert isinstance(command, SetRequesterAddress)
    assert (command.address, command.cases) == ("robin@example.org", (detail.ticket.ref,))
    assert words == "Added an address to HM-10482"
    assert command.undoable


def test_leaving_the_sheet_adds_nothing(gui: Gui, host: FakeHost) -> None:
    looking_at(host, requester_email="")

    async def run() -> None:
        task = asyncio.ensure_future(ACTIONS["person.address"].run(host))
        await settle(20)
        press("robin@example.org")
        press(ESC)
        await asyncio.wait_for(task, 5)

    gui(run())
    assert host.decided == []
