"""What the proofs of the sealed audit share: work to seal, sealing by plain SQL, and a superuser who covers tracks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import psycopg

from tests.desks import AGENT, Connection, DeskDatabase

SEAL_ALL = "SELECT console_audit.seal(10000)"


def record_command(conn: Connection, name: str = "test.change") -> None:
    """Record a command in the open transaction."""
    conn.execute("INSERT INTO console.commands (id, name, digest) VALUES (%s, %s, sha256('x'::bytea))", (uuid4(), name))


def make_entries(database: DeskDatabase, count: int = 5, login: str = AGENT) -> None:
    """Leave an entry for each of so many commands, in transactions of their own."""
    with psycopg.connect(database.conninfo(login)) as conn:
        for _ in range(count):
            record_command(conn)
            conn.commit()


def seal_all(database: DeskDatabase, login: str = AGENT) -> int:
    """Seal whatever waits, as the console of `login` does; return the newest seal."""
    with database.connect(login) as conn:
        while conn.execute(SEAL_ALL).fetchone() != (0,):
            pass
    return int(database.one("SELECT coalesce(max(seq), 0) FROM console_audit.seals"))


@contextmanager
def covering_tracks(database: DeskDatabase) -> Iterator[Connection]:
    """A superuser for whom no trigger holds."""
    with database.connect() as conn:
        conn.execute("SET session_replication_role = replica")
        yield conn


RECHAIN = """
DO $$
DECLARE s console_audit.seals; e console_audit.entries; prev bytea := decode(repeat('00', 32), 'hex');
BEGIN
  FOR s IN SELECT * FROM console_audit.seals ORDER BY seq LOOP
    SELECT * INTO e FROM console_audit.entries WHERE id = s.entry_id;
    s.prev_hash := prev;
    prev := sha256(console_audit.canonical(s, e));
    UPDATE console_audit.seals SET prev_hash = s.prev_hash, hash = prev WHERE seq = s.seq;
  END LOOP;
END $$"""
"""What a superuser runs who knows how the chain is made."""
