-- Decisions and appeals: clause and reason, length of a suspension, an independent reviewer. Runs as console_owner.

CREATE FUNCTION console.decides() RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$ SELECT console.has_role('console_moderator') OR console.has_role('console_safety') $$;

-- With a single moderator a manager reviews, so managers see decisions and appeals as well.
CREATE FUNCTION console.reviews() RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$ SELECT console.decides() OR console.has_role('console_manager') $$;

CREATE FUNCTION console.reads_decisions() RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$ SELECT console.reviews() OR console.has_role('console_auditor') OR console.has_role('console_worker') $$;

CREATE TABLE console.state_edges (
  relation   text NOT NULL,
  from_state text NOT NULL,
  to_state   text NOT NULL,
  PRIMARY KEY (relation, from_state, to_state)
);
COMMENT ON TABLE console.state_edges IS
  'Not audited: comes with the program. Written once, by the migration; nobody has a right to change it.';
INSERT INTO console.state_edges VALUES
  ('decisions', 'proposed', 'final'), ('decisions', 'proposed', 'withdrawn'), ('decisions', 'final', 'lifted'),
  ('appeals', 'open', 'judged'), ('appeals', 'judged', 'decided'),
  ('refund_intents', 'waiting', 'ready'), ('refund_intents', 'waiting', 'withdrawn'),
  ('refund_intents', 'ready', 'withdrawn'), ('refund_intents', 'ready', 'running'),
  ('refund_intents', 'running', 'done'), ('refund_intents', 'running', 'failed'),
  ('refund_intents', 'running', 'parked'), ('refund_intents', 'running', 'ready'),
  ('refund_intents', 'parked', 'ready'), ('refund_intents', 'parked', 'done'), ('refund_intents', 'parked', 'failed');

-- Version and transitions of whatever has a state: set and checked here, never by the client. Its name sorts after
-- the guard of the table itself, which may choose the state.
CREATE FUNCTION console.guard_state() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    NEW.version := 1;
    RETURN NEW;
  END IF;
  IF NEW.version IS DISTINCT FROM OLD.version THEN
    RAISE EXCEPTION 'the version is set by the database' USING ERRCODE = '23514';
  END IF;
  IF NEW.state IS DISTINCT FROM OLD.state AND NOT EXISTS (
       SELECT FROM console.state_edges e
        WHERE e.relation = TG_TABLE_NAME AND e.from_state = OLD.state AND e.to_state = NEW.state) THEN
    RAISE EXCEPTION '%: nothing goes from % to %', TG_TABLE_NAME, OLD.state, NEW.state USING ERRCODE = '23514';
  END IF;
  NEW.version := OLD.version + 1;
  RETURN NEW;
END $$;

CREATE TABLE console.clauses (
  id             text PRIMARY KEY CHECK (id ~ '^[a-z0-9][a-z0-9.-]{0,39}$'),
  title          text NOT NULL CHECK (char_length(title) BETWEEN 1 AND 120),
  default_reason text CHECK (console.visible_length(default_reason) >= 10 AND char_length(default_reason) <= 2000),
  position       smallint NOT NULL DEFAULT 0,
  retired        boolean NOT NULL DEFAULT false
);

-- What was captured of the thing that a case is about: a decision names the bytes that were seen by their digest.
CREATE TABLE console.case_contents (
  case_id      uuid PRIMARY KEY REFERENCES console.cases (id),
  subject      text NOT NULL CHECK (subject ~ '^[a-z_]{2,30}:[^\s]{1,200}$'),
  content_hash bytea NOT NULL CHECK (octet_length(content_hash) = 32),
  captured_at  timestamptz NOT NULL DEFAULT console.now(),
  captured_by  name NOT NULL DEFAULT session_user
);

CREATE TABLE console.decisions (
  id              uuid PRIMARY KEY,
  case_id         uuid NOT NULL REFERENCES console.cases (id),
  command_id      uuid NOT NULL REFERENCES console.commands (id),
  subject         text NOT NULL,
  content_hash    bytea NOT NULL,
  verdict         text NOT NULL CHECK (verdict IN ('approve', 'take_down', 'warn', 'suspend', 'ban')),
  clause          text REFERENCES console.clauses (id),
  reason          text CHECK (char_length(reason) <= 4000),
  suspended_for   interval,
  suspended_until timestamptz,
  decided_by      name NOT NULL DEFAULT session_user,
  decided_at      timestamptz NOT NULL DEFAULT console.now(),
  needs_second    boolean NOT NULL DEFAULT false,
  approved_by     name,
  approved_at     timestamptz,
  lifted_by       name,
  lifted_at       timestamptz,
  state           text NOT NULL DEFAULT 'final' CHECK (state IN ('proposed', 'final', 'withdrawn', 'lifted')),
  version         integer NOT NULL DEFAULT 1,
  UNIQUE (id, decided_by),
  CONSTRAINT clause_and_reason CHECK (
    verdict = 'approve' OR (clause IS NOT NULL AND reason IS NOT NULL AND console.visible_length(reason) >= 10)),
  CONSTRAINT length_of_suspension CHECK (
    CASE verdict WHEN 'suspend' THEN suspended_until IS NOT NULL
                  AND suspended_until - decided_at BETWEEN interval '24 hours' AND interval '7 days'
                 ELSE suspended_until IS NULL END),
  CONSTRAINT second_person CHECK (approved_by IS DISTINCT FROM decided_by),
  CONSTRAINT second_needed CHECK (NOT needs_second OR approved_by IS NOT NULL OR state IN ('proposed', 'withdrawn'))
);
CREATE INDEX decisions_of_case ON console.decisions (case_id, decided_at);
CREATE INDEX decisions_of_subject ON console.decisions (subject, decided_at);
CREATE INDEX decisions_proposed ON console.decisions (decided_at) WHERE state = 'proposed';

-- Runs as the owner because it locks what was captured, which no moderator may change. The wait for the lock is the
-- rule: content that is captured anew at this moment is decided about before or after, never in between.
CREATE FUNCTION console.guard_decision() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  seen record;
  allowed console.decisions;
BEGIN
  IF TG_OP = 'INSERT' THEN
    SELECT c.subject, c.content_hash INTO seen FROM console.case_contents c WHERE c.case_id = NEW.case_id FOR UPDATE;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'nothing was captured of this case that could be decided about' USING ERRCODE = '23514';
    END IF;
    IF seen.content_hash IS DISTINCT FROM NEW.content_hash THEN
      RAISE EXCEPTION 'the content has changed since it was seen' USING ERRCODE = '40001',
        HINT = 'Look at it again, then decide.';
    END IF;
    NEW.subject := seen.subject;
    NEW.decided_by := session_user;
    NEW.decided_at := console.now();
    IF console.visible_length(coalesce(NEW.reason, '')) = 0 THEN
      NEW.reason := (SELECT c.default_reason FROM console.clauses c WHERE c.id = NEW.clause);
    END IF;
    -- in seconds: a day of the calendar has 23 hours in a time zone that the client may choose
    NEW.suspended_until := NEW.decided_at + make_interval(secs => extract(epoch FROM NEW.suspended_for)::float8);
    NEW.needs_second := NEW.verdict = 'ban' AND coalesce(
      (SELECT s.value = 'true'::jsonb FROM console.settings s WHERE s.key = 'moderation.ban_second_person'), false);
    NEW.state := CASE WHEN NEW.needs_second THEN 'proposed' ELSE 'final' END;
    NEW.approved_by := NULL;
    NEW.approved_at := NULL;
    NEW.lifted_by := NULL;
    NEW.lifted_at := NULL;
    RETURN NEW;
  END IF;
  allowed := OLD;
  allowed.state := NEW.state;
  allowed.version := NEW.version;
  IF NEW IS DISTINCT FROM allowed THEN
    RAISE EXCEPTION 'a decision stays as it was decided; it can only be confirmed, withdrawn or lifted'
      USING ERRCODE = '23514';
  END IF;
  IF (OLD.state, NEW.state) = ('proposed', 'final') THEN
    NEW.approved_by := session_user;
    NEW.approved_at := console.now();
  ELSIF (OLD.state, NEW.state) = ('final', 'lifted') THEN
    NEW.lifted_by := session_user;
    NEW.lifted_at := console.now();
  END IF;
  RETURN NEW;
END $$;

-- For the effect functions of the platform, beside console.command_is_mine: whether such a decision stands.
CREATE FUNCTION console.decision_stands(decision uuid, about text, wanted text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ SELECT EXISTS (SELECT FROM console.decisions d
                     WHERE d.id = decision AND d.subject = about AND d.verdict = wanted AND d.state = 'final') $$;

-- That nobody reviews their own decision is said by the foreign key and the CHECK, and by nothing else: decided_by is
-- bound to the decision, the reviewer is whoever is signed in.
CREATE TABLE console.appeals (
  id            uuid PRIMARY KEY,
  case_id       uuid NOT NULL REFERENCES console.cases (id),
  command_id    uuid NOT NULL REFERENCES console.commands (id),
  decision_id   uuid NOT NULL UNIQUE,
  decided_by    name NOT NULL,
  received_at   timestamptz NOT NULL DEFAULT console.now(),
  reviewer      name,
  blind_verdict text CHECK (blind_verdict IN ('approve', 'take_down', 'warn', 'suspend', 'ban')),
  judged_at     timestamptz,
  outcome       text CHECK (outcome IN ('uphold', 'overturn', 'lessen')),
  reason        text CHECK (char_length(reason) <= 4000),
  closed_at     timestamptz,
  state         text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'judged', 'decided')),
  version       integer NOT NULL DEFAULT 1,
  FOREIGN KEY (decision_id, decided_by) REFERENCES console.decisions (id, decided_by),
  CONSTRAINT reviewer_is_not_the_decider CHECK (reviewer IS DISTINCT FROM decided_by),
  CONSTRAINT judged_by_somebody CHECK (
    (state = 'open') = (reviewer IS NULL) AND (state = 'open') = (blind_verdict IS NULL)),
  CONSTRAINT decided_with_reasons CHECK (
    (state = 'decided') = (outcome IS NOT NULL)
    AND (outcome IS NULL OR (reason IS NOT NULL AND console.visible_length(reason) >= 10)))
);
CREATE INDEX appeals_open ON console.appeals (received_at) WHERE state <> 'decided';

-- The blind verdict first, then the outcome, both by whoever is signed in; what was said stays said.
CREATE FUNCTION console.guard_appeal() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    RETURN NEW;
  END IF;
  IF OLD.state = 'decided'
     OR (OLD.state = 'judged' AND NEW.blind_verdict IS DISTINCT FROM OLD.blind_verdict)
     OR (OLD.state = 'open' AND NEW.outcome IS NOT NULL)
     OR (NEW.outcome IS NULL AND NEW.reason IS NOT NULL) THEN
    RAISE EXCEPTION 'first a verdict without seeing the other, then the outcome, and neither changes'
      USING ERRCODE = '23514';
  END IF;
  IF OLD.state = 'judged' AND OLD.reviewer <> session_user THEN
    RAISE EXCEPTION 'whoever began to review this appeal decides it' USING ERRCODE = '42501';
  END IF;
  IF OLD.state = 'open' AND NEW.blind_verdict IS NOT NULL THEN
    IF EXISTS (SELECT FROM console.decisions d WHERE d.id = OLD.decision_id AND d.approved_by = session_user) THEN
      RAISE EXCEPTION 'whoever confirmed a decision does not review its appeal' USING ERRCODE = '23514';
    END IF;
    NEW.state := 'judged';
    NEW.reviewer := session_user;
    NEW.judged_at := console.now();
  ELSIF OLD.state = 'judged' AND NEW.outcome IS NOT NULL THEN
    NEW.state := 'decided';
    NEW.closed_at := console.now();
  END IF;
  RETURN NEW;
END $$;

DO $$
DECLARE
  t text;
  quiet text;
BEGIN
  FOREACH t IN ARRAY ARRAY['clauses', 'case_contents', 'decisions', 'appeals'] LOOP
    EXECUTE format('CREATE TRIGGER recorded BEFORE INSERT OR UPDATE OR DELETE ON console.%I
                    FOR EACH STATEMENT EXECUTE FUNCTION console.require_command()', t);
    -- key, case, then what is only said to have changed
    quiet := CASE t WHEN 'clauses' THEN '''id'', ''''' WHEN 'case_contents' THEN '''case_id'', ''case_id'''
                    ELSE '''id'', ''case_id'', ''reason''' END;
    EXECUTE format('CREATE TRIGGER audit_insert AFTER INSERT ON console.%I REFERENCING NEW TABLE AS new_rows
                    FOR EACH STATEMENT EXECUTE FUNCTION console_audit.record(%s)', t, quiet);
    EXECUTE format('CREATE TRIGGER audit_update AFTER UPDATE ON console.%I REFERENCING OLD TABLE AS old_rows
                    NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION console_audit.record(%s)', t, quiet);
    EXECUTE format('CREATE TRIGGER audit_delete AFTER DELETE ON console.%I REFERENCING OLD TABLE AS old_rows
                    FOR EACH STATEMENT EXECUTE FUNCTION console_audit.record(%s)', t, quiet);
  END LOOP;
  FOREACH t IN ARRAY ARRAY['state_edges', 'clauses', 'case_contents', 'decisions', 'appeals'] LOOP
    EXECUTE format('ALTER TABLE console.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE console.%I FORCE ROW LEVEL SECURITY', t);
  END LOOP;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON console.decisions
  FOR EACH ROW EXECUTE FUNCTION console.guard_decision();
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON console.appeals
  FOR EACH ROW EXECUTE FUNCTION console.guard_appeal();
CREATE TRIGGER state BEFORE INSERT OR UPDATE ON console.decisions FOR EACH ROW EXECUTE FUNCTION console.guard_state();
CREATE TRIGGER state BEFORE INSERT OR UPDATE ON console.appeals FOR EACH ROW EXECUTE FUNCTION console.guard_state();

CREATE POLICY read_all ON console.state_edges FOR SELECT USING (true);
CREATE POLICY read_all ON console.clauses FOR SELECT USING (true);
CREATE POLICY manage ON console.clauses FOR ALL USING ((SELECT console.has_role('console_manager')));
CREATE POLICY install ON console.clauses FOR ALL USING (current_user = 'console_owner');
CREATE POLICY read ON console.case_contents FOR SELECT USING ((SELECT console.reads_decisions()));
CREATE POLICY capture ON console.case_contents FOR INSERT WITH CHECK ((SELECT console.has_role('console_worker')));
CREATE POLICY capture_again ON console.case_contents FOR UPDATE USING ((SELECT console.has_role('console_worker')));
-- the guard, which runs as the owner for whoever decides
CREATE POLICY guards ON console.case_contents FOR ALL USING (current_user = 'console_owner');
CREATE POLICY read ON console.decisions FOR SELECT
  USING ((SELECT console.reads_decisions()) OR current_user = 'console_owner');
CREATE POLICY decide ON console.decisions FOR INSERT
  WITH CHECK ((SELECT console.decides()) AND console.command_is_mine(command_id));
CREATE POLICY confirm ON console.decisions FOR UPDATE USING ((SELECT console.reviews()));
CREATE POLICY read ON console.appeals FOR SELECT USING ((SELECT console.reads_decisions()));
CREATE POLICY bring ON console.appeals FOR INSERT
  WITH CHECK (((SELECT console.reviews()) OR (SELECT console.has_role('console_worker')))
              AND console.command_is_mine(command_id));
CREATE POLICY review ON console.appeals FOR UPDATE USING ((SELECT console.reviews()));

REVOKE ALL ON FUNCTION console.decides(), console.reviews(), console.reads_decisions(), console.guard_state(),
  console.guard_decision(), console.guard_appeal(), console.decision_stands(uuid, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION console.decides(), console.reviews(), console.reads_decisions()
  TO console_agent, console_moderator, console_safety, console_auditor, console_worker;
GRANT SELECT ON console.state_edges, console.clauses
  TO console_agent, console_moderator, console_safety, console_auditor, console_worker;
GRANT SELECT ON console.case_contents, console.decisions, console.appeals
  TO console_manager, console_moderator, console_safety, console_auditor, console_worker;
GRANT INSERT (id, title, default_reason, position), UPDATE (title, default_reason, position, retired)
  ON console.clauses TO console_manager;
GRANT INSERT (case_id, subject, content_hash), UPDATE (content_hash, captured_at) ON console.case_contents
  TO console_worker;
GRANT INSERT (id, case_id, command_id, content_hash, verdict, clause, reason, suspended_for) ON console.decisions
  TO console_moderator, console_safety;
GRANT UPDATE (state) ON console.decisions TO console_moderator, console_safety, console_manager;
GRANT INSERT (id, case_id, command_id, decision_id, decided_by) ON console.appeals
  TO console_moderator, console_safety, console_manager, console_worker;
GRANT UPDATE (blind_verdict, outcome, reason) ON console.appeals
  TO console_moderator, console_safety, console_manager;
