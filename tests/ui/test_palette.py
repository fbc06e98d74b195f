"""The palette finds anything by a few letters, stays quick, and shows strangers' words as words."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QStyleOptionViewItem

from hotmess_console.domain.cases import Case
from hotmess_console.domain.errors import NotFound, Unreachable
from hotmess_console.domain.people import Account
from hotmess_console.domain.views import TEAM, QueueFilter, SavedView
from hotmess_console.services.queries import Page
from hotmess_console.ui.actions.all import build_registry
from hotmess_console.ui.actions.listing import palette_entries
from hotmess_console.ui.actions.opening import find_and_run
from hotmess_console.ui.actions.window import Window
from hotmess_console.ui.dialogs.palette import PaletteSheet
from hotmess_console.ui.dialogs.palette_list import PaletteDelegate, PaletteList
from hotmess_console.ui.dialogs.palette_search import DeskSearch, OpenCase, ShowView, number_in
from hotmess_console.ui.theme.style import theme
from hotmess_console.ui.viewmodels.keymap import Keymap
from hotmess_console.ui.viewmodels.palette_match import Entry, Hit
from tests.ui.approved import assert_as_approved, picture_of
from tests.ui.fakes_actions import FakeBridge, FakeWindow, Run
from tests.ui.queue_samples import make_case

pytestmark = [pytest.mark.foundation, pytest.mark.usefixtures("qapp")]

_Key = Qt.Key
SAMPLE = (
    Entry("Reply", 1, "For this case", "Tickets", "R", "reply"),
    Entry("Send and resolve", 2, "For this case", "Tickets", "Ctrl+Shift+Return", "circle-check"),
    Entry("Reopen", 3, "For this case", "Tickets", "Shift+O", "refresh-cw", why_not="HM-10482 is not resolved."),
    Entry("Claim", 4, "For this case", "", "C", "user-check"),
    Entry("Tickets", 5, "Go to", "", "G, T", "inbox"),
    Entry("Read everything again", 6, "Everywhere", "", "F5", "refresh-cw"),
)
"""For the picture, which must not change whenever the program learns something."""


# ── the sheet ──


class FakeDesk:
    """Cases, people and views in memory; `gate` holds an answer back until a test lets it go."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.trouble: Exception | None = None
        self.gate: asyncio.Event | None = None
        self.cases: tuple[Case, ...] = (
            make_case(482, subject="Refund has not arrived"),
            make_case(483, subject="<b>bold</b> & co"),
        )
        self.people = (_person("Rowan Hale", "rowan@example.org"),)

    async def page(self, wanted: QueueFilter, after: object = None, limit: int = 50) -> Page:
        self.asked.append(wanted.text)
        if self.gate is not None:
            await self.gate.wait()
        if self.trouble is not None:
            raise self.trouble
        return Page(tuple(case for case in self.cases if wanted.text.casefold() in case.subject.casefold()), False)

    async def find_people(self, text: str, limit: int = 20) -> Sequence[Account]:
        return [person for person in self.people if text.casefold() in str(person.display_name).casefold()]

    async def saved_views(self) -> Sequence[SavedView]:
        return [SavedView(uuid4(), "Refunds over £20", QueueFilter(text="refund"))]

    async def by_number(self, number: int) -> Any:
        found = next((case for case in self.cases if case.number == number), None)
        if found is None:
            raise NotFound("There is no such case.")
        return found


def _person(name: str, email: str) -> Account:
    return Account(uuid4(), email, name, None, None, None, None, None, None, None, None, None)


async def until(holds: Callable[[], bool]) -> None:
    """Wait until something is true; give up after ten seconds."""
    loop = asyncio.get_running_loop()
    end = loop.time() + 10
    while not holds():
        assert loop.time() < end, "waited in vain"
        await asyncio.sleep(0.01)


class Open:
    """A palette that is open over a window."""

    def __init__(
        self,
        desk: FakeDesk,
        *,
        masked: bool = False,
        more: Sequence[Entry] = (),
        only: Sequence[Entry] = (),
    ) -> None:
        self.window = FakeWindow(current=make_case(482), queries=desk)
        registry = build_registry()
        known = only or palette_entries(registry, Keymap(registry), self.window.context())
        search = DeskSearch(cast(Any, FakeBridge(desk)), masked=masked)
        self.sheet = PaletteSheet(self.window.window, (*known, *more), search=search, on="on HM-10482")
        self.window.window.show()
        self.answer = self.sheet.open()

    def shown(self) -> list[str]:
        rows = self.sheet.list.rows
        return [hit.entry.title for row in range(rows.rowCount()) if (hit := rows.hit(row)) is not None]

    async def type(self, text: str, *, found: bool = True) -> None:
        QTest.keyClicks(self.sheet.field, text)
        if found:
            await self.answered()

    async def answered(self) -> None:
        """Wait until the desk has been asked and its answer is shown."""
        sheet = self.sheet
        await until(lambda: not sheet._debounce.isActive() and (sheet._asking is None or sheet._asking.done()))


def at_palette(gui: Run, journey: Callable[[Open], Awaitable[None]], desk: FakeDesk | None = None, **how: Any) -> None:
    async def live() -> None:
        opened = Open(desk or FakeDesk(), **how)
        try:
            await journey(opened)
        finally:
            if not opened.answer.done():
                opened.sheet.cancel()
            opened.window.window.close()
            opened.window.window.deleteLater()
            await asyncio.sleep(0)

    gui(live())


def test_arrows_and_enter_choose_without_leaving_the_field(gui: Run) -> None:
    async def journey(opened: Open) -> None:
        first = opened.sheet.list.current()
        QTest.keyClick(opened.sheet.field, _Key.Key_Down)
        second = opened.sheet.list.current()
        assert first is not None
        assert second is not None
        assert first != second
        QTest.keyClick(opened.sheet.field, _Key.Key_Up)
        QTest.keyClick(opened.sheet.field, _Key.Key_Return)
        assert await opened.answer == first.does

    at_palette(gui, journey)


def test_esc_answers_nothing(gui: Run) -> None:
    async def journey(opened: Open) -> None:
        QTest.keyClick(opened.sheet.field, _Key.Key_Escape)
        assert await opened.answer is None

    at_palette(gui, journey)


def test_letters_narrow_the_list_and_the_footer_counts(gui: Run) -> None:
    async def journey(opened: Open) -> None:
        await opened.type("quit", found=False)
        assert opened.shown() == ["Quit"]
        assert opened.sheet.told.text().startswith("1 of ")
        QTest.keyClick(opened.sheet.field, _Key.Key_Return)
        assert await opened.answer == "window.quit"

    at_palette(gui, journey)


def test_cases_people_and_views_are_found_a_moment_later(gui: Run) -> None:
    async def journey(opened: Open) -> None:
        await opened.type("refund")
        assert "“Refund has not arrived”" in opened.shown()
        assert "View: Refunds over £20" in opened.shown()
        opened.sheet.field.clear()
        await opened.type("rowan")
        assert opened.shown() == ["Cases of Rowan Hale"]
        QTest.keyClick(opened.sheet.field, _Key.Key_Return)
        chosen = await opened.answer
        assert isinstance(chosen, ShowView)
        assert chosen.view.filter.text == "rowan@example.org"

    at_palette(gui, journey)


@pytest.mark.parametrize("typed", ["HM-10482", "10482", "#10482", "hm 10482"])
def test_a_case_number_finds_its_case(gui: Run, typed: str) -> None:
    desk = FakeDesk()

    async def journey(opened: Open) -> None:
        await opened.type(typed)
        assert "“Refund has not arrived”" in opened.shown()
        opened.sheet.list.step(-99)
        QTest.keyClick(opened.sheet.field, _Key.Key_Return)
        assert await opened.answer == OpenCase(desk.cases[0].id)

    at_palette(gui, journey, desk)


def test_what_is_no_number_is_none() -> None:
    assert [number_in(text) for text in ("HM-", "12a", "1 2", "", "9999999999999")] == [None] * 5


def test_a_view_whose_name_was_typed_stands_before_the_cases_with_that_word(gui: Run) -> None:
    async def journey(opened: Open) -> None:
        await opened.type("team", found=True)
        first = opened.sheet.list.current()
        assert first is not None
        assert isinstance(first.does, ShowView)
        assert first.does.view == TEAM

    desk = FakeDesk()
    desk.cases = (make_case(7, subject="The team of last night"),)
    at_palette(gui, journey, desk)


def test_the_desk_is_asked_once_for_a_word_and_not_for_each_letter(gui: Run) -> None:
    desk = FakeDesk()

    async def journey(opened: Open) -> None:
        await opened.type("refund")
        assert desk.asked == ["refund"]

    at_palette(gui, journey, desk)


def test_an_answer_that_comes_too_late_is_not_shown(gui: Run) -> None:
    desk = FakeDesk()
    desk.gate = asyncio.Event()

    async def journey(opened: Open) -> None:
        await opened.type("refund", found=False)
        await until(lambda: bool(desk.asked))
        QTest.keyClicks(opened.sheet.field, "zzz")
        assert desk.gate is not None
        desk.gate.set()
        await opened.answered()
        assert opened.shown() == []

    at_palette(gui, journey, desk)


def test_what_arrives_does_not_move_the_choice_away_from_under_the_hand(gui: Run) -> None:
    async def journey(opened: Open) -> None:
        await opened.type("re", found=False)
        opened.sheet.list.step(2)
        chosen = opened.sheet.list.current()
        await opened.answered()
        assert opened.sheet.list.current() == chosen

    at_palette(gui, journey)


def test_without_a_connection_actions_are_still_found_and_the_footer_says_so(gui: Run) -> None:
    desk = FakeDesk()
    desk.trouble = Unreachable("The database cannot be reached.")

    async def journey(opened: Open) -> None:
        await opened.type("qui")
        assert opened.shown() == ["Quit"]
        assert opened.sheet.told.text() == "Only actions are searched: The database cannot be reached."

    at_palette(gui, journey, desk)


def test_what_cannot_be_done_says_why_and_stays(gui: Run) -> None:
    async def journey(opened: Open) -> None:
        await opened.type("zap", found=False)
        QTest.keyClick(opened.sheet.field, _Key.Key_Return)
        assert not opened.answer.done()
        assert opened.sheet.told.text() == "It is asleep."

    at_palette(gui, journey, more=[Entry("Zap it", "zap", "Everywhere", why_not="It is asleep.")])


def test_names_stay_hidden_while_they_are_masked(gui: Run) -> None:
    async def journey(opened: Open) -> None:
        await opened.type("rowan")
        assert len(opened.shown()) == 1
        assert "Rowan" not in opened.shown()[0]
        (hit,) = [hit for hit in opened.sheet.hits() if isinstance(hit.entry.does, ShowView)]
        assert "rowan" not in hit.entry.detail

    at_palette(gui, journey, masked=True)


@pytest.mark.parametrize("chosen", ["window.quit", "case", "view", None])
def test_what_is_chosen_is_done(gui: Run, chosen: str | None) -> None:
    desk = FakeDesk()
    window = FakeWindow(current=None, queries=desk)
    registry = build_registry()
    wanted: dict[str | None, tuple[object, object]] = {
        "window.quit": ("window.quit", ("run_action", "window.quit")),
        "case": (OpenCase(desk.cases[0].id), ("open_case", desk.cases[0].id)),
        "view": (ShowView(SavedView(None, "x", QueueFilter())), ("show_view", SavedView(None, "x", QueueFilter()))),
        None: (None, None),
    }

    async def journey() -> None:
        window.window.show()
        running = asyncio.ensure_future(find_and_run(cast(Window, window), registry, Keymap(registry)))
        await asyncio.sleep(0)
        (sheet,) = window.window.findChildren(PaletteSheet)
        sheet.finish(wanted[chosen][0])
        await running
        assert window.asked == ([wanted[chosen][1]] if chosen else [])
        window.window.close()

    gui(journey())


# ── strangers' words, and the picture ──


def paint(hit: Hit) -> QImage:
    shown = PaletteList()
    shown.show_hits([hit])
    picture = QImage(640, 38, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.black)
    painter, option = QPainter(picture), QStyleOptionViewItem()
    option.rect = picture.rect()
    PaletteDelegate().paint(painter, option, shown.rows.index(1))
    painter.end()
    return picture


@pytest.mark.parametrize("hostile", ["<b>bold</b>", "<img src=x>", "&amp;", "a\u202eb", "x" * 5_000, "\x00\n\t"])
def test_strangers_words_are_drawn_as_words(qapp: QApplication, hostile: str) -> None:
    theme().apply(qapp, "dark")
    painted = paint(Hit(Entry(hostile, 1, "s", detail=hostile), 0.0))
    plain = paint(Hit(Entry("", 1, "s"), 0.0))
    assert painted != plain or not Entry(hostile, 1).title.strip()
    assert paint(Hit(Entry(Entry(hostile, 1).title, 1, "s", detail=hostile), 0.0)) == painted


def test_lit_letters_are_gold(qapp: QApplication) -> None:
    theme().apply(qapp, "dark")
    entry = Entry("Refund", 1, "s")
    assert paint(Hit(entry, 0.0)) != paint(Hit(entry, 0.0, ((0, 3),)))


@pytest.mark.parametrize("name", ["dark", "light", "high contrast"])
def test_the_palette_looks_as_it_was_approved(gui: Run, qapp: QApplication, name: str, tmp_path: Path) -> None:
    taken: list[QImage] = []

    async def journey(opened: Open) -> None:
        theme().apply(qapp, name)
        await opened.type("re")
        opened.sheet.field.setCursorPosition(0)
        opened.sheet.setFocus()
        taken.append(picture_of(opened.sheet.panel))

    at_palette(gui, journey, only=SAMPLE)
    theme().apply(qapp, "dark")
    assert_as_approved(taken[0], f"palette-{name.replace(' ', '-')}.png", tmp_path)
