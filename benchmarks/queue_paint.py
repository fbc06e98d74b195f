"""Key → next case painted: the console's queue against a bare `QTableView` doing the same in the same run.

The floor is honest: a `QStandardItemModel` (all C++) holds the same words, the view has the same size and row
height, and each stroke counts until the paint event it caused has been delivered and handled, in both views.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median, quantiles
from time import perf_counter
from uuid import UUID
from zoneinfo import ZoneInfo

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QApplication, QTableView

from hotmess_console.domain.cases import Case
from hotmess_console.domain.people import Colleague, Staff
from hotmess_console.domain.values import CaseId, CaseKind, Category, Level, Login, Priority, Status, Urgency
from hotmess_console.ui.theme import fonts
from hotmess_console.ui.theme.tokens import DARK
from hotmess_console.ui.viewmodels.queue_model import QueueModel
from hotmess_console.ui.viewmodels.queue_rows import Row, row_of
from hotmess_console.ui.widgets.queue_list import QueueList

SIZES = (1_000, 100_000)
STROKES = 200
REPAINTS = 60
BAR = 3.0
WIDTH_PX, HEIGHT_PX, ROW_PX, FULL_ROWS = 760, 784, 56, 38
NOW = datetime(2026, 11, 23, 2, 31, tzinfo=UTC)
STAFF = Staff([Colleague(Login("mina"), "Mina Dale", "mina", "MD")])
LONDON = ZoneInfo("Europe/London")


@dataclass(frozen=True, slots=True)
class Rival:
    """One of the two views: how to press a key in it, take its focused row out, and paint it whole."""

    view: QAbstractItemView
    move: Callable[[], None]
    decide: Callable[[], None]


class PaintWatch(QObject):
    """Counts the paint events that reached a viewport and were handled."""

    def __init__(self, view: QAbstractItemView) -> None:
        super().__init__(view)
        self.painted = 0
        view.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.painted += 1
        return False


def run() -> dict[str, object]:
    """Figures in milliseconds and their ratios to the floor; `passed` says whether each p99 keeps the bar."""
    app = _application()
    fonts.load_fonts()
    figures: dict[str, object] = {"bar": BAR, "strokes": STROKES, "floor": "QTableView, QStandardItemModel"}
    ratios: list[float] = []
    for size in SIZES:
        rivals = {"ours": _ours(size), "bare": _bare(size)}
        for act in ("move", "decide"):
            times = _race(app, rivals, act)
            figures[f"{act}_{size}"] = compared = _compared(times)
            ratios.append(compared["ratio_p99"])
        if size == SIZES[0]:
            figures[f"repaint_{FULL_ROWS}_rows"] = _compared(_repaints(app, rivals))
        for rival in rivals.values():
            rival.view.close()
            rival.view.deleteLater()
        app.processEvents()
    figures["passed"] = all(ratio <= BAR for ratio in ratios)
    return figures


def _application() -> QApplication:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication.instance()
    return app if isinstance(app, QApplication) else QApplication(sys.argv[:1])


def _race(app: QApplication, rivals: dict[str, Rival], act: str) -> dict[str, list[float]]:
    """Strokes in turn, so that whatever else the machine does falls on both."""
    times: dict[str, list[float]] = {name: [] for name in rivals}
    watches = {name: PaintWatch(rival.view) for name, rival in rivals.items()}
    for stroke in range(STROKES + 10):
        for name, rival in rivals.items():
            rival.view.setFocus()
            app.processEvents()
            took = _until_painted(app, watches[name], getattr(rival, act))
            if stroke >= 10:
                times[name].append(took)
    return times


def _until_painted(app: QApplication, watch: PaintWatch, act: Callable[[], None]) -> float:
    before, start = watch.painted, perf_counter()
    act()
    while watch.painted == before:
        app.processEvents()
    return (perf_counter() - start) * 1000


def _repaints(app: QApplication, rivals: dict[str, Rival]) -> dict[str, list[float]]:
    times: dict[str, list[float]] = {name: [] for name in rivals}
    for rival in rivals.values():
        rival.view.resize(WIDTH_PX, FULL_ROWS * ROW_PX)
    app.processEvents()
    for _ in range(REPAINTS):
        for name, rival in rivals.items():
            start = perf_counter()
            rival.view.viewport().repaint()
            times[name].append((perf_counter() - start) * 1000)
    return times


def _compared(times: dict[str, list[float]]) -> dict[str, float]:
    found: dict[str, float] = {}
    for name, taken in times.items():
        cuts = quantiles(taken, n=100)
        for label, value in (("median", median(taken)), ("p95", cuts[94]), ("p99", cuts[98])):
            found[f"{name}_{label}_ms"] = round(value, 3)
    for label in ("median", "p95", "p99"):
        found[f"ratio_{label}"] = round(found[f"ours_{label}_ms"] / found[f"bare_{label}_ms"], 2)
    return found


# ── the two views ──


def _case(number: int) -> Case:
    due = NOW + timedelta(minutes=number)
    return Case(
        id=CaseId(UUID(int=number)),
        number=10_000 + number,
        kind=CaseKind.TICKET,
        subject=f"Charged twice for PLUS, question {number}",
        snippet="Two payments on Saturday, one minute apart, and only one membership. Could one be returned?",
        status=Status.IN_PROGRESS,
        category=Category.BILLING,
        priority=Priority.NORMAL,
        urgency=Urgency.NORMAL,
        level=Level.SUPPORT,
        assignee=Login("mina") if number % 2 else None,
        opened_at=NOW,
        due_at=due,
        rank_at=due,
        paused_at=None,
        snoozed_until=None,
        language="en",
        unread=number % 3 == 0,
        version=1,
    )


def _words(case: Case, now: datetime, readers: tuple[Login, ...]) -> Row:
    return row_of(case, now=now, staff=STAFF, zone=LONDON, present=readers)


def _ticking() -> Callable[[], float]:
    seconds = iter(range(10**9))
    return lambda: float(next(seconds))  # no key is ever too soon


def _ours(size: int) -> Rival:
    model = QueueModel(_words, NOW)
    model.show_page([_case(number) for number in range(1, size + 1)], first=True, last=True)
    view = QueueList(model, DARK, clock=_ticking())
    _show(view)

    def decide() -> None:
        if view.current is not None:
            model.take_away(view.current)

    return Rival(view, lambda: _press(view, Qt.Key.Key_J), decide)


def _bare(size: int) -> Rival:
    view = QTableView()
    model = QStandardItemModel(view)
    for number in range(1, size + 1):
        row = _words(_case(number), NOW, ())
        model.appendRow([QStandardItem(text) for text in _cells(row)])
    view.setModel(model)
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.verticalHeader().setDefaultSectionSize(ROW_PX)
    view.verticalHeader().hide()
    view.horizontalHeader().hide()
    view.horizontalHeader().setDefaultSectionSize(WIDTH_PX // model.columnCount())
    _show(view)
    view.setCurrentIndex(model.index(0, 0))
    return Rival(
        view,
        lambda: _press(view, Qt.Key.Key_Down),
        lambda: _discard(model.removeRow(view.currentIndex().row())),
    )


def _cells(row: Row) -> list[str]:
    owner = row.assignee.initials if row.assignee else ""
    words = [row.reference, row.subject, row.snippet, row.category, row.status_title, row.due, row.due_at]
    return [*words, row.level, owner]


def _discard(_: object) -> None:
    """Drop a result that says nothing."""


def _show(view: QAbstractItemView) -> None:
    view.resize(WIDTH_PX, HEIGHT_PX)
    view.show()
    view.setFocus()
    QApplication.processEvents()


def _press(view: QAbstractItemView, key: Qt.Key) -> None:
    QApplication.sendEvent(view, QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier))


if __name__ == "__main__":
    import json

    print(json.dumps(run(), indent=2))
