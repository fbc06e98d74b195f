"""A password that is typed lies nowhere afterwards: looked for in every place where one may be found."""

from __future__ import annotations

import json
import os
import pty
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest

from hotmess_console.adapters.store.demo import LOGINS
from hotmess_console.adapters.store.embedded import EmbeddedPostgres
from hotmess_console.services.demo.staff import demo_staff
from tests.clusters import short_folder
from tests.desks import AGENT, DeskDatabase, password_of

pytestmark = pytest.mark.authority

SENTINEL = "s3ntinel-%s-which-nobody-else-would-write"
_KEPT = ("HOME", "PATH", "PYTHONDONTWRITEBYTECODE")


@dataclass
class Person:
    """Somebody at a terminal with a home of their own, who starts one program and types a password."""

    home: Path
    said: bytearray = field(default_factory=bytearray)
    seen: list[bytes] = field(default_factory=list)
    """Arguments and environment of the program and its children, each time somebody looked."""

    @contextmanager
    def runs(self, *words: str, password: str, before: str = "") -> Iterator[subprocess.Popen[bytes]]:
        """The program, once the password was typed; killed at the end. `before` is shell to run first."""
        master, slave = pty.openpty()
        command = ["sh", "-c", f'{before} exec "$@"', "sh", sys.executable, "-m", "hotmess_console", *words]
        child = subprocess.Popen(
            command, stdin=slave, stdout=slave, stderr=slave, env=self.environment(), cwd=self.home,
            start_new_session=True,
        )  # fmt: skip
        os.close(slave)
        try:
            self.until(lambda: self._hears(master, b"Password"), "the question for the password")
            os.write(master, password.encode() + b"\n")
            os.set_blocking(master, False)
            yield child
        finally:
            child.kill()
            child.wait()
            self._hears(master, b"")
            os.close(master)

    def environment(self) -> dict[str, str]:
        """Whatever the program needs, and no variable of libpq's."""
        home = str(self.home)
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        checkout = str(Path(__file__).parents[2])
        return {**kept, "HOME": home, "XDG_STATE_HOME": f"{home}/state", "XDG_CONFIG_HOME": f"{home}/config",
                "XDG_CACHE_HOME": f"{home}/cache", "XDG_DATA_HOME": f"{home}/data", "TMPDIR": home,
                "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": checkout, "LC_ALL": "C.UTF-8"}  # fmt: skip

    def _hears(self, master: int, wanted: bytes) -> bool:
        try:
            self.said += os.read(master, 65536)
        except (BlockingIOError, OSError):  # nothing to read, or the other end has gone
            return not wanted
        return wanted in self.said

    def looks(self) -> None:
        """Take in what any account of this machine, and this one, can read about the processes."""
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and int(entry.name) != os.getpid():
                self.seen += [_read(entry / "cmdline"), _read(entry / "environ")]

    def until(self, holds: Callable[[], bool], what: str, within: float = 40.0) -> None:
        """Wait, or fail with what the program said."""
        end = time.monotonic() + within
        while not holds():
            assert time.monotonic() < end, f"waited in vain for {what}: {self.said.decode(errors='replace')[-800:]}"
            time.sleep(0.05)

    def finds(self, *secrets: str, beside: Sequence[Path] = ()) -> list[str]:
        """Every place in which one of the secrets lies, in the person's home as well."""
        places = {"terminal": bytes(self.said), "processes": b"\0".join(self.seen)}
        files = [path for path in self.home.rglob("*") if path.is_file() and path not in beside]
        places |= {str(path.relative_to(self.home)): _read(path) for path in files}
        return [place for place, content in places.items() if any(secret.encode() in content for secret in secrets)]


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:  # gone meanwhile, or somebody else's: then nobody else reads it either
        return b""


@pytest.fixture
def person() -> Iterator[Person]:
    """A person with a fresh home."""
    with short_folder() as home:
        yield Person(home)


def dsn_of(database: DeskDatabase, login: str = AGENT) -> str:
    """A connection string as it is typed: without a password."""
    return f"host='{database.server.host}' port={database.server.port} dbname={database.name} user={login}"


def signed_in(database: DeskDatabase) -> bool:
    """Whether a console of the agent is there."""
    query = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND usename = %s)"
    return bool(database.one(query, AGENT))


def test_the_places_are_looked_into(person: Person) -> None:
    """Otherwise none of the proofs below could fail."""
    (person.home / "deep").mkdir()
    (person.home / "deep" / "a.log").write_text("said: sentinel")
    holder = subprocess.Popen(["sleep", "20", ], env={"HELD": "sentinel"})  # fmt: skip
    try:
        person.until(lambda: b"sleep" in _read(Path(f"/proc/{holder.pid}/cmdline")), "the other program")
        person.looks()
    finally:
        holder.kill()
        holder.wait()
    assert person.finds("sentinel") == ["processes", "deep/a.log"]


def test_signing_in_leaves_the_password_nowhere(person: Person, desk_database: DeskDatabase) -> None:
    secret = password_of(AGENT)
    with person.runs("run", "--dsn", dsn_of(desk_database), password=secret):
        person.looks()
        person.until(lambda: signed_in(desk_database), "somebody to sign in")
        person.looks()
        time.sleep(0.6)  # the listener and what else runs behind the window
        person.looks()
    assert person.finds(secret) == []


@pytest.mark.parametrize("words", [("doctor",), ("db", "check")])
def test_examining_leaves_it_nowhere_either(
    person: Person, desk_database: DeskDatabase, words: tuple[str, ...]
) -> None:
    secret = password_of(AGENT)
    with person.runs(*words, "--dsn", dsn_of(desk_database), password=secret) as child:
        person.looks()
        person.until(lambda: child.poll() is not None, "the end")
    assert person.finds(secret) == []


def test_a_refused_password_is_not_repeated_in_the_refusal(person: Person, desk_database: DeskDatabase) -> None:
    secret = SENTINEL % "wrong"
    with person.runs("doctor", "--dsn", dsn_of(desk_database), password=secret) as child:
        person.looks()
        person.until(lambda: child.poll() is not None, "the end")
        assert child.returncode == 1
    assert person.finds(secret) == []


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_a_full_tour_leaves_no_password_of_the_desk_anywhere(person: Person) -> None:
    """The demo keeps its own in one file that only this account reads: there they may lie, and nowhere else."""
    folder = person.home / "demo"
    secrets = {each.login: SENTINEL % each.login for each in demo_staff()}
    with EmbeddedPostgres(folder):  # the folder is known by its data
        pass
    shutil.rmtree(folder / "data")
    logins = folder / LOGINS
    logins.write_text(json.dumps(secrets))
    logins.chmod(0o600)
    tour = [sys.executable, "-m", "hotmess_console", "demo", "--tour", str(person.home / "pictures")]
    words = [*tour, "--folder", str(folder), "--size", "75"]
    with (person.home / "out").open("wb") as out, (person.home / "err").open("wb") as err:
        child = subprocess.Popen(words, env=person.environment(), cwd=person.home, stdout=out, stderr=err)
    try:
        while child.poll() is None:
            person.looks()
            time.sleep(0.5)
    finally:
        child.kill()
        child.wait()
    assert child.returncode == 0, (person.home / "err").read_text()[-2000:]
    assert json.loads(logins.read_text()) == secrets, "the tour signed in with these"
    assert person.finds(*secrets.values(), beside=[logins]) == []


def cores_in(folder: Path) -> list[Path]:
    """Files that are pictures of a memory."""
    return [path for path in folder.rglob("*") if path.is_file() and _read(path)[:4] == b"\x7fELF"]


UNLIMITED = "ulimit -c unlimited;"


@pytest.mark.slow
def test_a_console_that_is_killed_leaves_no_core_file(person: Person, desk_database: DeskDatabase) -> None:
    control = f'{UNLIMITED} exec "$0" -c "import os; os.abort()"'
    subprocess.run(["sh", "-c", control, sys.executable], cwd=person.home, check=False)
    written = cores_in(person.home)
    if Path("/proc/sys/kernel/core_pattern").read_text().strip() == "core":
        assert written, "any other program leaves one here"
    for core in written:
        core.unlink()
    secret = password_of(AGENT)
    with person.runs("run", "--dsn", dsn_of(desk_database), password=secret, before=UNLIMITED) as child:
        person.until(lambda: signed_in(desk_database), "somebody to sign in")
        limits = Path(f"/proc/{child.pid}/limits").read_text()
        child.send_signal(signal.SIGABRT)
        assert child.wait(20) == -signal.SIGABRT
    assert cores_in(person.home) == []
    [line] = [line for line in limits.splitlines() if line.startswith("Max core file size")]
    assert line.split()[4] == "0"
    assert person.finds(secret) == []


def test_the_server_keeps_a_verifier_and_its_log_nothing(desk_database: DeskDatabase) -> None:
    stored: Any = desk_database.one("SELECT rolpassword FROM pg_authid WHERE rolname = %s", AGENT)
    assert stored.startswith("SCRAM-SHA-256$")
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(desk_database.server.conninfo(desk_database.name, AGENT, SENTINEL % "log"))
    logs = [path for path in Path(desk_database.server.host).parent.rglob("*.log") if path.is_file()]
    assert any(b"imani" in _read(path) for path in logs), "the refusal was logged"
    assert not [path for path in logs if (SENTINEL % "log").encode() in _read(path)]
