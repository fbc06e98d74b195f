"""The shared parts look as they were last seen and approved, in each theme."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from hotmess_console.ui.theme.style import theme
from hotmess_console.ui.theme.tokens import PALETTES
from tests.ui.component_sheet import component_sheet

pytestmark = pytest.mark.foundation

GOLDENS = Path(__file__).parents[1] / "goldens"
VISIBLE = 24
"""Font rendering may differ by a shade from one FreeType to the next; this much can be seen."""


def differing(one: QImage, other: QImage) -> int:
    """How many pixels differ visibly in any channel."""
    if one.size() != other.size():
        return one.width() * one.height()
    # The bits belong to the converted pictures, which must therefore outlive them.
    pictures = [image.convertToFormat(QImage.Format.Format_RGB888) for image in (one, other)]
    first, second = (bytes(picture.constBits()) for picture in pictures)
    return sum(
        max(abs(a - b) for a, b in zip(first[at : at + 3], second[at : at + 3], strict=True)) > VISIBLE
        for at in range(0, len(first), 3)
        if first[at : at + 3] != second[at : at + 3]
    )


def picture(app: QApplication, name: str) -> QImage:
    theme().apply(app, name)
    sheet = component_sheet()
    sheet.show()
    for _ in range(3):
        app.processEvents()
    taken = sheet.grab().toImage()
    sheet.close()
    return taken


@pytest.mark.parametrize("name", PALETTES)
def test_the_parts_look_as_approved(qapp: QApplication, name: str) -> None:
    golden = GOLDENS / f"components-{name.replace(' ', '-')}.png"
    seen = picture(qapp, name)
    if os.environ.get("UPDATE_GOLDENS"):
        assert seen.save(str(golden))
    wrong = differing(seen, QImage(str(golden)))
    assert wrong <= seen.width() * seen.height() // 1_000


def test_a_changed_word_is_noticed(qapp: QApplication) -> None:
    dark, light = picture(qapp, "dark"), picture(qapp, "light")
    assert differing(dark, light) > dark.width() * dark.height() // 2
