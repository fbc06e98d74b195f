"""From a key press to an action: never while somebody writes, never twice, never in silence."""

from __future__ import annotations

import gc

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QListView, QWidget

from hotmess_console.ui.host import Focus
from hotmess_console.ui.viewmodels.key_guard import Ignored
from hotmess_console.ui.widgets.dialog import Sheet
from tests.ui.dispatcher_desk import Desk, at_desk
from tests.ui.fakes_actions import Run, settled

pytestmark = [pytest.mark.foundation, pytest.mark.usefixtures("qapp")]

_Key, _Mod = Qt.Key, Qt.KeyboardModifier


def test_a_letter_starts_its_action_where_nobody_writes(gui: Run) -> None:
    async def journey(desk: Desk) -> None:
        await desk.press(_Key.Key_C)
        await desk.press(_Key.Key_Question, _Mod.ShiftModifier)
        assert desk.asked == ["case.claim", "window.help"]

    at_desk(gui, journey)


@pytest.mark.parametrize("part", ["field", "text"])
def test_letters_are_letters_while_somebody_writes(gui: Run, part: str) -> None:
    async def journey(desk: Desk) -> None:
        where = getattr(desk.window, part)
        where.setFocus()
        QTest.keyClicks(where, "cgt?")
        await settled()
        assert desk.asked == []
        assert (where.text() if part == "field" else where.toPlainText()) == "cgt?"

    at_desk(gui, journey)


def test_a_field_that_cannot_be_written_in_lets_letters_through(gui: Run) -> None:
    async def journey(desk: Desk) -> None:
        desk.window.read_only.setFocus()
        await desk.press(_Key.Key_C)
        assert desk.asked == ["case.claim"]

    at_desk(gui, journey)


def test_a_list_whose_rows_could_be_edited_is_no_text_field(gui: Run) -> None:
    async def journey(desk: Desk) -> None:
        rows, shown = QStandardItemModel(), QListView(desk.window.window)
        rows.appendRow(QStandardItem("a row"))
        shown.setModel(rows)
        shown.show()
        shown.setFocus()
        shown.setCurrentIndex(rows.index(0, 0))
        await desk.press(_Key.Key_C)
        assert desk.asked == ["case.claim"]

    at_desk(gui, journey)


def test_keys_with_control_work_while_writing_even_where_the_field_has_a_use_for_them(gui: Run) -> None:
    async def journey(desk: Desk) -> None:
        desk.window.text.setFocus()
        desk.window.text.setPlainText("kept to the last letter")
        desk.window.focus = Focus.COMPOSER
        await desk.press(_Key.Key_K, _Mod.ControlModifier)
        await desk.press(_Key.Key_Return, _Mod.ControlModifier)
        assert desk.asked == ["window.palette", "text.send"]
        assert desk.window.text.toPlainText() == "kept to the last letter"

    at_desk(gui, journey)


def test_undo_and_select_all_mean_the_text_while_writing(gui: Run) -> None:
    async def journey(desk: Desk) -> None:
        desk.window.field.setFocus()
        QTest.keyClicks(desk.window.field, "oops")
        await desk.press(_Key.Key_A, _Mod.ControlModifier)
        assert desk.window.field.selectedText() == "oops"
        await desk.press(_Key.Key_Z, _Mod.ControlModifier)
        assert (desk.window.field.text(), desk.asked) == ("", [])
        desk.window.button.setFocus()
        await desk.press(_Key.Key_Z, _Mod.ControlModifier)
        assert desk.asked == ["window.undo"]

    at_desk(gui, journey)


def test_an_action_works_only_where_it_says(gui: Run) -> None:
    async def journey(desk: Desk) -> None:
        desk.window.focus = Focus.ELSEWHERE
        await desk.press(_Key.Key_C)
        await desk.press(_Key.Key_Return, _Mod.ControlModifier)
        assert desk.asked == []

    at_desk(gui, journey)


def test_keys_that_no_action_has_reach_the_control(gui: Run) -> None:
    class Heard(QWidget):
        keys: list[int]

        def keyPressEvent(self, event: QKeyEvent) -> None:
            self.keys.append(event.key())
            event.ignore()

    async def journey(desk: Desk) -> None:
        heard = Heard(desk.window.window)
        heard.keys = []
        heard.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        heard.show()
        heard.setFocus()
        await desk.press(_Key.Key_Q)
        await desk.press(_Key.Key_C)
        await desk.press(_Key.Key_Escape)
        assert heard.keys == [_Key.Key_Q, _Key.Key_Escape]
        assert desk.asked == ["case.claim", "window.back"]

    at_desk(gui, journey)


def test_a_control_that_uses_esc_for_itself_keeps_it(gui: Run) -> None:
    class Popup(QWidget):
        def keyPressEvent(self, event: QKeyEvent) -> None:
            event.setAccepted(event.key() == _Key.Key_Escape)

    async def journey(desk: Desk) -> None:
        popup = Popup(desk.window.window)
        popup.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        popup.show()
        popup.setFocus()
        await desk.press(_Key.Key_Escape)
        assert desk.asked == []

    at_desk(gui, journey)


def test_keys_work_when_nothing_in_the_window_has_the_keyboard(gui: Run) -> None:
    async def journey(desk: Desk) -> None:
        desk.window.button.clearFocus()
        await desk.press(_Key.Key_C)
        assert desk.asked == ["case.claim"]

    at_desk(gui, journey)


def test_a_decision_just_after_the_case_changed_is_ignored_and_told(gui: Run) -> None:
    async def journey(desk: Desk) -> None:
        desk.seconds += 1
        desk.keys.guard.case_changed()
        await desk.press(_Key.Key_C, wait=0.1)
        assert (desk.asked, desk.told) == ([], [Ignored.JUST_CHANGED.value])
        await desk.press(_Key.Key_C, wait=0.3)
        assert desk.asked == ["case.claim"]

    at_desk(gui, journey)


def test_a_bouncing_key_acts_once(gui: Run) -> None:
    async def journey(desk: Desk) -> None:
        await desk.press(_Key.Key_C)
        await desk.press(_Key.Key_C, wait=0.02)
        assert (desk.asked, desk.told) == (["case.claim"], [Ignored.REPEATED.value])

    at_desk(gui, journey)


def test_a_held_key_travels_but_never_decides(gui: Run) -> None:
    async def journey(desk: Desk) -> None:
        for key, text in ((_Key.Key_J, "j"), (_Key.Key_C, "c")):
            for _ in range(3):
                event = QKeyEvent(QEvent.Type.KeyPress, key, _Mod.NoModifier, text, True, 1)
                QApplication.sendEvent(desk.window.button, event)
        await settled()
        assert desk.asked == ["queue.next"] * 3
        assert set(desk.told) == {Ignored.HELD.value}

    at_desk(gui, journey)


def test_the_queues_own_guard_judges_decisions_where_there_is_one(gui: Run) -> None:
    async def journey(desk: Desk) -> None:
        judged: list[tuple[str, bool]] = []

        def never(key: str, *, held: bool = False) -> bool:
            judged.append((key, held))
            return False

        desk.keys.may_decide = never
        await desk.press(_Key.Key_C)
        await desk.press(_Key.Key_J)
        assert (judged, desk.asked) == ([("C", False)], ["queue.next"])

    at_desk(gui, journey)


def test_what_cannot_be_done_says_why(gui: Run) -> None:
    async def journey(desk: Desk) -> None:
        await desk.press(_Key.Key_O)
        desk.window.permissions = frozenset()
        await desk.press(_Key.Key_C)
        assert desk.asked == []
        assert desk.told == ["Not now: it is snoozed.", "Your role does not include this."]

    at_desk(gui, journey)


def test_a_failure_is_told_in_words_with_what_to_do(gui: Run, caplog: pytest.LogCaptureFixture) -> None:
    async def journey(desk: Desk) -> None:
        await desk.press(_Key.Key_1)
        assert (desk.window.told[-1].text, desk.window.told[-1].hint) == ("HM-1 is closed.", "Reopen it first.")
        assert not caplog.records
        await desk.press(_Key.Key_2)
        assert desk.window.told[-1].is_bug
        assert "bad.bug" in caplog.text

    at_desk(gui, journey)


def test_nothing_behind_an_open_sheet_is_started(gui: Run) -> None:
    async def journey(desk: Desk) -> None:
        sheet = Sheet(desk.window.window, "A question")
        answer = sheet.open()
        await desk.press(_Key.Key_C)
        await desk.press(_Key.Key_K, _Mod.ControlModifier)
        QTest.keyClick(desk.window.window, _Key.Key_C)
        await settled()
        assert desk.asked == []
        sheet.cancel()
        await answer
        await desk.press(_Key.Key_C)
        assert desk.asked == ["case.claim"]

    at_desk(gui, journey)


def test_a_sheet_that_lost_the_keyboard_gets_it_back_and_no_key_acts_behind_it(gui: Run) -> None:
    async def journey(desk: Desk) -> None:
        sheet = Sheet(desk.window.window, "A question")
        answer = sheet.open()
        for behind in (desk.window.button, desk.window.field):
            behind.setFocus()
            await desk.press(_Key.Key_C)
            assert sheet.has_keyboard()
            behind.setFocus()
            await desk.press(_Key.Key_Return, _Mod.ControlModifier)
        desk.window.field.setFocus()
        await desk.press(_Key.Key_X)
        assert desk.window.field.text() == ""
        assert desk.asked == []
        desk.window.button.setFocus()
        await desk.press(_Key.Key_Escape)
        assert sheet.isHidden()
        assert await answer is None
        assert desk.asked == []

    at_desk(gui, journey)


def test_esc_behind_two_sheets_closes_the_one_on_top(gui: Run) -> None:
    async def journey(desk: Desk) -> None:
        below, above = Sheet(desk.window.window, "First"), Sheet(desk.window.window, "Second")
        above.open()
        below.open()  # opened last, so it lies on top although it was made first
        desk.window.button.setFocus()
        await desk.press(_Key.Key_Escape)
        assert below.isHidden()
        assert above.isVisible()
        above.cancel()

    at_desk(gui, journey)


def test_what_an_input_method_composes_starts_nothing(gui: Run) -> None:
    async def journey(desk: Desk) -> None:
        desk.window.field.setFocus()
        QApplication.sendEvent(desk.window.field, QInputMethodEvent("にほ", []))
        composing = QKeyEvent(QEvent.Type.KeyPress, _Key.Key_unknown, _Mod.NoModifier, "")
        QApplication.sendEvent(desk.window.field, composing)
        await settled()
        assert desk.asked == []

    at_desk(gui, journey)


def test_a_control_that_goes_while_it_has_the_keyboard_leaves_the_keys_working(gui: Run) -> None:
    async def journey(desk: Desk) -> None:
        desk.window.field.setFocus()
        desk.window.field.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        gc.collect()
        desk.window.button.setFocus()
        await desk.press(_Key.Key_C)
        assert desk.asked == ["case.claim"]

    at_desk(gui, journey)


def test_a_changed_key_is_in_force_at_once(gui: Run) -> None:
    async def journey(desk: Desk) -> None:
        desk.keys.keymap.assign("case.claim", "V")
        await desk.press(_Key.Key_C)
        await desk.press(_Key.Key_V)
        assert desk.asked == ["case.claim"]

    at_desk(gui, journey)
