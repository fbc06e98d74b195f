"""Two starts on the same data, as real programs: the second brings the first window forward and destroys nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from hotmess_console.adapters.store.demo import attach_owner
from hotmess_console.app.window import demo_data
from hotmess_console.domain.errors import SetupError
from hotmess_console.ui.instance import DONE, Place, ask_running, claim, claim_or_find
from tests.clusters import short_folder

pytestmark = pytest.mark.foundation

RAISED = "The console is already open on this data: its window was brought forward."
CLAIMING = """
import sys
from hotmess_console.ui.instance import Place, claim
held = claim(Place(sys.argv[1]))
print("mine" if held else "taken", flush=True)
sys.stdin.read()
"""


@pytest.fixture(scope="module", autouse=True)
def own_sockets() -> Iterator[None]:
    """No window of this machine is asked or disturbed."""
    with short_folder() as made, pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(made))
        patch.setattr("tempfile.tempdir", None)
        patch.setenv("QT_QPA_PLATFORM", "offscreen")
        patch.setenv("XDG_CONFIG_HOME", str(made / "config"))
        yield
    import tempfile

    tempfile.tempdir = None


def start(*words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "hotmess_console", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(*words: str) -> tuple[int, list[str]]:
    """Run the program to its end; return its exit code and what it said of itself, progress left out."""
    with start(*words) as program:
        _, said = program.communicate(timeout=60)
    return program.returncode, [line for line in said.splitlines() if not line.endswith(" …")]


class Window:
    """A demo whose window is open."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.program = start("demo", "--size", "3", "--folder", str(folder))
        end = time.monotonic() + 60
        while not self.answers():
            assert self.program.poll() is None, self.program.communicate()
            assert time.monotonic() < end, "the window never came up"
            time.sleep(0.1)

    def answers(self) -> bool:
        """Ask at its door only: a start of the program could become the window itself."""
        try:
            return ask_running(Place(demo_data(self.folder)), "open HM-10001") == DONE
        except SetupError:
            return False

    def cases(self) -> list[tuple[object, ...]]:
        owner = attach_owner(self.folder)
        assert owner is not None
        with psycopg.connect(owner) as conn:
            return conn.execute("SELECT id, number FROM console.cases ORDER BY number").fetchall()

    def close(self) -> None:
        self.program.kill()
        self.program.communicate()


@pytest.fixture(scope="module")
def window() -> Iterator[Window]:
    with short_folder() as made:
        opened = Window(made / "demo")
        yield opened
        opened.close()


def test_a_second_start_raises_the_first_window_again_and_again(window: Window) -> None:
    for _ in range(2):
        assert run("demo", "--folder", str(window.folder)) == (0, [RAISED])
        assert run("open", "HM-10002", "--folder", str(window.folder)) == (0, [RAISED])
    assert window.program.poll() is None


def test_the_folder_may_be_written_in_another_way(window: Window) -> None:
    assert run("demo", "--folder", str(window.folder / ".." / "demo"))[0] == 0


def test_a_case_that_the_window_does_not_know_is_a_failure_of_whoever_asked(window: Window) -> None:
    code, said = run("open", "HM-99999999", "--folder", str(window.folder))
    assert code == 1
    assert said[0] == "There is no case HM-99999999 that you may see."
    assert len(said) == 2


def test_a_demo_that_is_open_is_not_reset(window: Window) -> None:
    before = window.cases()
    code, said = run("demo", "--reset", "--folder", str(window.folder))
    assert code == 1
    assert said == [
        "This demo is open in a window, so it was not reset.",
        "Close that window, then run this again.",
    ]
    assert before
    assert window.cases() == before


def test_a_window_on_other_data_is_another_one(window: Window) -> None:
    with short_folder() as other:
        code, said = run("open", "HM-10001", "--folder", str(other))
        assert code == 1
        assert said[0] == f"No window is open in {other}, and there is no demo to open HM-10001 in."
        assert "hotmess-console demo" in said[1]
        assert len(said) == 2
        assert list(other.iterdir()) == []


def test_what_a_killed_window_left_behind_is_no_window(window: Window) -> None:
    os.kill(window.program.pid, signal.SIGKILL)
    window.program.wait()
    again = Window(window.folder)
    try:
        assert run("demo", "--folder", str(window.folder)) == (0, [RAISED])
    finally:
        again.close()


def test_of_two_starts_at_once_exactly_one_has_the_place() -> None:
    programs = [
        subprocess.Popen(
            [sys.executable, "-c", CLAIMING, "race"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    said = []
    for program in programs:
        assert program.stdout is not None
        said.append(program.stdout.readline().strip())
    assert sorted(said) == ["mine", "taken", "taken", "taken"]
    assert claim(Place("race")) is None
    for program in programs:
        program.communicate(input="")
    held = claim(Place("race"))
    assert held is not None
    held.release()


def test_who_only_looks_for_a_window_is_not_taken_for_one() -> None:
    looking = claim(Place("looked at"))
    assert looking is not None
    with ThreadPoolExecutor(1) as threads:
        starting = threads.submit(claim_or_find, Place("looked at"))
        time.sleep(0.3)
        assert not starting.done()
        looking.release()
        held = starting.result(timeout=10)
    assert held is not None
    held.release()
