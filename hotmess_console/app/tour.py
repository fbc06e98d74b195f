"""The tour's world: a demo of its own, a second connection that checks, the window off screen."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hotmess_console.app.demo import SIZE, demo
from hotmess_console.domain.errors import BadInput
from hotmess_console.domain.imports import ImportedTicket, read_tickets
from hotmess_console.services.resources import folder as resource_folder

HOLD_SECONDS = 6
"""How long the tour's messages are held: long enough to take one back, short enough to watch one leave."""


class SqlWitness:
    """`Witness` over a connection of its own, as the installing login, with SQL written for the tour alone."""

    def __init__(self, conninfo: str, agent: str, mail: Path, tell: Callable[[str], None]) -> None:
        import psycopg

        self._conn = psycopg.connect(conninfo, autocommit=True)
        self._agent = agent
        self._mail = mail
        self._tell = tell

    def one(self, statement: str, *values: Any) -> Any:
        """Return the first column of the first row."""
        row = self._conn.execute(statement.encode(), values or None).fetchone()
        return row[0] if row else None

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Return all rows."""
        return self._conn.execute(statement.encode(), values or None).fetchall()

    def letters(self) -> list[str]:
        """Return the letters that have arrived."""
        return [path.read_text(encoding="utf-8", errors="replace") for path in sorted(self._mail.glob("*.eml"))]

    async def bring_tickets(self) -> int:
        """Import the tour's file through the same code as the command line."""
        import asyncio

        from hotmess_console.app.imports import add_rows

        rows = tour_rows()
        # on a loop of its own: the window's loop on Windows is one that the driver refuses
        await asyncio.to_thread(lambda: asyncio.run(add_rows(self._agent, rows, self._tell)))
        return len(rows)

    def hold_for(self, seconds: int) -> None:
        """Shorten the hold, recorded like any change of a setting."""
        with self._conn.transaction():
            self.one(
                "INSERT INTO console.commands (id, name, digest) "
                "VALUES (gen_random_uuid(), 'tour.hold', sha256('hold')) RETURNING id"
            )
            self.one(
                "UPDATE console.settings SET value = to_jsonb(%s::int) WHERE key = 'messages.hold_seconds' RETURNING 1",
                seconds,
            )

    def close(self) -> None:
        """Close the connection."""
        self._conn.close()


def tour_rows() -> list[ImportedTicket]:
    """Return the real tickets kept beside the checkout, or else the demo's own sample file."""
    beside = Path(__file__).resolve().parents[3] / "shared" / "data" / "tickets.csv"
    file = beside if beside.is_file() else resource_folder() / "demo" / "tickets.csv"
    with file.open("rb") as stream:
        return [row for row in read_tickets(stream) if isinstance(row, ImportedTicket)]


def run_tour(pictures: Path, *, tell: Callable[[str], None]) -> int:
    """Drive the real window off screen through an agent's main job; return 0 only if every check held."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    try:
        pictures.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(
            f"The folder {pictures} cannot be made: {error.strerror}.", hint="Choose another one."
        ) from error
    with tempfile.TemporaryDirectory(prefix="hm-tour-") as made:
        place = Path(made)
        place.chmod(0o711)  # started by root, the server runs as somebody who must be able to enter
        return _drive(place / "demo", pictures, tell)


def _drive(folder: Path, pictures: Path, tell: Callable[[str], None]) -> int:
    from hotmess_console.adapters.store.demo import DemoDesk
    from hotmess_console.services.preferences import ForgetfulStore
    from hotmess_console.ui import program
    from hotmess_console.ui.robot import Robot
    from hotmess_console.ui.shell import Shell
    from hotmess_console.ui.tour import Tour

    worlds: list[DemoDesk] = []
    witnesses: list[SqlWitness] = []

    def opened(world: DemoDesk) -> None:
        worlds.append(world)
        witness = SqlWitness(world.owner_conninfo(), world.agent_conninfo(), world.postgres.folder / "mail", tell)
        witness.hold_for(HOLD_SECONDS)
        witnesses.append(witness)

    async def after(shell: Shell) -> int:
        robot = Robot(shell, pictures)
        await robot.until(lambda: bool(witnesses), "the demo's world")
        return await Tour(shell, robot, witnesses[0], tell).run()

    try:
        return program.run(
            demo(folder, size=SIZE, reset=False, progress=tell, opened=opened), ForgetfulStore(), after=after
        )
    finally:
        for witness in witnesses:
            witness.close()
