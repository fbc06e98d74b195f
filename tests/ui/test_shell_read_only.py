"""A database of another revision in the window: a band says why nothing can be changed, and no command leaves."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from hotmess_console.domain.policy.revisions import why_read_only
from hotmess_console.domain.values import Role
from hotmess_console.services.console import Console, Contact, Listener
from hotmess_console.services.ports import Work
from hotmess_console.services.read_only import ReadOnlyBus
from hotmess_console.services.support import Claim
from tests.ui.fakes_shell import FakeDesk, closed, mine, opened, until

pytestmark = pytest.mark.authority

Gui = Callable[[Coroutine[Any, Any, Any]], Any]
WHY = why_read_only("0001", "0002", "0002")


def no_work() -> Work:
    """Whoever asks for a transaction has failed."""
    raise AssertionError("a command was sent")


class OlderDesk(FakeDesk):
    """A desk whose database is only read."""

    async def open_console(self, listener: Listener) -> Console:
        bus = ReadOnlyBus({Role.AGENT}, no_work, WHY)
        return Console(await self.queries.me(), bus, self.queries, self._close, "demo", WHY)


def test_the_window_says_that_it_only_reads_and_why(gui: Gui) -> None:
    async def journey() -> None:
        desk = OlderDesk(mine(2))
        shell = await opened(desk)
        await until(shell.banners.read_only.isVisible, "the band is there")
        assert "revision 0001" in shell.banners.read_only.words.text()
        assert "db upgrade" in shell.banners.read_only.words.text()
        desk.bridge.on_contact(Contact(True))
        await until(shell.banners.read_only.isVisible, "the band stays")
        await closed(shell, desk)

    gui(journey())


def test_a_desk_of_the_right_revision_has_no_such_band(gui: Gui) -> None:
    async def journey() -> None:
        desk = FakeDesk(mine(2))
        shell = await opened(desk)
        desk.bridge.on_contact(Contact(True))
        assert not shell.banners.read_only.isVisible()
        await closed(shell, desk)

    gui(journey())


def test_a_command_is_answered_with_the_same_words_and_what_was_shown_comes_back(gui: Gui) -> None:
    async def journey() -> None:
        desk = OlderDesk(mine(1))
        before = dict(desk.queries.held)
        shell = await opened(desk)
        await shell.decide(Claim(cases=tuple(case.ref for case in before.values())), "Claimed")
        told = f"{shell.status.told.text()} {shell.banners.trouble.title.text()}"
        assert "revision 0001" in told
        assert desk.queries.held == before
        await closed(shell, desk)

    gui(journey())


def test_the_status_bar_says_where_changes_are_asked_for(gui: Gui) -> None:
    async def journey() -> None:
        desk = FakeDesk(mine(1))
        shell = await opened(desk)
        desk.bridge.on_contact(Contact(True, "changes are asked for every second"))
        await until(lambda: "changes are asked for every second" in shell.status.age.text(), "it is said")
        desk.bridge.on_contact(Contact(True))
        await until(lambda: "asked for" not in shell.status.age.text(), "it is taken back")
        await closed(shell, desk)

    gui(journey())
