"""How far the audit is sealed, in the status bar; an alarm in words above the work."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from typing import Any

import pytest

from hotmess_console.domain.events import SealsSeen
from hotmess_console.ui.shell import Shell
from hotmess_console.ui.viewmodels.sealing import Sealing
from tests.ui.fakes_shell import LONDON, FakeDesk, closed, mine, until

pytestmark = pytest.mark.authority

Gui = Callable[[Coroutine[Any, Any, None]], None]
WRITTEN = datetime(2026, 11, 23, 14, 2, tzinfo=UTC)
FINE = SealsSeen(True)
BUSY = SealsSeen(True, WRITTEN)
LATE = SealsSeen(True, WRITTEN, late=True)


def test_nothing_is_said_before_anything_is_known() -> None:
    assert Sealing().words(0.0) == ("", False)


@pytest.mark.parametrize("seen", [FINE, BUSY])
def test_it_says_how_long_ago_all_was_sealed(seen: SealsSeen) -> None:
    assert Sealing().heard(seen, 100.0).words(103.0) == ("Audit sealed 3 s ago", False)


def test_an_entry_that_waits_too_long_is_said_with_its_time() -> None:
    words, bad = Sealing().heard(FINE, 100.0).heard(LATE, 104.0).words(104.0)
    assert bad
    assert words == f"Audit not sealed since {WRITTEN.astimezone():%H:%M}"


@pytest.mark.parametrize("seen", [SealsSeen(False, trouble="no"), SealsSeen(True, trouble="the newest entry is gone")])
def test_silence_and_trouble_are_said_after_half_a_minute(seen: SealsSeen) -> None:
    sealing = Sealing().heard(FINE, 100.0).heard(seen, 104.0)
    assert sealing.words(130.0) == ("Audit sealed 30 s ago", False)
    assert sealing.words(131.0) == ("Audit not sealed for 31 s", True)
    assert Sealing().heard(seen, 100.0).words(131.0) == ("Audit not sealed for 31 s", True)


def test_the_window_shows_the_age_and_keeps_an_alarm_above_the_work(gui: Gui) -> None:
    async def journey() -> None:
        desk = FakeDesk(mine(2))
        shell = Shell(desk.bridge, monotonic=desk.monotonic, zone=LONDON)
        shell.show()
        desk.bridge.start()
        await until(lambda: shell.parts is not None, "the desk stands")
        status = shell.status
        assert not status.seals.isVisible()
        desk.happen(FINE)
        await until(lambda: status.seals.isVisible(), "the age is shown")
        assert status.seals.text() == "Audit sealed 0 s ago"
        desk.happen(SealsSeen(True, alarm="The audit went back."))
        await until(lambda: shell.banners.trouble.isVisible(), "the alarm is shown")
        assert status.seals.text() == "The audit was changed"
        await closed(shell, desk)

    gui(journey())
