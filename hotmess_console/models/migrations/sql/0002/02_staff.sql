-- People and their roles: granted by one manager, confirmed by a second. Runs as console_owner.

-- Settings that one manager alone may not change: the key itself and all that begin with it and a dot.
CREATE TABLE console.guarded_settings (
  key text PRIMARY KEY CHECK (key ~ '^[a-z_.]{1,60}$'),
  why text NOT NULL CHECK (char_length(why) BETWEEN 1 AND 200)
);
INSERT INTO console.guarded_settings VALUES
  ('limits', 'How much money or how many reads one person may answer for.'),
  ('levels', 'Who may do what.'),
  ('reads.alarm_per_hour', 'How many sensitive reads one person makes before the managers are told.'),
  ('moderation.ban_second_person', 'Whether one person alone bans somebody.'),
  ('intake.go_live', 'Since when tickets are taken in by themselves.');
COMMENT ON TABLE console.guarded_settings IS
  'Not audited: comes with the program. Written once, inside the command install.run; nobody has a right to change it.';

CREATE FUNCTION console.is_guarded(setting text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ SELECT EXISTS (SELECT FROM console.guarded_settings g
                     WHERE setting = g.key OR starts_with(setting, g.key || '.')) $$;

CREATE FUNCTION console.guard_setting() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF current_user <> 'console_owner'
     AND ((TG_OP <> 'DELETE' AND console.is_guarded(NEW.key)) OR (TG_OP <> 'INSERT' AND console.is_guarded(OLD.key))) THEN
    RAISE EXCEPTION 'this setting changes only when a second manager has confirmed it' USING ERRCODE = '42501',
      HINT = 'Insert into console.manager_changes, kind setting.change.';
  END IF;
  IF TG_OP = 'DELETE' THEN
    RETURN OLD;
  END IF;
  NEW.changed_by := session_user;
  NEW.changed_at := console.now();
  RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON console.settings
  FOR EACH ROW EXECUTE FUNCTION console.guard_setting();

-- What managers want of people and limits. Giving waits for a second manager and takes effect with the confirmation;
-- taking away takes effect with the request. Nobody confirms what they asked for, or what concerns themselves: both are
-- CHECKs, so that no trigger and no program has to be believed.
CREATE TABLE console.manager_changes (
  id           uuid PRIMARY KEY,
  kind         text NOT NULL CHECK (kind IN ('staff.add', 'staff.enable', 'staff.disable', 'role.grant', 'role.revoke',
                                             'password.reset', 'setting.change', 'limit.change')),
  subject      text NOT NULL CHECK (char_length(subject) BETWEEN 1 AND 63),
  wanted       jsonb NOT NULL DEFAULT '{}',
  -- who a new colleague is; goes when it is decided, since the directory has it then
  person       jsonb,
  -- what the server stores of a password, never the password; goes when it is decided
  verifier     text CHECK (verifier ~ '^SCRAM-SHA-256\$[0-9]+:[A-Za-z0-9+/=]+\$[A-Za-z0-9+/=]+:[A-Za-z0-9+/=]+$'),
  reason       text NOT NULL DEFAULT '' CHECK (char_length(reason) <= 300),
  state        text NOT NULL CHECK (state IN ('waiting', 'done', 'declined')),
  requested_by name NOT NULL DEFAULT session_user,
  requested_at timestamptz NOT NULL DEFAULT console.now(),
  confirmed_by name,
  declined_by  name,
  decided_at   timestamptz,
  command_id   uuid NOT NULL REFERENCES console.commands (id),
  CONSTRAINT not_confirmed_by_who_asked CHECK (confirmed_by IS DISTINCT FROM requested_by),
  CONSTRAINT not_confirmed_by_whom_it_concerns CHECK (confirmed_by::text IS DISTINCT FROM subject),
  CONSTRAINT nobody_shuts_themselves_out
    CHECK (kind NOT IN ('staff.disable', 'role.revoke') OR requested_by::text <> subject),
  CONSTRAINT done_with_a_second CHECK (CASE state
    WHEN 'waiting' THEN confirmed_by IS NULL AND declined_by IS NULL
    WHEN 'declined' THEN confirmed_by IS NULL AND declined_by IS NOT NULL
    ELSE declined_by IS NULL AND (confirmed_by IS NULL) = (kind IN ('staff.disable', 'role.revoke')) END),
  CONSTRAINT decided_at_some_time CHECK ((state = 'waiting') = (decided_at IS NULL)),
  CONSTRAINT nothing_secret_stays CHECK (state = 'waiting' OR (verifier IS NULL AND person IS NULL)),
  CONSTRAINT password_where_needed
    CHECK (state <> 'waiting' OR (verifier IS NOT NULL) = (kind IN ('staff.add', 'staff.enable', 'password.reset')))
);
-- One wish about the same thing at a time: two managers asking for the same would each hold the other's confirmation.
CREATE UNIQUE INDEX manager_changes_waiting ON console.manager_changes
  (kind, subject, coalesce(wanted ->> 'role', wanted ->> 'currency', '')) WHERE state = 'waiting';

-- The part of role administration that needs the installer's rights. Only console_owner may call these, that is the
-- trigger below; they believe nothing that is handed to them.
RESET ROLE;
SELECT set_config('console.installer', current_user, true);
SET LOCAL ROLE console_owner;
DO $$ BEGIN
  EXECUTE format('GRANT USAGE, CREATE ON SCHEMA console TO %I', current_setting('console.installer'));
  EXECUTE format('GRANT SELECT (login, active) ON console.staff TO %I', current_setting('console.installer'));
  EXECUTE format('GRANT EXECUTE ON FUNCTION console.has_turn(text) TO %I', current_setting('console.installer'));
END $$;
RESET ROLE;

CREATE FUNCTION console.check_person(person name) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM console.staff s JOIN pg_roles r ON r.rolname = s.login
                  WHERE s.login = person AND NOT (r.rolsuper OR r.rolcreaterole OR r.rolbypassrls OR r.rolreplication)
                    AND r.rolname !~ '^(pg|console)_') THEN
    RAISE EXCEPTION '% is no login of the staff', person USING ERRCODE = '42501';
  END IF;
END $$;

CREATE FUNCTION console.check_role(wanted name) RETURNS void
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF wanted IS NULL OR wanted NOT IN ('console_agent', 'console_senior', 'console_manager', 'console_moderator',
                                      'console_safety', 'console_auditor') THEN
    RAISE EXCEPTION '% is no role that managers give', wanted USING ERRCODE = '42501';
  END IF;
END $$;

CREATE FUNCTION console.login_give(person name, wanted name) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM console.check_person(person), console.check_role(wanted);
  EXECUTE format('GRANT %I TO %I', wanted, person);
END $$;

-- Takes a role away together with every role that includes it.
CREATE FUNCTION console.login_take(person name, wanted name) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE held name;
BEGIN
  PERFORM console.check_person(person);
  FOR held IN SELECT DISTINCT g.rolname FROM pg_auth_members m
                JOIN pg_roles g ON g.oid = m.roleid JOIN pg_roles p ON p.oid = m.member
               WHERE p.rolname = person AND pg_has_role(m.roleid, wanted, 'MEMBER') LOOP
    EXECUTE format('REVOKE %I FROM %I', held, person);
  END LOOP;
  IF pg_has_role(person, wanted, 'MEMBER') THEN
    RAISE EXCEPTION '% still has %, which somebody other than the installer granted', person, wanted
      USING ERRCODE = '42501', HINT = format('As a superuser run: REVOKE %I FROM %I;', wanted, person);
  END IF;
END $$;

CREATE FUNCTION console.login_make(person name, verifier text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF person !~ '^s_[a-z0-9]{8,40}$' THEN
    RAISE EXCEPTION 'a new login is s_ and 8 to 40 letters or digits, and tells nobody''s name' USING ERRCODE = '23514';
  END IF;
  EXECUTE format('CREATE ROLE %I LOGIN PASSWORD %L', person, verifier);
  EXECUTE format('ALTER ROLE %I SET statement_timeout = %L', person, '15s');
  EXECUTE format('ALTER ROLE %I SET lock_timeout = %L', person, '2s');
  EXECUTE format('ALTER ROLE %I SET idle_in_transaction_session_timeout = %L', person, '3s');
END $$;

-- A new password for somebody; opening the door again is the same with a login that was shut.
CREATE FUNCTION console.login_open(person name, verifier text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM console.check_person(person);
  EXECUTE format('ALTER ROLE %I LOGIN PASSWORD %L', person, verifier);
END $$;

-- Ends every connection of somebody. Who may not signal others lends itself the login for the length of this call;
-- where that is refused too, the answer is -1 and the consoles end their own connections.
CREATE FUNCTION console.end_connections(person name) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  lent boolean := NOT (pg_has_role(current_user, person, 'USAGE') OR pg_has_role(current_user, 'pg_signal_backend', 'USAGE'));
  modern boolean := current_setting('server_version_num')::integer >= 160000;
  ended integer;
BEGIN
  PERFORM console.check_person(person);
  IF lent AND NOT console.has_turn('ending connections') THEN
    RETURN 0;
  END IF;
  IF lent THEN
    BEGIN
      EXECUTE format('GRANT %I TO %I%s', person, current_user, CASE WHEN modern THEN ' WITH INHERIT TRUE, SET FALSE' END);
    EXCEPTION WHEN insufficient_privilege THEN
      RETURN -1;
    END;
  END IF;
  SELECT count(*) FILTER (WHERE pg_terminate_backend(pid)) INTO ended
    FROM pg_stat_activity WHERE usename = person AND pid <> pg_backend_pid();
  IF lent THEN
    EXECUTE format('REVOKE %I FROM %I%s', person, current_user,
                   CASE WHEN modern THEN format(' GRANTED BY %I', current_user) END);
  END IF;
  RETURN ended;
END $$;

CREATE FUNCTION console.login_shut(person name) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE wanted name;
BEGIN
  PERFORM console.check_person(person);
  EXECUTE format('ALTER ROLE %I NOLOGIN', person);
  FOREACH wanted IN ARRAY ARRAY['console_agent', 'console_moderator', 'console_safety', 'console_auditor',
                                'console_worker']::name[] LOOP
    PERFORM console.login_take(person, wanted);
  END LOOP;
  PERFORM console.end_connections(person);
END $$;

-- Called by every console now and then: whoever slipped back in while a login was being shut is out within a minute.
CREATE FUNCTION console.end_left_connections() RETURNS integer
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(sum(greatest(console.end_connections(s.login), 0)), 0)::integer FROM console.staff s
   WHERE NOT s.active AND EXISTS (SELECT FROM pg_stat_activity a WHERE a.usename = s.login) $$;

REVOKE ALL ON FUNCTION console.check_person(name), console.check_role(name), console.login_give(name, name),
  console.login_take(name, name), console.login_make(name, text), console.login_open(name, text),
  console.end_connections(name), console.login_shut(name), console.end_left_connections() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION console.check_role(name), console.login_give(name, name), console.login_take(name, name),
  console.login_make(name, text), console.login_open(name, text), console.login_shut(name) TO console_owner;
GRANT EXECUTE ON FUNCTION console.end_left_connections()
  TO console_agent, console_moderator, console_safety, console_auditor, console_worker;

SET LOCAL ROLE console_owner;
DO $$ BEGIN
  EXECUTE format('REVOKE CREATE ON SCHEMA console FROM %I', current_setting('console.installer'));
END $$;

-- Does what was confirmed, or what takes effect at once.
CREATE FUNCTION console.carry_out(change console.manager_changes) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  person name := change.subject;
  wanted text;
BEGIN
  CASE change.kind
    WHEN 'staff.add' THEN
      PERFORM console.login_make(person, change.verifier);
      INSERT INTO console.staff (login, display_name, handle, initials, email)
      SELECT person, change.person ->> 'name', change.person ->> 'handle', change.person ->> 'initials',
             nullif(change.person ->> 'email', '');
    WHEN 'staff.enable' THEN
      PERFORM console.login_open(person, change.verifier);
      UPDATE console.staff SET active = true WHERE login = person;
    WHEN 'staff.disable' THEN
      PERFORM console.login_shut(person);
      UPDATE console.staff SET active = false WHERE login = person;
    WHEN 'password.reset' THEN
      PERFORM console.login_open(person, change.verifier);
    WHEN 'role.revoke' THEN
      PERFORM console.login_take(person, (change.wanted ->> 'role')::name);
    WHEN 'setting.change' THEN
      INSERT INTO console.settings (key, value) VALUES (change.subject, change.wanted -> 'value')
      ON CONFLICT (key) DO UPDATE SET value = excluded.value;
    WHEN 'limit.change' THEN
      INSERT INTO console.refund_limits (holder, currency, each_minor, day_minor)
      SELECT change.subject, change.wanted ->> 'currency', (change.wanted ->> 'each')::bigint,
             (change.wanted ->> 'day')::bigint
      ON CONFLICT (holder, currency) DO UPDATE SET each_minor = excluded.each_minor, day_minor = excluded.day_minor;
    ELSE NULL;
  END CASE;
  FOR wanted IN SELECT jsonb_array_elements_text(CASE change.kind
                  WHEN 'role.grant' THEN jsonb_build_array(change.wanted -> 'role')
                  WHEN 'staff.add' THEN change.wanted -> 'roles' WHEN 'staff.enable' THEN change.wanted -> 'roles'
                  ELSE '[]' END) LOOP
    PERFORM console.login_give(person, wanted::name);
  END LOOP;
END $$;

-- Whether a wish makes sense, said when it is made and not when it is confirmed.
CREATE FUNCTION console.check_wish(change console.manager_changes) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  is_active boolean := (SELECT s.active FROM console.staff s WHERE s.login = change.subject);
  must_be boolean := CASE change.kind WHEN 'staff.add' THEN NULL WHEN 'staff.enable' THEN false ELSE true END;
  wanted text;
BEGIN
  IF change.kind = 'setting.change' THEN
    IF NOT console.is_guarded(change.subject) OR change.wanted -> 'value' IS NULL THEN
      RAISE EXCEPTION '% is no setting that needs a second manager, or has no value', change.subject
        USING ERRCODE = '23514';
    END IF;
    IF NOT coalesce(CASE change.subject
         WHEN 'reads.alarm_per_hour' THEN (change.wanted -> 'value')::text ~ '^[0-9]{1,3}$'
         -- a day that every month has: a date that is none would keep everything from being taken in
         WHEN 'intake.go_live' THEN (change.wanted ->> 'value') ~ '^20[0-9]{2}-(0[1-9]|1[0-2])-([01][0-9]|2[0-8])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9][.]?[0-9]{0,6}[+]00:00$'
           AND (change.wanted ->> 'value')::timestamptz <= console.now()
         WHEN 'moderation.ban_second_person' THEN jsonb_typeof(change.wanted -> 'value') = 'boolean'
         ELSE true END, false) THEN
      RAISE EXCEPTION '% cannot be %', change.subject, change.wanted -> 'value' USING ERRCODE = '23514';
    END IF;
    RETURN;
  END IF;
  IF change.kind = 'limit.change' THEN
    IF coalesce(change.wanted ->> 'currency', '') !~ '^[a-z]{3}$'
       OR coalesce(change.wanted ->> 'each', '') !~ '^[0-9]{1,12}$'
       OR coalesce(change.wanted ->> 'day', '') !~ '^[0-9]{1,12}$'
       OR (change.wanted ->> 'day')::bigint < (change.wanted ->> 'each')::bigint
       OR (is_active IS NOT TRUE AND change.subject NOT IN ('console_agent', 'console_senior', 'console_manager')) THEN
      RAISE EXCEPTION 'a limit is of a role that gives money back or of a colleague, for one currency and for a day'
        USING ERRCODE = '23514';
    END IF;
    RETURN;
  END IF;
  IF is_active IS DISTINCT FROM must_be THEN
    RAISE EXCEPTION '% is %', change.subject, CASE WHEN is_active THEN 'at the desk' WHEN NOT is_active
      THEN 'not at the desk any more' ELSE 'nobody at this desk' END USING ERRCODE = '23514';
  END IF;
  IF change.kind = 'staff.add' AND (change.subject !~ '^s_[a-z0-9]{8,40}$' OR coalesce(change.person ->> 'name', '') = ''
     OR coalesce(change.person ->> 'handle', '') !~ '^[a-z0-9._-]{2,40}$'
     OR char_length(change.person ->> 'name') > 80 OR char_length(change.person ->> 'email') > 254
     OR coalesce(char_length(change.person ->> 'initials'), 0) NOT BETWEEN 1 AND 3
     OR EXISTS (SELECT FROM console.staff s WHERE s.handle = change.person ->> 'handle')) THEN
    RAISE EXCEPTION 'a new colleague needs an opaque login, a name, initials and a handle that nobody has'
      USING ERRCODE = '23514';
  END IF;
  FOR wanted IN SELECT jsonb_array_elements_text(CASE
                  WHEN change.kind IN ('role.grant', 'role.revoke') THEN jsonb_build_array(change.wanted -> 'role')
                  WHEN change.kind IN ('staff.add', 'staff.enable') THEN coalesce(change.wanted -> 'roles', '[]')
                  ELSE '[]' END) LOOP
    PERFORM console.check_role(wanted::name);
  END LOOP;
END $$;

-- Who asked, who decided and when belong to the server; a decision is made once and stays.
CREATE FUNCTION console.guard_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT console.has_role('console_manager') THEN
    RAISE EXCEPTION 'only managers change people and limits' USING ERRCODE = '42501';
  END IF;
  IF TG_OP = 'INSERT' THEN
    NEW.requested_by := session_user;
    NEW.requested_at := console.now();
    NEW.confirmed_by := NULL;
    NEW.declined_by := NULL;
    NEW.state := CASE WHEN NEW.kind IN ('staff.disable', 'role.revoke') THEN 'done' ELSE 'waiting' END;
    NEW.decided_at := CASE NEW.state WHEN 'done' THEN NEW.requested_at END;
    PERFORM console.check_wish(NEW);
    RETURN NEW;
  END IF;
  IF OLD.state <> 'waiting' THEN
    RAISE EXCEPTION 'this was decided already' USING ERRCODE = '40001';
  END IF;
  IF NEW.state = 'done' AND NOT pg_has_role(OLD.requested_by, 'console_manager', 'USAGE') THEN
    RAISE EXCEPTION 'who asked for this is no manager any more' USING ERRCODE = '42501';
  END IF;
  IF NEW.state = 'done' AND OLD.requested_by <> session_user AND OLD.subject <> session_user THEN
    PERFORM console.check_wish(OLD);
    PERFORM console.carry_out(OLD);
  END IF;
  OLD.verifier := NULL;
  OLD.person := NULL;
  OLD.decided_at := console.now();
  OLD.confirmed_by := CASE NEW.state WHEN 'done' THEN session_user END;
  OLD.declined_by := CASE NEW.state WHEN 'declined' THEN session_user END;
  OLD.state := NEW.state;
  RETURN OLD;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON console.manager_changes
  FOR EACH ROW EXECUTE FUNCTION console.guard_change();

-- Only when every CHECK has passed, because ended connections do not come back with a rollback.
CREATE FUNCTION console.take_away() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM console.carry_out(NEW);
  RETURN NULL;
END $$;
CREATE TRIGGER take_away AFTER INSERT ON console.manager_changes
  FOR EACH ROW WHEN (NEW.state = 'done') EXECUTE FUNCTION console.take_away();

CREATE TRIGGER recorded BEFORE INSERT OR UPDATE OR DELETE ON console.manager_changes
  FOR EACH STATEMENT EXECUTE FUNCTION console.require_command();
CREATE TRIGGER audit_insert AFTER INSERT ON console.manager_changes REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION console_audit.record('id', '', 'person', 'verifier', 'reason');
CREATE TRIGGER audit_update AFTER UPDATE ON console.manager_changes REFERENCING OLD TABLE AS old_rows
  NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION console_audit.record('id', '', 'person', 'verifier', 'reason');
CREATE TRIGGER audit_delete AFTER DELETE ON console.manager_changes REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION console_audit.record('id', '', 'person', 'verifier', 'reason');

ALTER TABLE console.guarded_settings ENABLE ROW LEVEL SECURITY;
ALTER TABLE console.guarded_settings FORCE ROW LEVEL SECURITY;
CREATE POLICY read_all ON console.guarded_settings FOR SELECT USING (true);
CREATE POLICY install ON console.guarded_settings FOR ALL USING (current_user = 'console_owner');
ALTER TABLE console.manager_changes ENABLE ROW LEVEL SECURITY;
ALTER TABLE console.manager_changes FORCE ROW LEVEL SECURITY;
CREATE POLICY read ON console.manager_changes FOR SELECT
  USING ((SELECT console.has_role('console_manager')) OR (SELECT console.has_role('console_auditor')));
CREATE POLICY ask ON console.manager_changes FOR INSERT
  WITH CHECK (requested_by = session_user AND (SELECT console.has_role('console_manager'))
              AND console.command_is_mine(command_id));
CREATE POLICY decide ON console.manager_changes FOR UPDATE USING ((SELECT console.has_role('console_manager')));

REVOKE ALL ON console.guarded_settings, console.manager_changes FROM PUBLIC;
REVOKE ALL ON FUNCTION console.is_guarded(text), console.guard_setting(), console.carry_out(console.manager_changes),
  console.check_wish(console.manager_changes), console.guard_change(), console.take_away() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION console.is_guarded(text)
  TO console_agent, console_moderator, console_safety, console_auditor, console_worker;
GRANT SELECT ON console.guarded_settings
  TO console_agent, console_moderator, console_safety, console_auditor, console_worker;
-- the verifier is nobody's to read
GRANT SELECT (id, kind, subject, wanted, person, reason, state, requested_by, requested_at, confirmed_by, declined_by,
  decided_at, command_id) ON console.manager_changes TO console_manager, console_auditor;
GRANT INSERT (id, kind, subject, wanted, person, verifier, reason, command_id) ON console.manager_changes
  TO console_manager;
GRANT UPDATE (state) ON console.manager_changes TO console_manager;
-- who changed a setting, and when, is said by its guard
REVOKE UPDATE (changed_at, changed_by) ON console.settings FROM console_manager;
