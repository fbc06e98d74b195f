"""Connection strings as people type them."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from hotmess_console.domain.errors import BadInput


def completed(dsn: str, *, ask: Callable[[str], str] | None) -> str:
    """Return `dsn` with a password from `ask` where neither it nor libpq's own places give one.

    Raises BadInput for a string that libpq cannot read.
    """
    try:
        known = conninfo_to_dict(dsn)
    except psycopg.Error as error:
        words = " ".join(str(error).split())
        raise BadInput(f"This connection string cannot be read: {words}", hint="Try host=… dbname=… user=…") from error
    if ask is None or "password" in known or _libpq_knows():
        return dsn
    return make_conninfo(dsn, password=ask(f"Password of {known.get('user', 'this login')}: "))


def _libpq_knows() -> bool:
    given = os.environ.get("PGPASSWORD") or os.environ.get("PGPASSFILE")
    return bool(given) or Path("~/.pgpass").expanduser().exists()
