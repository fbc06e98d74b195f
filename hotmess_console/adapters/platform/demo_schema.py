"""A small platform for the demo: shape D's core with its roles, its row security and its faults.

It is owned by `platform_owner`, who is no superuser, so that whatever works here does not lean on rights that
production will not give.
"""

from __future__ import annotations

import psycopg
from psycopg import sql

from hotmess_console.adapters.platform.demo_tables import OWN_ROWS, TABLES
from hotmess_console.adapters.platform.objects import Cursor, plain_cursor
from hotmess_console.domain.errors import SetupError

OWNER = "platform_owner"
_API_ROLES = {"anon": "", "authenticated": "", "service_role": "BYPASSRLS"}

_UID = """CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql STABLE AS $$
  SELECT (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')::uuid $$"""

# These read auth.users, on which `authenticated` has no right: as on the real one, a user's SELECT fails.
_TICKET_POLICIES = """
CREATE POLICY tickets_read_own ON public.support_tickets FOR SELECT USING (user_id = auth.uid()
  OR user_email = (SELECT u.email FROM auth.users u WHERE u.id = auth.uid()));
CREATE POLICY tickets_insert ON public.support_tickets FOR INSERT TO authenticated
  WITH CHECK (auth.uid() IS NOT NULL);
CREATE POLICY tickets_staff ON public.support_tickets FOR UPDATE USING (EXISTS (
  SELECT 1 FROM public."User" x WHERE x.auth_user_id = auth.uid() AND x.role IN ('admin', 'moderator')));
CREATE POLICY replies_read_own ON public.ticket_responses FOR SELECT USING (ticket_id IN (
  SELECT t.id FROM public.support_tickets t WHERE t.user_id = auth.uid()));
CREATE POLICY replies_insert ON public.ticket_responses FOR INSERT WITH CHECK (ticket_id IN (
  SELECT t.id FROM public.support_tickets t WHERE t.user_id = auth.uid()));
"""
# Names its table without a schema, as the platform's code does; the console's functions have to bear it.
_REPLY_TRIGGER = """
CREATE FUNCTION public.touch_answered_ticket() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE support_tickets SET updated_at = now() WHERE id = NEW.ticket_id;
  RETURN NEW;
END $$;
CREATE TRIGGER touch_answered_ticket AFTER INSERT ON public.ticket_responses
  FOR EACH ROW EXECUTE FUNCTION public.touch_answered_ticket();
"""


def create_demo_platform(conn: psycopg.Connection) -> None:
    """Build the demo platform in a database that has none. Runs as a superuser, in one transaction.

    Raises SetupError if the database already holds a platform.
    """
    cursor = plain_cursor(conn)
    with conn.transaction():
        row = cursor.execute("SELECT pg_catalog.to_regclass('public.profiles') IS NULL").fetchone()
        if row != (True,):
            raise SetupError(
                "This database already holds a platform, so the demo's was not put into it.",
                hint="Name an empty database, or leave out the demo platform.",
            )
        _roles(cursor)
        _schemas(cursor)
        for name, columns in TABLES.items():
            cursor.execute(sql.SQL(f"CREATE TABLE {name} ({columns})"))
        cursor.execute(sql.SQL(_REPLY_TRIGGER))
        cursor.execute(_UID)
        _row_security(cursor)
        _hand_over(cursor)


def _roles(cursor: Cursor) -> None:
    cursor.execute("SELECT rolname FROM pg_catalog.pg_roles")
    there = {row[0] for row in cursor}
    for name, option in {OWNER: "CREATEROLE", **_API_ROLES}.items():
        if name not in there:
            cursor.execute(sql.SQL(f"CREATE ROLE {name} NOLOGIN {option}"))


def _schemas(cursor: Cursor) -> None:
    database = sql.Identifier(cursor.connection.info.dbname)
    cursor.execute(sql.SQL("GRANT CREATE ON DATABASE {} TO platform_owner").format(database))
    cursor.execute("CREATE SCHEMA auth AUTHORIZATION platform_owner")
    cursor.execute("CREATE SCHEMA IF NOT EXISTS public AUTHORIZATION platform_owner")
    cursor.execute("GRANT USAGE, CREATE ON SCHEMA public TO platform_owner")
    cursor.execute("GRANT USAGE ON SCHEMA public, auth TO anon, authenticated, service_role")


def _row_security(cursor: Cursor) -> None:
    for name in TABLES:
        cursor.execute(sql.SQL(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY"))
        cursor.execute(sql.SQL(f"GRANT ALL ON {name} TO service_role"))
        if name.startswith("public."):
            cursor.execute(sql.SQL(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {name} TO anon, authenticated"))
    for name, condition in OWN_ROWS.items():
        cursor.execute(sql.SQL(f"CREATE POLICY own_rows ON {name} USING ({condition}) WITH CHECK ({condition})"))
    cursor.execute(sql.SQL(_TICKET_POLICIES))


def _hand_over(cursor: Cursor) -> None:
    for name in TABLES:
        cursor.execute(sql.SQL(f"ALTER TABLE {name} OWNER TO platform_owner"))
    cursor.execute("ALTER FUNCTION auth.uid() OWNER TO platform_owner")
    cursor.execute("ALTER FUNCTION public.touch_answered_ticket() OWNER TO platform_owner")
