"""The triggers that tell the console of new and changed tickets without ever standing in the platform's way.

One function, owned by `console_intake` whose only right is to add to `console.intake`, does one INSERT, no more.
It takes no lock on a case, waits at most 100 ms should the intake table be locked by an upgrade, and lets no
failure reach the platform's own write: what it misses, the reconcile finds.
"""

from __future__ import annotations

from dataclasses import dataclass

import psycopg
from psycopg import sql

from hotmess_console.adapters.platform.objects import Cursor
from hotmess_console.adapters.platform.probe import SCHEMA, Relation, Shape
from hotmess_console.adapters.platform.tickets import reply_table, ticket_table
from hotmess_console.domain.errors import SetupError

OWNER = "console_intake"
_FUNCTION = "intake_changed"

_BODY = """
BEGIN
  INSERT INTO console.intake (source, key) SELECT TG_ARGV[0], n.id::pg_catalog.text FROM new_rows AS n;
  RETURN NULL;
EXCEPTION WHEN OTHERS THEN
  RAISE LOG 'hotmess console: intake of % failed and was skipped: %', TG_ARGV[0], SQLERRM;
  RETURN NULL;
END
"""
_CREATE = """CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET lock_timeout = '100ms' AS {body}"""
_CONFIG = ["search_path=pg_catalog, pg_temp", "lock_timeout=100ms"]

# Bits of pg_trigger.tgtype: an AFTER trigger for each statement has neither the ROW nor the BEFORE bit.
_EVENTS = {"INSERT": 4, "UPDATE": 16}


@dataclass(frozen=True, slots=True)
class _Trigger:
    table: Relation
    event: str
    source: str

    @property
    def name(self) -> str:
        return f"hotmess_console_intake_{self.event.lower()}"


def intake_in_place(cursor: Cursor, shape: Shape) -> bool:
    """Whether the function and all its triggers stand exactly as they should. Reads the catalog only."""
    cursor.execute(
        """SELECT p.prosrc = %s AND p.prosecdef AND p.proconfig = %s::text[]
                  AND pg_catalog.pg_get_userbyid(p.proowner) = %s
                  AND NOT EXISTS (
                    SELECT FROM pg_catalog.aclexplode(
                      coalesce(p.proacl, pg_catalog.acldefault('f', p.proowner))) a
                     WHERE a.grantee <> p.proowner)
             FROM pg_catalog.pg_proc p WHERE p.oid = pg_catalog.to_regprocedure(%s)""",
        [_BODY, _CONFIG, OWNER, f"{SCHEMA}.{_FUNCTION}()"],
    )
    if cursor.fetchone() != (True,):
        return False
    wanted = {(t.table.words, t.name, _EVENTS[t.event], t.source + "\\000", "O") for t in _triggers(shape)}
    return _attached(cursor) == wanted


def put_intake(cursor: Cursor, shape: Shape) -> None:
    """Make the function and its triggers anew if any differs. Raises SetupError without the right to."""
    if intake_in_place(cursor, shape):
        return
    function = sql.Identifier(SCHEMA, _FUNCTION)
    # Dropping is the right of the schema's owner; replacing would take the rights of console_intake.
    # The triggers go with it; nothing else hangs on it.
    cursor.execute(sql.SQL("DROP FUNCTION IF EXISTS {}() CASCADE").format(function))
    body = sql.SQL("$intake${}$intake$").format(sql.SQL(_BODY))
    cursor.execute(sql.SQL(_CREATE).format(name=function, body=body))
    for trigger in _triggers(shape):
        _attach(cursor, trigger)
    cursor.execute(sql.SQL("REVOKE ALL ON FUNCTION {}() FROM PUBLIC").format(function))
    _hand_over(cursor, function)


def _triggers(shape: Shape) -> list[_Trigger]:
    tickets, replies = ticket_table(shape), reply_table(shape)
    wanted = []
    if tickets is not None and tickets.owned and tickets.is_table:
        wanted += [_Trigger(tickets, "INSERT", "ticket"), _Trigger(tickets, "UPDATE", "ticket")]
    if replies is not None and replies.owned and replies.is_table:
        wanted.append(_Trigger(replies, "INSERT", "ticket_response"))
    return wanted


def _attached(cursor: Cursor) -> set[tuple[object, ...]]:
    cursor.execute(
        """SELECT n.nspname || '.' || c.relname, t.tgname, t.tgtype::int,
                  pg_catalog.encode(t.tgargs, 'escape'), t.tgenabled::text
             FROM pg_catalog.pg_trigger t
             JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
             JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE t.tgfoid = pg_catalog.to_regprocedure(%s) AND t.tgnewtable = 'new_rows'""",
        [f"{SCHEMA}.{_FUNCTION}()"],
    )
    return {tuple(row) for row in cursor}


def _attach(cursor: Cursor, trigger: _Trigger) -> None:
    statement = sql.SQL(
        "CREATE TRIGGER {} AFTER {} ON {} REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION {}({})"
    ).format(
        sql.Identifier(trigger.name),
        sql.SQL(trigger.event),
        trigger.table.identifier,
        sql.Identifier(SCHEMA, _FUNCTION),
        sql.Literal(trigger.source),
    )
    cursor.execute(statement)


def _hand_over(cursor: Cursor, function: sql.Identifier) -> None:
    """Give the function to console_intake; what that takes is granted for this and taken back."""
    owner, schema = sql.Identifier(OWNER), sql.Identifier(SCHEMA)
    member = _may_become_owner(cursor)
    try:
        if not member:
            cursor.execute(sql.SQL("GRANT {} TO CURRENT_USER{}").format(owner, _narrowly(cursor)))
        cursor.execute(sql.SQL("GRANT CREATE ON SCHEMA {} TO {}").format(schema, owner))
        cursor.execute(sql.SQL("ALTER FUNCTION {}() OWNER TO {}").format(function, owner))
        cursor.execute(sql.SQL("REVOKE CREATE ON SCHEMA {} FROM {}").format(schema, owner))
        if not member:
            cursor.execute(sql.SQL("REVOKE {} FROM CURRENT_USER").format(owner))
    except psycopg.errors.InsufficientPrivilege as error:
        raise SetupError(
            f"The intake triggers could not be given to {OWNER}, so nothing was installed: "
            f"{error.diag.message_primary}.",
            hint=f"Install as a role that may create roles, or let a superuser grant it {OWNER} first.",
        ) from error


def _may_become_owner(cursor: Cursor) -> bool:
    right = "SET" if _version(cursor) >= 160000 else "MEMBER"
    row = cursor.execute("SELECT pg_catalog.pg_has_role(current_user, %s, %s)", [OWNER, right]).fetchone()
    return row == (True,)


def _narrowly(cursor: Cursor) -> sql.SQL:
    # From 16 on a grant says what it is for; before, membership has no parts.
    return sql.SQL(" WITH INHERIT FALSE, SET TRUE" if _version(cursor) >= 160000 else "")


def _version(cursor: Cursor) -> int:
    return cursor.connection.info.server_version
