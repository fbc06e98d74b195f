"""Every dialog is worked by keys alone, says what will happen, and does nothing when it is left by Esc."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from hotmess_console.domain.people import Account
from hotmess_console.domain.values import CommandId, Level, Login
from hotmess_console.services.bus import Outcome
from hotmess_console.services.desk_commands import SeeNotices
from hotmess_console.services.opening import NewCase, case_of
from hotmess_console.services.queries import DeskNotice, Undoable
from hotmess_console.services.undo import Undo
from hotmess_console.ui.dialogs.assign import Assignee, ask_assignee
from hotmess_console.ui.dialogs.choice_list import Choice, ChoiceList
from hotmess_console.ui.dialogs.choose import KeyedSheet, choose, find
from hotmess_console.ui.dialogs.escalate import Step, ask_escalation, ask_return
from hotmess_console.ui.dialogs.find_person import find_person
from hotmess_console.ui.dialogs.merge import OtherCaseSheet, ask_merge
from hotmess_console.ui.dialogs.new_case import NewCaseSheet, open_new_case
from hotmess_console.ui.dialogs.notices import open_notices
from hotmess_console.ui.dialogs.undo_list import open_undo_list
from tests.ui.fakes_composer import (
    JO,
    LENA,
    ME,
    NOW,
    STAFF,
    FakeHost,
    make_detail,
    make_ticket,
    settle,
)
from tests.ui.host_parts import DOWN, ENTER, ESC, TAB, driven, open_sheet, press_each

pytestmark = pytest.mark.foundation
Gui = Callable[[Coroutine[Any, Any, Any]], Any]
LONDON = ZoneInfo("Europe/London")
Keys = tuple[str | Qt.Key, ...]


# ── choosing ──

THREE = [Choice("a", "Apples"), Choice("b", "Bananas"), Choice("c", "Cherries", why_not="none left")]


@pytest.mark.parametrize(
    ("keys", "answer"), [(("2",), "b"), ((DOWN, ENTER), "b"), ((ENTER,), "a"), ((ESC,), None), (("9", ESC), None)]
)
def test_one_of_a_few_is_chosen_by_figure_or_arrows(gui: Gui, host: FakeHost, keys: Keys, answer: object) -> None:
    assert gui(driven(choose(host.window, "Fruit", THREE), *keys)) == answer


@pytest.mark.parametrize(
    ("keys", "answer"),
    [
        (("t", ENTER), "technical"),
        (("b", ENTER), "billing"),
        (("b", "b", ENTER), "business"),
        (("b", "b", "b", ENTER), "billing"),
        (("b", "u", ENTER), "business"),
        (("F", ENTER), "feedback"),
        (("x", ENTER), "general"),
        (("h", ENTER), "feedback"),
        (("t",), None),
    ],
)
def test_a_letter_lights_the_choice_that_begins_with_it_and_enter_takes_it(
    gui: Gui, host: FakeHost, keys: Keys, answer: object
) -> None:
    titles = ("General", "Technical", "Billing", "Business", "Feedback and help")
    choices = [Choice(title.split()[0].lower(), title) for title in titles]
    assert gui(driven(choose(host.window, "Category", choices), *keys, *(() if answer else (ESC,)))) == answer


def test_what_cannot_be_chosen_says_why_and_stays(gui: Gui, host: FakeHost) -> None:
    assert gui(driven(choose(host.window, "Fruit", THREE), "3", ESC)) is None


@pytest.mark.parametrize(("keys", "answer"), [(("ban", ENTER), "b"), (("zzz", ENTER, ESC), None), ((DOWN, ENTER), "b")])
def test_one_of_many_is_found_by_typing(gui: Gui, host: FakeHost, keys: Keys, answer: object) -> None:
    assert gui(driven(find(host.window, "Fruit", THREE), *keys)) == answer


def test_tab_stays_inside_a_sheet_and_reaches_content_before_buttons(gui: Gui, host: FakeHost) -> None:
    async def run() -> list[QWidget]:
        task = asyncio.ensure_future(find(host.window, "Fruit", THREE))
        await settle()
        stops = open_sheet(host).stops()
        press_each(ESC)
        await task
        return stops

    stops: list[QWidget] = gui(run())
    assert isinstance(stops[0], QLineEdit)
    assert [stop.accessibleName() for stop in stops[-2:]] == ["Choose", "Cancel"]


def test_no_label_of_a_sheet_is_ever_a_window_of_its_own(gui: Gui, host: FakeHost) -> None:
    before = {host.window, *QApplication.topLevelWidgets()}
    KeyedSheet(host.window, "Title", "Some words", action="Do it")
    assert [w for w in QApplication.topLevelWidgets() if w.isVisible() and w not in before] == []
    assert host.window.isActiveWindow()


# ── escalate, assign ──


def test_an_escalation_needs_a_figure_one_sentence_and_enter(gui: Gui, host: FakeHost) -> None:
    asking = ask_escalation(host.window, STAFF, ME, what="HM-10482", start=Level.SUPPORT)
    step = gui(driven(asking, "4", "Their solicitor wrote", ENTER))
    assert step == Step(Level.MANAGEMENT, "legal", "Their solicitor wrote")


def test_an_escalation_without_a_reason_goes_nowhere(gui: Gui, host: FakeHost) -> None:
    asking = ask_escalation(host.window, STAFF, ME, what="HM-10482", start=Level.SUPPORT)
    assert gui(driven(asking, "1", ENTER, ESC)) is None


def test_who_will_be_told_is_said_by_name(gui: Gui, host: FakeHost) -> None:
    async def run() -> list[str]:
        task = asyncio.ensure_future(ask_escalation(host.window, STAFF, ME, what="HM-10482", start=Level.SUPPORT))
        await settle()
        sheet: Any = open_sheet(host)
        told = [sheet.told.text()]
        press_each("4")
        told.append(sheet.told.text())
        press_each(ESC)
        await task
        return told

    assert gui(run()) == ["Will be told: Lena Voss.", "Will be told: Ada Osei."]


def test_handing_back_needs_a_lower_level_and_a_reason(gui: Gui, host: FakeHost) -> None:
    asking = ask_return(host.window, what="HM-10482", start=Level.MANAGEMENT)
    assert gui(driven(asking, "2", "Settled with legal", ENTER)) == Step(Level.SUPPORT, "", "Settled with legal")


@pytest.mark.parametrize(("keys", "to"), [(("jo", ENTER), JO), (("lena", ENTER), LENA), (("nobody", ENTER), None)])
def test_a_case_is_given_to_whoever_is_typed(gui: Gui, host: FakeHost, keys: Keys, to: Login | None) -> None:
    assert gui(driven(ask_assignee(host.window, STAFF, ME, what="HM-10482"), *keys)) == Assignee(to)


def test_whoever_has_a_case_already_cannot_be_given_it_again(gui: Gui, host: FakeHost) -> None:
    assert gui(driven(ask_assignee(host.window, STAFF, ME, what="HM-10482", now=JO), "@jo", ENTER, ESC)) is None


# ── merge, find, new case ──


def test_the_other_case_is_found_by_number_and_both_are_shown(gui: Gui, host: FakeHost) -> None:
    first, other = make_detail(), make_detail(make_ticket(10_459, subject="Same charge again"))
    host.queries.add(first, other)

    async def run() -> tuple[object, str]:
        task = asyncio.ensure_future(ask_merge(host, [first.case]))
        await settle()
        press_each("10459")
        await asyncio.sleep(0.2)
        sheet: Any = open_sheet(host)
        assert isinstance(sheet, OtherCaseSheet)
        words = " ".join(label.text() for label in sheet.facts.findChildren(type(sheet.told)))
        press_each(ENTER)
        return await task, words

    answer, words = gui(run())
    assert answer == other.case
    assert "HM-10482 becomes part of HM-10459" in words
    assert "Same charge again" in words


@pytest.mark.parametrize(("keys", "merged"), [((ENTER,), False), (("1",), False), ((ESC,), False), (("2",), True)])
def test_cases_of_two_people_are_merged_only_by_who_says_so(
    gui: Gui, host: FakeHost, keys: tuple[str | Qt.Key, ...], merged: bool
) -> None:
    first = make_detail()
    ines = {"requester_name": "Ines Marlow", "requester_email": "ines@example.org"}
    other = make_detail(make_ticket(10_459, **ines))
    own = [make_detail(make_ticket(number, **ines)) for number in range(1, 25)]
    host.queries.add(first, other, *own)

    async def run() -> object:
        task = asyncio.ensure_future(ask_merge(host, [*(detail.case for detail in own), first.case]))
        await settle()
        press_each("10459")
        await asyncio.sleep(0.2)
        press_each(ENTER)
        await settle(200)
        sheet = open_sheet(host)
        assert sheet.title.text() == "Two different people"
        assert "HM-10482 was written by Rowan Hale, HM-10459 by Ines Marlow." in sheet.words.text()
        press_each(*keys)
        return await asyncio.wait_for(task, 5)

    assert gui(run()) == (other.case if merged else None)


def test_under_the_mask_no_search_shows_a_name_or_an_address(gui: Gui, host: FakeHost) -> None:
    host.queries.people = [account()]
    host.queries.add(make_detail(make_ticket(subject="Mail me at rowan.hale@example.org")))
    host.is_masked = True

    async def shown(opening: Callable[[], Coroutine[Any, Any, None]], typed: str) -> str:
        task = asyncio.ensure_future(opening())
        await settle(20)
        press_each(typed)
        await asyncio.sleep(0.4)
        lists = open_sheet(host).findChildren(ChoiceList)
        rows = [f"{choice.title} {choice.detail}" for found in lists for choice in found.choices()]
        open_sheet(host).cancel()
        await asyncio.wait_for(task, 5)
        return " | ".join(rows)

    async def run() -> None:
        for opening in (lambda: find_person(host), lambda: open_new_case(host)):
            rows = await shown(opening, "sol")
            assert "Person " in rows
            assert not any(word in rows for word in ("Sol", "solb", "sol@", "rowan.hale"))

    gui(run())


def test_a_case_cannot_be_merged_with_itself(gui: Gui, host: FakeHost) -> None:
    first = make_detail()
    assert gui(driven(ask_merge(host, [first.case]), "10482", ENTER, ESC)) is None


def account(email: str | None = "sol@example.org") -> Account:
    return Account(UUID(int=9), email, "Sol Bryce", "solb", None, None, None, None, None, None, None, None)


def test_a_person_without_a_case_is_found_and_gets_one(gui: Gui, host: FakeHost) -> None:
    host.queries.people = [account()]

    async def run() -> None:
        task = asyncio.ensure_future(find_person(host))
        await settle()
        press_each("sol")
        await asyncio.sleep(0.3)
        press_each(ENTER)
        await settle(20)
        press_each(ENTER)
        await settle(20)
        sheet: Any = open_sheet(host)
        assert isinstance(sheet, NewCaseSheet)
        press_each("Your ticket", TAB, TAB, TAB, "Good evening Sol")
        QTest.keyClick(sheet.text, ENTER, Qt.KeyboardModifier.ControlModifier)
        await asyncio.wait_for(task, 5)

    gui(run())
    (command,) = host.desk.sent
    assert isinstance(command, NewCase)
    assert (command.email, command.person, command.account) == ("sol@example.org", "Sol Bryce", UUID(int=9))
    assert (command.subject, command.body, command.outgoing) == ("Your ticket", "Good evening Sol", True)
    assert host.opened == [case_of(CommandId(command.id))]


def test_a_found_case_is_opened(gui: Gui, host: FakeHost) -> None:
    gui(driven(find_person(host), "10482", ENTER))
    assert host.opened == [make_detail().case.id]


def test_a_new_case_wants_an_address_before_it_writes_to_somebody(gui: Gui, host: FakeHost) -> None:
    async def run() -> list[str]:
        task = asyncio.ensure_future(open_new_case(host))
        await settle()
        sheet: Any = open_sheet(host)
        reasons = []
        press_each("nobody")
        reasons.append(sheet.why_not())
        sheet.person.clear()
        press_each("a@example.org", TAB, "Hello", TAB, TAB, TAB)
        reasons.append(sheet.why_not())
        press_each("Hi")
        reasons.append(sheet.why_not())
        press_each(ESC)
        await task
        return reasons

    assert gui(run()) == ["Choose a person, or write an e-mail address.", "Write the first words.", ""]
    assert host.desk.sent == []


# ── undo list, notices ──


def test_the_undo_list_takes_back_the_chosen_deed(gui: Gui, host: FakeHost) -> None:
    ids = [CommandId(UUID(int=n)) for n in (1, 2)]
    host.queries.undo_list = [
        Undoable(ids[0], "ticket.reply", NOW, (), (10_482,), NOW + timedelta(seconds=12)),
        Undoable(ids[1], "ticket.resolve", NOW, (), (1, 2, 3), None),
    ]
    host.desk.answer = lambda command: Outcome(words="")
    gui(driven(open_undo_list(host), "resolve", ENTER))
    (command,) = host.desk.sent
    assert isinstance(command, Undo)
    assert command.taken_back == ids[1]
    assert host.told[-1].text == "Taken back: Resolve on 3 cases."


def test_an_empty_undo_list_says_so(gui: Gui, host: FakeHost) -> None:
    gui(open_undo_list(host))
    assert host.told[-1].text == "There is nothing to take back."


def notice(number: int, kind: str) -> DeskNotice:
    return DeskNotice(str(UUID(int=number)), kind, make_ticket(number).id, number, "Charged twice", JO, NOW)


def test_a_notice_opens_its_case_and_is_seen(gui: Gui, host: FakeHost) -> None:
    host.queries.notice_list = [notice(10_482, "assigned"), notice(10_459, "mention")]
    gui(driven(open_notices(host), "named", ENTER))
    assert host.opened == [make_ticket(10_459).id]
    assert host.desk.sent == [SeeNotices(id=host.desk.sent[0].id, notices=(UUID(int=10_459),))]


def test_all_notices_are_seen_by_one_key(gui: Gui, host: FakeHost) -> None:
    host.queries.notice_list = [notice(10_482, "assigned"), notice(10_459, "mention")]

    async def run() -> None:
        task = asyncio.ensure_future(open_notices(host))
        await settle()
        at = QApplication.focusWidget()
        assert at is not None
        QTest.keyClick(at, ENTER, Qt.KeyboardModifier.ControlModifier)
        await task

    gui(run())
    (command,) = host.desk.sent
    assert isinstance(command, SeeNotices)
    assert len(command.notices) == 2
    assert host.opened == []
