"""Where garbage is collected."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from hotmess_console.ui.tidying import GuiCollector, collect_due

pytestmark = pytest.mark.foundation


@pytest.fixture
def threads() -> Iterator[set[str]]:
    """The names of the threads in which a collection began."""
    seen: set[str] = set()

    def note(phase: str, info: dict[str, int]) -> None:
        seen.add(threading.current_thread().name)

    gc.enable()
    gc.callbacks.append(note)
    yield seen
    gc.callbacks.remove(note)
    gc.disable()  # as tests/gui_thread_gc.py keeps it


def litter() -> None:
    """Leave far more garbage than makes Python collect by itself."""
    for _ in range(5_000):
        cycle: list[object] = []
        cycle.append(cycle)


def test_another_threads_garbage_is_collected_in_this_one(qtbot: QtBot, threads: set[str]) -> None:
    collector = GuiCollector()
    collector.start()
    threads.clear()  # making the collector may have been one allocation too many
    other = threading.Thread(target=litter, name="io")
    other.start()
    other.join()
    assert threads == set()
    collect_due()
    assert threads == {threading.main_thread().name}
    collector.stop()
    assert not gc.isenabled(), "a thread that ends late would destroy widgets"


def test_without_it_the_other_thread_collects(threads: set[str]) -> None:
    other = threading.Thread(target=litter, name="io")
    other.start()
    other.join()
    assert "io" in threads, "else the test above could not fail"
