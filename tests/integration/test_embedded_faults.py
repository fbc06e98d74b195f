"""Where the local database cannot start, a person is told why and what to do, and nothing is destroyed."""

from __future__ import annotations

import os
import shutil
import socket
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from hotmess_console.adapters.store.embedded_faults import explain_output
from tests.clusters import Template
from tests.integration.embedded_folders import answers, embedded, fingerprint, refusal, small_disk, works

pytestmark = pytest.mark.foundation


# --- folders that are not ours --------------------------------------------------------------------


def test_a_folder_with_other_peoples_files_is_refused_and_left_as_it_was(base: Path) -> None:
    (base / "letters").mkdir()
    (base / "letters" / "to mother.txt").write_text("dear mother")
    before = fingerprint(base)
    assert "holds something else" in str(refusal(base))
    assert fingerprint(base) == before


def test_the_data_of_another_postgres_is_refused_and_left_as_it_was(home: Path) -> None:
    theirs = home / "data"
    before = fingerprint(theirs)
    assert "holds another Postgres database" in str(refusal(theirs))
    assert fingerprint(theirs) == before


def test_a_data_folder_that_lost_its_version_file_is_refused_and_left_as_it_was(home: Path) -> None:
    (home / "data" / "PG_VERSION").unlink()
    before = fingerprint(home)
    assert "no PG_VERSION" in str(refusal(home))
    assert fingerprint(home) == before


@pytest.mark.parametrize(
    ("version", "way_out"), [("99", "newer console"), ("9.6", "pg_dump"), ("14", "pg_dump"), ("", "pg_dump")]
)
def test_data_of_another_major_version_is_refused_and_left_as_it_was(home: Path, version: str, way_out: str) -> None:
    (home / "data" / "PG_VERSION").write_text(f"{version}\n")
    before = fingerprint(home)
    refused = refusal(home)
    assert f"was written by Postgres {version}" in str(refused)
    assert way_out in refused.hint
    assert fingerprint(home) == before


def test_a_file_where_the_folder_should_be_is_refused(base: Path) -> None:
    (base / "pg").write_text("a file")
    assert "is not a folder" in str(refusal(base / "pg"))
    assert (base / "pg").read_text() == "a file"


def test_a_missing_password_file_is_named_and_the_data_kept(home: Path) -> None:
    (home / "superuser.password").unlink()
    before = fingerprint(home / "data")
    assert "superuser.password is missing" in str(refusal(home))
    assert fingerprint(home / "data") == before


def test_the_folder_works_again_once_the_cause_of_a_refusal_is_gone(home: Path) -> None:
    right = (home / "data" / "PG_VERSION").read_text()
    (home / "data" / "PG_VERSION").write_text("99\n")
    refusal(home)
    (home / "data" / "PG_VERSION").write_text(right)
    works(home)


def test_a_first_start_that_was_cut_short_is_simply_done_again(base: Path) -> None:
    half = base / "pg" / "data.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    (base / "pg" / "hotmess-console.lock").touch()
    (base / "pg" / "initdb.password").write_text("left over")
    works(base / "pg")
    assert not half.exists()
    assert not (base / "pg" / "initdb.password").exists()


# --- what the server itself refuses ---------------------------------------------------------------


def test_the_servers_own_words_are_quoted_when_nothing_better_is_known(home: Path) -> None:
    with (home / "data" / "postgresql.conf").open("a") as settings:
        settings.write("\nno_such_setting = 1\n")
    refused = refusal(home)
    assert "no_such_setting" in str(refused) or "configuration file" in str(refused)
    assert "server.log" in refused.hint


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("FATAL:  could not map anonymous shared memory: Cannot allocate memory", "not enough free memory"),
        ("PANIC:  could not write to file: No space left on device", "is full"),
        ('FATAL:  could not open file "x": Read-only file system', "can only be read"),
        ('FATAL:  lock file "postmaster.pid" already exists', "Another database server"),
        ('LOG:  could not bind Unix address "/x": Address already in use', "connection point"),
        (
            "2026 UTC [7] LOG:  hello\n2026 UTC [7] FATAL:  odd thing\n2026 UTC [7] LOG:  bye",
            "said: odd thing",
        ),
        ("", "said: nothing at all"),
    ],
)
def test_each_kind_of_failure_has_its_own_words(said: str, told: str, base: Path) -> None:
    assert told in str(explain_output(said, base))


# --- sockets --------------------------------------------------------------------------------------


def test_a_socket_that_another_program_listens_on_is_not_taken_from_it(home: Path) -> None:
    place = home / "socket"
    with socket.socket(socket.AF_UNIX) as theirs:
        theirs.bind(str(place / ".s.PGSQL.5432"))
        theirs.listen()
        assert "is used by another program" in str(refusal(home))
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(str(place / ".s.PGSQL.5432"))
    works(home)  # a socket that nobody listens on any more is cleared away


def test_something_else_in_the_sockets_place_is_not_removed(home: Path) -> None:
    (home / "socket").rmdir()
    (home / "socket").write_text("mine")
    assert "is used by another program" in str(refusal(home))
    assert (home / "socket").read_text() == "mine"


def test_a_socket_folder_open_to_others_is_not_used(home: Path) -> None:
    (home / "socket").chmod(0o777)
    assert "is used by another program" in str(refusal(home))


def test_a_data_folder_with_a_long_path_gets_its_socket_elsewhere(base: Path, template: Template) -> None:
    folder = base / ("long " * 12) / ("longer-" * 12)
    folder.parent.mkdir(parents=True)
    template.copy_to(folder)
    assert len(str(folder)) > 107
    with embedded(folder) as server:
        assert answers(server)
        assert len(f"{server.host}/.s.PGSQL.5432") < 107
        assert stat.S_IMODE(Path(server.host).stat().st_mode) == 0o700
    assert not Path(server.host).exists()


def test_a_folder_name_with_spaces_quotes_and_commas_works(base: Path, template: Template) -> None:
    works(template.copy_to(base / 'it\'s, "my" data – ü'))


# --- disks ----------------------------------------------------------------------------------------


def test_a_disk_too_small_for_the_first_start_is_said_to_be_full_and_left_clean(base: Path) -> None:
    disk = base / "disk"
    with small_disk(disk, "size=12m"):
        refused = refusal(disk / "pg")
        assert "is full" in str(refused)
        assert "Free some space" in refused.hint
        assert not (disk / "pg" / "data").exists()
        assert not (disk / "pg" / "data.new").exists()


def test_a_full_disk_stops_the_start_and_after_making_room_every_row_is_there(base: Path, template: Template) -> None:
    disk = base / "disk"
    with small_disk(disk, "size=120m"):
        folder = template.copy_to(disk / "pg")
        with embedded(folder) as server, psycopg.connect(server.conninfo("postgres")) as connection:
            connection.execute("create table kept as select generate_series(1, 1000) n")
        filler = fill(disk)
        assert "is full" in str(refusal(folder))
        filler.unlink()
        with embedded(folder) as server, psycopg.connect(server.conninfo("postgres")) as connection:
            assert connection.execute("select count(*) from kept").fetchone() == (1000,)


def fill(disk: Path) -> Path:
    """A file that takes every byte that is left."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as stream:
        while shutil.disk_usage(disk).free:
            stream.write(bytes(4096))
    return filler


@contextmanager
def read_only(place: Path, template: Template) -> Iterator[Path]:
    """A data folder on a disk that can only be read; without root, in a folder closed for writing."""
    if os.geteuid() == 0:
        with small_disk(place, "size=120m") as mount_anew:
            folder = template.copy_to(place / "pg")
            mount_anew("ro")
            yield folder
            return
    place.mkdir()
    folder = template.copy_to(place / "pg")
    for closed in (folder, place):
        closed.chmod(0o500)
    yield folder
    for closed in (place, folder):
        closed.chmod(0o700)


def test_a_read_only_folder_is_named_and_left_as_it_was(base: Path, template: Template) -> None:
    with read_only(base / "disk", template) as folder:
        before = fingerprint(folder)
        for place in (folder, folder.with_name("new")):
            refused = refusal(place)
            assert "can only be read" in str(refused)
            assert "writable" in refused.hint
        assert fingerprint(folder) == before
