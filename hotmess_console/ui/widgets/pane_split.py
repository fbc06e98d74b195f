"""Queue, detail and person side by side: who gives way when the window is narrow, and where a person dragged them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget

from hotmess_console.ui.theme.fonts import current_scale, px
from hotmess_console.ui.theme.tokens import WIDTH

if TYPE_CHECKING:
    from hotmess_console.services.preferences import Layout

WIDE_FROM = 1600


@dataclass(frozen=True, slots=True)
class Widths:
    """Pixels of the queue and of the person pane, which is a rail when `folded`; the detail has the rest."""

    queue: int
    person: int
    folded: bool


def widths(room: int, *, folded: bool | None = None, queue: int | None = None, person: int | None = None) -> Widths:
    """Share `room` design pixels. The person pane folds first, then the queue narrows; the detail keeps its least.

    `folded` is what the person asked for (None: whatever fits), `queue` and `person` what they dragged.
    """
    place = int(room >= WIDE_FROM)
    want_queue = max(queue or WIDTH["queue"][place], WIDTH["queue_min"][place])
    rail, detail = WIDTH["rail"][place], WIDTH["detail_min"][place]
    most = room - WIDTH["queue_min"][place] - detail
    want_person = max(min(person or WIDTH["person"][place], most), WIDTH["person"][0])
    folds = room - want_queue - want_person < detail if folded is None else folded
    beside = rail if folds else want_person
    given = max(WIDTH["queue_min"][place], min(want_queue, room - beside - detail))
    return Widths(given, beside, folds)


class PaneSplit(QSplitter):
    """Three panes along a line of one pixel. `folded` when the person pane becomes a rail or unfolds."""

    folded = Signal(bool)

    def __init__(self, queue: QWidget, detail: QWidget, person: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._asked: bool | None = None
        self._dragged: dict[bool, tuple[int, int]] = {}
        self.is_folded = False
        self.setChildrenCollapsible(False)
        self.setHandleWidth(1)
        for pane in (queue, detail, person):
            self.addWidget(pane)
        queue.setMinimumWidth(px(WIDTH["queue_min"][0]))
        self.setStretchFactor(1, 1)
        self.splitterMoved.connect(self._remember)

    def put(self, detail: QWidget, person: QWidget) -> None:
        """Put these into the place of what stands in the middle and at the right."""
        for place, pane in ((1, detail), (2, person)):
            before = self.replaceWidget(place, pane)
            pane.show()
            if before is not None:
                before.deleteLater()
        self._share()

    def kept(self, before: Layout) -> Layout:
        """Return `before` with the widths and the fold that the person chose."""
        dragged = self._dragged
        return replace(before, narrow=dragged.get(False), wide=dragged.get(True), folded=self._asked)

    def restore(self, layout: Layout) -> None:
        """Take up the widths and the fold that were kept."""
        found = ((False, layout.narrow), (True, layout.wide))
        self._dragged = {wide: pair for wide, pair in found if pair is not None}
        self._asked = layout.folded
        self._share()

    def ask_fold(self, folded: bool) -> None:
        """The person folds or unfolds the right pane by hand."""
        self._asked = folded
        self._share()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the new width."""
        self._share()
        super().resizeEvent(event)

    def _remember(self, _position: int, _handle: int) -> None:
        queue, _detail, person = self.sizes()
        was = self._dragged.get(self._wide(), (0, 0))
        self._dragged[self._wide()] = (self._design(queue), was[1] if self.is_folded else self._design(person))

    def _wide(self) -> bool:
        return self._design(self.width()) >= WIDE_FROM

    def _design(self, pixels: int) -> int:
        return round(pixels / current_scale())

    def _share(self) -> None:
        queue, person = self._dragged.get(self._wide(), (0, 0))
        room = self._design(self.width() - 2 * self.handleWidth())
        found = widths(room, folded=self._asked, queue=queue or None, person=person or None)
        if found.folded != self.is_folded:
            self.is_folded = found.folded
            self.folded.emit(found.folded)
        left, right = px(found.queue), px(found.person)
        self.setSizes([left, self.width() - left - right - 2 * self.handleWidth(), right])
