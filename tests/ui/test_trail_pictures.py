"""The audit tab and a case as it was look as they were last seen and approved.

`UPDATE_GOLDENS=1` paints the golden pictures anew; look at each before it is committed.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from hotmess_console.ui.dialogs.case_then import ThenSheet
from hotmess_console.ui.theme.style import theme
from tests.ui.fakes_composer import FakeHost, settle
from tests.ui.fakes_shell import until
from tests.ui.fakes_trail import TrailQueries, step
from tests.ui.host_parts import DOWN, ENTER, press
from tests.ui.test_trail import at_audit, opened
from tests.ui.test_widgets_sheet import differing

pytestmark = pytest.mark.authority

GOLDENS = Path(__file__).parents[1] / "goldens"
Gui = Callable[[Coroutine[Any, Any, Any]], Any]


def agrees(seen: QImage, name: str, tmp_path: Path) -> None:
    if os.environ.get("UPDATE_GOLDENS"):
        assert seen.save(str(GOLDENS / name))
    seen.save(str(tmp_path / name))
    wrong = differing(seen, QImage(str(GOLDENS / name)))
    assert wrong <= seen.width() * seen.height() // 1_000, f"compare {tmp_path / name}"


@pytest.mark.parametrize("look", ["dark", "light", "high contrast"])
def test_the_audit_looks_as_approved(gui: Gui, host: FakeHost, qapp: QApplication, look: str, tmp_path: Path) -> None:
    async def journey() -> None:
        theme().apply(qapp, look)
        steps = [step(99), step(98, "ticket.resolve"), step(80, "note.add"), step(60, "setting.change", case=None)]
        tab = await opened(host, TrailQueries(steps))
        press(DOWN)
        await until(lambda: len(tab._entries) == 2, "its entries are read")
        await settle(30)
        agrees(host.window.grab().toImage(), f"audit-{look.replace(' ', '-')}.png", tmp_path)
        if look == "dark":
            press(ENTER)
            await until(lambda: any(s.isVisible() for s in host.window.findChildren(ThenSheet)), "the sheet opens")
            await settle(30)
            agrees(host.window.grab().toImage(), "audit-case-then.png", tmp_path)

    at_audit(gui, host, journey)
