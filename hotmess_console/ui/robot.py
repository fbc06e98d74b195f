"""A pair of hands for the tour: presses keys on the real window, waits for what must follow, takes pictures."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QKeyCombination, QSize, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from hotmess_console.domain.errors import SetupError

SIZES = (QSize(1280, 800), QSize(1920, 1080))
PATIENCE = 20.0


class Robot:
    """Drives `window` by keys only; pictures go to `folder`, numbered, in each of SIZES."""

    def __init__(self, window: QWidget, folder: Path) -> None:
        self.window = window
        self._folder = folder
        self._count = 0

    async def press(self, *keys: str) -> None:
        """Press keys one after the other, each as portable text such as ``Ctrl+Return`` or ``C``."""
        for key in keys:
            if len(key) == 1 and not key.isalnum():
                QTest.keyClicks(self._target(), key)
                await self.breathe()
                continue
            combination = QKeyCombination.fromCombined(QKeySequence(key)[0].toCombined())  # type: ignore[index]
            QTest.keyClick(self._target(), combination.key(), combination.keyboardModifiers())
            await self.breathe()

    async def type(self, text: str) -> None:
        """Type `text` where the keyboard is."""
        for character in text:
            if character == "\n":
                QTest.keyClick(self._target(), Qt.Key.Key_Return)
            else:
                QTest.keyClicks(self._target(), character)
        await self.breathe()

    async def until(self, condition: Callable[[], bool], what: str) -> None:
        """Wait until `condition` holds. Raises SetupError naming `what` when it does not within PATIENCE seconds."""
        end = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > end:
                raise SetupError(f"The tour waited in vain for this: {what}.", hint="Look at the last picture.")
            await asyncio.sleep(0.02)

    async def breathe(self, seconds: float = 0.03) -> None:
        """Let the window handle what was pressed."""
        await asyncio.sleep(seconds)

    async def picture(self, name: str) -> list[Path]:
        """Take a picture of the window in each size; return the files."""
        self._count += 1
        made = []
        for size in SIZES:
            self.window.resize(size)
            await self.breathe(0.15)
            path = self._folder / f"{self._count:02d}-{name}-{size.width()}.png"
            if not self.window.grab().save(str(path)):
                raise SetupError(f"The picture {path} cannot be written.", hint="Choose another folder for the tour.")
            made.append(path)
        self.window.resize(SIZES[0])
        await self.breathe(0.1)
        return made

    def _target(self) -> QWidget:
        focused = QApplication.focusWidget()
        return focused if focused is not None else self.window
