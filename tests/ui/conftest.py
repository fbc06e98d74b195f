"""Runs coroutines as the program does: on a Qt loop, so that widgets and tasks take turns."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest
import qasync
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from hotmess_console.ui.theme.style import theme
from hotmess_console.ui.theme.tokens import DARK
from tests.ui.composer_window import Desk
from tests.ui.fakes_composer import FakeHost, make_detail, settle


@pytest.fixture(autouse=True)
def dark_again(qapp: QApplication) -> None:
    """No test meets the theme that another one left: workers share one application and take tests in any order."""
    if theme().palette is not DARK:
        theme().apply(qapp, "dark")


@pytest.fixture
def gui(qapp: QApplication) -> Iterator[Callable[[Coroutine[Any, Any, Any]], Any]]:
    """Runs a coroutine to its end on the GUI thread's loop, in the dark theme, and returns its result."""
    theme().apply(qapp, "dark")
    # a test closes its window and goes on
    qapp.setQuitOnLastWindowClosed(False)
    loop = qasync.QEventLoop(qapp)
    asyncio.set_event_loop(loop)
    yield loop.run_until_complete
    asyncio.set_event_loop(None)
    loop.close()


@pytest.fixture
def window(gui: Callable[[Coroutine[Any, Any, Any]], Any]) -> Iterator[QWidget]:
    """Returns a real, active widget of the smallest size of the window, to show sheets over."""
    made = QWidget()
    made.resize(1280, 800)
    made.show()
    made.activateWindow()
    QTest.qWaitForWindowActive(made)
    yield made
    made.close()


@pytest.fixture
def host(window: QWidget) -> FakeHost:
    """Returns what stands in for the window, with one open ticket and a real widget to show sheets over."""
    return FakeHost(window, make_detail())


@pytest.fixture
def desk(gui: Callable[[Coroutine[Any, Any, Any]], Any]) -> Iterator[Desk]:
    """Returns a small window with a composer in it, a case open."""
    made = Desk()

    async def show() -> None:
        made.composer.set_case(made.host.detail)
        await settle()

    gui(show())
    yield made
    made.window.close()
