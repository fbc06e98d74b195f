"""What a line of the command line is made of, and the arguments that several lines share."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hotmess_console.domain.errors import BadInput

Arguments = argparse.Namespace


@dataclass(frozen=True, slots=True)
class Option:
    """One argument of a subcommand, as argparse takes it."""

    names: tuple[str, ...]
    settings: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Subcommand:
    """One line of the table: its words, what it does, and its arguments."""

    words: tuple[str, ...]
    summary: str
    run: Callable[[Arguments], int]
    options: tuple[Option, ...] = ()


def option(*names: str, **settings: Any) -> Option:
    """Return an argument of a subcommand."""
    return Option(names, settings)


DSN = option("--dsn", metavar="CONNINFO", help="libpq connection string or URL; the password may lie in ~/.pgpass")
NEEDED_DSN = option("--dsn", metavar="CONNINFO", required=True, help="connection of the installing login")
JSON = option("--json", action="store_true", help="print data as JSON")


def a_folder(text: str) -> Path:
    """Return `text` as the path of a folder, which need not be there yet. Raises ArgumentTypeError in words."""
    path = Path(text)
    if not text.strip() or (path.exists() and not path.is_dir()):
        raise argparse.ArgumentTypeError(f"“{text[:200]}” is no folder")
    return path


FOLDER = option("--folder", type=a_folder, metavar="DIR", help="where the demo's data lies")


def with_password(dsn: str) -> str:
    """Return `dsn`, asking on the terminal for a password that neither it nor libpq's own places give."""
    from getpass import getpass

    from hotmess_console.adapters.store.dsn import completed

    if not dsn.strip():
        raise BadInput("The connection string is empty.", hint="Try --dsn 'host=… dbname=… user=…'")
    return completed(dsn, ask=getpass if sys.stdin.isatty() else None)


def print_json(value: object) -> None:
    """Print data for other programs."""
    print(json.dumps(value, indent=2, ensure_ascii=False, default=str))
