"""The local server starts, stops and keeps everybody out who should stay out."""

from __future__ import annotations

import os
import stat
import threading
import time
from pathlib import Path

import psycopg
import pytest

from hotmess_console.adapters.store.embedded import EmbeddedPostgres, Server
from hotmess_console.adapters.store.embedded_process import command_line, server_account
from hotmess_console.domain.errors import SetupError
from tests.clusters import chosen_bin_dir, short_folder

pytestmark = pytest.mark.foundation

DEBIAN_15 = Path("/usr/lib/postgresql/15/bin")


def embedded(folder: Path) -> EmbeddedPostgres:
    return EmbeddedPostgres(folder, bin_dir=chosen_bin_dir(), durable=False)


def value(server: Server, query: str) -> object:
    with psycopg.connect(server.conninfo("postgres")) as connection:
        row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return row[0]


def server_pid(folder: Path) -> int:
    return int((folder / "data" / "postmaster.pid").read_text().splitlines()[0])


def test_the_cluster_takes_connections_as_its_superuser(cluster: Server) -> None:
    assert value(cluster, "select current_user") == "console_root"
    assert value(cluster, "show server_encoding") == "UTF8"
    assert value(cluster, "show jit") == "off"


def test_the_cluster_keeps_time_in_utc_and_knows_letters_beyond_ascii(cluster: Server) -> None:
    assert value(cluster, "show timezone") == "UTC"
    assert value(cluster, "select upper('straße é ж')") in {"STRASSE É Ж", "STRAßE É Ж"}


def test_search_finds_words_beside_dashes_and_curly_quotes(cluster: Server) -> None:
    words = "to_tsvector('simple', 'refund—now “cancelled” 😀okay')"
    assert value(cluster, f"select {words} @@ 'now & cancelled & okay'::tsquery") is True


@pytest.mark.parametrize("name", ["pg_trgm", "unaccent", "citext"])
def test_the_extensions_that_the_console_needs_are_there(cluster: Server, name: str) -> None:
    assert value(cluster, f"select count(*) from pg_available_extensions where name = '{name}'") == 1


def test_a_wrong_password_is_refused(cluster: Server) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(cluster.conninfo("postgres", "console_root", "wrong"))


def test_no_password_is_refused_even_to_the_account_that_runs_the_server(cluster: Server) -> None:
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(cluster.conninfo("postgres", "console_root"), passfile="")


def test_every_way_in_asks_for_scram(cluster: Server) -> None:
    assert value(cluster, "select array_agg(distinct auth_method) from pg_hba_file_rules") == ["scram-sha-256"]
    assert str(value(cluster, "select rolpassword from pg_authid where rolname = 'console_root'")).startswith(
        "SCRAM-SHA-256$"
    )


def test_the_server_listens_on_its_socket_and_on_no_network_port(home: Path) -> None:
    with embedded(home) as server:
        assert value(server, "show listen_addresses") == ""
        handles = Path(f"/proc/{server_pid(home)}/fd")
        open_sockets = {os.readlink(handle) for handle in handles.iterdir()}
        assert any("socket:" in name for name in open_sockets)
        assert not {f"socket:[{inode}]" for inode in listening_inodes()} & open_sockets


def listening_inodes() -> set[str]:
    """Inodes of every TCP socket in state LISTEN (0A)."""
    tables = [Path("/proc/net/tcp"), Path("/proc/net/tcp6")]
    rows = [line.split() for table in tables if table.exists() for line in table.read_text().splitlines()[1:]]
    return {row[9] for row in rows if row[3] == "0A"}


def test_only_the_servers_account_may_enter_the_socket_folder_and_the_data(home: Path) -> None:
    account = server_account()
    owner = account.uid if account else os.geteuid()
    with embedded(home) as server:
        for place in (Path(server.host), home / "data"):
            assert stat.S_IMODE(place.stat().st_mode) == 0o700
            assert place.stat().st_uid == owner


def test_the_password_lies_in_a_file_of_our_own_that_nobody_else_can_read(home: Path) -> None:
    file = home / "superuser.password"
    with embedded(home) as server:
        assert file.read_text() == server.password
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.stat().st_uid == os.geteuid()
    assert len(server.password) >= 40


def test_the_password_shows_up_in_no_log_listing_or_process_table(home: Path) -> None:
    running = embedded(home)
    with running as server:
        words = command_line(server_pid(home))
        assert words
        assert server.password not in " ".join(words)
        assert server.password not in repr(server)
    assert server.password not in running.log_file.read_text()
    assert not (home / "initdb.password").exists()


def test_the_log_keeps_neither_failing_statements_nor_their_values(home: Path) -> None:
    running = embedded(home)
    with running as server, psycopg.connect(server.conninfo("postgres"), autocommit=True) as connection:
        with pytest.raises(psycopg.Error):
            connection.execute("select 'statement-secret' from missing_table")
        with pytest.raises(psycopg.Error):
            connection.execute("select cast('value-secret' as uuid)")
    written = running.log_file.read_text()
    assert "ready to accept connections" in written
    assert "secret" not in written
    assert stat.S_IMODE(running.log_file.stat().st_mode) == 0o600


def test_a_long_log_is_set_aside_at_the_next_start(home: Path) -> None:
    running = embedded(home)
    running.log_file.write_bytes(b"old line\n" * 300_000)
    with running:
        assert running.log_file.stat().st_size < 100_000
        assert (home / "server.log.1").stat().st_size == 2_700_000


def test_stopping_is_quick_even_while_clients_work(home: Path) -> None:
    running = embedded(home)
    server = running.start()
    idle = psycopg.connect(server.conninfo("postgres"))
    busy = threading.Thread(target=sleep_in_the_database, args=(server,))
    busy.start()
    while value(server, "select count(*) from pg_stat_activity where query like '%pg_sleep(60%'") != 2:
        time.sleep(0.01)
    begun = time.monotonic()
    running.stop()
    # one that waited for its clients would be pressed on by the supervisor after 30 s, and last 60 without it
    assert time.monotonic() - begun < 30
    busy.join(5)
    assert not busy.is_alive()
    with pytest.raises(psycopg.OperationalError):
        idle.execute("select 1")
    assert not running.running


def sleep_in_the_database(server: Server) -> None:
    with (
        pytest.raises(psycopg.OperationalError),
        psycopg.connect(server.conninfo("postgres")) as connection,
    ):
        connection.execute("select pg_sleep(60)")


def test_the_server_outlives_the_thread_that_asked_for_it(home: Path) -> None:
    running = embedded(home)
    asking = threading.Thread(target=running.start)
    asking.start()
    asking.join()
    time.sleep(0.3)
    assert value(running.start(), "select 1") == 1
    running.stop()


def test_two_threads_that_start_at_once_get_the_same_server(home: Path) -> None:
    running = embedded(home)
    servers: list[Server] = []
    threads = [threading.Thread(target=lambda: servers.append(running.start())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(servers) == 4
    assert len(set(servers)) == 1
    running.stop()


def test_it_can_be_stopped_twice_and_started_again(home: Path) -> None:
    running = embedded(home)
    value(running.start(), "select 1")
    running.stop()
    running.stop()
    assert value(running.start(), "select 2") == 2
    running.stop()


def test_ctrl_c_in_the_terminal_does_not_reach_the_server(home: Path) -> None:
    with embedded(home):
        assert os.getsid(server_pid(home)) != os.getsid(0)


def test_a_second_console_on_the_same_folder_is_refused_and_the_first_goes_on(home: Path) -> None:
    with embedded(home) as first:
        with pytest.raises(SetupError, match="Another console is already running") as refused:
            embedded(home).start()
        assert "another data folder" in refused.value.hint
        assert value(first, "select 1") == 1


@pytest.mark.skipif(not DEBIAN_15.is_dir(), reason="Debian's Postgres 15 is not installed")
def test_a_systems_own_older_postgres_can_be_used() -> None:
    with short_folder() as base, EmbeddedPostgres(base / "pg", bin_dir=DEBIAN_15, durable=False) as server:
        assert str(value(server, "show server_version")).startswith("15.")
        assert value(server, "select upper('é')") == "É"
        assert server.bin_dir == DEBIAN_15


def test_the_default_is_durable() -> None:
    with short_folder() as base, EmbeddedPostgres(base / "pg", bin_dir=chosen_bin_dir()) as server:
        kept = [value(server, f"show {name}") for name in ("fsync", "synchronous_commit", "full_page_writes")]
    assert kept == ["on", "on", "on"]


def test_conninfo_quotes_what_would_end_a_value(cluster: Server) -> None:
    asked = cluster.conninfo("a b", "o'brien", "back\\slash' host=elsewhere")
    parsed = psycopg.conninfo.conninfo_to_dict(asked)
    assert (parsed["dbname"], parsed["user"]) == ("a b", "o'brien")
    assert parsed["password"] == "back\\slash' host=elsewhere"
    assert parsed["host"] == cluster.host
