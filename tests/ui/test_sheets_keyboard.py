"""Every sheet of the program takes the keyboard when it opens, whatever in it is switched off, and Esc closes it."""

from __future__ import annotations

import asyncio
import importlib
import pkgutil
from collections.abc import Callable, Coroutine, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget

import hotmess_console.ui
from hotmess_console.domain.people import Staff
from hotmess_console.domain.trail import Then
from hotmess_console.domain.values import CaseId, Level, Login
from hotmess_console.services.bulk import Foreseen
from hotmess_console.services.drafts import Draft, DraftKind
from hotmess_console.services.preferences import ForgetfulStore
from hotmess_console.ui.actions.all import build_registry
from hotmess_console.ui.composer.compare_sheet import CompareSheet
from hotmess_console.ui.composer.comparison import Comparison
from hotmess_console.ui.details.history import HistorySheet
from hotmess_console.ui.details.link_sheet import LinkSheet
from hotmess_console.ui.dialogs.bulk_preview import BulkSheet, Plan
from hotmess_console.ui.dialogs.case_then import ThenSheet
from hotmess_console.ui.dialogs.cheat_sheet import CheatSheet
from hotmess_console.ui.dialogs.choice_list import Choice
from hotmess_console.ui.dialogs.choose import Choose, Find, KeyedSheet
from hotmess_console.ui.dialogs.escalate import LevelSheet
from hotmess_console.ui.dialogs.give_address import AddressSheet
from hotmess_console.ui.dialogs.merge import OtherCaseSheet
from hotmess_console.ui.dialogs.name_view import NameView
from hotmess_console.ui.dialogs.new_case import NewCaseSheet
from hotmess_console.ui.dialogs.notices import NoticesSheet
from hotmess_console.ui.dialogs.palette import PaletteSheet
from hotmess_console.ui.dialogs.search import Search
from hotmess_console.ui.dialogs.send_preview import Outgoing, SendPreview
from hotmess_console.ui.dialogs.settings import SettingsSheet
from hotmess_console.ui.dialogs.snooze import SnoozeSheet
from hotmess_console.ui.dialogs.staff import Room, StaffSheet
from hotmess_console.ui.dialogs.staff_add import AddSheet, PasswordSheet
from hotmess_console.ui.dialogs.template_editor import TemplateEditor
from hotmess_console.ui.dialogs.template_versions import VersionsSheet
from hotmess_console.ui.dialogs.templates_picker import TemplatePicker
from hotmess_console.ui.shell_sheets import HeldMail, Question, UnsentWords
from hotmess_console.ui.viewmodels.history_words import Teller
from hotmess_console.ui.viewmodels.keymap import Keymap
from hotmess_console.ui.viewmodels.mask import Mask
from hotmess_console.ui.viewmodels.preferences import LivePreferences
from hotmess_console.ui.widgets.dialog import Sheet
from tests.ui.fakes_composer import ME, REFUND, STAFF, FakeBridge, FakeQueries, make_detail

pytestmark = pytest.mark.foundation

Gui = Callable[[Coroutine[Any, Any, Any]], Any]
Make = Callable[[QWidget], Sheet]
CASE = CaseId(UUID(int=1))
NOW = datetime(2026, 11, 23, 2, 31, tzinfo=UTC)
ONE = [Choice(1, "The only one")]


async def _nothing(*_: Any) -> Any:
    return []


async def _no_settings() -> Mapping[str, object]:
    return {}


def _settings(window: QWidget) -> Sheet:
    return SettingsSheet(window, Keymap(build_registry(), {}), LivePreferences(ForgetfulStore()), _no_settings)


def _bulk(window: QWidget) -> Sheet:
    return BulkSheet(window, Plan("Claim", "Claimed", (), Foreseen((), ()), ()), STAFF, _nothing, _nothing)


def _level(window: QWidget) -> Sheet:
    choices = [Choice((Level.SENIOR, "too hard"), "Senior")]
    return LevelSheet(window, "Escalate", choices, lambda level: "", words="", icon="", action="Escalate")


def _other_case(window: QWidget) -> Sheet:
    bridge = FakeBridge(FakeQueries())
    return OtherCaseSheet(
        window, bridge, [make_detail().case], title="Merge", happens="Nothing yet.", icon="", action="Merge"
    )


MAKES: Mapping[type[Sheet], Make] = {
    AddSheet: lambda w: AddSheet(w, Staff()),
    AddressSheet: lambda w: AddressSheet(w, "HM-1"),
    BulkSheet: _bulk,
    CheatSheet: lambda w: CheatSheet(w, ()),
    Choose: lambda w: Choose(w, "Choose", ()),
    CompareSheet: lambda w: CompareSheet(w, Comparison("HM-1", "Rowan", (), (), (), ""), "Mine"),
    Find: lambda w: Find(w, "Find", ONE),
    HeldMail: lambda w: HeldMail(w, 1, "Nobody is sending."),
    HistorySheet: lambda w: HistorySheet(w, "History", ()),
    KeyedSheet: lambda w: KeyedSheet(w, "A question", action="Do it"),
    LevelSheet: _level,
    LinkSheet: lambda w: LinkSheet(w, "https://example.org/", "example.org"),
    NameView: lambda w: NameView(w, "Billing"),
    NewCaseSheet: lambda w: NewCaseSheet(w, FakeBridge(FakeQueries())),
    NoticesSheet: lambda w: NoticesSheet(w, (), STAFF),
    OtherCaseSheet: _other_case,
    PaletteSheet: lambda w: PaletteSheet(w, ()),
    PasswordSheet: lambda w: PasswordSheet(w, Login("mina"), "a word of passing", "Mina Dale"),
    Question: lambda w: Question(w, "A question"),
    Search: lambda w: Search(w, "Search", _nothing),
    SendPreview: lambda w: SendPreview(w, Outgoing("us", "them", "About it", "Hello", (), 20, "It has no words.")),
    SettingsSheet: _settings,
    SnoozeSheet: lambda w: SnoozeSheet(w, "HM-1", NOW),
    StaffSheet: lambda w: StaffSheet(w, Room(Staff(), ()), Login("mina")),
    TemplateEditor: lambda w: TemplateEditor(w, REFUND),
    TemplatePicker: lambda w: TemplatePicker(w, (), {}),
    UnsentWords: lambda w: UnsentWords(w, {(CASE, DraftKind.NOTE): Draft("Words")}, {CASE: "HM-1"}),
    ThenSheet: lambda w: ThenSheet(
        w,
        Then(make_detail(), 1, NOW, {"status": "open"}),
        Teller(STAFF, ME, NOW, ZoneInfo("UTC")),
        Mask("", None, False),
    ),
    VersionsSheet: lambda w: VersionsSheet(w, REFUND, (), (), "Not now."),
}
EACH = pytest.mark.parametrize("make", MAKES.values(), ids=[kind.__name__ for kind in MAKES])


def _below(kind: type[Sheet]) -> Iterator[type[Sheet]]:
    for one in kind.__subclasses__():
        yield one
        yield from _below(one)


@pytest.fixture
def window(gui: Gui) -> Iterator[QWidget]:
    made = QWidget()
    made.resize(1280, 800)
    made.behind = QPushButton("behind")  # type: ignore[attr-defined]
    QVBoxLayout(made).addWidget(made.behind)  # type: ignore[attr-defined]
    made.show()
    made.activateWindow()
    QTest.qWaitForWindowActive(made)
    made.behind.setFocus()  # type: ignore[attr-defined]
    yield made
    made.close()


def test_every_sheet_of_the_program_is_tried_here() -> None:
    for module in pkgutil.walk_packages(hotmess_console.ui.__path__, "hotmess_console.ui."):
        importlib.import_module(module.name)
    ours = {kind for kind in _below(Sheet) if kind.__module__.startswith("hotmess_console.")}
    assert {kind.__name__ for kind in ours} == {kind.__name__ for kind in MAKES}


async def _closed_by_esc(sheet: Sheet) -> None:
    answer = sheet.open()
    await asyncio.sleep(0)
    assert sheet.has_keyboard(), QApplication.focusWidget()
    at = QApplication.focusWidget()
    assert at is not None
    assert at.isEnabled()
    QTest.keyClick(at, Qt.Key.Key_Escape)
    assert await asyncio.wait_for(answer, 5) is None


@EACH
def test_a_sheet_takes_the_keyboard_at_once_and_closes_on_esc(gui: Gui, window: QWidget, make: Make) -> None:
    async def journey() -> None:
        await _closed_by_esc(make(window))

    gui(journey())


@EACH
def test_a_sheet_in_which_nothing_can_be_pressed_takes_the_keyboard_all_the_same(
    gui: Gui, window: QWidget, make: Make
) -> None:
    async def journey() -> None:
        sheet = make(window)
        sheet.panel.setEnabled(False)
        await _closed_by_esc(sheet)

    gui(journey())
