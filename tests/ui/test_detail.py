"""The detail shows a ticket whole, keeps the reader's place, and asks the window for everything else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtCore import QEvent, Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from hotmess_console.domain.errors import BadInput, Unreachable
from hotmess_console.domain.policy.sla import Clock
from hotmess_console.domain.threads import DeliveryState, Message
from hotmess_console.domain.tickets import TicketDetail
from hotmess_console.domain.values import CaseId, Category, Level, Permission, Priority, Status
from hotmess_console.services.replies import SendAgain
from hotmess_console.ui.details.attachments import AttachmentRow, file_name
from hotmess_console.ui.details.cards import UNVERIFIED, DayRow, ThreadCard
from hotmess_console.ui.details.header import MORE, level_words
from hotmess_console.ui.details.link_sheet import LinkSheet, ask_about
from hotmess_console.ui.details.ticket import TicketDetailPane
from hotmess_console.ui.errors import Notice
from hotmess_console.ui.theme.style import theme
from hotmess_console.ui.widgets.button import Button
from hotmess_console.ui.widgets.chip import Chip
from hotmess_console.ui.widgets.safe_text import SafeLabel
from tests.ui.fakes_details import (
    COLLEAGUE,
    LONDON,
    NOW,
    FakeHost,
    busy_ticket,
    case_of,
    detail,
    file,
    incoming,
    linked,
    note,
    outgoing,
    ticket,
)

pytestmark = pytest.mark.foundation

Run = Callable[[Any], Any]
STALL = 0.2
"""Seconds; a GUI stall may not pass 50 ms on an idle machine, and tests share theirs with others."""


@dataclass
class Shown:
    """A window with the pane in it; `opened` are addresses that went to the browser, `places` the answers to Save."""

    window: QWidget
    host: FakeHost
    pane: TicketDetailPane
    opened: list[str]
    places: list[Path | None]

    def settle(self) -> None:
        for _ in range(200):
            QApplication.processEvents()
            if self.pane.messages.complete:
                return
        raise AssertionError("the thread is never complete")

    def show(self, given: TicketDetail) -> None:
        self.pane.show_ticket(given)
        self.settle()

    def cards(self) -> list[ThreadCard]:
        return self.pane.messages.cards()

    def card(self, number: int) -> ThreadCard:
        return next(card for card in self.cards() if card.row.key == str(UUID(int=number)))

    def chips(self) -> list[str]:
        parts = self.pane.header._chips.findChildren(QWidget)
        seen = [w for w in parts if w.isVisibleTo(self.pane)]
        return [w.text if isinstance(w, Chip) else w.text() for w in seen if isinstance(w, Chip | SafeLabel | Button)]


@pytest.fixture
def shown(qapp: QApplication) -> Iterator[Shown]:
    theme().apply(qapp, "dark")
    window = QWidget()
    window.resize(568, 600)
    host, opened, places = FakeHost(window), list[str](), list[Path | None]()

    async def choose(_window: QWidget, _name: str) -> Path | None:
        return places.pop()

    def browse(url: QUrl) -> bool:
        opened.append(url.toString())
        return True

    pane = TicketDetailPane(host, zone=LONDON, choose_place=choose, open_url=browse, parent=window)
    pane.resize(window.size())
    window.show()
    yield Shown(window, host, pane, opened, places)
    window.close()
    window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def long_thread(count: int, body: str = "A line that somebody wrote. ") -> tuple[Message, ...]:
    return tuple(
        incoming(n, 3_000 - n, body * 3) if n % 2 else outgoing(n, 3_000 - n, body, DeliveryState.SENT)
        for n in range(1, count + 1)
    )


async def until(true: Callable[[], bool]) -> None:
    for _ in range(400):
        if true():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("it never came true")


# the head


def test_the_head_says_what_whose_and_how_pressing(shown: Shown) -> None:
    shown.show(detail(links=(linked(),)))
    assert shown.pane.header.title.text() == "Charged twice for PLUS in November"
    assert shown.chips() == ["HM-10474", "Billing", "L1", "High", "HM-10480"]
    assert shown.pane.header.owner.text() == "Yours"


def test_what_is_special_is_a_chip_of_its_own(shown: Shown) -> None:
    until_later = NOW.replace(hour=9, minute=0)
    given = ticket(language="fr", snoozed_until=until_later, status=Status.RESOLVED, merged_into=CaseId(UUID(int=9)))
    shown.show(detail(given))
    assert shown.chips()[4:] == ["French", "Resolved", "Snoozed until 09:00", "Merged: open the other case"]


@pytest.mark.parametrize(("assignee", "words"), [(None, "Unclaimed"), (COLLEAGUE, "Jo Kerr")])
def test_somebody_elses_case_names_them(shown: Shown, assignee: Any, words: str) -> None:
    shown.show(detail(ticket(assignee=assignee)))
    assert shown.pane.header.owner.text() == words
    assert shown.pane.header.claim.isVisible() is (assignee is None)


def test_the_level_tells_the_manuals_reasons_for_it(shown: Shown) -> None:
    shown.show(detail(ticket(level=Level.SENIOR)))
    level = next(c for c in shown.pane.header._chips.findChildren(Chip) if c.text == "L2")
    assert level.accessibleDescription() == level_words(Level.SENIOR)
    assert "Complex billing disputes" in level_words(Level.SENIOR)


@pytest.mark.parametrize("priority", list(Priority))
def test_each_priority_has_a_glyph_and_a_word(shown: Shown, priority: Priority) -> None:
    shown.show(detail(ticket(priority=priority)))
    chip = next(c for c in shown.pane.header._chips.findChildren(Chip) if c.text == priority.value.capitalize())
    assert chip.icon_name


def test_each_button_starts_the_action_of_its_name(shown: Shown) -> None:
    shown.show(detail(ticket(assignee=None, status=Status.OPEN)))
    for button in (shown.pane.header.claim, shown.pane.header.escalate, shown.pane.pause):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert shown.host.ran == ["ticket.claim", "ticket.escalate", "ticket.wait"]


def test_a_waiting_ticket_can_be_gone_on_with(shown: Shown) -> None:
    clock = ticket().clock
    assert clock is not None
    shown.show(detail(ticket(status=Status.WAITING, clock=clock.paused(NOW))))
    QTest.mouseClick(shown.pane.pause, Qt.MouseButton.LeftButton)
    assert (shown.pane.pause.words(), shown.host.ran) == ("Go on", ["ticket.resume"])


def test_a_button_that_the_role_may_not_press_says_why(shown: Shown) -> None:
    shown.host.granted = frozenset({Permission.TICKET_READ})
    shown.show(detail())
    assert not shown.pane.header.escalate.isEnabled()
    assert shown.pane.header.escalate.accessibleDescription() == "Your role cannot escalate"


def test_the_menu_offers_every_other_action_with_its_key(shown: Shown) -> None:
    shown.show(detail())
    shown.pane.set_keys({"ticket.claim": "C", "ticket.escalate": "Shift+E", "ticket.snooze": "H"})
    shown.pane.header.open_menu()
    menu = shown.pane.header.menu
    assert menu is not None
    assert [entry.text() for entry in menu.actions()] == [
        words + ("\tH" if id == "ticket.snooze" else "") for id, words in MORE
    ]
    menu.actions()[0].trigger()
    menu.close()
    assert shown.host.ran == ["ticket.assign"]
    assert shown.pane.header.escalate.key == "Shift+E"


def test_a_linked_case_opens_through_the_window(shown: Shown, gui: Run) -> None:
    shown.show(detail(links=(linked(),)))
    button = next(b for b in shown.pane.header._chips.findChildren(Button) if b.words() == "HM-10480")

    async def press() -> None:
        QTest.keyClick(button, Qt.Key.Key_Return)
        await until(lambda: bool(shown.host.opened))

    gui(press())
    assert shown.host.opened == [linked().id]


# the clock


def test_the_clock_counts_down_with_the_desks_time(shown: Shown) -> None:
    shown.show(detail())
    shown.pane.tick(NOW.replace(hour=3, minute=20))
    assert shown.pane.clock.words.text() == "Reply overdue 1 min · target missed"


def test_history_without_a_clock_cannot_be_paused(shown: Shown) -> None:
    shown.show(detail(ticket(clock=None)))
    assert not shown.pane.pause.isVisible()


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
    start = perf_counter()
    work()
    return perf_counter() - start


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


# files


def test_a_file_is_a_row_and_never_opened_by_itself(shown: Shown) -> None:
    shown.show(detail(messages=(incoming(1, 3, "Look", attachments=(file(9),)),)))
    row = shown.cards()[0].findChildren(AttachmentRow)[0]
    assert row.accessibleName() == "File statement.png, Picture, 212 kB, held until opened"
    assert shown.opened == []


def test_a_file_is_saved_where_the_person_says(shown: Shown, gui: Run, tmp_path: Path) -> None:
    shown.show(detail(messages=(incoming(1, 3, "Look", attachments=(file(9),)),)))
    shown.host.link.files[str(UUID(int=9))] = b"picture"
    shown.places.append(tmp_path / "mine.png")
    button = shown.cards()[0].findChildren(AttachmentRow)[0].button

    async def press() -> None:
        QTest.keyClick(button, Qt.Key.Key_Return)
        await until(lambda: bool(shown.host.told))

    gui(press())
    assert (tmp_path / "mine.png").read_bytes() == b"picture"
    assert shown.host.told[0].text == "Saved mine.png."


def test_a_place_that_cannot_be_written_to_is_told(shown: Shown, gui: Run, tmp_path: Path) -> None:
    shown.show(detail(messages=(incoming(1, 3, "Look", attachments=(file(9),)),)))
    shown.host.link.files[str(UUID(int=9))] = b"picture"
    shown.places.append(tmp_path / "nowhere" / "mine.png")

    async def press() -> None:
        shown.cards()[0].findChildren(AttachmentRow)[0].button.click()
        await until(lambda: bool(shown.host.told))

    gui(press())
    assert shown.host.told[0].text.startswith("The file was not saved: ")


def test_whoever_changes_their_mind_reads_nothing_from_the_desk(shown: Shown, gui: Run) -> None:
    shown.show(detail(messages=(incoming(1, 3, "Look", attachments=(file(9),)),)))
    shown.places.append(None)

    async def press() -> None:
        shown.cards()[0].findChildren(AttachmentRow)[0].button.click()
        await until(lambda: not shown.places)

    gui(press())
    assert shown.host.told == []


@pytest.mark.parametrize(
    ("given", "offered"),
    [
        ("statement.png", "statement.png"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\.bashrc", "bashrc"),
        ("a\u202egnp.exe", "a_U+202E_gnp.exe"),
        ("con:*?|.txt", "con____.txt"),
        ("", "file"),
        ("...", "file"),
        ("x" * 500 + ".pdf", "x" * 100 + ".pdf"),
    ],
)
def test_a_strangers_file_name_is_made_harmless(given: str, offered: str) -> None:
    assert file_name(given) == offered


# links


def ask(shown: Shown, gui: Run, url: str, press: Callable[[LinkSheet], None]) -> None:
    def browse(target: QUrl) -> bool:
        shown.opened.append(target.toString())
        return True

    async def both() -> None:
        task = asyncio.ensure_future(ask_about(shown.host, url, browse))
        await until(lambda: any(s.isVisible() for s in shown.window.findChildren(LinkSheet)))
        press(next(s for s in shown.window.findChildren(LinkSheet) if s.isVisible()))
        await task

    gui(both())


def test_a_link_asks_first_and_shows_where_it_really_leads(shown: Shown, gui: Run) -> None:
    def press(sheet: LinkSheet) -> None:
        assert sheet.host_label.text() == "xn--pple-43d.example"
        assert shown.window.focusWidget() is sheet.stay
        sheet.go.click()

    ask(shown, gui, "https://аpple.example/login", press)
    assert len(shown.opened) == 1


def test_staying_opens_nothing(shown: Shown, gui: Run) -> None:
    ask(shown, gui, "https://bank.example/", lambda sheet: sheet.stay.click())
    assert shown.opened == []


def test_the_address_can_be_copied_instead(shown: Shown, gui: Run) -> None:
    ask(shown, gui, "https://bank.example/help", lambda sheet: sheet.copy.click())
    assert QApplication.clipboard().text() == "https://bank.example/help"
    assert shown.opened == []


@pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///etc/passwd", "https://", "https://a.example:nn/"])
def test_what_is_no_web_address_is_refused(shown: Shown, gui: Run, url: str) -> None:
    with pytest.raises(BadInput):
        gui(ask_about(shown.host, url, lambda _url: True))


# states


def test_nothing_open_says_what_to_press(shown: Shown) -> None:
    assert shown.pane.empty.isVisible()
    assert "J or K" in shown.pane.empty.keys.text()


def test_while_it_is_read_the_head_is_there_already_and_bars_only_after_a_moment(shown: Shown) -> None:
    shown.pane.show_loading(case_of(ticket()))
    assert shown.pane.header.title.text() == "Charged twice for PLUS in November"
    assert not shown.pane.loading.drawn
    QTest.qWait(200)
    assert shown.pane.loading.drawn
    shown.show(detail(messages=(incoming(1, 1, "x"),)))
    assert shown.pane.messages.isVisible()


def test_loading_the_case_that_is_open_already_leaves_it_in_view(shown: Shown) -> None:
    shown.show(detail(messages=(incoming(1, 1, "x"),)))
    shown.pane.show_loading(case_of(ticket()))
    assert shown.pane.messages.isVisible()


def test_an_error_says_what_is_safe_and_offers_to_try_again(shown: Shown, gui: Run) -> None:
    shown.pane.show_error(Notice("The case could not be read."))
    trouble = shown.pane._trouble
    assert trouble is not None
    assert "drafts are kept" in trouble.words.text()

    async def press() -> None:
        assert trouble.action is not None
        trouble.action.click()
        await until(lambda: shown.host.refreshed == 1)

    gui(press())


def test_the_mask_hides_the_person_everywhere_and_comes_off_again(shown: Shown) -> None:
    given = busy_ticket()
    shown.show(replace(given, ticket=replace(given.ticket, subject="Rowan was charged twice")))
    shown.host.hides_names = True
    shown.pane.refresh_mask()
    shown.settle()
    seen = [w.text() for w in shown.pane.findChildren(SafeLabel) if w.isVisible()]
    seen += [card.text.toPlainText() for card in shown.cards()]
    assert not [words for words in seen if "Rowan" in words or "rowan" in words]
    assert "Person " in shown.pane.header.title.text()
    shown.host.hides_names = False
    shown.pane.refresh_mask()
    assert shown.pane.header.title.text() == "Rowan was charged twice"


def test_what_stands_below_goes_with_the_case(shown: Shown) -> None:
    composer = SafeLabel("Composer")
    shown.pane.add_below(composer)
    assert not composer.isVisible()
    shown.show(detail())
    assert composer.isVisible()


def test_every_state_of_a_ticket_can_be_shown(shown: Shown) -> None:
    clock = Clock(NOW, NOW, NOW)
    for status in Status:
        for category in Category:
            shown.show(detail(ticket(status=status, category=category, clock=clock, version=1)))
            shown.pane.show_empty()
