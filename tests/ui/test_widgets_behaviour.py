"""The shared parts keep their promises to the keyboard, to screen readers and to people who wait."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from hotmess_console.domain.errors import BadInput
from hotmess_console.ui.theme import icons
from hotmess_console.ui.theme.fonts import font
from hotmess_console.ui.theme.style import theme
from hotmess_console.ui.widgets.avatar import Avatar, initials
from hotmess_console.ui.widgets.button import Button, IconButton, Kind
from hotmess_console.ui.widgets.chip import Chip
from hotmess_console.ui.widgets.dialog import Sheet
from hotmess_console.ui.widgets.field import Field
from hotmess_console.ui.widgets.key_cap import cap_text
from hotmess_console.ui.widgets.loading import LoadingBars
from hotmess_console.ui.widgets.select import Select
from hotmess_console.ui.widgets.tabs import TabBar, ViewBar
from hotmess_console.ui.widgets.undo_bar import UndoBar
from tests.ui.component_sheet import component_sheet

pytestmark = pytest.mark.foundation


@pytest.fixture(autouse=True)
def _dark(qapp: QApplication) -> None:
    theme().apply(qapp, "dark")


def focusable() -> list[QWidget]:
    views = ViewBar()
    views.set_items([("mine", "My queue"), ("free", "Unclaimed")])
    return [
        *(Button("Go", kind) for kind in Kind),
        IconButton("bell", "Notices"),
        Chip("level: L1", removable=True),
        Field("Filter"),
        Select("Category"),
        views.items["free"],
    ]


def appear(window: QWidget) -> None:
    window.show()
    window.activateWindow()
    QTest.qWaitForWindowActive(window)


def gold_pixels(picture: QImage) -> int:
    wanted = {theme().palette.focus, theme().palette.text}
    return sum(
        picture.pixelColor(x, y).name().upper() in wanted
        for x in range(picture.width())
        for y in range(picture.height())
    )


@pytest.mark.parametrize("at", range(len(Kind) + 5))
def test_whatever_has_the_keyboard_shows_a_ring(qapp: QApplication, at: int) -> None:
    part = focusable()[at]
    window = QWidget()
    part.setParent(window)
    other = QLineEdit(window)
    other.move(0, 200)
    window.resize(400, 300)
    appear(window)
    other.setFocus()
    part.resize(part.sizeHint())
    before = gold_pixels(part.grab().toImage())
    part.setFocus(Qt.FocusReason.MouseFocusReason)
    assert gold_pixels(part.grab().toImage()) - before > part.width()


def test_every_control_of_the_sheet_has_an_accessible_name(qapp: QApplication) -> None:
    sheet = component_sheet()
    controls = [w for w in sheet.findChildren(QWidget) if w.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert len(controls) > 20
    assert [type(w).__name__ for w in controls if not w.accessibleName()] == []


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_enter_presses_what_has_the_keyboard_as_a_blank_does(qapp: QApplication, key: Qt.Key) -> None:
    views = ViewBar()
    views.set_items([("mine", "My queue"), ("free", "Unclaimed")])
    for button in (Button("Go"), IconButton("bell", "Notices"), views.items["free"]):
        pressed: list[bool] = []
        button.clicked.connect(lambda _checked, told=pressed: told.append(True))
        QTest.keyClick(button, key)
        button.setEnabled(False)
        QTest.keyClick(button, key)
        assert len(pressed) == 1


def test_a_button_that_is_off_says_why(qapp: QApplication) -> None:
    button = Button("Send")
    button.set_reason("A placeholder is empty")
    assert (button.isEnabled(), button.accessibleDescription()) == (False, "A placeholder is empty")
    button.set_reason("")
    assert button.isEnabled()


def test_a_working_button_keeps_its_width(qapp: QApplication) -> None:
    button = Button("Escalate to level 3", key="E")
    before = button.sizeHint()
    button.set_working(True)
    assert (button.sizeHint(), button.words()) == (before, "working")


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_a_working_button_is_not_pressed_a_second_time(qapp: QApplication, key: Qt.Key) -> None:
    button, pressed = Button("Send again"), []
    button.clicked.connect(lambda _checked: pressed.append(True))
    QTest.keyClick(button, key)
    button.set_working(True)
    QTest.keyClick(button, key)
    assert pressed == [True]
    button.set_working(False)
    QTest.keyClick(button, key)
    assert pressed == [True, True]


def test_an_ampersand_in_a_verb_is_an_ampersand(qapp: QApplication) -> None:
    assert Button("Send & close").words() == "Send & close"


@pytest.mark.parametrize(
    ("key", "cap"), [("Ctrl+Return", "Ctrl ↵"), ("Ctrl+Shift+H", "Ctrl ⇧ H"), ("/", "/"), ("G S", "G S")]
)
def test_keys_are_written_as_on_a_keyboard(key: str, cap: str) -> None:
    assert cap_text(key) == cap


@pytest.mark.parametrize(
    ("name", "letters"), [("Rowan Hale", "RH"), ("mo", "M"), ("", "?"), ("\u202e 🙂", "U"), ("a b c", "AC")]
)
def test_a_face_shows_one_or_two_letters(qapp: QApplication, name: str, letters: str) -> None:
    assert initials(name) == letters


def test_a_masked_person_is_not_named_anywhere(qapp: QApplication) -> None:
    face = Avatar("Rowan Hale", masked=True)
    assert (face.accessibleName(), face.accessibleDescription()) == ("Masked person", "Masked person")


def test_delete_takes_a_filter_away(qapp: QApplication) -> None:
    chip, gone = Chip("level: L1", removable=True), []
    chip.removed.connect(lambda: gone.append(True))
    QTest.keyClick(chip, Qt.Key.Key_Delete)
    assert gone == [True]


def test_arrows_move_between_tabs_and_counts_are_capped(qapp: QApplication) -> None:
    tabs = TabBar()
    chosen: list[str] = []
    tabs.set_items([("today", "Today"), ("tickets", "Tickets")])
    tabs.set_count("tickets", 1_000)
    tabs.chosen.connect(chosen.append)
    QTest.keyClick(tabs, Qt.Key.Key_Right)
    assert (chosen, tabs.current()) == (["tickets"], "tickets")
    assert tabs.items["tickets"].accessibleName() == "Tickets, 999+"


def test_loading_is_shown_only_when_it_takes_long_enough(qapp: QApplication) -> None:
    bars = LoadingBars()
    bars.start()
    QTest.qWait(60)
    assert not bars.drawn
    QTest.qWait(200)
    assert bars.drawn
    bars.stop()
    assert not bars.drawn


def test_an_offer_to_undo_ends_by_itself(qapp: QApplication) -> None:
    bar, ended = UndoBar(), []
    bar.ended.connect(lambda: ended.append(True))
    bar.offer("Reply on HM-1", 0.9)
    assert bar.left.text() == "1 s"
    QTest.qWait(1_200)
    assert (ended, bar.isHidden()) == ([True], True)


def test_taking_back_is_told_once(qapp: QApplication) -> None:
    bar, undone = UndoBar(), []
    bar.undone.connect(lambda: undone.append(True))
    bar.offer("Reply on HM-1", 20)
    bar.button.click()
    assert (undone, bar.isHidden(), bar.seconds_left()) == ([True], True, 0.0)


def opened() -> tuple[QWidget, QLineEdit, Sheet, list[Button]]:
    window = QWidget()
    behind = QLineEdit(window)
    window.resize(900, 600)
    appear(window)
    behind.setFocus()
    sheet = Sheet(window, "Remove 34 messages", "Nothing happens yet.", icon="layers")
    buttons = [Button("Cancel", Kind.QUIET), Button("Remove 34", Kind.PRIMARY)]
    for button in buttons:
        sheet.foot.addWidget(button)
    return window, behind, sheet, buttons


async def test_a_sheet_is_awaited_and_gives_the_keyboard_back(qapp: QApplication) -> None:
    _window, behind, sheet, buttons = opened()
    buttons[1].clicked.connect(lambda: sheet.finish("removed"))
    answer = sheet.open()
    assert buttons[0].hasFocus()
    buttons[1].click()
    assert await answer == "removed"
    assert behind.hasFocus()


async def test_tab_stays_inside_a_sheet_and_esc_cancels(qapp: QApplication) -> None:
    _window, _behind, sheet, buttons = opened()
    answer = sheet.open()
    held = []
    for _ in range(3):
        now = QApplication.focusWidget()
        assert now is not None
        QTest.keyClick(now, Qt.Key.Key_Tab)
        held.append(QApplication.focusWidget())
    assert held == [buttons[1], buttons[0], buttons[1]]
    QTest.keyClick(buttons[1], Qt.Key.Key_Escape)
    assert await answer is None


def test_an_icon_takes_the_colour_of_its_role_and_is_drawn_once(qapp: QApplication) -> None:
    picture = icons.pixmap("pause", 16, "warn", 1.0)
    assert icons.pixmap("pause", 16, "warn", 1.0).cacheKey() == picture.cacheKey()
    assert picture.toImage().pixelColor(5, 8).name().upper() == theme().palette.warn


def test_every_icon_can_be_drawn_and_none_is_invented(qapp: QApplication) -> None:
    empty = QImage(16, 16, QImage.Format.Format_ARGB32_Premultiplied)
    empty.fill(0)
    drawn = {name: icons.pixmap(name, 16, "text", 1.0).toImage() for name in icons.names()}
    assert [name for name, picture in drawn.items() if picture == empty] == []
    assert len(drawn) > 60
    with pytest.raises(BadInput):
        icons.pixmap("../icons/x")


def test_figures_are_of_equal_width_and_weights_differ(qapp: QApplication) -> None:
    one, eight = (QFontMetricsF(font("body")).horizontalAdvance(figure * 10) for figure in "18")
    assert one == pytest.approx(eight)
    widths = [QFontMetricsF(font("body", w)).horizontalAdvance("Reply due") for w in (400, 500, 600, 700)]
    assert widths == sorted(set(widths))


def test_an_unknown_theme_is_refused_with_the_names_there_are(qapp: QApplication) -> None:
    with pytest.raises(BadInput) as refused:
        theme().apply(qapp, "pink")
    assert "high contrast" in refused.value.hint
