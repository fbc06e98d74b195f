"""The tour's world: a demo of its own, a second connection that checks, the window off screen."""

from __future__ import annotations

import csv
import io
import os
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from hotmess_console.app.demo import AGENT, SIZE, check_login, demo
from hotmess_console.domain.errors import BadInput, ConsoleError
from hotmess_console.domain.imports import ImportedTicket, read_tickets

if TYPE_CHECKING:
    from hotmess_console.services.console import Console, Listener, OpenConsole

SMALLEST = 60
"""Tickets that a demo needs so that the tour finds one of each sort it works on."""
HOLD_SECONDS = 6
"""How long the tour's messages are held: long enough to take one back, short enough to watch one leave."""


async def bring_tickets(agent: str, tell: Callable[[str], None]) -> int:
    """Import the tour's file through the same code as the command line; return how many rows it has."""
    import asyncio

    from hotmess_console.app.imports import add_rows

    rows = tour_rows()
    # on a loop of its own: the window's loop on Windows is one that the driver refuses
    await asyncio.to_thread(lambda: asyncio.run(add_rows(agent, rows, tell)))
    return len(rows)


def tour_rows() -> list[ImportedTicket]:
    """Return the real tickets kept beside the checkout, or else as many invented ones written as a file."""
    beside = Path(__file__).resolve().parents[3] / "shared" / "data" / "tickets.csv"
    source = beside.read_bytes() if beside.is_file() else invented_file()
    return [row for row in read_tickets(source) if isinstance(row, ImportedTicket)]


def invented_file(size: int = 1_000) -> bytes:
    """Return a CSV file of invented tickets, for a machine without the real ones."""
    from hotmess_console.services.demo.tickets import demo_tickets

    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(["subject", "message", "category", "language"])
    for ticket in demo_tickets(size, seed=7, now=datetime(2026, 11, 1, tzinfo=UTC)):
        writer.writerow([ticket.subject, ticket.message, ticket.category.value, ticket.language])
    return text.getvalue().encode()


def run_tour(
    pictures: Path,
    *,
    tell: Callable[[str], None],
    folder: Path | None = None,
    size: int = SIZE,
    reset: bool = False,
    login: str = AGENT,
) -> int:
    """Drive the real window off screen through an agent's main job; return 0 only if every check held.

    Without `folder` the demo's data lie in a temporary one. Raises BadInput before anything is started where the
    pictures cannot be written, `login` works no tickets, `size` is too small, or `folder` holds a demo that is kept.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    check_login(login, works=True)
    if size < SMALLEST:
        raise BadInput(
            f"The tour needs a demo of at least {SMALLEST} tickets, not {size}.",
            hint=f"Leave --size out, or give {SMALLEST} or more.",
        )
    _check_pictures(pictures)
    if folder is not None:
        if (folder / "data").exists() and not reset:
            raise BadInput(
                f"There is a demo in {folder} already, and the tour needs a fresh one.",
                hint="Add --reset to throw its data away, or choose another --folder.",
            )
        return _drive(partial(demo, folder, size=size, reset=reset, login=login), pictures, tell)
    with tempfile.TemporaryDirectory(prefix="hm-tour-") as made:
        place = Path(made)
        place.chmod(0o711)  # started by root, the server runs as somebody who must be able to enter
        return _drive(partial(demo, place / "demo", size=size, reset=False, login=login), pictures, tell)


def _check_pictures(pictures: Path) -> None:
    """Make the folder for the pictures and see that one can be written. Raises BadInput."""
    try:
        pictures.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=pictures, prefix=".hm-tour-"):
            pass
    except OSError as error:
        raise BadInput(
            f"No pictures can be written to {pictures}: {error.strerror}.", hint="Choose another folder for --tour."
        ) from error


def _drive(make: Callable[..., OpenConsole], pictures: Path, tell: Callable[[str], None]) -> int:
    from hotmess_console.adapters.store.demo_desk import DemoDesk
    from hotmess_console.adapters.store.witness import SqlWitness
    from hotmess_console.services.preferences import ForgetfulStore
    from hotmess_console.ui import program
    from hotmess_console.ui.robot import Robot
    from hotmess_console.ui.shell import Shell
    from hotmess_console.ui.tour import Tour

    worlds: list[DemoDesk] = []
    witnesses: list[SqlWitness] = []
    troubles: list[ConsoleError] = []

    def opened(world: DemoDesk) -> None:
        worlds.append(world)
        bring = partial(bring_tickets, world.agent_conninfo(), tell)
        witness = SqlWitness(world.owner_conninfo(), world.postgres.folder / "mail", bring)
        witness.hold_for(HOLD_SECONDS)
        witnesses.append(witness)

    async def open_console(listener: Listener) -> Console:
        try:
            return await make(progress=tell, opened=opened)(listener)
        except ConsoleError as error:
            troubles.append(error)
            raise

    async def after(shell: Shell) -> int:
        robot = Robot(shell, pictures)
        await robot.until(lambda: bool(witnesses or troubles), "the demo's world")
        if troubles:  # the window shows it as well, but nobody sits before it
            raise troubles[0]
        return await Tour(shell, robot, witnesses[0], tell).run()

    try:
        return program.run(open_console, ForgetfulStore(), after=after)
    finally:
        for witness in witnesses:
            witness.close()
