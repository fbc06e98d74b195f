"""The local file: sealed records in SQLite, none of which is altered, lost, added or put back without being noticed.

SQLite alone lets flipped bits through that its own check calls fine. Each record therefore is authenticated by itself,
and a sealed root holds the sum over all of them, so that a missing, foreign or older one shows too. The root is written
in the same transaction as the records. Everything here blocks, and belongs to one thread.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from hotmess_console.adapters.workstation.sealing import Altered, Sealer
from hotmess_console.domain.errors import ConsoleError, SetupError

FORMAT = 1
"""Stands in ``PRAGMA user_version``; a file of a newer program is left alone."""
_APPLICATION_ID = 0x484D4331  # "HMC1", so that `file` and people know it
_MODULUS = 1 << 256
_ROOT = "root"
_ROOT_ID = bytes(16)
_SCHEMA = (
    "CREATE TABLE records (place TEXT NOT NULL, id BLOB NOT NULL, counter INTEGER NOT NULL, sealed BLOB NOT NULL, "
    "PRIMARY KEY (place, id)) WITHOUT ROWID",
    "CREATE TABLE root (only INTEGER PRIMARY KEY CHECK (only = 1), counter INTEGER NOT NULL, sealed BLOB NOT NULL)",
)


class Damaged(ConsoleError):
    """The file is not what was written to it. Nothing of it is used; it is set aside and begun anew."""


class NoRoom(ConsoleError):
    """The disk took nothing more. What was to be written is not on it; what was there before still is."""


@dataclass(slots=True)
class _Row:
    counter: int
    mark: int


class RecordFile:
    """One file of sealed records, by place and name. A place is a kind of thing, such as ``drafts``."""

    def __init__(self, path: Path, key: bytes) -> None:
        """Open the file, which is made where it is missing. Raises Damaged, NoRoom or SetupError."""
        self.path = path
        self._sealer = Sealer(key)
        self._rows: dict[tuple[str, bytes], _Row] = {}
        self._sum = self._root_counter = 0
        with _speaking(path):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            fresh = not path.exists() or path.stat().st_size == 0
            self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            try:
                self._prepare(fresh)
                self._check()
            except BaseException:
                self._db.close()
                raise

    def put(self, place: str, name: str, content: bytes) -> None:
        """Write one record. Raises NoRoom or Damaged; nothing is written then."""
        self.change({(place, name): content})

    def drop(self, place: str, name: str) -> None:
        """Remove one record, if it is there. Raises NoRoom or Damaged."""
        self.change({(place, name): None})

    def change(self, wanted: Mapping[tuple[str, str], bytes | None]) -> None:
        """Write or, with None, remove records in one transaction: all of it is on the disk afterwards, or none."""
        rows, total, counter = dict(self._rows), self._sum, self._root_counter
        with _speaking(self.path), self._transaction():
            for (place, name), content in wanted.items():
                id = self._sealer.id_of(place, name)
                before = rows.pop((place, id), None)
                total -= before.mark if before else 0
                if content is None:
                    self._db.execute("DELETE FROM records WHERE place = ? AND id = ?", (place, id))
                    continue
                # no counter is ever used twice, not even for a record that was removed and is written again
                counter += 1
                sealed = self._sealer.seal(place, id, counter, _packed(name, content))
                rows[place, id] = _Row(counter, self._sealer.mark(place, id, counter, sealed))
                total += rows[place, id].mark
                self._db.execute(
                    "INSERT INTO records VALUES (?, ?, ?, ?) ON CONFLICT (place, id) DO UPDATE "
                    "SET counter = excluded.counter, sealed = excluded.sealed",
                    (place, id, counter, sealed),
                )
            counter += 1
            self._write_root(counter, total % _MODULUS, len(rows))
        self._rows, self._sum, self._root_counter = rows, total % _MODULUS, counter

    def get(self, place: str, name: str) -> bytes | None:
        """Return what was written last under this name, or None. Raises Damaged."""
        id = self._sealer.id_of(place, name)
        row = self._rows.get((place, id))
        if row is None:
            return None
        with _speaking(self.path):
            found = self._db.execute(
                "SELECT counter, sealed FROM records WHERE place = ? AND id = ?", (place, id)
            ).fetchone()
        return self._opened(place, id, row, found)[1]

    def all(self, place: str) -> dict[str, bytes]:
        """Return everything of a place by name, in the order in which it was written. Raises Damaged."""
        with _speaking(self.path):
            found = {id: rest for id, *rest in self._db.execute(_OF_PLACE, (place,))}
        known = [(id, row) for (of, id), row in self._rows.items() if of == place]
        opened = [(row.counter, *self._opened(place, id, row, found.get(id))) for id, row in known]
        return {name: content for _, name, content in sorted(opened, key=lambda record: record[0])}

    def copied_to(self, path: Path, key: bytes) -> None:
        """Write all records to a new file with another key, on the disk when this returns. Raises as writing does."""
        places = dict.fromkeys(place for place, _ in self._rows)
        copy = RecordFile(path, key)
        try:
            for place in places:
                copy.change({(place, name): content for name, content in self.all(place).items()})
            copy.settle()
        finally:
            copy.close()

    def settle(self) -> None:
        """Bring everything from the log beside the file into the file itself."""
        with _speaking(self.path):
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def _prepare(self, fresh: bool) -> None:
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.execute("PRAGMA secure_delete = ON")
        self._db.execute("PRAGMA cell_size_check = ON")
        [version] = self._db.execute("PRAGMA user_version").fetchone()
        if version > FORMAT:
            raise SetupError(
                "The file on this computer was written by a newer console.",
                hint="Install the newer console again, or move the file away: " + str(self.path),
            )
        if version == 0 and fresh:
            with self._transaction():
                for statement in _SCHEMA:
                    self._db.execute(statement)
                self._write_root(0, 0, 0)
                self._db.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
                self._db.execute(f"PRAGMA user_version = {FORMAT}")

    def _check(self) -> None:
        """Compare the sum over all records with the root's. Raises Damaged."""
        root = self._db.execute("SELECT counter, sealed FROM root").fetchone()
        if root is None:
            raise Damaged(*_DAMAGED)
        counter, sealed = root
        if not isinstance(counter, int) or not isinstance(sealed, bytes):
            raise Damaged(*_DAMAGED)
        try:
            content = self._sealer.open(_ROOT, _ROOT_ID, counter, sealed)
        except Altered as error:
            raise Damaged(*_DAMAGED) from error
        expected, count = int.from_bytes(content[:32], "big"), int.from_bytes(content[32:], "big")
        for place, id, of_row, record in self._db.execute("SELECT place, id, counter, sealed FROM records"):
            if [type(value) for value in (place, id, of_row, record)] != [str, bytes, int, bytes]:
                raise Damaged(*_DAMAGED)
            self._rows[place, id] = _Row(of_row, self._sealer.mark(place, id, of_row, record))
        self._sum = sum(row.mark for row in self._rows.values()) % _MODULUS
        self._root_counter = counter
        if (self._sum, len(self._rows)) != (expected, count):
            raise Damaged(*_DAMAGED)

    def _write_root(self, counter: int, total: int, count: int) -> None:
        sealed = self._sealer.seal(_ROOT, _ROOT_ID, counter, total.to_bytes(32, "big") + count.to_bytes(8, "big"))
        self._db.execute("INSERT OR REPLACE INTO root VALUES (1, ?, ?)", (counter, sealed))

    def _opened(self, place: str, id: bytes, row: _Row, found: Iterable[object] | None) -> tuple[str, bytes]:
        if found is None:
            raise Damaged(*_DAMAGED)
        counter, sealed = found
        try:
            if counter != row.counter or not isinstance(sealed, bytes):
                raise Damaged(*_DAMAGED)
            return _unpacked(self._sealer.open(place, id, row.counter, sealed))
        except Altered as error:
            raise Damaged(*_DAMAGED) from error

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            # after a full disk SQLite may have rolled back by itself
            with suppress(sqlite3.Error):
                self._db.execute("ROLLBACK")
            raise


_OF_PLACE = "SELECT id, counter, sealed FROM records WHERE place = ?"
_DAMAGED = ("What is kept on this computer was damaged.",)


def _packed(name: str, content: bytes) -> bytes:
    named = name.encode()
    return len(named).to_bytes(4, "big") + named + content


def _unpacked(packed: bytes) -> tuple[str, bytes]:
    length = int.from_bytes(packed[:4], "big")
    return packed[4 : 4 + length].decode(), packed[4 + length :]


_FULL = MappingProxyType({"SQLITE_FULL": True, "SQLITE_IOERR_WRITE": True, "SQLITE_IOERR_FSYNC": True})


@contextmanager
def _speaking(path: Path) -> Iterator[None]:
    """Raise what SQLite and the system say as errors with words."""
    try:
        yield
    except sqlite3.Error as error:
        name = getattr(error, "sqlite_errorname", "")
        if name in _FULL:
            raise NoRoom("There is no room left on this computer's disk.", hint="Free some space.") from error
        if isinstance(error, sqlite3.OperationalError) and name in (
            "SQLITE_CANTOPEN",
            "SQLITE_READONLY",
            "SQLITE_PERM",
        ):
            raise SetupError(f"{path} cannot be written.", hint="Check its rights, and those of its folder.") from error
        raise Damaged("What is kept on this computer was damaged.", hint=f"{name or error}") from error
    except (UnicodeDecodeError, OverflowError) as error:
        raise Damaged("What is kept on this computer was damaged.", hint=str(error)) from error
    except OSError as error:
        raise SetupError(f"{path} cannot be used: {error.strerror or error}.", hint="Check its rights.") from error
