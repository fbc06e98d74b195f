"""PySide6 6.12.0 drops a reference to `None` or `True` in each void call and emit: never that again.

On Python 3.10 and 3.11 those objects can be freed that way, and the program aborts (`bool_dealloc`) after
some 600 to 1,100 emits: a busy morning. From Python 3.12 on they are immortal and their counts never move,
so there the measurement says nothing; the pin itself, checked last, is what protects.
"""

from __future__ import annotations

import ctypes
import gc
import sys
from collections.abc import Callable, Iterator
from importlib import metadata

import pytest
from packaging.version import Version
from PySide6.QtCore import QObject, Signal, Slot

pytestmark = pytest.mark.foundation

MANY = 5_000
"""Calls per measurement: eight times what brought 6.12.0 down."""
NOISE = 200
"""References that others in the process may take or give back meanwhile; a leak would show as `MANY`."""
RESERVE: list[object] = [None, True, False] * (20 * MANY)
"""References to spend, so that a leak is a failed test with a name and not an aborted test run."""
IMMORTAL = sys.version_info >= (3, 12)


class Bell(QObject):
    """Something with signals, with and without a value."""

    rang = Signal()
    changed = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.heard = 0

    @Slot()
    def hear(self) -> None:
        """A void slot, called from C++."""
        self.heard += 1

    @Slot(bool)
    def hear_value(self, _value: bool) -> None:
        """A void slot that is handed a bool."""
        self.heard += 1


def lost_references(call: Callable[[], object]) -> dict[str, int]:
    """How many references to each singleton are gone after `MANY` calls (below zero: were gained)."""
    call()
    gc.collect()
    before = (sys.getrefcount(None), sys.getrefcount(True), sys.getrefcount(False))
    for _ in range(MANY):
        call()
    after = (sys.getrefcount(None), sys.getrefcount(True), sys.getrefcount(False))
    return {name: was - now for name, was, now in zip(("None", "True", "False"), before, after, strict=True)}


@pytest.fixture
def bell() -> Iterator[Bell]:
    made = Bell()
    made.rang.connect(made.hear)
    made.changed.connect(made.hear_value)
    yield made
    made.deleteLater()


CALLS: dict[str, Callable[[Bell], object]] = {
    "a void call": lambda bell: bell.setObjectName("bell"),
    "a call that returns a bool": lambda bell: bell.blockSignals(False),
    "an emit without a value": lambda bell: bell.rang.emit(),
    "an emit of True": lambda bell: bell.changed.emit(True),
    "an emit of False": lambda bell: bell.changed.emit(False),
    "a property set to None": lambda bell: bell.setProperty("note", None),
}


@pytest.mark.parametrize("name", CALLS)
def test_thousands_of_calls_into_qt_leave_the_singletons_as_they_were(bell: Bell, name: str) -> None:
    call = CALLS[name]
    lost = lost_references(lambda: call(bell))
    assert {singleton: count for singleton, count in lost.items() if abs(count) > NOISE} == {}


def test_every_emit_of_the_measurement_really_reaches_its_slot(bell: Bell) -> None:
    lost_references(lambda: bell.rang.emit())
    assert bell.heard == MANY + 1


def test_the_measurement_notices_references_that_are_dropped() -> None:
    """The same fault, made by hand and put right again: without this the proofs above could not fail."""
    drop, give_back = ctypes.pythonapi.Py_DecRef, ctypes.pythonapi.Py_IncRef
    drop.argtypes = give_back.argtypes = [ctypes.py_object]
    drop.restype = give_back.restype = None
    lost = lost_references(lambda: drop(None))["None"]
    for _ in range(MANY + 1):  # and the one call before the count
        give_back(None)
    expected = 0 if IMMORTAL else MANY
    assert lost == pytest.approx(expected, abs=NOISE)


def test_the_installed_pyside_is_one_that_keeps_its_references() -> None:
    installed = Version(metadata.version("pyside6-essentials"))
    assert Version("6.11.3") <= installed < Version("6.12")
