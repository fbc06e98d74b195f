"""One start, timed from the moment the parent spawned this process: an empty window, the libraries, or the console."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any


def since(start: float) -> float:
    """Return the seconds since the parent's clock read `start`."""
    return time.time() - start


def settings_of(folder: Path) -> Path:
    """Return where a console on the demo in `folder` reads how it was left."""
    return folder.with_name("settings.json")


def empty(start: float) -> dict[str, float]:
    """Start Qt with an empty main window; the floor of a first paint."""
    from PySide6.QtCore import QEvent
    from PySide6.QtWidgets import QApplication, QMainWindow

    painted: list[float] = []

    class Window(QMainWindow):
        def event(self, event: QEvent) -> bool:
            done = super().event(event)
            if event.type() is QEvent.Type.Paint and not painted:
                painted.append(since(start))
            return done

    qt = QApplication(sys.argv[:1])
    window = Window()
    window.resize(1280, 800)
    window.show()
    while not painted:
        qt.processEvents()
    return {"paint": painted[0]}


def libraries(start: float, folder: Path, names: list[str]) -> dict[str, float]:
    """Import `names`, which a console that was ready had imported, and start the warm server; the floor of that."""
    from benchmarks.startup_libraries import import_exactly
    from hotmess_console.adapters.store.embedded import EmbeddedPostgres

    import_exactly(names)
    import psycopg

    with EmbeddedPostgres(folder) as server:
        with psycopg.connect(server.conninfo("demo")) as conn:
            conn.execute("SELECT 1")
        ready = since(start)
    return {"ready": ready}


def console(start: float, folder: Path) -> dict[str, Any]:
    """Start the demo's window; ready is when its first page is painted and the first key has moved the cursor."""
    from benchmarks.startup_window import first_paint_and_ready

    return first_paint_and_ready(start, folder, settings_of(folder))


if __name__ == "__main__":
    mode, began, where = sys.argv[1], float(sys.argv[2]), Path(sys.argv[3])
    modes: dict[str, Any] = {
        "empty": lambda: empty(began),
        "libraries": lambda: libraries(began, where, json.loads(sys.stdin.read())),
        "console": lambda: console(began, where),
    }
    print(json.dumps(modes[mode]()))
