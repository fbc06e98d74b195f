"""Whatever is killed, no server is left behind and the next start finds the data."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from hotmess_console.adapters.store.embedded import EmbeddedPostgres, Server
from hotmess_console.adapters.store.embedded_process import command_line, server_account
from hotmess_console.domain.errors import SetupError
from tests.clusters import chosen_bin_dir

pytestmark = pytest.mark.foundation

PROJECT = Path(__file__).resolve().parents[2]


def embedded(folder: Path) -> EmbeddedPostgres:
    return EmbeddedPostgres(folder, bin_dir=chosen_bin_dir())


def record(folder: Path) -> list[str]:
    return (folder / "data" / "postmaster.pid").read_text().splitlines()


def is_gone(pid: int) -> bool:
    return not (command_line(pid) or [""])[0].endswith("postgres")


def wait_until(happened: Callable[[], bool], seconds: float = 10) -> float:
    """Seconds that it took."""
    begun = time.monotonic()
    while not happened():
        assert time.monotonic() - begun < seconds, "it did not happen in time"
        time.sleep(0.01)
    return time.monotonic() - begun


class Program:
    """A console in a process of its own."""

    def __init__(self, folder: Path, ending: str, environment: dict[str, str] | None = None) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.embedded_program", str(folder), ending],
            stdout=subprocess.PIPE,
            cwd=PROJECT,
            env={**os.environ, **(environment or {})},
        )
        said = self.says()
        self.server: int = said["server"]
        self.conninfo: str = said["conninfo"]

    def says(self) -> dict[str, Any]:
        assert self.process.stdout
        told: dict[str, Any] = json.loads(self.process.stdout.readline())
        return told

    def end(self) -> int:
        assert self.process.stdout
        self.process.stdout.close()
        return self.process.wait(20)


@pytest.fixture
def program(home: Path) -> Iterator[Program]:
    """A console that runs until it is killed."""
    made = Program(home, "wait")
    yield made
    made.process.kill()
    made.end()


def write(conninfo: str, count: int) -> None:
    with psycopg.connect(conninfo) as connection:
        connection.execute("create table if not exists kept (n int primary key)")
        connection.execute("insert into kept select generate_series(1, %s)", (count,))


def kept(server: Server) -> int:
    with psycopg.connect(server.conninfo("postgres")) as connection:
        row = connection.execute("select count(*) from kept").fetchone()
    assert row is not None
    return int(row[0])


def test_killing_the_console_leaves_no_server_and_the_next_start_has_every_committed_row(
    home: Path, program: Program
) -> None:
    write(program.conninfo, 1_000)
    unfinished = psycopg.connect(program.conninfo)
    unfinished.execute("insert into kept values (-1)")
    program.process.kill()
    wait_until(lambda: is_gone(program.server))
    unfinished.close()
    with embedded(home) as server:
        assert kept(server) == 1_000


def test_a_start_right_after_the_kill_waits_for_the_old_server_to_finish(home: Path, program: Program) -> None:
    write(program.conninfo, 1_000)
    program.process.kill()
    program.process.wait()
    with embedded(home) as server:
        assert kept(server) == 1_000
        assert is_gone(program.server)


def test_the_same_holds_where_setpriv_is_not_installed(home: Path, tmp_path: Path) -> None:
    program = Program(home, "wait", {"PATH": str(tmp_path)})
    program.process.kill()
    program.end()
    wait_until(lambda: is_gone(program.server))


def test_a_console_that_is_terminated_leaves_no_server(program: Program) -> None:
    program.process.terminate()
    wait_until(lambda: is_gone(program.server))


def test_a_program_that_just_ends_stops_the_server_properly_first(home: Path) -> None:
    program = Program(home, "end")
    assert program.end() == 0
    assert is_gone(program.server)
    assert "database system is shut down" in (home / "server.log").read_text().splitlines()[-1]
    assert not (home / "data" / "postmaster.pid").exists()


def test_a_forked_child_that_ends_does_not_take_the_server_with_it(home: Path) -> None:
    program = Program(home, "fork")
    assert program.says() == {"running": True}
    assert program.end() == 0


def test_console_and_server_killed_together_lose_nothing_that_was_committed(home: Path, program: Program) -> None:
    write(program.conninfo, 1_000)
    os.kill(program.server, signal.SIGKILL)
    program.process.kill()
    wait_until(lambda: is_gone(program.server))
    with embedded(home) as server:
        assert kept(server) == 1_000


def test_a_server_that_was_killed_under_a_living_console_can_be_started_again(home: Path) -> None:
    running = embedded(home)
    write(running.start().conninfo("postgres"), 10)
    os.kill(int(record(home)[0]), signal.SIGKILL)
    wait_until(lambda: not running.running)
    assert kept(running.start()) == 10
    running.stop()


def test_repeated_kills_during_writing_never_lose_a_confirmed_row(home: Path) -> None:
    confirmed = kill_while_writing(home, rounds=2)
    with embedded(home) as server:
        assert kept(server) >= confirmed > 0


@pytest.mark.slow
def test_thirty_kills_during_writing_never_lose_a_confirmed_row(home: Path) -> None:
    confirmed = kill_while_writing(home, rounds=30)
    with embedded(home) as server:
        assert kept(server) >= confirmed > 0


def kill_while_writing(home: Path, rounds: int) -> int:
    """Kill server and console in turn while rows are inserted; the number of rows whose commit came back."""
    confirmed = 0
    for turn in range(rounds):
        program = Program(home, "wait")
        threading.Timer(0.3, os.kill, (program.server if turn % 2 else program.process.pid, 9)).start()
        with psycopg.connect(program.conninfo, autocommit=True) as connection:
            connection.execute("create table if not exists kept (n serial primary key)")
            confirmed += rows_until_cut_off(connection)
        program.process.kill()
        program.end()
    return confirmed


def rows_until_cut_off(connection: psycopg.Connection[Any]) -> int:
    """Insert rows until the server goes away; how many commits came back."""
    confirmed = 0
    try:
        while True:
            connection.execute("insert into kept default values")
            confirmed += 1
    except psycopg.OperationalError:
        return confirmed


def outsider(words: list[str]) -> subprocess.Popen[bytes]:
    """The same program as the server's account, but nobody's child that dies with it."""
    account = server_account()
    return subprocess.Popen(
        words,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )


def started_by_hand(home: Path, change: Callable[[str], str]) -> subprocess.Popen[bytes]:
    """A server on `home` with our own command line, each word changed by `change`."""
    with embedded(home):
        words = command_line(int(record(home)[0]))
    assert words
    by_hand = outsider([change(word) for word in words])
    wait_until(lambda: (home / "data" / "postmaster.pid").exists() and record(home)[7:] == ["ready   "])
    return by_hand


def test_an_orphaned_server_of_ours_is_stopped_properly_and_replaced(home: Path) -> None:
    orphan = started_by_hand(home, lambda word: word)
    reaper = threading.Thread(target=orphan.wait)
    reaper.start()
    with embedded(home) as server, psycopg.connect(server.conninfo("postgres")) as connection:
        assert connection.execute("select 1").fetchone() == (1,)
        assert int(record(home)[0]) != orphan.pid
    reaper.join(5)
    assert orphan.returncode == 0


def test_a_server_that_somebody_else_started_on_our_data_is_left_alone(home: Path) -> None:
    theirs = started_by_hand(home, lambda word: word.replace("cluster_name=hotmess-console", "port=5432"))
    before = record(home)
    with pytest.raises(SetupError, match=f"did not start \\(process {theirs.pid}\\)") as refused:
        embedded(home).start()
    assert "Stop that server" in refused.value.hint
    assert record(home) == before
    assert theirs.poll() is None
    theirs.send_signal(signal.SIGINT)
    theirs.wait(10)


def test_a_process_number_that_now_belongs_to_another_program_does_not_block_the_start(home: Path) -> None:
    with embedded(home):
        left = record(home)
    sleeper = outsider(["sleep", "60"])
    left[0] = str(sleeper.pid)
    stale = home / "data" / "postmaster.pid"
    stale.write_text("\n".join(left) + "\n")
    owner = (home / "data").stat()
    os.chown(stale, owner.st_uid, owner.st_gid)
    stale.chmod(0o600)
    with embedded(home) as server, psycopg.connect(server.conninfo("postgres")) as connection:
        assert connection.execute("select 1").fetchone() == (1,)
    assert sleeper.poll() is None
    sleeper.kill()
    sleeper.wait()
