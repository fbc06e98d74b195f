"""The list under the person's hands: keys, live changes, ticks, and staying put."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QAccessible, QKeyEvent, QPaintEvent, QRegion
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hotmess_console.domain.values import CaseId, Urgency
from hotmess_console.ui.theme import fonts
from hotmess_console.ui.theme.tokens import DARK
from hotmess_console.ui.viewmodels.key_guard import Ignored
from hotmess_console.ui.viewmodels.queue_model import QueueModel
from hotmess_console.ui.viewmodels.selection import Selection
from hotmess_console.ui.widgets.queue_list import QueueList
from tests.ui.queue_samples import make_case, make_cases, make_model

pytestmark = pytest.mark.foundation

Key, Mod = Qt.Key, Qt.KeyboardModifier
ROWS_IN_VIEW = 10


class Clock:
    """Monotonic seconds that pass only when a test says so."""

    def __init__(self) -> None:
        self.now = 50.0

    def __call__(self) -> float:
        return self.now


class Hands:
    """A person at the list, who leaves 300 ms between two keys unless told otherwise."""

    def __init__(self, view: QueueList, clock: Clock) -> None:
        self.view, self.model, self.clock = view, view.queue, clock
        self.said: list[str] = []
        view.ignored.connect(self.said.append)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Mod.NoModifier, *, after_ms: int = 300) -> None:
        self.clock.now += after_ms / 1000
        QTest.keyClick(self.view, key, modifier)

    @property
    def current(self) -> int:
        case = self.view.current
        return 0 if case is None else case.int

    @property
    def top(self) -> tuple[int, int]:
        """The number of the uppermost case, and where it stands in pixels."""
        index = self.view.indexAt(QPoint(5, 0))
        return self.model.id_at(index.row()).int, self.view.visualRect(index).top()

    @property
    def ticked(self) -> set[int]:
        return {case.int for case in self.model.ticked.ids}


def one(number: int) -> CaseId:
    return make_case(number).id


def ids(*chosen: int) -> list[CaseId]:
    return [make_case(number).id for number in chosen]


Seat = Callable[[QueueModel], Hands]


@pytest.fixture
def sit_down(qtbot: QtBot) -> Iterator[Seat]:
    views: list[QueueList] = []
    fonts.load_fonts()

    def open_list(model: QueueModel) -> Hands:
        clock = Clock()
        view = QueueList(model, DARK, clock=clock)
        views.append(view)
        view.resize(456, ROWS_IN_VIEW * 56)
        view.show()
        view.setFocus()
        QApplication.processEvents()
        return Hands(view, clock)

    yield open_list
    for view in views:
        view.close()
        view.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def hands(sit_down: Seat) -> Hands:
    return sit_down(make_model(make_cases(100)))


def test_the_first_case_is_focused_when_the_queue_appears(hands: Hands) -> None:
    assert hands.current == 1


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (Key.Key_J, 51),
        (Key.Key_Down, 51),
        (Key.Key_K, 49),
        (Key.Key_Up, 49),
        (Key.Key_Home, 1),
        (Key.Key_End, 100),
        (Key.Key_PageDown, 60),
        (Key.Key_PageUp, 40),
    ],
)
def test_keys_move_and_the_case_moved_to_is_wholly_in_view(hands: Hands, key: Qt.Key, expected: int) -> None:
    hands.view.go_to(one(50))
    hands.press(key)
    assert hands.current == expected
    rect = hands.view.visualRect(hands.view.currentIndex())
    assert hands.view.viewport().rect().contains(rect)


def test_moving_stops_at_either_end(hands: Hands) -> None:
    hands.press(Key.Key_K)
    assert hands.current == 1
    hands.press(Key.Key_End)
    hands.press(Key.Key_J)
    assert hands.current == 100


def test_keys_that_are_not_the_lists_own_are_left_to_the_window(hands: Hands) -> None:
    for key in (Key.Key_G, Key.Key_E, Key.Key_Escape, Key.Key_Slash):
        event = QKeyEvent(QEvent.Type.KeyPress, key, Mod.NoModifier)
        hands.view.keyPressEvent(event)
        assert not event.isAccepted()


def test_current_changed_tells_each_new_case_once(hands: Hands) -> None:
    told: list[object] = []
    hands.view.current_changed.connect(told.append)
    hands.press(Key.Key_J)
    hands.model.upsert([make_case(2, version=2)])
    hands.press(Key.Key_Home)
    hands.press(Key.Key_K)
    assert told == [*ids(2), *ids(1)]


# ── under live changes ──


def test_the_focused_case_stays_focused_when_it_moves_in_the_queue(hands: Hands) -> None:
    hands.view.go_to(one(5))
    hands.model.upsert([make_case(5, urgency=Urgency.IMMEDIATE, version=2)])
    assert hands.current == 5
    assert hands.view.currentIndex().row() == 0


def test_cases_that_come_and_go_above_the_view_move_nothing_on_screen(hands: Hands) -> None:
    hands.view.go_to(one(60))
    hands.view.verticalScrollBar().setValue(hands.view.verticalScrollBar().value() + 7)
    before = hands.top
    hands.model.upsert([make_case(500 + n, urgency=Urgency.IMMEDIATE) for n in range(3)])
    assert hands.top == before
    hands.model.remove(ids(1, 2, 3, 4, 501))
    assert hands.top == before
    hands.model.upsert([make_case(80, urgency=Urgency.IMMEDIATE, version=2)])
    assert hands.top == before
    assert hands.current == 60


def test_at_the_very_top_a_more_urgent_case_comes_into_view(hands: Hands) -> None:
    hands.model.upsert([make_case(500, urgency=Urgency.IMMEDIATE)])
    assert hands.top == (500, 0)
    assert hands.current == 1


@pytest.mark.parametrize("count", [100, 400])
def test_reading_the_queue_again_keeps_the_focused_case_and_the_place(sit_down: Seat, count: int) -> None:
    hands = sit_down(make_model(make_cases(count)))
    hands.view.go_to(one(60))
    before = hands.top
    again = [make_case(n, version=2) for n in range(1, count + 1)] + [make_case(900 + n) for n in range(300)]
    hands.model.show_page(again, first=True, last=True, same=True)
    assert (hands.current, hands.top) == (60, before)


class PaintedArea(QObject):
    """What the viewport was asked to paint anew."""

    def __init__(self, view: QueueList) -> None:
        super().__init__(view)
        self.area = QRegion()
        view.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            self.area += event.region()
        return False


def test_a_changed_case_repaints_its_own_row_only(hands: Hands) -> None:
    QApplication.processEvents()
    painted = PaintedArea(hands.view)
    hands.model.upsert([make_case(4, version=2, subject="Changed by somebody else")])
    QApplication.processEvents()
    assert painted.area.boundingRect() == hands.view.visualRect(hands.model.index(3))


def test_deciding_puts_the_next_case_under_the_hands(hands: Hands) -> None:
    hands.view.go_to(one(7))
    hands.model.take_away(one(7))
    assert hands.current == 8
    hands.model.remove(ids(8, 9, 10))
    assert hands.current == 11


def test_when_the_last_case_goes_the_one_before_is_focused_and_then_none(sit_down: Seat) -> None:
    hands = sit_down(make_model(make_cases(2)))
    told: list[object] = []
    hands.view.current_changed.connect(told.append)
    hands.view.go_to(one(2))
    hands.model.take_away(one(2))
    assert hands.current == 1
    hands.model.take_away(one(1))
    assert hands.view.current is None
    assert told == [*ids(2), *ids(1), None]
    hands.model.bring_back(one(2), "Refused.")
    assert hands.current == 2


def test_a_case_that_comes_back_does_not_take_the_focus(hands: Hands) -> None:
    hands.model.take_away(one(1))
    hands.press(Key.Key_J)
    hands.model.bring_back(one(1), "Refused.")
    assert hands.current == 3


# ── keys that come too soon ──


def test_a_bouncing_key_moves_once_and_says_so(hands: Hands) -> None:
    hands.press(Key.Key_J)
    hands.press(Key.Key_J, after_ms=40)
    assert hands.current == 2
    assert hands.said == [Ignored.REPEATED.value]


def test_holding_j_travels(hands: Hands) -> None:
    for _ in range(5):
        hands.clock.now += 0.03
        hands.view.keyPressEvent(QKeyEvent(QEvent.Type.KeyPress, Key.Key_J, Mod.NoModifier, "j", autorep=True))
    assert hands.current == 6
    assert hands.said == []


def test_holding_x_ticks_once(hands: Hands) -> None:
    hands.press(Key.Key_X)
    hands.clock.now += 0.5
    hands.view.keyPressEvent(QKeyEvent(QEvent.Type.KeyPress, Key.Key_X, Mod.NoModifier, "x", autorep=True))
    assert hands.ticked == {1}
    assert hands.said == [Ignored.HELD.value]


def test_a_decision_just_after_the_case_was_swapped_is_ignored_and_said_so(hands: Hands) -> None:
    hands.clock.now += 1
    hands.model.remove(ids(1))
    hands.clock.now += 0.2
    assert not hands.view.may_decide("C")
    assert hands.said == [Ignored.JUST_CHANGED.value]
    hands.clock.now += 0.1
    assert hands.view.may_decide("C")


def test_a_decision_just_after_moving_by_hand_is_meant(hands: Hands) -> None:
    hands.press(Key.Key_J)
    hands.clock.now += 0.01
    assert hands.view.may_decide("C")


# ── ticks ──


def test_x_ticks_and_unticks_the_focused_case(hands: Hands) -> None:
    hands.press(Key.Key_X)
    assert hands.ticked == {1}
    hands.press(Key.Key_X)
    assert hands.ticked == set()


def test_shift_extends_and_going_back_gives_up_what_it_took(hands: Hands) -> None:
    hands.press(Key.Key_X)
    hands.view.go_to(one(10))
    for _ in range(3):
        hands.press(Key.Key_J, Mod.ShiftModifier)
    assert hands.ticked == {1, 10, 11, 12, 13}
    hands.press(Key.Key_K, Mod.ShiftModifier)
    assert hands.ticked == {1, 10, 11, 12}
    hands.press(Key.Key_J)
    hands.press(Key.Key_Up, Mod.ShiftModifier)
    assert hands.ticked == {1, 10, 11, 12, 13}


def test_control_a_ticks_what_matches_and_not_only_what_is_loaded(sit_down: Seat) -> None:
    hands = sit_down(make_model(make_cases(50), last=False))
    told: list[object] = []
    hands.view.ticked_changed.connect(told.append)
    hands.press(Key.Key_A, Mod.ControlModifier)
    assert told == [Selection.everything()]
    assert make_case(7777).id in hands.model.ticked
    hands.press(Key.Key_X)
    assert make_case(1).id not in hands.model.ticked


def test_the_mouse_focuses_and_on_the_mark_it_ticks(hands: Hands) -> None:
    viewport = hands.view.viewport()
    QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, Mod.NoModifier, QPoint(200, 2 * 56 + 9))
    assert (hands.current, hands.ticked) == (3, set())
    QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, Mod.NoModifier, QPoint(20, 4 * 56 + 9))
    assert (hands.current, hands.ticked) == (5, {5})
    QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, Mod.ShiftModifier, QPoint(200, 6 * 56 + 9))
    assert (hands.current, hands.ticked) == (7, {5, 6, 7})


# ── more, and for those who listen ──


def test_nearing_the_end_by_key_or_wheel_asks_for_more(sit_down: Seat) -> None:
    hands = sit_down(make_model(make_cases(100), last=False))
    asked: list[int] = []
    hands.view.more_wanted.connect(lambda: asked.append(1))
    hands.view.go_to(one(60))
    assert asked == []
    hands.view.verticalScrollBar().setValue(hands.view.verticalScrollBar().maximum())
    assert asked == [1]
    hands.model.show_page([make_case(n) for n in range(101, 151)], first=False)
    assert hands.model.rowCount() == 150
    assert hands.current == 60


def test_the_list_and_its_rows_have_names_for_a_screen_reader(hands: Hands) -> None:
    spoken = QAccessible.queryAccessibleInterface(hands.view)
    assert spoken.role() == QAccessible.Role.List
    assert spoken.text(QAccessible.Text.Name) == "Queue"
    assert "Shift" in spoken.text(QAccessible.Text.Description)
    row = spoken.child(3)
    assert row.text(QAccessible.Text.Name) == hands.model.row_at(3).spoken()
