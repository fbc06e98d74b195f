"""The tour: an agent's main job on the real window, against a real database and a real mail server."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from hotmess_console.app.tour import invented_file
from hotmess_console.domain.imports import BadRow, read_tickets

pytestmark = pytest.mark.foundation


@pytest.mark.timeout(300)
def test_the_tour_walks_an_agents_main_job_and_every_check_from_outside_holds(tmp_path: Path) -> None:
    pictures = tmp_path / "pictures"
    done = subprocess.run(
        [sys.executable, "-m", "hotmess_console", "demo", "--tour", str(pictures)],
        capture_output=True,
        text=True,
        timeout=280,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found = re.search(r"(\d+) checks held, 0 failed", done.stderr)
    assert found is not None
    assert int(found[1]) >= 21
    names = [path.name for path in sorted(pictures.glob("*.png"))]
    assert len(names) >= 30
    assert {name.rsplit("-", 1)[1] for name in names} == {"1280.png", "1920.png"}


def test_without_the_real_tickets_the_tour_writes_a_file_of_invented_ones() -> None:
    rows = list(read_tickets(invented_file(200)))
    assert len(rows) == 200
    assert not [row for row in rows if isinstance(row, BadRow)]
