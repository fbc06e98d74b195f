"""How long a start takes: first paint beside an empty main window, ready beside imports and a warm server.

Each start is a process of its own, timed from its spawn; the three kinds take turns, so that noise hits all of them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.figures import beside
from benchmarks.startup_child import settings_of
from hotmess_console.adapters.settings_file import SettingsFile
from hotmess_console.services.preferences import Layout, Preferences
from tests.clusters import short_folder

ROUNDS = 12


def run(rounds: int = ROUNDS) -> dict[str, object]:
    """Return first paint and readiness in milliseconds with their ratios."""
    paint: tuple[list[float], list[float]] = ([], [])
    ready: tuple[list[float], list[float]] = ([], [])
    with short_folder() as folder:
        place = folder / "demo"
        # what a window that was closed has left behind, as on every day but the first
        left = Layout(window=(0, 0, 1_280, 800), worn="dark")
        SettingsFile(settings_of(place)).save(Preferences(layout=left))
        _spawn("console", place)  # the first start ever makes the demo's world; it is not what is measured
        known = _spawn("console", place)["libraries"]
        for _ in range(rounds):
            floor = _spawn("empty", place)
            libraries = _spawn("libraries", place, json.dumps(known))
            ours = _spawn("console", place)
            known = ours["libraries"]
            paint[0].append(ours["paint"])
            paint[1].append(floor["paint"])
            ready[0].append(ours["ready"])
            ready[1].append(libraries["ready"])
    return {
        "first paint": beside(paint[0], paint[1], bar=1.5),
        "ready": beside(ready[0], ready[1], bar=1.3),
    }


def _spawn(mode: str, folder: Path, told: str = "") -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-m", "benchmarks.startup_child", mode, repr(time.time()), str(folder)],
        input=told,
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"the start {mode} ended with {done.returncode}: {done.stderr[-2000:]}")
    answer: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return answer
