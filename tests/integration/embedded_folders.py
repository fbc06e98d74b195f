"""What the proofs of the local database do to data folders: start in them, be refused, and compare them."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from hotmess_console.adapters.store.embedded import EmbeddedPostgres, Server
from hotmess_console.domain.errors import SetupError
from tests.clusters import chosen_bin_dir


def embedded(folder: Path) -> EmbeddedPostgres:
    return EmbeddedPostgres(folder, bin_dir=chosen_bin_dir(), durable=False)


def refusal(folder: Path) -> SetupError:
    """Why the folder is refused; message and hint are both there, and no server is left."""
    running = embedded(folder)
    with pytest.raises(SetupError) as refused:
        running.start()
    assert not running.running
    assert refused.value.hint
    return refused.value


def works(folder: Path) -> None:
    with embedded(folder) as server:
        assert answers(server)


def answers(server: Server) -> bool:
    with psycopg.connect(server.conninfo("postgres")) as connection:
        return connection.execute("select 1").fetchone() == (1,)


def fingerprint(folder: Path) -> str:
    """Names, kinds, modes, owners, times and contents of everything below."""
    digest = hashlib.sha256()
    for place in sorted([folder, *folder.rglob("*")]):
        seen = place.lstat()
        digest.update(repr((str(place), seen.st_mode, seen.st_uid, seen.st_mtime_ns)).encode())
        if place.is_file():
            digest.update(place.read_bytes())
    return digest.hexdigest()


@contextmanager
def small_disk(mount_point: Path, options: str) -> Iterator[Callable[[str], None]]:
    """A disk in memory at `mount_point`; the function yielded mounts it anew with other options."""
    mount_point.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"mode=0755,{options}", "console-test", mount_point],
        capture_output=True,
        check=False,
    )
    if mounted.returncode != 0:
        pytest.skip(f"only root may mount a small disk: {mounted.stderr.decode().strip()}")
    try:
        yield lambda changed: remount(mount_point, changed)
    finally:
        subprocess.run(["umount", mount_point], check=True)


def remount(mount_point: Path, options: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{options}", mount_point], check=True)
