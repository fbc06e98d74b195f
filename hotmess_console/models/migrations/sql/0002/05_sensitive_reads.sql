-- Sensitive reads: only through functions that record who read what and why. Runs as console_owner.

-- A read takes two transactions (docs/adr/0011): first the reason is written down and committed, then the rows are shown,
-- once, to the same person, within two minutes. Whoever rolls the second back has read all the same, and the first
-- still says so.
CREATE TABLE console.sensitive_kinds (
  kind  text PRIMARY KEY,
  roles name[] NOT NULL
);
INSERT INTO console.sensitive_kinds VALUES
  ('location', '{console_safety}'),
  ('reporter', '{console_safety}'),
  ('messages', '{console_safety,console_moderator}'),
  ('evidence', '{console_safety,console_moderator}');
COMMENT ON TABLE console.sensitive_kinds IS
  'Not audited: comes with the program. Written once, by the migration; nobody has a right to change it.';

CREATE TABLE console.sensitive_reads (
  id         uuid PRIMARY KEY,
  kind       text NOT NULL REFERENCES console.sensitive_kinds (kind),
  -- an id of the platform's: it stands in the audit for good, so it can be no address and no name with a blank
  subject    text NOT NULL CHECK (subject ~ '^[A-Za-z0-9_.:-]{1,100}$'),
  reason     text NOT NULL CHECK (char_length(reason) <= 1000 AND console.visible_length(reason) >= 10),
  command_id uuid NOT NULL REFERENCES console.commands (id),
  asked_by   name NOT NULL DEFAULT session_user,
  asked_at   timestamptz NOT NULL DEFAULT console.now(),
  xact       xid8 NOT NULL DEFAULT pg_current_xact_id(),
  shown_at   timestamptz,
  rows_shown integer
);
CREATE INDEX sensitive_reads_of_person ON console.sensitive_reads (asked_by, asked_at);

-- What managers should look at soon: told to all of them, seen by the first who says so.
CREATE TABLE console.alarms (
  id        uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  kind      text NOT NULL CHECK (kind IN ('sensitive_reads')),
  about     name NOT NULL,
  detail    jsonb NOT NULL DEFAULT '{}',
  raised_at timestamptz NOT NULL DEFAULT console.now(),
  seen_by   name,
  seen_at   timestamptz
);
CREATE INDEX alarms_unseen ON console.alarms (raised_at) WHERE seen_at IS NULL;

CREATE FUNCTION console.may_read_sensitive(wanted text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$ SELECT coalesce((SELECT bool_or(console.has_role(r))
                         FROM console.sensitive_kinds k, unnest(k.roles) r WHERE k.kind = wanted), false) $$;

-- Counts before it lets through, under a lock of the person, so that two sessions do not each see half; the alarm is
-- in the same transaction as the reason, and nothing is shown before that is committed.
CREATE FUNCTION console.guard_sensitive_read() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  threshold integer := 20;
  asked integer;
  raised uuid;
BEGIN
  IF NOT console.may_read_sensitive(NEW.kind) THEN
    RAISE EXCEPTION 'your roles do not read this' USING ERRCODE = '42501';
  END IF;
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'sensitive reads are asked for in transactions that are read committed' USING ERRCODE = '42501';
  END IF;
  PERFORM console.wait_for_turn('reads of ' || session_user);
  NEW.asked_by := session_user;
  NEW.asked_at := console.now();
  NEW.xact := pg_current_xact_id();
  NEW.shown_at := NULL;
  NEW.rows_shown := NULL;
  SELECT (s.value #>> '{}')::integer INTO threshold FROM console.settings s
   WHERE s.key = 'reads.alarm_per_hour' AND jsonb_typeof(s.value) = 'number';
  SELECT count(*) + 1 INTO asked FROM console.sensitive_reads r
   WHERE r.asked_by = session_user AND r.asked_at > NEW.asked_at - interval '1 hour';
  IF asked > coalesce(threshold, 20) AND NOT EXISTS (
       SELECT FROM console.alarms a WHERE a.kind = 'sensitive_reads' AND a.about = session_user
          AND a.raised_at > NEW.asked_at - interval '1 hour') THEN
    INSERT INTO console.alarms (kind, about, detail)
      VALUES ('sensitive_reads', session_user, jsonb_build_object('within_an_hour', asked)) RETURNING id INTO raised;
    PERFORM pg_notify('console', 'alarm:' || raised || ':0');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT ON console.sensitive_reads
  FOR EACH ROW EXECUTE FUNCTION console.guard_sensitive_read();

CREATE FUNCTION console.guard_alarm() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF OLD.seen_at IS NOT NULL OR OLD.about = session_user THEN
    RAISE EXCEPTION 'an alarm is seen once, and by somebody whom it is not about' USING ERRCODE = '42501';
  END IF;
  NEW.seen_by := session_user;
  NEW.seen_at := console.now();
  RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE UPDATE ON console.alarms FOR EACH ROW EXECUTE FUNCTION console.guard_alarm();

-- The entry 'read', which no trigger can write: reading fires none.
SET LOCAL ROLE console_audit_owner;
CREATE FUNCTION console_audit.record_read(of_command uuid, what text, whom text, detail jsonb) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ INSERT INTO console_audit.entries (command_id, action, relation, subject, detail)
      VALUES (of_command, 'read', what, whom, detail) $$;
REVOKE ALL ON FUNCTION console_audit.record_read(uuid, text, text, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION console_audit.record_read(uuid, text, text, jsonb) TO console_owner;
SET LOCAL ROLE console_owner;

-- Shows what a committed request asked for. The entry is written before the first row is handed out.
CREATE FUNCTION console.read_sensitive(request uuid) RETURNS SETOF jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  asked console.sensitive_reads;
  found_rows jsonb[];
BEGIN
  SELECT * INTO asked FROM console.sensitive_reads r WHERE r.id = request AND r.asked_by = session_user FOR UPDATE;
  IF NOT FOUND OR NOT console.may_read_sensitive(asked.kind) THEN
    RAISE EXCEPTION 'you did not ask to read this' USING ERRCODE = '42501',
      HINT = 'Insert into console.sensitive_reads with a reason and commit, then read.';
  END IF;
  IF asked.xact = pg_current_xact_id() THEN
    RAISE EXCEPTION 'the reason must be committed before anything is shown' USING ERRCODE = '42501';
  END IF;
  IF asked.shown_at IS NOT NULL OR asked.asked_at < console.now() - interval '2 minutes' THEN
    RAISE EXCEPTION 'this request was used or is older than two minutes' USING ERRCODE = '42501',
      HINT = 'Ask again.';
  END IF;
  IF asked.kind = 'evidence' THEN
    RAISE EXCEPTION 'no evidence is kept yet' USING ERRCODE = '0A000';
  END IF;
  found_rows := ARRAY(SELECT platform.sensitive_rows(asked.kind, asked.subject));
  UPDATE console.sensitive_reads r SET shown_at = console.now(), rows_shown = cardinality(found_rows)
   WHERE r.id = request;
  PERFORM console_audit.record_read(asked.command_id, asked.kind, asked.subject,
    jsonb_build_object('request', request, 'rows', cardinality(found_rows),
                       'reason_sha256', encode(sha256(convert_to(asked.reason, 'UTF8')), 'hex')));
  RETURN QUERY SELECT unnest(found_rows);
END $$;

CREATE TRIGGER recorded BEFORE INSERT ON console.sensitive_reads
  FOR EACH STATEMENT EXECUTE FUNCTION console.require_command();
CREATE TRIGGER recorded BEFORE INSERT OR UPDATE OR DELETE ON console.alarms
  FOR EACH STATEMENT EXECUTE FUNCTION console.require_command();
DO $$
DECLARE
  t text;
  told text;
BEGIN
  FOREACH t IN ARRAY ARRAY['sensitive_reads', 'alarms'] LOOP
    told := CASE t WHEN 'sensitive_reads' THEN '''id'', '''', ''reason''' ELSE '''id'', ''''' END;
    EXECUTE format('CREATE TRIGGER audit_insert AFTER INSERT ON console.%I REFERENCING NEW TABLE AS new_rows
                    FOR EACH STATEMENT EXECUTE FUNCTION console_audit.record(%s)', t, told);
    EXECUTE format('CREATE TRIGGER audit_update AFTER UPDATE ON console.%I REFERENCING OLD TABLE AS old_rows
                    NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION console_audit.record(%s)', t, told);
    EXECUTE format('CREATE TRIGGER audit_delete AFTER DELETE ON console.%I REFERENCING OLD TABLE AS old_rows
                    FOR EACH STATEMENT EXECUTE FUNCTION console_audit.record(%s)', t, told);
  END LOOP;
  FOREACH t IN ARRAY ARRAY['sensitive_kinds', 'sensitive_reads', 'alarms'] LOOP
    EXECUTE format('ALTER TABLE console.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE console.%I FORCE ROW LEVEL SECURITY', t);
  END LOOP;
END $$;

CREATE POLICY read_all ON console.sensitive_kinds FOR SELECT USING (true);
CREATE POLICY ask ON console.sensitive_reads FOR INSERT
  WITH CHECK (asked_by = session_user AND console.command_is_mine(command_id));
CREATE POLICY read ON console.sensitive_reads FOR SELECT
  USING (asked_by = session_user OR (SELECT console.has_role('console_manager'))
         OR (SELECT console.has_role('console_auditor')));
CREATE POLICY guards ON console.sensitive_reads FOR ALL USING (current_user = 'console_owner');
CREATE POLICY guards ON console.alarms FOR ALL USING (current_user = 'console_owner');
CREATE POLICY read ON console.alarms FOR SELECT
  USING ((SELECT console.has_role('console_manager')) OR (SELECT console.has_role('console_auditor')));
CREATE POLICY see ON console.alarms FOR UPDATE USING ((SELECT console.has_role('console_manager')));

REVOKE ALL ON FUNCTION console.may_read_sensitive(text), console.guard_sensitive_read(), console.guard_alarm(),
  console.read_sensitive(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION console.read_sensitive(uuid) TO console_moderator, console_safety;
GRANT EXECUTE ON FUNCTION console.may_read_sensitive(text)
  TO console_agent, console_moderator, console_safety, console_auditor, console_worker;
GRANT SELECT ON console.sensitive_kinds
  TO console_agent, console_moderator, console_safety, console_auditor, console_worker;
GRANT SELECT ON console.sensitive_reads TO console_moderator, console_safety, console_manager, console_auditor;
GRANT INSERT (id, kind, subject, reason, command_id) ON console.sensitive_reads TO console_moderator, console_safety;
GRANT SELECT ON console.alarms TO console_manager, console_auditor;
GRANT UPDATE (seen_at) ON console.alarms TO console_manager;
