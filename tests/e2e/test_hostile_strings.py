"""Strangers' words go in from a file and through queue, detail, template, composer and search as text and no more."""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from functools import partial
from time import thread_time
from typing import Any
from uuid import UUID

import pytest
import qasync
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from hotmess_console.adapters.mail.letter import compose
from hotmess_console.adapters.store.embedded import Server
from hotmess_console.domain.cases import Case
from hotmess_console.domain.policy.sla import MANUAL
from hotmess_console.domain.safe_text import clean, clean_line, links
from hotmess_console.domain.templates import Template, fill
from hotmess_console.domain.tickets import TicketDetail
from hotmess_console.domain.values import MessageId, TemplateId
from hotmess_console.services.letters import values_of
from hotmess_console.services.replies import mail_subject
from hotmess_console.services.sending import Letter
from hotmess_console.ui.details.tickets import TicketDetailPane
from hotmess_console.ui.theme import fonts
from hotmess_console.ui.theme.style import theme
from hotmess_console.ui.theme.tokens import DARK
from hotmess_console.ui.widgets.message_text import displayed
from hotmess_console.ui.widgets.queue_delegate import QueueDelegate
from hotmess_console.ui.widgets.queue_list import QueueList
from tests.e2e.hostile_desk import Hostile, as_stored, hostile_desk, printable_part
from tests.e2e.watchdog import STALL, Watchdog
from tests.ui import fakes_details
from tests.ui.composer_window import Desk
from tests.ui.queue_samples import make_case, make_model, words
from tests.ui.test_queue_pictures import escaped_picture, paint_row, share_that_differs
from tests.ui.test_safe_text import drawn_from_markup, escaped, from_the_left, ink, label_shot, message_shot

pytestmark = [pytest.mark.foundation, pytest.mark.timeout(1_800)]

Gui = Callable[[Coroutine[Any, Any, Any]], Any]
SCREEN = 12
"""Rows on one screen of the queue."""
FOLDED = 400
"""A message longer than this may be folded; the card then offers the rest."""
LETTER = Template(
    TemplateId("proof"),
    "Proof",
    "support",
    "en",
    1,
    "About [subject]",
    "Hi [Name],\n\nAbout “[subject]” (#[ID]):\n[Details of resolution]\n\nBye",
)


@pytest.fixture(
    scope="module", params=[pytest.param(600, id="600"), pytest.param(10_000, id="10,000", marks=pytest.mark.slow)]
)
def hostile(request: pytest.FixtureRequest, cluster: Server, desk_template: str) -> Iterator[Hostile]:
    with hostile_desk(cluster, desk_template, request.param) as made:
        yield made


@pytest.fixture
def gui(qapp: QApplication) -> Iterator[Gui]:
    """Runs a coroutine on the window's own loop, as the program does."""
    fonts.load_fonts()
    theme().apply(qapp, "dark")
    qapp.setQuitOnLastWindowClosed(False)
    loop = qasync.QEventLoop(qapp)
    asyncio.set_event_loop(loop)
    yield loop.run_until_complete
    asyncio.set_event_loop(None)
    loop.close()


# ── import and search ──


def test_each_becomes_a_case_with_every_character_kept(hostile: Hostile) -> None:
    assert len(hostile.numbers) == len(set(hostile.numbers)) == len(hostile.payloads)
    stored = {
        number: (subject, body)
        for number, subject, body in hostile.database.rows(
            "SELECT c.number, c.subject, m.body FROM console.cases c JOIN console.messages m ON m.case_id = c.id"
        )
    }
    for number, text in zip(hostile.numbers, hostile.payloads, strict=True):
        subject, body = stored[number]
        assert body == as_stored(text), ascii(text[:80])
        line = " ".join(as_stored(text).split())
        assert subject == line or (len(subject) >= 200 and line.startswith(subject)), ascii(text[:80])


def test_each_is_in_the_queue_once_and_its_thread_says_what_was_written(hostile: Hostile) -> None:
    assert sorted(case.number for case in hostile.queue) == sorted(hostile.numbers)
    for detail, text in zip(hostile.details, hostile.payloads, strict=True):
        assert [message.body for message in detail.messages] == [as_stored(text)]


def test_each_is_found_by_its_number_and_a_literal_part_of_it_and_nothing_else_is(hostile: Hostile) -> None:
    assert [row for row in hostile.searched if row[2] != [row[1]]] == []
    # nearly all have such a part: blanks and controls alone do not
    with_part = sum(len(searched.split()) > 1 for searched, _, _ in hostile.searched)
    assert with_part > 0.95 * len(hostile.payloads)


def test_nobody_was_written_to(hostile: Hostile) -> None:
    assert hostile.database.one("SELECT count(*) FROM console.deliveries") == 0


# ── window ──


def test_the_watchdog_barks_at_a_turn_that_works_too_long(gui: Gui) -> None:
    async def busy(seconds: float) -> None:
        await asyncio.sleep(0)
        end = thread_time() + seconds
        while thread_time() < end:
            pass
        await asyncio.sleep(0)

    async def journey() -> Watchdog:
        watchdog = Watchdog()
        await watchdog.follow("short", partial(busy, STALL / 4))
        await watchdog.follow("long", partial(busy, STALL * 1.5))
        return watchdog

    assert [what for what, _ in gui(journey()).slow] == ["'long'"]


def test_the_queue_paints_every_one_without_a_stall(hostile: Hostile, gui: Gui) -> None:
    async def paint(cases: list[Case]) -> None:
        view = QueueList(make_model(cases), DARK, clock=lambda: 0.0)
        view.resize(456, SCREEN * 56 + 20)
        view.show()
        await asyncio.sleep(0)
        assert not view.grab().isNull()
        await asyncio.sleep(0)
        for row in range(len(cases)):
            spoken = view.model().index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole)
            assert cases[row].reference in spoken
        view.close()
        view.deleteLater()
        await asyncio.sleep(0)

    async def journey() -> Watchdog:
        watchdog = Watchdog()
        for start in range(0, len(hostile.queue), SCREEN):
            screen = hostile.queue[start : start + SCREEN]
            await watchdog.follow(screen[0].subject, partial(paint, screen))
        return watchdog

    watchdog = gui(journey())
    print(f"queue: {len(hostile.queue):,} rows, {watchdog}")
    assert watchdog.slow == []


class DetailWindow(QWidget):
    """The detail pane alone in a window."""

    def __init__(self) -> None:
        super().__init__()
        self.resize(568, 680)
        self.pane = TicketDetailPane(fakes_details.FakeHost(self), zone=fakes_details.LONDON)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.pane)

    async def show_case(self, detail: TicketDetail) -> None:
        self.pane.show_empty()
        self.pane.show_ticket(detail)
        for _ in range(500):
            await asyncio.sleep(0)
            if self.pane.messages.complete:
                return
        raise AssertionError("the thread is never complete")


def test_the_detail_shows_every_one_as_it_was_written_without_a_stall(hostile: Hostile, gui: Gui) -> None:
    async def journey() -> Watchdog:
        watchdog, window = Watchdog(), DetailWindow()
        window.show()
        await window.show_case(fakes_details.detail())
        for detail in hostile.details:
            text = detail.messages[0].body
            await watchdog.follow(text, partial(window.show_case, detail))
            [card] = window.pane.messages.cards()
            whole, folded = displayed(text)[0].replace("\xa0", " "), card.text.toPlainText().removesuffix(" …")
            assert whole.startswith(folded), ascii(text)
            assert folded == whole or len(folded) > FOLDED, ascii(text)
            assert window.pane.header.title.text() == clean_line(detail.ticket.subject), ascii(text)
        window.close()
        window.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        return watchdog

    watchdog = gui(journey())
    print(f"detail: {len(hostile.details):,} threads, {watchdog}")
    assert watchdog.slow == []


def in_a_document(text: str) -> str:
    """The text as Qt's editors hand it back: they keep two noncharacters for themselves, as ends of lines."""
    return text.replace("\xa0", " ").replace("\ufdd0", "\n").replace("\ufdd1", "\n")


MOST_DRAFTS = 500
"""Drafts that one window keeps here: every letter stays one, and nobody leaves thousands of them unsent."""


def letter_desk() -> Desk:
    desk = Desk()
    desk.host.queries.template_list = [LETTER]
    return desk


def close(desk: Desk) -> None:
    desk.window.close()
    desk.window.deleteLater()


def test_a_template_filled_with_it_reaches_the_composer_without_a_stall(hostile: Hostile, gui: Gui) -> None:
    async def begin(desk: Desk, detail: TicketDetail) -> None:
        desk.composer.set_case(None)
        desk.composer.set_case(detail)
        desk.composer.editor.setPlainText("")  # a second try begins anew, not behind the kept draft of the first
        await desk.reply_with("proof")
        desk.composer.check_now()

    async def journey() -> Watchdog:
        watchdog, desk = Watchdog(), letter_desk()
        for done, detail in enumerate(hostile.details):
            if done and done % MOST_DRAFTS == 0:
                close(desk)
                desk = letter_desk()
            reachable = replace(detail, ticket=replace(detail.ticket, requester_email="robin@example.org"))
            await watchdog.follow(detail.case.subject, partial(begin, desk, reachable))
            expected = fill(LETTER, values_of(detail.ticket, MANUAL)).preview()
            assert desk.composer.text() == in_a_document(expected), ascii(expected)
            assert "Details of resolution" in desk.composer.verdict.words
        close(desk)
        return watchdog

    watchdog = gui(journey())
    print(f"composer: {len(hostile.details):,} letters, {watchdog}")
    assert watchdog.slow == []


# ── letters ──


def letters(text: str) -> str:
    """Letters, figures and signs: what a person sees, without blanks, controls and joiners."""
    return "".join(char for char in text if unicodedata.category(char)[0] in "LNPS")


def test_a_value_is_never_expanded_again_and_never_ends_a_line_or_a_header(hostile: Hostile) -> None:
    for detail, text in zip(hostile.details, hostile.payloads, strict=True):
        filled = fill(LETTER, {**values_of(detail.ticket, MANUAL), "Details of resolution": text})
        value, free = filled.segments[3].text, filled.segments[7].text
        assert [segment.slot for segment in filled.segments] == [
            "", "Name", "", "subject", "", "ID", "", "Details of resolution", "",
        ]  # fmt: skip
        assert not any(unicodedata.category(char) in {"Cc", "Zl", "Zp"} for char in value), ascii(text)
        assert letters(as_stored(text)).startswith(letters(value) if letters(as_stored(text)) else ""), ascii(text)
        if filled.segments[7].filled:
            assert letters(text).startswith(letters(free)), ascii(text)
            head = f"Hi there,\n\nAbout “{value}” (#{detail.case.reference}):\n"
            assert filled.text() == f"{head}{free}\n\nBye"


def test_it_stays_inside_the_subject_of_one_letter(hostile: Hostile) -> None:
    for detail in hostile.details:
        subject = mail_subject(detail.ticket)
        letter = Letter(MessageId(UUID(int=1)), detail.case.id, "robin@example.org", "Robin", subject, "Bye", (), 1, "")
        sent = compose(letter, "support@example.org", "Support", fakes_details.NOW)
        read = message_from_bytes(bytes(sent), policy=default)
        assert sorted(read.keys()) == sorted(sent.keys())
        assert read["To"].addresses[0].addr_spec == "robin@example.org"
        assert read["Subject"].strip().startswith(f"[{detail.case.reference}] Re:")
        assert read.get_content().strip() == "Bye"


# ── pictures ──


def row_picture(delegate: QueueDelegate, case: Case) -> Any:
    shown = replace(make_case(1, version=7), subject=case.subject, snippet=case.subject)
    return paint_row(delegate, words(shown, fakes_details.NOW, ()), 456)


def test_each_row_looks_as_its_escaped_text(hostile: Hostile, gui: Gui) -> None:
    delegate = QueueDelegate(DARK)
    different = [
        ascii(case.subject[:60])
        for case in hostile.queue
        if share_that_differs(row_picture(delegate, case), escaped_picture(case.subject)) >= 0.001
    ]
    assert different == []


def short_lines(hostile: Hostile, most: int = 40) -> list[str]:
    """Those that are one short line without links; Qt hands a no-break space back as a space, which is no markup."""
    shown = [clean_line(detail.messages[0].body.replace("\xa0", " ")) for detail in hostile.details]
    return [line for line in shown if 0 < len(line) <= most and line == clean(line) and not links(line)]


def test_each_short_line_looks_as_its_escaped_text_in_labels_and_messages(hostile: Hostile, gui: Gui) -> None:
    lines = short_lines(hostile)
    assert len(lines) > len(hostile.details) // 3
    different = []
    for line in lines:
        expected = ink(drawn_from_markup(escaped(line), "body", "surface"))
        if ink(message_shot(line)) != expected or (from_the_left(line) and ink(label_shot(line)) != expected):
            different.append(ascii(line))
    print(f"pictures: {len(lines):,} lines beside Qt's rich text of the escaped text")
    assert different == []


def test_the_parts_that_are_searched_for_are_what_can_be_typed() -> None:
    assert printable_part("\x01<b>\u202e x") == "<b>"
    assert printable_part("\u202e \x07") == ""
