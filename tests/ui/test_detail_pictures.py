"""Detail and person look as they were last seen and approved.

`UPDATE_GOLDENS=1` paints the golden pictures anew; look at each before it is committed.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from hotmess_console.ui.theme.style import theme
from tests.ui.fakes_details import busy_ticket, rowan
from tests.ui.test_detail_hostile import Window
from tests.ui.test_widgets_sheet import differing

pytestmark = pytest.mark.foundation

GOLDENS = Path(__file__).parents[1] / "goldens"
LOOKS = [("dark", False), ("light", False), ("high contrast", False), ("dark", True)]


def picture(app: QApplication, look: str, masked: bool) -> QImage:
    theme().apply(app, look)
    window = Window()
    window.host.hides_names = masked
    window.show()
    window.show_case(busy_ticket(), rowan())
    window.detail.messages.setFocus()
    for _ in range(5):
        app.processEvents()
    taken = window.grab().toImage()
    window.close()
    window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return taken


@pytest.mark.parametrize(("look", "masked"), LOOKS)
def test_a_ticket_looks_as_approved(qapp: QApplication, look: str, masked: bool, tmp_path: Path) -> None:
    name = f"ticket-{look.replace(' ', '-')}{'-masked' if masked else ''}.png"
    seen = picture(qapp, look, masked)
    if os.environ.get("UPDATE_GOLDENS"):
        assert seen.save(str(GOLDENS / name))
    seen.save(str(tmp_path / name))
    wrong = differing(seen, QImage(str(GOLDENS / name)))
    assert wrong <= seen.width() * seen.height() // 1_000, f"compare {tmp_path / name}"
