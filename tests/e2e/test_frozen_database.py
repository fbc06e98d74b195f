"""A database that stops answering in the middle of a reply: the window says only what is true, and nothing is lost."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from hotmess_console.domain.threads import DeliveryState
from hotmess_console.services.support import Claim
from hotmess_console.ui.details.cards import ThreadCard
from hotmess_console.ui.shell import Shell
from tests.desks import AGENT, DeskDatabase
from tests.e2e.real_window import window_on
from tests.ui.conftest import gui  # noqa: F401  the loop that the window runs on
from tests.ui.fakes_shell import until
from tests.ui.shell_parts import keyboard, tab_of

pytestmark = pytest.mark.foundation
Gui = Callable[[Coroutine[Any, Any, Any]], Any]

WORDS = "Thank you, we are looking into it."
POOLED = 4
"""As many as the pool holds open."""
MESSAGES = 2
"""In the thread before the reply: what they wrote, and its acknowledgement."""
FLYING = "Your reply is on its way and not confirmed."
HELD = "SELECT d.state, d.hold_until FROM console.deliveries d JOIN console.messages m ON m.id = d.message_id " \
    "WHERE m.body = %s"  # fmt: skip


def _parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


@contextmanager
def frozen(database: DeskDatabase) -> Iterator[Callable[[], None]]:
    """Stop every process of the server; yields what lets them go on, which happens at the end in any case."""
    with database.connect() as conn:
        postmaster = _parent(conn.info.backend_pid)

    def signalled(what: signal.Signals) -> None:
        children = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
        for pid in (postmaster, *children):
            try:
                if pid == postmaster or _parent(pid) == postmaster:
                    os.kill(pid, what)
            except (FileNotFoundError, ProcessLookupError):
                continue  # it has ended since

    signalled(signal.SIGSTOP)
    try:
        yield lambda: signalled(signal.SIGCONT)
    finally:
        signalled(signal.SIGCONT)


async def on_real_desk(database: DeskDatabase, journey: Callable[[Shell], Coroutine[Any, Any, None]]) -> None:
    """Live through `journey` in a window on this database, with one case of the agent's own open in it."""
    async with database.sit_down() as seat:
        case = await seat.new_case()
        await seat.do(Claim(cases=(case.ref,)))
    async with window_on(database, AGENT, (1600, 900)) as (shell, bridge):
        await until(lambda: tab_of(shell).shown is not None, "the case is read", seconds=10)
        # a case that changed is read again before anything is sent on it, which in a frozen database never ends
        await until(lambda: len(tab_of(shell).detail.messages.cards()) == MESSAGES, "it is acknowledged", seconds=10)
        await until(lambda: shell.line.connection.confirmed_at is not None, "the line is known")
        await _settled(shell, database)
        # one that is only begun when the database stops fails for certain, and the words come back: another story
        await asyncio.gather(*(bridge.ask(lambda queries: queries.ticket(case.ref.id)) for _ in range(POOLED)))
        await journey(shell)


async def _settled(shell: Shell, database: DeskDatabase, seconds: float = 1.5) -> None:
    """Wait until the window has shown the newest version for a while: opening a case marks it as read, a change too."""
    loop = asyncio.get_running_loop()
    newest, since = None, loop.time()
    async with asyncio.timeout(15):
        while newest is None or loop.time() - since < seconds:
            shown, stored = tab_of(shell).shown, database.one("SELECT max(version) FROM console.cases")
            if shown is None or shown.ticket.version != stored or newest != stored:
                newest, since = stored, loop.time()
            await asyncio.sleep(0.05)


def last_card(shell: Shell) -> ThreadCard:
    return tab_of(shell).detail.messages.cards()[-1]


async def thread_says(shell: Shell, words: str, *, seconds: float = 5.0) -> None:
    """Wait until the newest card begins so; where it never does, say what stands there instead."""
    try:
        await until(lambda: last_card(shell).state.text().startswith(words), words, seconds=seconds)
    except AssertionError as error:
        card, told = last_card(shell), shell.status.told.text()
        there = f"{card.row.body[:60]!r} with {card.state.text()!r}, the window said {told!r}"
        raise AssertionError(
            f"{error}: the newest card is {there}, the draft {tab_of(shell).composer.text()!r}"
        ) from error


def write(shell: Shell, words: str) -> None:
    shell.activateWindow()
    shell.focus_queue()
    shell.start_reply()
    QTest.keyClicks(keyboard(), words)
    assert tab_of(shell).composer.text() == words
    QTest.keyClick(keyboard(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def says_nothing_untrue(shell: Shell) -> None:
    assert shell.status.state.text() == "Not confirmed yet"
    assert shell.status.state.role == "warn_text"
    assert shell.status.age.text().startswith("last confirmed ")
    assert shell.status.undo.words.text().endswith(": sending")
    assert shell.status.undo.left.text() == ""
    assert last_card(shell).row.body == WORDS
    assert last_card(shell).state.text() == "Sending… not confirmed"
    composer = tab_of(shell).composer
    assert composer.text() == ""
    assert composer.line.words.text() == FLYING


def test_a_reply_into_a_frozen_database_is_told_as_not_confirmed_and_counts_down_only_once_it_is_held(
    gui: Gui,  # noqa: F811
    desk_database: DeskDatabase,
) -> None:
    async def journey(shell: Shell) -> None:
        with frozen(desk_database) as thaw:
            write(shell, WORDS)
            given = time.monotonic()
            await until(lambda: shell.status.state.text() == "Not confirmed yet", "it is told")
            assert time.monotonic() - given < 2.5
            await thread_says(shell, "Sending… not confirmed")
            await until(lambda: tab_of(shell).composer.line.words.text() == FLYING, "the composer says so")
            says_nothing_untrue(shell)
            thaw()
        await until(lambda: " leaves in" in shell.status.undo.words.text(), "it is held", seconds=15)
        await thread_says(shell, "Held ", seconds=10)
        ((state, hold_until),) = desk_database.rows(HELD, WORDS)
        assert state == DeliveryState.HELD
        for _ in range(3):
            shell.tick()
            left = seconds_of(shell.status.undo.left.text())
            assert seconds_of(last_card(shell).state.text().removeprefix("Held ")) == left
            now: datetime = desk_database.one("SELECT console.now()")
            assert abs((hold_until - now).total_seconds() - left) < 1.5
            await asyncio.sleep(0.7)
        assert shell.status.state.text() == "Connected"
        assert tab_of(shell).composer.line.words.text() != FLYING
        shell.status.undo.button.click()
        await until(lambda: desk_database.rows(HELD, WORDS)[0][0] == DeliveryState.CANCELLED, "it is stopped")
        await until(lambda: tab_of(shell).composer.text() == WORDS, "the words are back")

    gui(on_real_desk(desk_database, journey))


def seconds_of(words: str) -> int:
    return int(words.removesuffix(" s"))
