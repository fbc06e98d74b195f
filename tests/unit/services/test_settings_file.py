"""A person's settings survive restarts, crashes, newer versions and their own mistakes in the file."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotmess_console.adapters.settings_file import LARGEST, SettingsFile, settings_path
from hotmess_console.domain.errors import BadInput, SetupError
from hotmess_console.services.preferences import Preferences, from_text, to_text

pytestmark = pytest.mark.foundation

CHANGED = Preferences("light", True, {"case.claim": ("V",), "go.tickets": ()})


def set_aside(folder: Path) -> list[Path]:
    return sorted(folder.glob("settings-set-aside-*.json"))


def test_what_is_saved_is_there_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "settings.json"
    SettingsFile(path).save(CHANGED)
    kept = SettingsFile(path).load()
    assert (kept.preferences, kept.trouble) == (CHANGED, "")
    assert [file.name for file in path.parent.iterdir()] == ["settings.json"]


def test_the_first_start_has_the_usual_settings_and_says_nothing(tmp_path: Path) -> None:
    kept = SettingsFile(tmp_path / "settings.json").load()
    assert (kept.preferences, kept.trouble) == (Preferences(), "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "not valid JSON"),
        (b'{"format": 1, "theme": "dark"', "not valid JSON"),
        (b"[" * 100_000, "not valid JSON"),
        (b"[1, 2]", "not a settings file"),
        (b"\xff\xfe\x00", "not text"),
        (b'{"format": 2}', "format is 2"),
        (b'{"theme": "dark"}', "format is null"),
        (b'{"format": 1, "theme": 7}', "the theme"),
        (b'{"format": 1, "keys": ["C"]}', "the keys"),
        (b'{"format": 1, "keys": {"case.claim": "C"}}', "case.claim"),
        (b" " * (LARGEST + 1), "too large"),
    ],
)
def test_a_file_that_cannot_be_used_is_set_aside_whole_and_the_person_is_told(
    tmp_path: Path, content: bytes, why: str
) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(content)
    store = SettingsFile(path)
    kept = store.load()
    assert kept.preferences == Preferences()
    assert why in kept.trouble
    (aside,) = set_aside(tmp_path)
    assert aside.name in kept.hint
    store.save(CHANGED)
    assert aside.read_bytes() == content
    assert SettingsFile(path).load().preferences == CHANGED


def test_two_broken_files_in_one_second_are_both_kept(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    for content in ("one", "two"):
        path.write_text(content)
        SettingsFile(path).load()
    assert {aside.read_text() for aside in set_aside(tmp_path)} == {"one", "two"}


def test_what_a_newer_version_wrote_beside_is_written_back(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text(json.dumps({"format": 1, "theme": "dark", "sound": {"volume": 3}}))
    store = SettingsFile(path)
    store.save(store.load().preferences)
    assert json.loads(path.read_text())["sound"] == {"volume": 3}


def test_a_save_that_fails_leaves_the_old_file_and_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(SetupError, match="could not be saved") as refused:
        SettingsFile(tmp_path / "file" / "settings.json").save(CHANGED)
    assert "Check that" in refused.value.hint
    assert (tmp_path / "file").read_text() == "in the way"


def test_a_file_that_cannot_be_read_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.mkdir()  # also the superuser cannot read this as a file
    store = SettingsFile(path)
    assert "could not be read" in store.load().trouble
    with pytest.raises(SetupError, match="not saved"):
        store.save(CHANGED)
    assert path.is_dir()


def test_only_its_owner_can_read_the_file(tmp_path: Path) -> None:
    path = tmp_path / "mine" / "settings.json"
    SettingsFile(path).save(CHANGED)
    if os.name == "posix":
        assert path.stat().st_mode & 0o077 == 0


def test_the_file_lies_where_the_system_keeps_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert settings_path().name == "settings.json"
    assert "hotmess-console" in settings_path().parts


_PREFERENCES = st.builds(
    Preferences,
    st.text(max_size=20),
    st.booleans(),
    st.dictionaries(st.text(max_size=20), st.lists(st.text(max_size=10), max_size=3).map(tuple), max_size=5),
    st.dictionaries(st.text(max_size=8).map(lambda name: f"x{name}"), st.integers(), max_size=3),
)


@given(_PREFERENCES)
def test_any_settings_come_back_as_they_were(preferences: Preferences) -> None:
    assert from_text(to_text(preferences)) == preferences


@given(st.text(max_size=200))
def test_any_text_is_settings_or_a_failure_in_words(text: str) -> None:
    with suppress(BadInput):
        assert isinstance(from_text(text), Preferences)
