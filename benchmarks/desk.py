"""A desk with as many open cases as wanted, written by plain SQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from hotmess_console.adapters.store.demo_world import demo_colleagues
from hotmess_console.adapters.store.embedded import EmbeddedPostgres, Server
from hotmess_console.adapters.store.install import install
from hotmess_console.adapters.store.staff import add_everyone
from tests.clusters import short_folder

AGENT, PASSWORD = "imani", "only for measuring"

FILL = """
INSERT INTO console.commands (id, name, digest) VALUES (gen_random_uuid(), 'bench.fill', sha256('fill'));
INSERT INTO console.cases (id, kind, source, subject, snippet, status, category, priority, level, opened_at, started_at,
                           due_at, breach_at, rank_at, language)
  SELECT gen_random_uuid(), 'ticket', 'import', 'Ticket number ' || n || ' about a thing that does not work',
         'It began on a Friday night and has happened ' || n || ' times since then', 'open', 'general',
         (ARRAY['urgent', 'high', 'normal', 'normal', 'normal', 'low'])[1 + n % 6], 1, now() - n * interval '7 seconds',
         now() - n * interval '7 seconds', now() + (n * 37 % 100000) * interval '1 second',
         now() + interval '2 days', now(), 'en'
  FROM generate_series(1, {count}) n;
INSERT INTO console.tickets (case_id, subject, requester_email)
  SELECT id, subject, 'person' || number || '@example.org' FROM console.cases;
"""


@contextmanager
def desk(count: int) -> Iterator[tuple[Server, str]]:
    """Yield a durable server and an agent's connection string to a database with `count` open cases."""
    with short_folder() as folder, EmbeddedPostgres(folder / "pg") as server:
        with psycopg.connect(server.conninfo("postgres"), autocommit=True) as conn:
            conn.execute("CREATE DATABASE bench")
        owner = server.conninfo("bench")
        install(owner)
        add_everyone(owner, [(person, PASSWORD) for person in demo_colleagues()])
        with psycopg.connect(owner) as conn:
            conn.execute(FILL.format(count=count).encode())
        with psycopg.connect(owner, autocommit=True) as conn:
            conn.execute("VACUUM ANALYZE")
        yield server, server.conninfo("bench", user=AGENT, password=PASSWORD)
