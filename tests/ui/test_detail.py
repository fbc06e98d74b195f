"""The head, the clock and the states of a ticket; everything else is asked of the window."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from hotmess_console.domain.policy.sla import Clock
from hotmess_console.domain.values import CaseId, Category, Level, Permission, Priority, Status
from hotmess_console.ui.details.header import MORE, level_words
from hotmess_console.ui.errors import Notice
from hotmess_console.ui.widgets.button import Button
from hotmess_console.ui.widgets.chip import Chip
from hotmess_console.ui.widgets.safe_text import SafeLabel
from tests.ui.fakes_composer import case_of
from tests.ui.fakes_details import (
    COLLEAGUE,
    NOW,
    busy_ticket,
    detail,
    incoming,
    linked,
    ticket,
)
from tests.ui.shown_detail import Run, Shown, shown_detail, until

pytestmark = pytest.mark.foundation


@pytest.fixture
def shown(qapp: QApplication) -> Iterator[Shown]:
    with shown_detail(qapp) as window:
        yield window


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
    assert shown.host.ran == ["ticket.claim", "ticket.escalate", "ticket.pause"]


def test_a_waiting_ticket_can_be_gone_on_with(shown: Shown) -> None:
    clock = ticket().clock
    assert clock is not None
    shown.show(detail(ticket(status=Status.WAITING, clock=clock.paused(NOW))))
    QTest.mouseClick(shown.pane.pause, Qt.MouseButton.LeftButton)
    assert (shown.pane.pause.words(), shown.host.ran) == ("Go on", ["ticket.pause"])


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


# states


def test_nothing_open_says_what_to_press(shown: Shown) -> None:
    assert shown.pane.empty.isVisible()
    assert "J or K" in shown.pane.empty.keys.text()


def test_while_it_is_read_the_head_is_there_already_and_bars_only_after_a_moment(shown: Shown) -> None:
    shown.pane.show_loading(case_of(ticket(), ""))
    assert shown.pane.header.title.text() == "Charged twice for PLUS in November"
    assert not shown.pane.loading.drawn
    QTest.qWait(200)
    assert shown.pane.loading.drawn
    shown.show(detail(messages=(incoming(1, 1, "x"),)))
    assert shown.pane.messages.isVisible()


def test_loading_the_case_that_is_open_already_leaves_it_in_view(shown: Shown) -> None:
    shown.show(detail(messages=(incoming(1, 1, "x"),)))
    shown.pane.show_loading(case_of(ticket(), ""))
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
