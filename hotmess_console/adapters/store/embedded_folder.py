"""The folder of the local database: what lies where, whether it may be used, and what is put into it."""

from __future__ import annotations

import os
import secrets
import shutil
import stat
import sys
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from hotmess_console.adapters.store.embedded_faults import not_writable
from hotmess_console.adapters.store.embedded_place import ROOT_FOLDER
from hotmess_console.adapters.store.embedded_process import Account
from hotmess_console.domain.errors import SetupError

LOG_CAP = 2_000_000
"""Bytes above which the server's log is set aside at the next start; one older log is kept."""

_IGNORED = {"lost+found", ".DS_Store"}
_ELSEWHERE = "Choose another folder for the console's data; this one was left as it is."


@dataclass(frozen=True)
class DataFolder:
    """Paths and checks of one data folder. Everything in it except `data` and `socket` is ours alone."""

    path: Path
    account: Account | None

    @property
    def data(self) -> Path:
        """The cluster itself, 0700, owned by the server's account."""
        return self.path / "data"

    @property
    def staging(self) -> Path:
        """A cluster being made; renamed to `data` once complete, so half a cluster is never started."""
        return self.path / "data.new"

    @property
    def password_file(self) -> Path:
        """The superuser's password, 0600."""
        return self.path / "superuser.password"

    @property
    def log(self) -> Path:
        """What the server printed."""
        return self.path / "server.log"

    @property
    def lock_file(self) -> Path:
        """Held while a console uses the folder; its presence marks the folder as ours."""
        return self.path / "hotmess-console.lock"

    def check(self, major: int) -> None:
        """Raise SetupError unless a server of version `major` may be started here. Writes nothing."""
        self._check_reachable()
        self._check_ours()
        self._check_writable()
        if self.data.exists():
            self._check_version(major)

    def claim(self) -> FileLock:
        """Create the folder where missing and take its lock.

        Raises SetupError when another console holds it, OSError when it cannot be written.
        """
        _make(self.path, public=self.account is not None)
        if self.account and not _may_enter(self.path, self.account):
            # The server must pass through to `data`; what lies beside that stays closed by its own mode.
            self.path.chmod(self.path.stat().st_mode | 0o011)
        lock = FileLock(
            self.lock_file,
            timeout=0,
            mode=0o600,
            thread_local=False,
            fallback_to_soft=False,
            preserve_lock_file=True,
        )
        try:
            lock.acquire()
        except Timeout as taken:
            raise SetupError(
                f"Another console is already running on the data in {self.path}.",
                hint="Use the window that is already open, close it first, or choose another data folder.",
            ) from taken
        return lock

    def password(self) -> str:
        """The superuser's password. Raises SetupError when it is missing."""
        try:
            return self.password_file.read_text("ascii").strip()
        except FileNotFoundError as missing:
            raise SetupError(
                f"The file {self.password_file} is missing, so nobody can sign in to the local database.",
                hint="Put it back from a backup. The data beside it was left as it is.",
            ) from missing

    def new_password(self) -> str:
        """Make and keep a random password (256 bits, 0600, complete on disk before it takes its place)."""
        password = secrets.token_urlsafe(32)
        draft = self.password_file.with_suffix(".new")
        draft.unlink(missing_ok=True)
        write_private(draft, password)
        draft.replace(self.password_file)
        return password

    def new_staging(self) -> None:
        """An empty folder for initdb, owned by the server's account; an unfinished older one goes."""
        shutil.rmtree(self.staging, ignore_errors=True)
        self.staging.mkdir(mode=0o700)
        give(self.staging, self.account)

    def rotate_log(self) -> None:
        """Set a long log aside; the one set aside before is dropped."""
        if self.log.exists() and self.log.stat().st_size > LOG_CAP:
            self.log.replace(self.log.with_name("server.log.1"))

    def _check_reachable(self) -> None:
        """Another account must be able to walk down to the folder: under a closed home it cannot."""
        if self.account is None:
            return
        for parent in self.path.parents:
            if parent.exists() and not _may_enter(parent, self.account):
                raise SetupError(
                    f"The database server runs as '{self.account.name}', who may not enter {parent}.",
                    hint=f"Choose a data folder outside it, for instance {ROOT_FOLDER}, or start the console "
                    "as the owner of that folder instead of root.",
                )

    def _check_ours(self) -> None:
        if not self.path.exists():
            return
        if not self.path.is_dir():
            raise SetupError(f"{self.path} is not a folder.", hint=_ELSEWHERE)
        if not os.access(self.path, os.R_OK | os.X_OK):
            raise SetupError(f"The folder {self.path} cannot be opened by your account.", hint=_ELSEWHERE)
        content = {entry.name for entry in self.path.iterdir()} - _IGNORED
        if content and self.lock_file.name not in content:
            what = "another Postgres database" if "PG_VERSION" in content else "something else"
            raise SetupError(f"The folder {self.path} holds {what}, not the console's data.", hint=_ELSEWHERE)

    def _check_writable(self) -> None:
        existing = next(place for place in (self.path, *self.path.parents) if place.exists())
        if not os.access(existing, os.W_OK | os.X_OK):
            raise not_writable(self.path)

    def _check_version(self, major: int) -> None:
        if sys.platform != "win32":
            owner = self.data.stat().st_uid
            if owner != (self.account.uid if self.account else os.geteuid()):
                raise SetupError(
                    f"The data in {self.path} belongs to another account of this computer (number {owner}).",
                    hint="Start the console as the account that made it (root's runs as 'nobody'), or choose "
                    "another data folder.",
                )
        try:
            written_by = (self.data / "PG_VERSION").read_text("ascii").strip()
        except (FileNotFoundError, NotADirectoryError) as missing:
            raise SetupError(
                f"{self.data} is not the data of a Postgres server: it has no PG_VERSION.", hint=_ELSEWHERE
            ) from missing
        if written_by != str(major):
            raise _other_version(self.data, written_by, major)


def _other_version(data: Path, written_by: str, major: int) -> SetupError:
    newer = written_by.isdigit() and int(written_by) > major
    step = "Install the newer console again" if newer else f"Move it with pg_dump from Postgres {written_by}"
    return SetupError(
        f"The data in {data} was written by Postgres {written_by}; this console starts Postgres {major}.",
        hint=f"{step}, or choose another data folder. Nothing was changed.",
    )


def write_private(file: Path, text: str) -> None:
    """Write a new file that only we can read (0600), complete on disk. Raises FileExistsError."""
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())


def give(path: Path, account: Account | None) -> None:
    """Make the server's account the owner."""
    if account is not None and sys.platform != "win32":
        os.chown(path, account.uid, account.gid, follow_symlinks=False)


def _make(folder: Path, *, public: bool) -> None:
    """Create `folder` and missing parents: for another account passable (0755), else ours alone (0700)."""
    if folder.is_dir():
        return
    _make(folder.parent, public=public)
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755 if public else 0o700)  # whatever the umask


def _may_enter(folder: Path, account: Account) -> bool:
    """Whether the mode bits let `account` pass (access lists are not looked at)."""
    found = folder.stat()
    if found.st_uid == account.uid:
        return bool(found.st_mode & stat.S_IXUSR)
    if found.st_gid == account.gid:
        return bool(found.st_mode & stat.S_IXGRP)
    return bool(found.st_mode & stat.S_IXOTH)
