"""The two functions by which a decision on a ticket reaches the platform: apply it, restore what was there.

They run with the rights of the tables' owner, so they check for themselves that the console recorded the
command in this very transaction, that the ticket is open to who asks, touch one ticket by its key, insist on
exactly one row, and leave an entry in the audit.
"""

from __future__ import annotations

from psycopg import sql

from hotmess_console.adapters.platform.columns import column
from hotmess_console.adapters.platform.probe import SCHEMA, Relation, Shape
from hotmess_console.adapters.platform.tickets import reply_table, ticket_table

APPLY, APPLY_ARGUMENTS = "ticket_apply", "uuid, uuid, jsonb"
RESTORE, RESTORE_ARGUMENTS = "ticket_restore", "uuid, uuid, jsonb, uuid"

# Columns that an effect may set → type. `reply` lands in admin_response, `resolved` in resolved_at.
CHANGEABLE = {
    "status": "text",
    "priority": "text",
    "category": "text",
    "assigned_to": "uuid",
    "admin_response": "text",
    "resolved_at": "timestamptz",
}
_KEYS = ("reply", "reply_id", "status", "priority", "category", "assigned_to", "resolved")

_HEAD = """CREATE OR REPLACE FUNCTION {schema}.{name}({parameters}) RETURNS pg_catalog.jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS {body}"""

_GUARD = """
  IF NOT coalesce(console.command_is_mine(p_command), false) THEN
    RAISE EXCEPTION 'This command was not recorded by % in this transaction, so nothing was done.',
      session_user
      USING ERRCODE = 'insufficient_privilege';
  END IF;"""

_NOT_HERE = (
    """
BEGIN"""
    + _GUARD
    + """
  RETURN pg_catalog.jsonb_build_object(
    'enforced', 'not_here', 'was', '{{}}'::pg_catalog.jsonb, 'updated_at', NULL,
    'missing', pg_catalog.jsonb_build_array('ticket'),
    'changed_meanwhile', '[]'::pg_catalog.jsonb, 'reply_removed', false);
END"""
)

_LOCK = """
  IF coalesce(console.refuses_ticket(p_ticket), true) THEN
    RAISE EXCEPTION 'This is a safety ticket, which safety staff and managers change.'
      USING ERRCODE = 'insufficient_privilege';
  END IF;
  SELECT * INTO v_old FROM {tickets} AS t WHERE t.id = p_ticket FOR UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'The platform no longer has this ticket.' USING ERRCODE = 'no_data_found';
  END IF;
  v_new := v_old;"""

# The platform's own triggers name their tables without a schema, so its usual path is put back for them;
# every name in the statements themselves stays qualified. Whatever is set here ends with the function.
_PATH = """
  PERFORM pg_catalog.set_config('search_path', {path}, true);"""

_UPDATE = """
  UPDATE {tickets} AS t SET {assignments} WHERE t.id = p_ticket RETURNING {moment} INTO v_updated;
  GET DIAGNOSTICS v_rows = ROW_COUNT;
  IF v_rows <> 1 THEN
    RAISE EXCEPTION 'The platform changed % rows where exactly one was meant, so nothing was changed.', v_rows
      USING ERRCODE = 'cardinality_violation';
  END IF;"""

_APPLY = (
    """
DECLARE
  v_old {tickets}%ROWTYPE;
  v_new {tickets}%ROWTYPE;
  v_reply pg_catalog.text := p_changes ->> 'reply';
  v_reply_id pg_catalog.uuid := (p_changes ->> 'reply_id')::pg_catalog.uuid;
  v_missing pg_catalog.text[] := ARRAY[]::pg_catalog.text[];
  v_ours pg_catalog.jsonb := '{{}}';
  v_was pg_catalog.jsonb;
  v_now pg_catalog.timestamptz := pg_catalog.clock_timestamp();
  v_updated pg_catalog.timestamptz;
  v_rule pg_catalog.text;
  v_rows pg_catalog.int8;
BEGIN"""
    + _GUARD
    + """
  IF p_changes IS NULL OR p_changes - {keys}::pg_catalog.text[] <> '{{}}'::pg_catalog.jsonb THEN
    RAISE EXCEPTION 'Only these parts of a ticket can be changed: %.',
      pg_catalog.array_to_string({keys}::pg_catalog.text[], ', ')
      USING ERRCODE = 'invalid_parameter_value';
  END IF;
  IF v_reply IS NOT NULL AND v_reply_id IS NULL THEN
    RAISE EXCEPTION 'A reply needs a reply_id, so that it can never be stored twice.'
      USING ERRCODE = 'invalid_parameter_value';
  END IF;"""
    + _LOCK
    + _PATH
    + """{changes}{resolved}{reply}{ours}
  BEGIN"""
    + _UPDATE.replace("\n", "\n  ")
    + """
  EXCEPTION WHEN check_violation THEN
    GET STACKED DIAGNOSTICS v_rule = CONSTRAINT_NAME;
    RAISE EXCEPTION 'The platform does not accept these values for a ticket: %.',
      (v_ours - {free_text}::pg_catalog.text[])::pg_catalog.text
      USING ERRCODE = 'check_violation', CONSTRAINT = v_rule,
            HINT = 'Its rule ' || v_rule || ' allows only the values it knows.';
  END;
  IF v_ours <> '{{}}'::pg_catalog.jsonb THEN
    PERFORM console.effect_happened(p_command, p_ticket, v_ours - 'admin_response');
  END IF;
  v_was := {was} || pg_catalog.jsonb_build_object('ours', v_ours);
  PERFORM console.keep_effect(p_command, p_ticket, v_was);
  RETURN pg_catalog.jsonb_build_object(
    'enforced', CASE WHEN v_missing = ARRAY[]::pg_catalog.text[] THEN 'applied' ELSE 'partial' END,
    'was', v_was,
    'updated_at', v_updated, 'missing', pg_catalog.to_jsonb(v_missing));
END"""
)

_REPLY = """
  IF v_reply IS NOT NULL THEN
    PERFORM 1 FROM {replies} AS r WHERE r.id = v_reply_id;
    IF NOT FOUND THEN
      INSERT INTO {replies} ({columns}) VALUES ({values});
      v_ours := v_ours || pg_catalog.jsonb_build_object('reply_id', v_reply_id);
    ELSE
      PERFORM 1 FROM {replies} AS r
        WHERE r.id = v_reply_id AND r.ticket_id = p_ticket AND r.message = v_reply;
      IF NOT FOUND THEN
        RAISE EXCEPTION 'This reply_id was already used for another reply.'
          USING ERRCODE = 'unique_violation';
      END IF;
    END IF;
  END IF;"""

# What is handed over is believed only where the undone command found just that.
_OURS = """
  IF NOT coalesce(console.effect_stands(p_command, p_ticket, p_was), false) THEN
    RAISE EXCEPTION 'The command that this one takes back did not do this, so nothing was put back.'
      USING ERRCODE = 'insufficient_privilege';
  END IF;"""

_RESTORE = (
    """
DECLARE
  v_old {tickets}%ROWTYPE;
  v_new {tickets}%ROWTYPE;
  v_ours pg_catalog.jsonb := p_was -> 'ours';
  v_meanwhile pg_catalog.text[] := ARRAY[]::pg_catalog.text[];
  v_back pg_catalog.text[] := ARRAY[]::pg_catalog.text[];
  v_removed pg_catalog.bool := false;
  v_updated pg_catalog.timestamptz;
  v_rows pg_catalog.int8;
BEGIN"""
    + _GUARD
    + """
  IF pg_catalog.jsonb_typeof(v_ours) IS DISTINCT FROM 'object' THEN
    RAISE EXCEPTION 'Restoring a ticket needs the "was" that ticket_apply returned.'
      USING ERRCODE = 'invalid_parameter_value';
  END IF;"""
    + _LOCK
    + _OURS
    + _PATH
    + """{remove}{restores}"""
    + _UPDATE
    + """
  PERFORM console.effect_happened(p_command, p_ticket, pg_catalog.jsonb_build_object(
    'taken_back', pg_catalog.to_jsonb(v_back), 'reply_removed', v_removed,
    'changed_meanwhile', pg_catalog.to_jsonb(v_meanwhile)));
  RETURN pg_catalog.jsonb_build_object(
    'enforced', CASE WHEN v_meanwhile = ARRAY[]::pg_catalog.text[] THEN 'applied' ELSE 'partial' END,
    'changed_meanwhile', pg_catalog.to_jsonb(v_meanwhile), 'reply_removed', v_removed,
    'updated_at', v_updated);
END"""
)

_REMOVE = """
  IF p_reply_id IS NOT NULL AND v_ours ->> 'reply_id' = p_reply_id::pg_catalog.text THEN
    DELETE FROM {replies} AS r WHERE r.id = p_reply_id AND r.ticket_id = p_ticket{ours};
    v_removed := FOUND;
    IF NOT v_removed THEN v_meanwhile := v_meanwhile || 'reply'::pg_catalog.text; END IF;
  END IF;"""

_RESTORE_ONE = """
  IF v_ours ? {name} THEN
    IF v_old.{column} IS NOT DISTINCT FROM (v_ours ->> {name})::pg_catalog.{kind} THEN
      v_new.{column} := (p_was ->> {name})::pg_catalog.{kind};
      v_back := v_back || {name}::pg_catalog.text;
    ELSE
      v_meanwhile := v_meanwhile || {name}::pg_catalog.text;
    END IF;
  END IF;"""


def apply_function(shape: Shape) -> sql.Composed:
    """CREATE FUNCTION platform.ticket_apply for this shape (see the module for what it promises).

    It returns ``{"enforced", "was", "updated_at", "missing"}``: `was` holds the prior values, and what
    was really changed stands under ``ours``, which `ticket_restore` compares with; `missing` names parts that
    have no column here.
    """
    table = _effective(shape)
    parameters = "p_command pg_catalog.uuid, p_ticket pg_catalog.uuid, p_changes pg_catalog.jsonb"
    if table is None:
        return _function(APPLY, parameters, sql.SQL(_NOT_HERE).format())
    there = _columns(table)
    body = sql.SQL(_APPLY).format(
        tickets=table.identifier,
        keys=sql.Literal("{" + ",".join(_KEYS) + "}"),
        path=sql.Literal(_usual_path(shape)),
        changes=sql.SQL("").join(_change(name, name in there) for name in _KEYS[2:6]),
        resolved=_resolved(there),
        reply=_reply(shape, there),
        ours=_ours(there),
        free_text=sql.Literal("{admin_response,reply_id}"),
        was=_was(there),
        **_update_parts(table, there, "v_now"),
    )
    return _function(APPLY, parameters, body)


def restore_function(shape: Shape) -> sql.Composed:
    """CREATE FUNCTION platform.ticket_restore: puts back each prior value where the platform shows ours.

    It returns ``{"enforced", "changed_meanwhile", "reply_removed", "updated_at"}``.
    """
    table = _effective(shape)
    parameters = (
        "p_command pg_catalog.uuid, p_ticket pg_catalog.uuid, p_was pg_catalog.jsonb, p_reply_id pg_catalog.uuid"
    )
    if table is None:
        return _function(RESTORE, parameters, sql.SQL(_NOT_HERE).format())
    there = _columns(table)
    restores = [
        sql.SQL(_RESTORE_ONE).format(
            name=sql.Literal(name), column=sql.Identifier(name), kind=sql.Identifier(CHANGEABLE[name])
        )
        for name in there
    ]
    body = sql.SQL(_RESTORE).format(
        tickets=table.identifier,
        path=sql.Literal(_usual_path(shape)),
        remove=_remove(shape),
        restores=sql.SQL("").join(restores),
        **_update_parts(table, there, "pg_catalog.clock_timestamp()"),
    )
    return _function(RESTORE, parameters, body)


def _effective(shape: Shape) -> Relation | None:
    """The table of tickets if the effect functions will have the right to change it."""
    table = ticket_table(shape)
    return table if table is not None and table.owned and table.is_table else None


def _effective_replies(shape: Shape) -> Relation | None:
    table = reply_table(shape)
    return table if table is not None and table.owned and table.is_table else None


def _columns(table: Relation) -> list[str]:
    return [name for name, kind in CHANGEABLE.items() if table.columns.get(name) == kind]


def _function(name: str, parameters: str, body: sql.Composable) -> sql.Composed:
    return sql.SQL(_HEAD).format(
        schema=sql.Identifier(SCHEMA),
        name=sql.Identifier(name),
        parameters=sql.SQL(parameters),
        body=sql.SQL("$effect${}\n$effect$").format(body),
    )


def _usual_path(shape: Shape) -> str:
    return ", ".join(["pg_catalog", "public", *({"extensions"} & shape.schemas), "pg_temp"])


def _missing(name: str) -> sql.Composable:
    return sql.SQL(" v_missing := v_missing || {}::pg_catalog.text;").format(sql.Literal(name))


def _change(name: str, there: bool) -> sql.Composable:
    take = sql.SQL(" v_new.{} := (p_changes ->> {})::pg_catalog.{};").format(
        sql.Identifier(name), sql.Literal(name), sql.Identifier(CHANGEABLE[name])
    )
    return sql.SQL("\n  IF p_changes ? {} THEN{} END IF;").format(sql.Literal(name), take if there else _missing(name))


def _resolved(there: list[str]) -> sql.Composable:
    """resolved_at is told by `resolved`, and otherwise follows the status; reopening clears it."""
    if "resolved_at" not in there:
        return sql.SQL("\n  IF p_changes ? 'resolved' THEN{} END IF;").format(_missing("resolved"))
    told = """
  IF p_changes ? 'resolved' THEN
    v_new.resolved_at := CASE WHEN (p_changes ->> 'resolved')::pg_catalog.bool
                              THEN coalesce(v_old.resolved_at, v_now) END;"""
    follows = """
  ELSIF p_changes ? 'status' THEN
    v_new.resolved_at := CASE v_new.status WHEN 'resolved' THEN coalesce(v_old.resolved_at, v_now)
                                           WHEN 'closed' THEN v_old.resolved_at END;"""
    return sql.SQL(told + (follows if "status" in there else "") + "\n  END IF;")


def _reply(shape: Shape, there: list[str]) -> sql.Composable:
    table = _effective_replies(shape)
    latest = sql.SQL(" v_new.admin_response := v_reply;") if "admin_response" in there else _missing("admin_response")
    kept = sql.SQL("\n  IF v_reply IS NOT NULL THEN{} END IF;").format(latest)
    if table is None:
        return kept + sql.SQL("\n  IF v_reply IS NOT NULL THEN{} END IF;").format(_missing("reply"))
    values = {"id": "v_reply_id", "ticket_id": "p_ticket", "message": "v_reply"}
    values |= {"responder_type": "'admin'"} if column("r", table, "responder_type", "text") else {}
    insert = sql.SQL(_REPLY).format(
        replies=table.identifier,
        columns=sql.SQL(", ").join(map(sql.Identifier, values)),
        values=sql.SQL(", ").join(map(sql.SQL, values.values())),
    )
    return kept + insert


def _remove(shape: Shape) -> sql.Composable:
    table = _effective_replies(shape)
    if table is None:
        return sql.SQL("")
    # Only a reply that still reads as we wrote it is ours to take back.
    ours = [" AND r.message IS NOT DISTINCT FROM coalesce(v_ours ->> 'admin_response', r.message)"]
    ours += [" AND r.responder_type = 'admin'"] if table.has("responder_type") else []
    ours += [" AND r.responder_id IS NULL"] if table.has("responder_id") else []
    return sql.SQL(_REMOVE).format(replies=table.identifier, ours=sql.SQL("".join(ours)))


def _ours(there: list[str]) -> sql.Composable:
    one = """
  IF v_new.{column} IS DISTINCT FROM v_old.{column} THEN
    v_ours := v_ours || pg_catalog.jsonb_build_object({name}, v_new.{column});
  END IF;"""
    return sql.SQL("").join(sql.SQL(one).format(column=sql.Identifier(name), name=sql.Literal(name)) for name in there)


def _was(there: list[str]) -> sql.Composable:
    pairs = [sql.SQL("{}, v_old.{}").format(sql.Literal(name), sql.Identifier(name)) for name in there]
    return sql.SQL("pg_catalog.jsonb_build_object({})").format(sql.SQL(", ").join(pairs))


def _update_parts(table: Relation, there: list[str], now: str) -> dict[str, sql.Composable]:
    """What the UPDATE sets and returns; without updated_at in the table, the moment of the change itself."""
    values = [sql.SQL("{0} = v_new.{0}").format(sql.Identifier(name)) for name in there]
    stamped = column("t", table, "updated_at", "timestamptz")
    if stamped is None:
        return {"assignments": sql.SQL(", ").join(values), "moment": sql.SQL(now)}
    stamp = sql.SQL("updated_at = ") + sql.SQL(now)
    return {"assignments": sql.SQL(", ").join([*values, stamp]), "moment": stamped}
