"""A throw-away Postgres cluster for tests: fast, unsafe against power loss, gone afterwards."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hotmess_console.adapters.store.embedded import EmbeddedPostgres, Server

BIN_DIR_VARIABLE = "CONSOLE_TEST_PG_BIN"
"""Names a folder with a system's Postgres programs to run the whole suite on, instead of the wheel's."""


def chosen_bin_dir() -> Path | None:
    """The system's Postgres programs, when the environment asks for them."""
    given = os.environ.get(BIN_DIR_VARIABLE)
    return Path(given) if given else None


@contextmanager
def short_folder() -> Iterator[Path]:
    """A temporary folder with a short path that any account may enter (pytest's own are 0700, and long)."""
    base = Path("/tmp") if Path("/tmp").is_dir() else None
    folder = Path(tempfile.mkdtemp(prefix="hmt-", dir=base))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@contextmanager
def throw_away_cluster() -> Iterator[Server]:
    """A running server in a folder of its own; stopped and removed at the end."""
    with (
        short_folder() as folder,
        EmbeddedPostgres(folder / "pg", bin_dir=chosen_bin_dir(), durable=False) as server,
    ):
        yield server


@dataclass(frozen=True)
class Template:
    """A cluster made once and stopped; copies of it start in a tenth of a second."""

    folder: Path

    def copy_to(self, target: Path) -> Path:
        """A copy with the same owners and modes (`cp -a`); returns `target`."""
        subprocess.run(["cp", "-a", self.folder, target], check=True)
        return target


@contextmanager
def template_cluster() -> Iterator[Template]:
    """Make a cluster to copy from; removed at the end."""
    with short_folder() as base:
        folder = base / "template"
        with EmbeddedPostgres(folder, bin_dir=chosen_bin_dir(), durable=False):
            pass
        yield Template(folder)
