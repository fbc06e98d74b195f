"""Collecting garbage in the GUI thread only: a widget destroyed by another thread takes the program down."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

EVERY_MS = 1_000


class GuiCollector(QObject):
    """Takes garbage collection away from whichever thread happens to allocate, and does it on a timer of this one.

    Reference cycles may hold widgets; collected on the I/O thread they would be destroyed there.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(collect_due)

    def start(self) -> None:
        """Collect here from now on."""
        gc.disable()
        self._timer.start()

    def stop(self) -> None:
        """Collect no more. Python does not take over again: threads may still end while widgets are lying about."""
        self._timer.stop()


def collect_due() -> None:
    """Collect the generations that are due in this thread, the youngest first, as Python itself would."""
    for generation, (count, limit) in enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True)):
        if count <= limit:
            return
        gc.collect(generation)
