"""The tour: an agent's main job on the real window, against a real database and a real mail server."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from hotmess_console.adapters.store.embedded import EmbeddedPostgres
from hotmess_console.app.tour import invented_file
from hotmess_console.domain.imports import BadRow, read_tickets
from tests.clusters import short_folder

pytestmark = pytest.mark.foundation


@pytest.fixture
def folder() -> Iterator[Path]:
    """Where the demo's data may lie: a path short enough for its socket, which any account may enter."""
    with short_folder() as made:
        yield made / "demo"


@pytest.mark.timeout(300)
def test_the_tour_walks_an_agents_main_job_and_every_check_from_outside_holds(tmp_path: Path, folder: Path) -> None:
    pictures, words = tmp_path / "pictures", ("--size", "75", "--login", "mehreen")
    done = subprocess.run(
        [sys.executable, "-m", "hotmess_console", "demo", "--tour", str(pictures), "--folder", str(folder), *words],
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
    # folder, size and login are those that were asked for
    with EmbeddedPostgres(folder) as server, psycopg.connect(server.conninfo("demo")) as conn:
        tickets = conn.execute("SELECT count(*) FROM public.support_tickets").fetchall()
        claimed = conn.execute("SELECT DISTINCT actor FROM console.commands WHERE name = 'ticket.claim'").fetchall()
    assert (tickets, claimed) == ([(75,)], [("mehreen",)])


def test_without_the_real_tickets_the_tour_writes_a_file_of_invented_ones() -> None:
    rows = list(read_tickets(invented_file(200)))
    assert len(rows) == 200
    assert not [row for row in rows if isinstance(row, BadRow)]
