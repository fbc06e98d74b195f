"""The window around its parts: opening, losing the line, what is told, and how it lets go."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from hotmess_console.domain.errors import Unreachable
from hotmess_console.domain.events import MessagesMoved
from hotmess_console.domain.values import CaseId, Status
from hotmess_console.services.console import Contact
from hotmess_console.services.queries import DeskNotice, SendingState, Undoable
from hotmess_console.services.replies import Reply
from hotmess_console.services.support import Claim
from hotmess_console.services.undo import Undo
from hotmess_console.ui.bridge import Bridge
from hotmess_console.ui.errors import Notice
from hotmess_console.ui.shell import Shell
from hotmess_console.ui.viewmodels.connection import Connection, Mail, span
from tests.ui.fakes_shell import JO, LONDON, NOW, FakeDesk, closed, mine, on_desk, until
from tests.ui.shell_parts import keyboard, open_sheet

pytestmark = pytest.mark.foundation

Gui = Callable[[Coroutine[Any, Any, Any]], Any]


# ── opening ──


def test_until_the_desk_stands_the_window_says_that_it_is_opening_and_draws_bars_after_a_moment(gui: Gui) -> None:
    async def journey() -> None:
        desk = FakeDesk(mine(1))
        shell = Shell(desk.bridge, monotonic=desk.monotonic, zone=LONDON)
        shell.show()
        assert shell.opening.words.text() == "Opening your desk…"
        assert not shell.opening.loading.drawn
        await asyncio.sleep(0.25)
        assert shell.opening.loading.drawn
        assert shell.context().current is None
        # keys and buttons do nothing yet, and break nothing
        QTest.keyClick(shell, Qt.Key.Key_J)
        shell.app_bar.search.click()
        await closed(shell, desk)

    gui(journey())


def test_a_desk_that_cannot_be_opened_says_why_and_can_be_tried_again(gui: Gui) -> None:
    async def journey() -> None:
        desk = FakeDesk(mine(1), refuses=Unreachable("The server does not answer.", hint="Check the network."))
        shell = Shell(desk.bridge, monotonic=desk.monotonic, zone=LONDON)
        shell.show()
        desk.bridge.start()
        await until(lambda: shell.opening.trouble is not None, "it was refused")
        trouble = shell.opening.trouble
        assert trouble is not None
        assert trouble.title.text() == "Your desk cannot be opened"
        assert trouble.words.text() == "The server does not answer. Check the network. Nothing was lost."
        desk.refuses = None
        assert trouble.action is not None
        trouble.action.click()
        await until(lambda: shell.parts is not None, "the desk stands")
        await closed(shell, desk)

    gui(journey())


def test_a_case_can_be_opened_first(gui: Gui) -> None:
    async def journey() -> None:
        desk = FakeDesk(mine(9))
        shell = Shell(desk.bridge, first_case=10_007, monotonic=desk.monotonic, zone=LONDON)
        shell.show()
        desk.bridge.start()

        def is_open() -> bool:
            case = shell.context().current
            return case is not None and case.number == 10_007

        await until(is_open, "the wanted case is open")
        await closed(shell, desk)

    gui(journey())


# ── the line ──


def test_a_lost_line_shows_the_banner_and_reading_stays_possible(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        assert not shell.banners.offline.isVisible()
        assert (shell.status.state.text(), shell.status.age.text()) == ("Connected", "confirmed 0 s ago")
        desk.seconds += 360
        desk.lose()
        await until(shell.banners.offline.isVisible, "the banner is there")
        assert "last answered 6 min ago" in shell.banners.offline.words.text()
        assert "drafts are kept until you close the window" in shell.banners.offline.words.text()
        assert (shell.status.state.text(), shell.status.age.text()) == ("Offline", "last confirmed 6 min ago")
        assert shell.parts is not None
        assert shell.parts.tickets.shown is not None
        assert shell.parts.tickets.model.rowCount() == 3
        desk.queries.broken = None
        desk.bridge.on_contact(Contact(True))
        await until(lambda: not shell.banners.offline.isVisible(), "the banner is gone")

    gui(on_desk(FakeDesk(mine(3)), journey))


def test_silence_counts_as_lost_even_if_nobody_says_so(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        desk.seconds += 14
        shell.tick()
        assert not shell.line.lost
        desk.seconds += 2
        shell.tick()
        assert shell.line.lost
        assert shell.banners.offline.isVisible()

    gui(on_desk(FakeDesk(mine(1)), journey))


def test_a_queue_that_cannot_be_read_says_so_and_is_read_on_request(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        assert shell.parts is not None
        tab = shell.parts.tickets
        desk.lose()
        tab.filter_bar.open_view("Unassigned")
        await until(tab.queue.trouble.isVisible, "the trouble is shown")
        assert tab.queue.trouble.title.text() == "The database cannot be reached."
        desk.queries.broken = None
        assert tab.queue.trouble.action is not None
        tab.queue.trouble.action.click()
        await until(lambda: tab.queue.is_empty, "the queue was read")

    gui(on_desk(FakeDesk(mine(3)), journey))


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "0 s"), (59.9, "59 s"), (60, "1 min"), (3_599, "59 min"), (3_900, "1 h 05")]
)
def test_ages_are_rounded_down(seconds: float, words: str) -> None:
    assert span(seconds) == words


def test_before_the_first_contact_nothing_is_claimed() -> None:
    assert Connection().words(5.0) == ("Connecting", "")
    assert Connection().heard(Contact(False, "refused"), 5.0).words(6.0) == ("Offline", "never reached yet")


# ── mail ──


def test_held_and_failed_mail_and_a_missing_sender_are_told(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        await until(lambda: shell.status.mail.text() == "Nothing held", "the ledger was looked at")
        desk.queries.sending = SendingState(2, 1, 0)
        desk.happen(MessagesMoved((CaseId(UUID(int=1)),)))
        await until(lambda: shell.status.mail.text() == "2 held, 1 failed", "the ledger was looked at again")
        assert shell.status.mail.role == "warn_text"
        desk.bridge.on_sending("Nobody is sending: no mail server is set.")
        await until(lambda: shell.status.mail.text().startswith("Nobody is sending"), "it is told")
        assert shell.status.mail.text() == "Nobody is sending: no mail server is set, 2 held, 1 failed"

    gui(on_desk(FakeDesk(mine(1)), journey))


def test_mail_counts_are_capped() -> None:
    assert Mail(SendingState(1_000, 0, 1)).words() == "999+ held, 1 of unknown fate"


def test_a_reply_offers_its_way_back_as_long_as_it_is_held(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        case = shell.context().current
        assert case is not None
        command = Reply(case=case.ref, body="Hello", then=Status.IN_PROGRESS)
        await shell.decide(command, f"Reply on {case.reference}")
        bar = shell.status.undo
        assert bar.isVisible()
        assert bar.words.text() == "Reply on HM-10001 leaves in"
        assert bar.left.text() == "20 s"
        assert bar.button.key == "Z"
        bar.button.click()
        await until(lambda: isinstance(desk.bus.sent[-1], Undo), "it is taken back")
        await until(lambda: shell.status.told.text() == "Taken back: Reply on HM-10001.", "it is told")

    gui(on_desk(FakeDesk(mine(1)), journey))


def test_the_older_offer_returns_when_the_newer_one_was_taken_back(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        assert shell.parts is not None
        cases = [desk.queries.held[CaseId(UUID(int=number))] for number in (1, 2)]
        await shell.decide(Claim(cases=(cases[0].ref,)), "Claimed HM-10001")
        desk.seconds += 5
        await shell.decide(Claim(cases=(cases[1].ref,)), "Claimed HM-10002")
        await shell.undo()
        assert shell.status.undo.words.text() == "Claimed HM-10001"
        assert shell.status.undo.left.text() == "15 s"

    gui(on_desk(FakeDesk(mine(2)), journey))


# ── what is told ──


def test_an_ignored_key_is_told_for_three_seconds_only(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        shell.tell_ignored("That key came twice.")
        assert shell.status.told.text() == "That key came twice."
        await asyncio.sleep(1.5)
        assert shell.status.told.isVisible()
        await until(lambda: not shell.status.told.isVisible(), "the words are gone")

    gui(on_desk(FakeDesk(mine(1)), journey))


def test_a_bug_is_told_in_a_band_that_stays_until_it_is_dismissed(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        shell.tell(Notice("Something went wrong in the console.", "Your text is kept.", is_bug=True))
        assert shell.banners.trouble.isVisible()
        assert shell.banners.trouble.button is not None
        shell.banners.trouble.button.click()
        assert not shell.banners.trouble.isVisible()

    gui(on_desk(FakeDesk(mine(1)), journey))


def test_time_and_zone_are_named(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        assert shell.status.time.text() == "Mon 23 Nov, 02:31 GMT"
        assert shell.status.who.text() == "Mina Dale · demo"
        desk.seconds += 60
        shell.tick()
        assert shell.status.time.text() == "Mon 23 Nov, 02:32 GMT"

    gui(on_desk(FakeDesk(mine(1)), journey))


def test_the_mask_hides_the_person_and_addresses_everywhere_and_says_so(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        assert shell.parts is not None
        tab = shell.parts.tickets
        desk.change(CaseId(UUID(int=1)), snippet="Write to rowan@example.org instead")
        await until(lambda: "rowan@" in tab.model.row_at(0).snippet, "the row has the address")
        shell.app_bar.mask_button.click()
        assert shell.masked
        assert shell.banners.privacy.isVisible()
        assert shell.status.mask_words.isVisible()
        assert tab.model.row_at(0).snippet == ""
        assert tab.person.who.name.text().startswith("Person ")
        assert shell.banners.privacy.button is not None
        shell.banners.privacy.button.click()
        assert not shell.masked
        assert tab.person.who.name.text() == "Ines Marlow" or not tab.person.who.name.text().startswith("Person ")

    gui(on_desk(FakeDesk(mine(1)), journey))


def test_notices_are_counted_and_lead_to_their_case(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        await until(lambda: shell.app_bar.bell.count == 1, "the bell has its count")
        assert shell.app_bar.bell.accessibleName() == "Notices, 1 new"
        shell.app_bar.bell.click()
        await until(lambda: open_sheet(shell) is not None, "the notices are listed")
        QTest.keyClick(keyboard(), Qt.Key.Key_Return)
        await until(lambda: shell.context().current is not None and shell.context().chosen[0].number == 10_003, "open")

    desk = FakeDesk(mine(4))
    desk.queries.told = [
        DeskNotice(str(UUID(int=9)), "mention", CaseId(UUID(int=3)), 10_003, "Question 3", JO, NOW - timedelta(hours=1))
    ]
    gui(on_desk(desk, journey))


def test_the_undo_list_takes_back_what_is_chosen(gui: Gui) -> None:
    async def journey(shell: Shell, desk: FakeDesk) -> None:
        case = desk.queries.held[CaseId(UUID(int=2))]
        command = Claim(cases=(case.ref,))
        await shell.decide(command, "Claimed HM-10002")
        desk.queries.done = [Undoable(command.id, "ticket.claim", NOW, (case.id,), (10_002,), None)]
        shell.open_undo_list()
        await until(lambda: open_sheet(shell) is not None, "the list is open")
        QTest.keyClick(keyboard(), Qt.Key.Key_Return)
        await until(lambda: shell.status.told.text() == "Taken back: Claim on HM-10002.", "it is taken back")
        assert not shell.status.undo.isVisible()

    gui(on_desk(FakeDesk(mine(3)), journey))


# ── closing ──


def test_the_bridge_can_be_stopped_before_it_was_started(gui: Gui) -> None:
    async def journey() -> None:
        desk = FakeDesk(mine(1))
        bridge = Bridge(desk.open_console)
        bridge.stop()
        desk.bridge.stop()

    gui(journey())
