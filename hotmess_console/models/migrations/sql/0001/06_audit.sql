-- The audit: one entry a changed row, written by trigger in the same transaction. Runs as console_audit_owner.

CREATE TABLE console_audit.entries (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at         timestamptz NOT NULL DEFAULT console.now(),
  actor      name NOT NULL DEFAULT session_user,
  xact       xid8 NOT NULL DEFAULT pg_current_xact_id(),
  client     inet DEFAULT inet_client_addr(),
  command_id uuid,
  action     text NOT NULL CHECK (action IN ('insert', 'update', 'delete', 'read')),
  relation   text NOT NULL,
  subject    text NOT NULL,
  case_id    uuid,
  detail     jsonb NOT NULL
);
CREATE INDEX entries_of_case ON console_audit.entries (case_id, id) WHERE case_id IS NOT NULL;
CREATE INDEX entries_of_command ON console_audit.entries (command_id) WHERE command_id IS NOT NULL;
CREATE INDEX entries_of_actor ON console_audit.entries (actor, id);

CREATE FUNCTION console_audit.forbid() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'the audit is append-only' USING ERRCODE = '42501';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON console_audit.entries
  FOR EACH STATEMENT EXECUTE FUNCTION console_audit.forbid();

-- Arguments of the trigger: the key column, the column with the case ('' for none), then the columns whose
-- values are personal or long: of those only the fact that they changed is kept.
-- Nested loops are off because the plan is kept from a session's first change, of one row: with a thousand rows it
-- would compare every old one with every new one.
CREATE FUNCTION console_audit.record() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_nestloop = off AS $$
DECLARE
  of_command uuid;
  key_column text := TG_ARGV[0];
  case_column text := TG_ARGV[1];
  quiet text[] := TG_ARGV[2:];
BEGIN
  SELECT id INTO of_command FROM console.commands
   WHERE xact = pg_current_xact_id() AND actor = session_user ORDER BY at DESC LIMIT 1;
  IF TG_OP = 'INSERT' THEN
    INSERT INTO console_audit.entries (command_id, action, relation, subject, case_id, detail)
    SELECT of_command, 'insert', TG_TABLE_NAME, r.v ->> key_column, (r.v ->> case_column)::uuid,
           jsonb_strip_nulls(r.v - quiet)
      FROM (SELECT to_jsonb(n) AS v FROM new_rows n) r;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO console_audit.entries (command_id, action, relation, subject, case_id, detail)
    SELECT of_command, 'delete', TG_TABLE_NAME, r.v ->> key_column, (r.v ->> case_column)::uuid,
           jsonb_strip_nulls(r.v - quiet)
      FROM (SELECT to_jsonb(o) AS v FROM old_rows o) r;
  ELSE
    INSERT INTO console_audit.entries (command_id, action, relation, subject, case_id, detail)
    SELECT of_command, 'update', TG_TABLE_NAME, p.new ->> key_column, (p.new ->> case_column)::uuid, d.changes
      FROM (SELECT to_jsonb(o) AS old, to_jsonb(n) AS new FROM old_rows o JOIN new_rows n
              ON to_jsonb(o) ->> key_column = to_jsonb(n) ->> key_column) p
     CROSS JOIN LATERAL (
       SELECT coalesce(jsonb_object_agg(e.key,
                CASE WHEN e.key = ANY (quiet) THEN '"changed"'::jsonb
                     ELSE jsonb_build_array(p.old -> e.key, e.value) END), '{}') AS changes
         FROM jsonb_each(p.new) e WHERE e.value IS DISTINCT FROM p.old -> e.key) d;
  END IF;
  RETURN NULL;
END $$;
ALTER TABLE console_audit.entries ENABLE ROW LEVEL SECURITY;
ALTER TABLE console_audit.entries FORCE ROW LEVEL SECURITY;
CREATE POLICY write ON console_audit.entries FOR INSERT WITH CHECK (actor = session_user);
CREATE POLICY read ON console_audit.entries FOR SELECT
  USING (pg_has_role(session_user, 'console_auditor', 'USAGE') OR pg_has_role(session_user, 'console_manager', 'USAGE'));
REVOKE ALL ON ALL TABLES IN SCHEMA console_audit FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA console_audit FROM PUBLIC;
GRANT USAGE ON SCHEMA console_audit TO console_auditor, console_manager, console_owner;
GRANT EXECUTE ON FUNCTION console_audit.record() TO console_owner;
GRANT SELECT ON console_audit.entries TO console_auditor, console_manager;
