"""The demo's server and database: started in a moment, made when they are missing."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Callable
from pathlib import Path

from hotmess_console.adapters.store.demo_desk import AGENT, DATABASE, DemoDesk
from hotmess_console.adapters.store.embedded import EmbeddedPostgres, Server, attach
from hotmess_console.adapters.store.embedded_place import default_folder
from hotmess_console.domain.values import Login
from hotmess_console.models.migrations import NEWEST

SIZE = 110
LOGINS = "demo-logins.json"
Progress = Callable[[str], None]


async def open_demo(
    folder: Path | None,
    *,
    size: int = SIZE,
    reset: bool = False,
    bin_dir: Path | None = None,
    progress: Progress = lambda _: None,
    meanwhile: Callable[[], None] = lambda: None,
) -> DemoDesk:
    """Start the demo's server and make whatever of its world is missing. Raises SetupError.

    `reset` throws the demo's own database away first; nothing else is touched. `meanwhile` is done on the calling
    thread while the server starts, which is the time to import what it will be spoken to with.
    """
    postgres = EmbeddedPostgres(folder, bin_dir=bin_dir)
    progress("Starting the local database")
    try:
        server = await _started(postgres, meanwhile)
        desk = DemoDesk(postgres, server, _passwords(postgres.folder / LOGINS))
        if not reset and _stands(desk):
            return desk
        fresh = _database(server, reset)
        if fresh:
            from hotmess_console.adapters.store.demo_world import fill

            await fill(desk, size, progress)
        else:
            from hotmess_console.adapters.store.install import install

            install(desk.owner_conninfo(), progress=progress)
    except BaseException:
        postgres.stop()
        raise
    return desk


async def _started(postgres: EmbeddedPostgres, meanwhile: Callable[[], None]) -> Server:
    starting = asyncio.get_running_loop().run_in_executor(None, postgres.start)
    try:
        meanwhile()
    finally:
        server = await starting  # whatever became of the rest: a server that is starting can only be stopped later
    return server


def _stands(desk: DemoDesk) -> bool:
    """Whether the demo is there, filled and of this program's revision: one question instead of an upgrade.

    The migration tool is not asked, since its import would double the time of a start.
    """
    import psycopg

    try:
        with psycopg.connect(desk.owner_conninfo()) as conn:
            row = conn.execute(
                "SELECT shobj_description(d.oid, 'pg_database'), r.version_num "
                "FROM pg_database d CROSS JOIN console.revision r WHERE d.datname = current_database()"
            ).fetchone()
    except (psycopg.OperationalError, psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName):
        return False  # no database, or nothing in it yet: the long way finds out which
    return row == ("filled", NEWEST)


def _database(server: Server, reset: bool) -> bool:
    """Make the demo database if it is missing, half made or to be reset; return whether it is new."""
    import psycopg
    from psycopg import sql

    with psycopg.connect(server.conninfo("postgres"), autocommit=True) as conn:
        there = conn.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", (DATABASE,)
        ).fetchone()
        if there and there[0] == "filled" and not reset:
            return False
        conn.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(DATABASE)))
        conn.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
    return True


def _passwords(path: Path) -> dict[Login, str]:
    """Return the demo's passwords, made once and kept 0600 beside the data: they open nothing but the demo."""
    if path.exists():
        known = json.loads(path.read_text(encoding="utf-8"))
        return {Login(login): str(password) for login, password in known.items()}
    from hotmess_console.services.demo.staff import demo_staff

    made = {person.login: secrets.token_urlsafe(18) for person in demo_staff()}
    path.touch(mode=0o600)
    path.write_text(json.dumps(made), encoding="utf-8")
    return made


def attach_owner(folder: Path | None) -> str | None:
    """Return the installing login's connection to a demo that is running, None where none is."""
    server = attach(folder)
    return server.conninfo(DATABASE) if server else None


def attach_demo(folder: Path | None, login: Login = AGENT) -> str | None:
    """Return the connection string of `login` to a demo that another program has running, None where none is."""
    server = attach(folder)
    if server is None:
        return None
    passwords = _passwords((folder or default_folder()).resolve() / LOGINS)
    return server.conninfo(DATABASE, user=login, password=passwords[login])
