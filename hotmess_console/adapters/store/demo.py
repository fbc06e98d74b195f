"""The demo's server and database: started in a moment, made when they are missing."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Callable
from pathlib import Path

import psycopg
from psycopg import sql

from hotmess_console.adapters.store.demo_desk import AGENT, DATABASE, DemoDesk
from hotmess_console.adapters.store.embedded import EmbeddedPostgres, Server, attach
from hotmess_console.adapters.store.embedded_folder import default_folder
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
) -> DemoDesk:
    """Start the demo's server and make whatever of its world is missing. Raises SetupError.

    `reset` throws the demo's own database away first; nothing else is touched.
    """
    postgres = EmbeddedPostgres(folder, bin_dir=bin_dir)
    progress("Starting the local database")
    server = await asyncio.to_thread(postgres.start)
    try:
        fresh = _database(server, reset)
        desk = DemoDesk(postgres, server, _passwords(postgres.folder / LOGINS))
        if fresh:
            from hotmess_console.adapters.store.demo_world import fill

            await fill(desk, size, progress)
        elif _revision(desk.owner_conninfo()) != NEWEST:
            from hotmess_console.adapters.store.install import install

            install(desk.owner_conninfo(), progress=progress)
    except BaseException:
        postgres.stop()
        raise
    return desk


def _database(server: Server, reset: bool) -> bool:
    """Make the demo database if it is missing, half made or to be reset; return whether it is new."""
    with psycopg.connect(server.conninfo("postgres"), autocommit=True) as conn:
        there = conn.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", (DATABASE,)
        ).fetchone()
        if there and there[0] == "filled" and not reset:
            return False
        conn.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(DATABASE)))
        conn.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
    return True


def _revision(owner: str) -> str | None:
    """Return the demo's revision without the migration tool, whose import would double the time of a start."""
    with psycopg.connect(owner) as conn:
        row = conn.execute("SELECT version_num FROM console.revision").fetchone()
    return str(row[0]) if row else None


def _passwords(path: Path) -> dict[Login, str]:
    """Return the demo's passwords, made once and kept 0600 beside the data: they open nothing but the demo."""
    if path.exists():
        known = json.loads(path.read_text(encoding="utf-8"))
        return {Login(login): str(password) for login, password in known.items()}
    from hotmess_console.services.demo import demo_staff

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
