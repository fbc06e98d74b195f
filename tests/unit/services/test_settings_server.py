"""Which server a workstation signs in to is a setting; its password is not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hotmess_console.adapters.settings_file import SettingsFile
from hotmess_console.domain.connections import Mode
from hotmess_console.domain.errors import BadInput
from hotmess_console.services.preferences import Preferences, Server, from_text, to_text

pytestmark = pytest.mark.authority


def written(server: object) -> str:
    """A settings file with this server in it."""
    return json.dumps({"format": 1, "server": server})


@pytest.mark.parametrize("mode", list(Mode))
def test_a_server_and_its_mode_are_there_after_a_restart(tmp_path: Path, mode: Mode) -> None:
    server = Server("host=db.example.org dbname=x user=y sslmode=verify-full sslrootcert=/etc/ca.crt", mode)
    SettingsFile(tmp_path / "settings.json").save(Preferences(server=server))
    assert SettingsFile(tmp_path / "settings.json").load().preferences.server == server


def test_without_a_word_about_it_nothing_stands_before_the_server() -> None:
    assert from_text(written({"dsn": "host=db.example.org"})).server == Server("host=db.example.org", Mode.DIRECT)
    assert from_text('{"format": 1}').server == Server()


@pytest.mark.parametrize(
    "dsn", ["host=x password=y", "host=x PASSWORD = y", "postgresql://me:secret@host/x", "postgresql://h/x?password=y"]
)
def test_a_password_in_the_file_is_not_taken(dsn: str) -> None:
    with pytest.raises(BadInput, match="password"):
        from_text(written({"dsn": dsn}))
    assert from_text(written({"dsn": "postgresql://me@host:6543/x?sslmode=verify-full"})).server.dsn


@pytest.mark.parametrize("server", [7, [], {"dsn": 7}, {"dsn": "host=x", "mode": "magic"}])
def test_what_is_not_written_as_expected_is_told(server: object) -> None:
    with pytest.raises(BadInput):
        from_text(written(server))


def test_what_is_saved_can_be_read_again() -> None:
    server = Server("host=x", Mode.SESSION)
    assert from_text(to_text(Preferences(server=server))).server == server
