"""A desk at revision 0001 with something in every table of it, as a program of that time left it behind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from hotmess_console.adapters.platform.demo_schema import create_demo_platform
from hotmess_console.adapters.platform.install import TABLES, _objects
from hotmess_console.adapters.platform.objects import plain_cursor, put
from hotmess_console.adapters.platform.probe import acting_role, probe
from hotmess_console.adapters.store.embedded import Server
from tests.desks import Database, DeskDatabase, bare, password_of, staff
from tests.integration.authority.grid import _install_first_revision

_FILLING = """
INSERT INTO console.commands (id, name, digest, params) VALUES
  ('00000000-0000-4000-8000-000000000001', 'install.run', sha256('a'), '{"revision": "0001"}'),
  ('00000000-0000-4000-8000-000000000002', 'ticket.reply', sha256('b'), '{}');
INSERT INTO console.settings (key, value) VALUES ('intake.go_live', '"2026-11-01T09:00:00+00:00"'),
  ('messages.hold_seconds', '45');
INSERT INTO console.bindings (concept, variant, enforceable) VALUES ('tickets', 'support_tickets', 'applied');
INSERT INTO console.case_edges VALUES ('open', 'in_progress'), ('in_progress', 'open'), ('in_progress', 'resolved'),
  ('in_progress', 'waiting_response'), ('waiting_response', 'in_progress'), ('resolved', 'closed'),
  ('open', 'resolved'), ('open', 'waiting_response'), ('waiting_response', 'resolved'), ('resolved', 'in_progress'),
  ('closed', 'in_progress');
INSERT INTO console.cases (id, kind, source, subject, snippet, category, priority, assignee, rank_at)
  SELECT ('00000000-0000-4000-9000-' || lpad(n::text, 12, '0'))::uuid, 'ticket', 'import', 'Question ' || n, 'Hello',
         (ARRAY['general', 'billing', 'safety'])[1 + n % 3], 'normal', CASE WHEN n = 1 THEN 'imani' END, now()
    FROM generate_series(1, 30) n;
UPDATE console.cases SET status = 'waiting_response', paused_at = now() WHERE assignee IS NOT NULL;
INSERT INTO console.command_cases SELECT '00000000-0000-4000-8000-000000000002', id, '{"status": "open"}', 1, 2
  FROM console.cases WHERE assignee IS NOT NULL;
INSERT INTO console.tickets (case_id, subject, requester_name, requester_email)
  SELECT id, subject, 'Robin', 'robin@example.org' FROM console.cases;
INSERT INTO console.messages (id, case_id, direction, kind, channel, body, command_id)
  SELECT id, id, 'out', 'reply', 'email', 'We are looking into it.', '00000000-0000-4000-8000-000000000002'
    FROM console.cases;
INSERT INTO console.notes (id, case_id, author, body) SELECT id, id, 'imani', 'Seen' FROM console.cases;
INSERT INTO console.deliveries (message_id, case_id, to_address, subject, hold_until)
  SELECT id, id, 'robin@example.org', 'Your question', now() + interval '1 day' FROM console.cases;
INSERT INTO console.attachments (id, case_id, filename, media_type, size, content)
  SELECT id, id, 'a.txt', 'text/plain', 1, 'x' FROM console.cases;
INSERT INTO console.case_links (case_id, other_id) SELECT min(id::text)::uuid, max(id::text)::uuid FROM console.cases;
INSERT INTO console.notices (id, recipient, case_id, kind, sender)
  SELECT id, 'imani', id, 'mention', 'sunniva' FROM console.cases LIMIT 1;
INSERT INTO console.templates (id, language, area, name) VALUES ('own', 'en', 'support', 'Our own');
INSERT INTO console.template_versions (id, language, version, subject, body, made_by)
  VALUES ('own', 'en', 1, 'Hello', 'Hi [Name]', 'sunniva');
INSERT INTO console.saved_views (id, name, filter, owner)
  VALUES ('00000000-0000-4000-8000-000000000009', 'Mine', '{}', 'imani');
INSERT INTO console.intake (source, key) VALUES ('ticket', 'waiting');
"""


@contextmanager
def first_desk(server: Server) -> Iterator[DeskDatabase]:
    """A database beside the demo's platform, at revision 0001 and filled; dropped afterwards."""
    with bare(server) as made:
        with psycopg.connect(made.conninfo()) as conn:
            create_demo_platform(conn)
        _install_first_revision(made.conninfo())
        _bind_accounts(made)
        _add_people(made)
        with psycopg.connect(made.conninfo()) as conn:
            conn.execute(_FILLING)
        yield DeskDatabase(made.server, made.name)


def _bind_accounts(made: Database) -> None:
    """The one view of the platform that is the same ever since; what reads tickets there leans on later rules."""
    with psycopg.connect(made.conninfo()) as conn:
        cursor, acting = plain_cursor(conn), acting_role(conn)
        for item in _objects(probe(conn, TABLES, acting)):
            if item.kind == "SCHEMA" or item.name == "accounts":
                put(cursor, item, acting)


def _add_people(made: Database) -> None:
    """The test staff with their logins, which the whole cluster has, as 0001 kept them."""
    with psycopg.connect(made.conninfo()) as conn:
        conn.execute("INSERT INTO console.commands (id, name, digest) VALUES (gen_random_uuid(), 'a.b', sha256('x'))")
        for person, _ in staff():
            conn.execute(
                "INSERT INTO console.staff (login, display_name, handle, initials) VALUES (%s, %s, %s, %s)",
                [person.login, person.name, person.handle, person.initials],
            )
            assert password_of(person.login)
