"""The thread keeps the reader's place, costs nothing by length, and says where each message is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from time import thread_time
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from hotmess_console.domain.errors import Unreachable
from hotmess_console.domain.threads import DeliveryState
from hotmess_console.domain.values import CaseId
from hotmess_console.services.replies import SendAgain
from hotmess_console.ui.details.cards import UNVERIFIED, DayRow
from hotmess_console.ui.errors import Notice
from hotmess_console.ui.widgets.chip import Chip
from hotmess_console.ui.widgets.safe_text import SafeLabel
from tests.ui.fakes_details import (
    NOW,
    busy_ticket,
    detail,
    incoming,
    note,
    outgoing,
    ticket,
)
from tests.ui.shown_detail import Run, Shown, long_thread, shown_detail, until

pytestmark = pytest.mark.foundation

STALL = 0.2
"""Seconds; a GUI stall may not pass 50 ms on an idle machine, and tests share theirs with others."""


@pytest.fixture
def shown(qapp: QApplication) -> Iterator[Shown]:
    with shown_detail(qapp) as window:
        yield window


# the thread


def test_it_starts_at_the_newest_and_builds_only_what_is_near(shown: Shown) -> None:
    shown.show(detail(messages=long_thread(500)))
    assert shown.pane.messages.at_end
    assert shown.cards()[-1].row.key == str(UUID(int=500))
    assert len(shown.cards()) < 60


def test_the_oldest_is_there_when_one_scrolls_to_it(shown: Shown) -> None:
    shown.show(detail(messages=long_thread(500)))
    shown.pane.messages.setFocus()
    QTest.keyClick(shown.pane.messages, Qt.Key.Key_Home)
    shown.settle()
    assert shown.cards()[0].row.key == str(UUID(int=1))
    assert isinstance(shown.pane.messages.childAt(280, 20), DayRow | SafeLabel)


@pytest.mark.parametrize("key", [Qt.Key.Key_Up, Qt.Key.Key_PageUp])
def test_the_keyboard_scrolls_the_thread(shown: Shown, key: Qt.Key) -> None:
    shown.show(detail(messages=long_thread(50)))
    before = shown.pane.messages.verticalScrollBar().value()
    QTest.keyClick(shown.pane.messages, key)
    assert shown.pane.messages.verticalScrollBar().value() < before


def test_nothing_in_view_jumps_while_cards_above_are_built(shown: Shown) -> None:
    shown.show(detail(messages=long_thread(300)))
    bar = shown.pane.messages.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    seen = shown.cards()[len(shown.cards()) // 2]
    QApplication.processEvents()
    place = seen.mapTo(shown.pane, seen.rect().topLeft()).y()
    shown.settle()
    first = shown.pane.messages._anchor()
    assert first is not None
    shown.settle()
    assert shown.pane.messages._anchor() == first
    assert abs(seen.mapTo(shown.pane, seen.rect().topLeft()).y() - place) <= shown.pane.height()


def test_a_newer_version_keeps_the_place_and_announces_what_is_new(shown: Shown) -> None:
    messages = long_thread(200)
    shown.show(detail(messages=messages))
    bar = shown.pane.messages.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    shown.settle()
    place, cards = shown.pane.messages._anchor(), shown.cards()
    shown.show(detail(ticket(version=8), messages=(*messages, incoming(900, 1, "And another thing"))))
    assert shown.pane.messages._anchor() == place
    assert shown.pane.messages.jump.isVisible()
    assert all(card in shown.cards() for card in cards)
    QTest.mouseClick(shown.pane.messages.jump, Qt.MouseButton.LeftButton)
    shown.settle()
    assert shown.card(900).visibleRegion().boundingRect().height() > 0
    assert not shown.pane.messages.jump.isVisible()


def test_whoever_reads_the_newest_sees_the_next_one_at_once(shown: Shown) -> None:
    messages = long_thread(50)
    shown.show(detail(messages=messages))
    shown.show(detail(ticket(version=8), messages=(*messages, incoming(900, 1, "And another thing"))))
    assert shown.pane.messages.at_end
    assert not shown.pane.messages.jump.isVisible()
    assert not shown.card(900).visibleRegion().isEmpty()


def test_a_reading_older_than_the_shown_one_is_ignored(shown: Shown) -> None:
    shown.show(detail(ticket(version=8), messages=(incoming(1, 1, "new"),)))
    shown.show(detail(ticket(version=7), messages=(incoming(1, 1, "old"),)))
    assert shown.cards()[0].text.toPlainText() == "new"


def test_another_ticket_starts_at_its_own_newest(shown: Shown) -> None:
    shown.show(detail(messages=long_thread(100)))
    shown.pane.messages.verticalScrollBar().setValue(0)
    shown.show(detail(ticket(id=CaseId(UUID(int=999))), messages=long_thread(100)))
    assert shown.pane.messages.at_end


def test_a_thread_of_500_times_20000_characters_never_stalls_the_window(shown: Shown) -> None:
    words = "Lorem ipsum dolor sit amet consectetur adipiscing. " * 400
    turns = [timed(lambda: shown.pane.show_ticket(detail(messages=long_thread(500, words[:6_700]))))]
    while not shown.pane.messages.complete:
        turns.append(timed(QApplication.processEvents))
    bar = shown.pane.messages.verticalScrollBar()
    for place in (0, bar.maximum() // 3, bar.maximum() // 2, bar.maximum()):
        turns.append(timed(partial(bar.setValue, place)))
        turns += [timed(QApplication.processEvents) for _ in range(10)]
    assert max(turns) < STALL
    assert sorted(turns)[len(turns) * 9 // 10] < 0.05


def timed(work: Callable[[], object]) -> float:
    start = thread_time()
    work()
    return thread_time() - start


def test_a_long_message_shows_all_of_itself_when_asked(shown: Shown) -> None:
    body = ("word " * 96 + "end\n") * 40 + "word " * 16
    shown.show(detail(messages=(incoming(1, 5, body),)))
    card = shown.cards()[0]
    assert card.unfold.words() == "Show all 19,440 characters"
    folded = card.height()
    QTest.keyClick(card.unfold, Qt.Key.Key_Return)
    shown.settle()
    assert card.text.toPlainText() == body
    assert card.height() > 5 * folded
    QTest.mouseClick(card.unfold, Qt.MouseButton.LeftButton)
    shown.settle()
    assert card.height() == folded


def test_what_was_taken_back_is_struck_and_says_so(shown: Shown) -> None:
    gone = replace(outgoing(1, 1, "Not this", DeliveryState.CANCELLED), retracted=True)
    shown.show(detail(messages=(gone,), notes=(note(2, 1, "Nor this", retracted=True),)))
    assert [card.text.font().strikeOut() for card in shown.cards()] == [True, True]
    assert shown.card(1).state.text() == "Taken back before it was sent"
    assert shown.card(2).state.text() == "Taken back"


def test_a_claim_to_be_staff_is_marked_and_a_plain_message_is_not(shown: Shown) -> None:
    given = (incoming(1, 2, "Your code, please", author_name="HOTMESS Support"), incoming(2, 1, "Hello"))
    shown.show(detail(messages=given))
    marks = [[chip.text for chip in card.findChildren(Chip)] for card in shown.cards()]
    assert marks == [[UNVERIFIED], []]


def test_each_card_is_named_in_one_sentence(shown: Shown) -> None:
    shown.show(busy_ticket())
    for card in shown.cards():
        assert card.accessibleName().count(".") == 1
        assert card.row.author in card.accessibleName()


def test_a_held_message_counts_down_in_place(shown: Shown) -> None:
    shown.show(detail(messages=(outgoing(1, 0, "x", DeliveryState.HELD),)))
    card = shown.cards()[0]
    assert card.state.text() == "Held 14 s"
    shown.pane.tick(NOW.replace(second=9))
    assert card.state.text() == "Held 5 s"
    assert shown.cards()[0] is card


def test_a_failed_message_is_sent_again_through_the_desk(shown: Shown, gui: Run) -> None:
    shown.show(detail(messages=(outgoing(5, 3, "x", DeliveryState.FAILED, error="mailbox full"),)))
    again = shown.cards()[0].again

    async def press() -> None:
        QTest.keyClick(again, Qt.Key.Key_Return)
        assert again.words() == "working"
        await until(lambda: bool(shown.host.told))

    gui(press())
    sent = shown.host.link.sent[0]
    assert isinstance(sent, SendAgain)
    assert (sent.case, sent.messages) == (ticket().id, (UUID(int=5),))
    assert again.words() == "Send again"


def test_a_refusal_to_send_again_is_told_and_the_button_comes_back(shown: Shown, gui: Run) -> None:
    shown.show(detail(messages=(outgoing(5, 3, "x", DeliveryState.FAILED),)))
    shown.host.link.fails = Unreachable("No connection.", hint="Wait.")
    again = shown.cards()[0].again

    async def press() -> None:
        again.click()
        await until(lambda: bool(shown.host.told))

    gui(press())
    assert shown.host.told == [Notice("No connection.", "Wait.")]
    assert not again.working


def test_a_message_that_was_sent_offers_nothing_to_press(shown: Shown) -> None:
    shown.show(detail(messages=(outgoing(1, 3, "x", DeliveryState.SENT),)))
    assert not shown.cards()[0].again.isVisible()


def test_tab_walks_the_thread_in_reading_order(shown: Shown) -> None:
    shown.show(detail(messages=tuple(incoming(n, 10 - n, f"Message {n}") for n in range(1, 5))))
    shown.pane.messages.setFocus()
    walked = []
    for _ in range(4):
        QTest.keyClick(shown.window.focusWidget(), Qt.Key.Key_Tab)
        walked.append(shown.window.focusWidget().accessibleName())
    assert walked == [f"Message {n}" for n in range(1, 5)]
    QTest.keyClick(shown.window.focusWidget(), Qt.Key.Key_Tab)
    assert not shown.pane.messages.isAncestorOf(shown.window.focusWidget())
