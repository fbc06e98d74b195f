"""The local file under damage: flipped bits, other keys, swapped rows, a full disk, a kill in the middle."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from hotmess_console.adapters.workstation.records import Damaged, NoRoom, RecordFile
from hotmess_console.domain.errors import ConsoleError, SetupError

pytestmark = pytest.mark.workstation

KEY, OTHER_KEY = bytes(range(32)), bytes(range(1, 33))
SENTINEL = "zarquon"
"""A word that nothing but a record's own content has."""
FLIPS = 8

Contents = dict[str, bytes]


def dense(file: RecordFile) -> None:
    """Many records, one after the other."""
    file.change({("drafts", f"{SENTINEL} {n}"): f"{SENTINEL} wrote {n} ".encode() * (n % 40 + 1) for n in range(120)})


def half_empty(file: RecordFile) -> None:
    """Records of which half are gone and some were written again."""
    dense(file)
    file.change({("drafts", f"{SENTINEL} {n}"): None for n in range(0, 120, 2)})
    file.change({("drafts", f"{SENTINEL} {n}"): b"again " * 30 for n in range(1, 60, 6)})


def rolled_back(file: RecordFile) -> None:
    """Records beside what a transaction wrote and took back."""
    dense(file)
    file._db.execute("BEGIN IMMEDIATE")
    file._db.execute("UPDATE records SET sealed = randomblob(900)")
    file._db.execute("ROLLBACK")
    file.put("drafts", f"{SENTINEL} 3", b"the newest")


def made(path: Path, fill: Callable[[RecordFile], None]) -> Contents:
    """A file on the disk, in one piece; returns what is in it."""
    file = RecordFile(path, KEY)
    fill(file)
    file.settle()
    contents = file.all("drafts")
    file.close()
    return contents


def flipped(path: Path, chance: random.Random) -> None:
    """Turn some bits of a file around."""
    content = bytearray(path.read_bytes())
    for _ in range(FLIPS):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    path.write_bytes(content)


@pytest.mark.parametrize("fill", [dense, half_empty, rolled_back])
def test_flipped_bits_never_show_a_record_that_is_altered_missing_foreign_or_stale(
    tmp_path: Path, fill: Callable[[RecordFile], None]
) -> None:
    expected, chance, noticed = made(tmp_path / "whole", fill), random.Random(fill.__name__), 0
    for trial in range(100):
        path = tmp_path / f"{trial}"
        shutil.copyfile(tmp_path / "whole", path)
        flipped(path, chance)
        try:
            file = RecordFile(path, KEY)
        except (Damaged, SetupError):
            noticed += 1
            continue
        try:
            assert file.all("drafts") == expected
            assert {name: file.get("drafts", name) for name in expected} == expected
        except Damaged:
            noticed += 1
        finally:
            file.close()
    assert noticed > 20  # otherwise the flips hit nothing, and nothing was proved


def test_bits_that_flip_while_the_file_is_open_are_noticed_when_they_are_read(tmp_path: Path) -> None:
    path = tmp_path / "file"
    made(path, dense)
    file = RecordFile(path, KEY)
    with sqlite3.connect(path) as elsewhere:
        elsewhere.execute("UPDATE records SET sealed = zeroblob(length(sealed)) WHERE counter > 0")
    with pytest.raises(Damaged):
        file.all("drafts")
    with pytest.raises(Damaged):
        file.get("drafts", f"{SENTINEL} 1")
    file.close()


def rows(path: Path) -> list[tuple[str, bytes, int, bytes]]:
    """What stands in the file, as anybody can read it."""
    with sqlite3.connect(path) as raw:
        return raw.execute("SELECT place, id, counter, sealed FROM records ORDER BY counter").fetchall()


def test_an_older_record_in_the_place_of_a_newer_one_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "file"
    file = RecordFile(path, KEY)
    file.put("drafts", "a", b"old")
    file.settle()
    [old] = rows(path)
    file.put("drafts", "a", b"new")
    file.close()
    with sqlite3.connect(path) as raw:
        raw.execute("UPDATE records SET counter = ?, sealed = ?", old[2:])
    with pytest.raises(Damaged):
        RecordFile(path, KEY)


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM records WHERE counter = (SELECT max(counter) FROM records)",
        "UPDATE records SET place = 'outbox' WHERE counter = (SELECT max(counter) FROM records)",
        "INSERT INTO records SELECT 'outbox', id, counter, sealed FROM records LIMIT 1",
        "UPDATE root SET counter = counter - 1",
        "DELETE FROM root",
        "DELETE FROM records",
    ],
)
def test_a_row_that_went_came_or_moved_is_noticed(tmp_path: Path, change: str) -> None:
    path = tmp_path / "file"
    made(path, dense)
    with sqlite3.connect(path) as raw:
        raw.execute(change)
    with pytest.raises(Damaged):
        RecordFile(path, KEY)


def test_with_another_key_nothing_is_read_and_nothing_is_changed(tmp_path: Path) -> None:
    path = tmp_path / "file"
    expected = made(path, dense)
    before = rows(path)
    with pytest.raises(Damaged):
        RecordFile(path, OTHER_KEY)
    assert rows(path) == before
    file = RecordFile(path, KEY)
    assert file.all("drafts") == expected
    file.close()


def test_nothing_that_was_written_and_no_name_can_be_found_in_the_folder(tmp_path: Path) -> None:
    file = RecordFile(tmp_path / "file", KEY)
    half_empty(file)
    seen = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    file.close()
    seen += b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert len(seen) > 100_000
    assert SENTINEL.encode() not in seen


def test_records_come_back_in_the_order_in_which_they_were_written(tmp_path: Path) -> None:
    file = RecordFile(tmp_path / "file", KEY)
    for name in "cab":
        file.put("drafts", name, name.encode())
    file.put("drafts", "c", b"again")
    file.put("outbox", "a", b"elsewhere")
    file.close()
    file = RecordFile(tmp_path / "file", KEY)
    assert list(file.all("drafts").items()) == [("a", b"a"), ("b", b"b"), ("c", b"again")]
    assert file.all("outbox") == {"a": b"elsewhere"}
    file.drop("drafts", "a")
    file.drop("drafts", "never there")
    assert (file.get("drafts", "a"), file.get("drafts", "b")) == (None, b"b")
    file.close()


def test_a_full_disk_leaves_what_was_there_and_takes_more_once_there_is_room(tmp_path: Path) -> None:
    file = RecordFile(tmp_path / "file", KEY)
    file.put("drafts", "a", b"kept")
    [pages] = file._db.execute("PRAGMA page_count").fetchone()
    file._db.execute(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(NoRoom):
        file.put("drafts", "a", os.urandom(200_000))
    assert file.all("drafts") == {"a": b"kept"}
    file._db.execute("PRAGMA max_page_count = 1073741823")
    file.put("drafts", "b", os.urandom(200_000))
    file.close()
    again = RecordFile(tmp_path / "file", KEY)
    assert list(again.all("drafts")) == ["a", "b"]
    again.close()


def test_a_change_of_many_records_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    file = RecordFile(tmp_path / "file", KEY)
    [pages] = file._db.execute("PRAGMA page_count").fetchone()
    file._db.execute(f"PRAGMA max_page_count = {pages + 10}")
    with pytest.raises(NoRoom):
        file.change({("drafts", f"{n}"): os.urandom(5_000) for n in range(100)})
    assert file.all("drafts") == {}
    file.close()
    again = RecordFile(tmp_path / "file", KEY)
    assert again.all("drafts") == {}
    again.close()


def test_a_change_of_the_key_leaves_a_file_that_only_the_new_one_opens(tmp_path: Path) -> None:
    expected = made(tmp_path / "old", half_empty)
    file = RecordFile(tmp_path / "old", KEY)
    file.copied_to(tmp_path / "new", OTHER_KEY)
    file.close()
    again = RecordFile(tmp_path / "new", OTHER_KEY)
    assert again.all("drafts") == expected
    assert list(again.all("drafts")) == list(expected)
    again.close()
    with pytest.raises(Damaged):
        RecordFile(tmp_path / "new", KEY)


def test_a_file_of_a_newer_console_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "file"
    made(path, dense)
    with sqlite3.connect(path) as raw:
        raw.execute("PRAGMA user_version = 99")
    before = path.read_bytes()
    with pytest.raises(SetupError, match="newer console"):
        RecordFile(path, KEY)
    assert path.read_bytes() == before


def test_a_folder_that_cannot_be_used_is_said_and_is_no_damage(tmp_path: Path) -> None:
    (tmp_path / "in the way").write_text("a file")
    with pytest.raises(ConsoleError) as refused:
        RecordFile(tmp_path / "in the way" / "file", KEY)
    assert not isinstance(refused.value, Damaged)
