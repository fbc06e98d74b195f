"""The person pane says what is known, leaves out what is not, and tells what happened."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from hotmess_console.domain.people import Account, Person
from hotmess_console.domain.tickets import TicketDetail
from hotmess_console.domain.values import CaseId
from hotmess_console.ui.details.address import AddressLine
from hotmess_console.ui.details.history import HistorySheet
from hotmess_console.ui.details.person import SHOWN_EVENTS, PersonPane
from hotmess_console.ui.theme.style import theme
from hotmess_console.ui.viewmodels.mask import HIDDEN_ADDRESS
from hotmess_console.ui.viewmodels.person_facts import UNREACHABLE, Fact, facts_of, under_name
from hotmess_console.ui.widgets.safe_text import SafeLabel
from tests.ui.fakes_details import LONDON, NOW, FakeHost, ago, busy_ticket, detail, happened, rowan, ticket

pytestmark = pytest.mark.foundation

Run = Callable[[Any], Any]
NOBODY_KNOWN = Account(UUID(int=1), None, None, None, None, None, None, None, None, None, None, None)


@pytest.fixture
def pane(qapp: QApplication) -> Iterator[PersonPane]:
    theme().apply(qapp, "dark")
    window = QWidget()
    window.resize(700, 700)
    made = PersonPane(FakeHost(window), zone=LONDON, parent=window)
    made.resize(256, 700)
    window.show()
    yield made
    window.close()
    window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def host(pane: PersonPane) -> FakeHost:
    assert isinstance(pane._host, FakeHost)
    return pane._host


def seen(pane: PersonPane) -> list[str]:
    return [label.text() for label in pane.findChildren(SafeLabel) if label.isVisible()]


def facts(person: Person, **also: Any) -> list[Fact]:
    return facts_of(person, NOW, LONDON, **{"masked": False, **also})


def many_events() -> TicketDetail:
    return detail(history=tuple(happened(n, 100 - n, "ticket.claim") for n in range(1, 41)))


async def until(true: Callable[[], bool]) -> None:
    for _ in range(200):
        if true():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("it never came true")


def test_all_that_is_known_stands_in_its_fixed_order() -> None:
    assert facts(rowan(), language="fr") == [
        Fact("Tier", "", "PLUS"),
        Fact("Paid until", "21 December 2026"),
        Fact("Since", "14 March 2025"),
        Fact("Last seen", "02:01"),
        Fact("Verified", "Yes"),
        Fact("Email", "rowan.hale@example.org"),
        Fact("City", "London"),
        Fact("Writes in", "French"),
    ]


def test_what_the_platform_does_not_say_has_no_row() -> None:
    assert facts(rowan(account=NOBODY_KNOWN)) == [Fact("Email", "rowan.hale@example.org")]
    assert facts(rowan(account=None, email=None)) == []


@pytest.mark.parametrize(
    ("status", "words"),
    [("active", ""), ("past_due", "payment overdue"), ("canceled", "cancelled"), ("odd_one", "odd one"), (None, "")],
)
def test_the_tier_says_where_it_stands(status: str | None, words: str) -> None:
    account = rowan().account
    assert account is not None
    assert facts(rowan(account=replace(account, tier_status=status)))[0] == Fact("Tier", words, "PLUS")


def test_a_tier_that_is_over_says_when_it_ended() -> None:
    account = rowan().account
    assert account is not None
    ended = facts(rowan(account=replace(account, tier_ends_at=ago(60 * 24 * 3))))[1]
    assert ended == Fact("Ended", "20 November 2026")


def test_not_being_verified_is_known_and_not_the_same_as_unknown() -> None:
    account = rowan().account
    assert account is not None
    assert Fact("Verified", "Not yet") in facts(rowan(account=replace(account, verified=False)))
    assert "Verified" not in [f.label for f in facts(rowan(account=replace(account, verified=None)))]


@pytest.mark.parametrize(
    ("person", "masked", "words"),
    [
        (rowan(), False, "@rowanh · they/them"),
        (rowan(), True, "Masked"),
        (rowan(account=None), False, "Not found on the platform"),
        (rowan(account=None, email=None), False, ""),
        (rowan(account=NOBODY_KNOWN), False, ""),
    ],
)
def test_below_the_name_stands_what_helps_to_tell_who_it_is(person: Person, masked: bool, words: str) -> None:
    assert under_name(person, masked) == words


def test_the_pane_shows_name_facts_open_cases_and_events(pane: PersonPane) -> None:
    pane.show_person(rowan(), busy_ticket())
    shown = seen(pane)
    for words in (
        "Rowan Hale",
        "@rowanh · they/them",
        "rowan.hale@example.org",
        "The payment review",
        "Clock ran again",
    ):
        assert words in shown
    assert "Map would not load" not in shown


@pytest.mark.parametrize("email", [None, "", "r1@import.invalid"])
def test_somebody_without_an_address_cannot_be_answered_and_it_says_so(pane: PersonPane, email: str | None) -> None:
    pane.show_person(rowan(email=email), detail())
    assert pane.unreachable.isVisible()
    assert pane.unreachable.text == UNREACHABLE
    assert "import.invalid" not in " ".join(seen(pane))


def test_somebody_with_an_address_has_no_such_mark(pane: PersonPane) -> None:
    pane.show_person(rowan(), detail())
    assert not pane.unreachable.isVisible()


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Space])
def test_another_case_opens_by_key(pane: PersonPane, gui: Run, key: Qt.Key) -> None:
    pane.show_person(rowan(), detail())

    async def press() -> None:
        QTest.keyClick(pane.case_rows[0], key)
        await until(lambda: bool(host(pane).opened))

    gui(press())
    assert host(pane).opened == [CaseId(UUID(int=480))]


def test_without_other_open_cases_there_is_no_heading_for_them(pane: PersonPane) -> None:
    pane.show_person(rowan(cases=()), detail())
    assert not pane.also.isVisible()


def test_many_other_cases_are_counted_and_the_rest_is_named(pane: PersonPane) -> None:
    other = rowan().cases[0]
    pane.show_person(rowan(cases=tuple(replace(other, number=n) for n in range(12))), detail())
    assert pane.also.note.text() == "12"
    assert "and 7 more: search for the address" in seen(pane)


def test_what_was_taken_back_is_struck_through(pane: PersonPane) -> None:
    pane.show_person(rowan(), busy_ticket())
    struck = [label.text() for label in pane.timeline.findChildren(SafeLabel) if label.font().strikeOut()]
    assert struck == ["Priority: Urgent"]


def test_a_long_history_is_on_a_sheet_of_its_own(pane: PersonPane, gui: Run) -> None:
    pane.show_person(rowan(), many_events())
    assert pane.all_events.isVisible()
    assert len(pane.history) == 41

    async def press() -> None:
        QTest.keyClick(pane.all_events, Qt.Key.Key_Return)
        await until(lambda: bool(host(pane).window.findChildren(HistorySheet)))
        sheet = host(pane).window.findChildren(HistorySheet)[0]
        assert len([w for w in sheet.timeline.findChildren(SafeLabel) if w.text() == "Claimed"]) == 40
        QTest.keyClick(sheet, Qt.Key.Key_Escape)
        assert not sheet.isVisible()

    gui(press())


def test_a_short_history_needs_no_sheet(pane: PersonPane) -> None:
    pane.show_person(rowan(), detail(history=(happened(1, 5, "ticket.claim"),)))
    assert not pane.all_events.isVisible()
    assert len(pane.history) < SHOWN_EVENTS


def test_folded_away_only_the_face_is_left(pane: PersonPane) -> None:
    pane.show_person(rowan(), detail())
    asked: list[bool] = []
    pane.fold_asked.connect(asked.append)
    QTest.mouseClick(pane.fold, Qt.MouseButton.LeftButton)
    pane.set_folded(True)
    assert seen(pane) == []
    assert pane.rail_avatar.isVisible()
    assert pane.maximumWidth() == 40
    QTest.mouseClick(pane.unfold, Qt.MouseButton.LeftButton)
    pane.set_folded(False)
    assert asked == [True, False]
    assert "Rowan Hale" in seen(pane)


def test_nobody_is_shown_as_nobody(pane: PersonPane) -> None:
    pane.show_person(rowan(), detail())
    pane.clear()
    assert seen(pane) == []


def test_the_mask_hides_name_handle_address_and_city(pane: PersonPane) -> None:
    host(pane).hides_names = True
    cases = (replace(rowan().cases[0], subject="Rowan Hale again"),)
    pane.show_person(rowan(cases=cases), detail(ticket()))
    shown = " ".join(seen(pane))
    for secret in ("Rowan", "Hale", "rowanh", "example.org", "London"):
        assert secret not in shown
    assert HIDDEN_ADDRESS in shown
    assert pane.who.avatar.masked
    host(pane).hides_names = False
    pane.refresh_mask()
    assert "Rowan Hale" in seen(pane)


def test_a_long_address_goes_on_at_a_dot_or_an_at_sign_and_is_copied_whole(pane: PersonPane) -> None:
    address = "alexandrine.vanderbilt-oosterhout@correspondence.example.org"
    pane.show_person(rowan(email=address), detail())
    QApplication.processEvents()
    [line] = pane.findChildren(AddressLine)
    assert line.words.text() == address
    words = line.words
    _width, _height, layout = words._layout_for(words.contentsRect().width())
    assert layout.lineCount() > 1
    starts = [layout.lineAt(n).textStart() for n in range(1, layout.lineCount())]
    assert all(layout.text()[at] in "@." or layout.text()[at - 1] == "-" for at in starts), layout.text()
    assert words.height() >= words.heightForWidth(words.width())
    line.copy.click()
    assert QApplication.clipboard().text() == address


def test_a_masked_address_cannot_be_copied(pane: PersonPane) -> None:
    host(pane).hides_names = True
    pane.show_person(rowan(), detail())
    assert pane.findChildren(AddressLine) == []


def test_somebody_imported_without_an_address_is_named_so_and_cannot_be_answered(pane: PersonPane) -> None:
    pane.show_person(Person("", "9f1c22ab90dd01e7@import.invalid"), detail())
    assert pane.who.name.text().startswith("Imported ")
    assert "No address was given" in seen(pane)
    assert pane.unreachable.isVisible()
    assert not any("import.invalid" in words or "9f1c" in words for words in seen(pane))
