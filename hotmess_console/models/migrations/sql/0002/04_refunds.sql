-- Refunds: limits per person and per rolling 24 hours, an approver who is not the requester. Runs as console_owner.

-- Amounts are in minor units. A line for a login outweighs those of its roles, of which the most generous counts; a
-- currency without a line has the limit nothing, so that a second person always decides. Nobody has a right to write
-- here: two managers change it together, by a `limit.change` among their changes.
CREATE TABLE console.refund_limits (
  holder     name NOT NULL,
  currency   text NOT NULL CHECK (currency ~ '^[a-z]{3}$'),
  each_minor bigint NOT NULL CHECK (each_minor >= 0),
  day_minor  bigint NOT NULL CHECK (day_minor >= each_minor),
  PRIMARY KEY (holder, currency)
);
INSERT INTO console.refund_limits VALUES
  ('console_agent', 'gbp', 2000, 20000),
  ('console_senior', 'gbp', 10000, 100000),
  ('console_manager', 'gbp', 50000, 300000);

CREATE TABLE console.refund_intents (
  id            uuid PRIMARY KEY,
  command_id    uuid NOT NULL REFERENCES console.commands (id),
  case_id       uuid REFERENCES console.cases (id),
  charge        text NOT NULL CHECK (charge ~ '^[A-Za-z0-9_]{3,255}$'),
  amount_minor  bigint NOT NULL CHECK (amount_minor > 0),
  currency      text NOT NULL CHECK (currency ~ '^[a-z]{3}$'),
  reason        text NOT NULL CHECK (console.visible_length(reason) >= 3 AND char_length(reason) <= 2000),
  requested_by  name NOT NULL DEFAULT session_user,
  requested_at  timestamptz NOT NULL DEFAULT console.now(),
  within_limits boolean NOT NULL DEFAULT false,
  approved_by   name,
  approved_at   timestamptz,
  provider_id   text CHECK (char_length(provider_id) <= 255),
  last_error    text CHECK (char_length(last_error) <= 2000),
  state         text NOT NULL DEFAULT 'waiting'
                CHECK (state IN ('waiting', 'ready', 'running', 'done', 'failed', 'parked', 'withdrawn')),
  version       integer NOT NULL DEFAULT 1,
  CONSTRAINT approver_is_not_the_requester CHECK (approved_by IS DISTINCT FROM requested_by),
  CONSTRAINT approved_above_the_limit CHECK (
    within_limits OR approved_by IS NOT NULL OR state IN ('waiting', 'withdrawn'))
);
CREATE INDEX refund_intents_of_requester ON console.refund_intents (requested_by, requested_at);
CREATE INDEX refund_intents_of_approver ON console.refund_intents (approved_by, approved_at)
  WHERE approved_by IS NOT NULL;
CREATE INDEX refund_intents_to_do ON console.refund_intents (requested_at) WHERE state IN ('waiting', 'ready', 'parked');
CREATE INDEX refund_intents_of_case ON console.refund_intents (case_id) WHERE case_id IS NOT NULL;

-- Whether session_user may give this back on their own word: the one amount, and all that they answered for within the
-- last 24 hours. The lock makes the sum true for two sessions of one person; under another isolation than read
-- committed the sum would be that of an older snapshot, so nothing is decided there.
CREATE FUNCTION console.may_refund(amount bigint, in_currency text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  granted record;
  given bigint;
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'refunds are decided in transactions that are read committed' USING ERRCODE = '42501';
  END IF;
  PERFORM console.wait_for_turn('refunds of ' || session_user);
  SELECT l.each_minor, l.day_minor INTO granted
    FROM console.refund_limits l JOIN pg_roles r ON r.rolname = l.holder
   WHERE l.currency = in_currency AND pg_has_role(session_user, r.oid, 'USAGE')
   ORDER BY l.holder = session_user DESC, l.each_minor DESC, l.day_minor DESC LIMIT 1;
  IF NOT FOUND OR amount > granted.each_minor THEN
    RETURN false;
  END IF;
  SELECT coalesce(sum(i.amount_minor), 0) INTO given FROM console.refund_intents i
   WHERE i.currency = in_currency AND i.state NOT IN ('waiting', 'failed', 'withdrawn')
     AND ((i.approved_by = session_user AND i.approved_at > console.now() - interval '24 hours')
          OR (i.approved_by IS NULL AND i.requested_by = session_user
              AND i.requested_at > console.now() - interval '24 hours'));
  RETURN given + amount <= granted.day_minor;
END $$;

-- The owner's rights, so that an intent about a case that moved out of the person's sight still counts and is known.
CREATE FUNCTION console.guard_refund() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  before console.refund_intents;
  allowed console.refund_intents;
BEGIN
  IF TG_OP = 'INSERT' THEN
    NEW.requested_by := session_user;
    NEW.requested_at := console.now();
    SELECT * INTO before FROM console.refund_intents i WHERE i.id = NEW.id;
    IF FOUND THEN
      IF (before.charge, before.amount_minor, before.currency, before.case_id, before.reason, before.requested_by)
         IS DISTINCT FROM (NEW.charge, NEW.amount_minor, NEW.currency, NEW.case_id, NEW.reason, NEW.requested_by) THEN
        RAISE EXCEPTION 'this refund id was already used for another refund' USING ERRCODE = '22023';
      END IF;
      RETURN NULL;
    END IF;
    NEW.within_limits := console.may_refund(NEW.amount_minor, NEW.currency);
    NEW.state := CASE WHEN NEW.within_limits THEN 'ready' ELSE 'waiting' END;
    NEW.approved_by := NULL;
    NEW.approved_at := NULL;
    RETURN NEW;
  END IF;
  allowed := OLD;
  allowed.state := NEW.state;
  allowed.version := NEW.version;
  IF console.has_role('console_worker') THEN
    allowed.provider_id := NEW.provider_id;
    allowed.last_error := NEW.last_error;
  END IF;
  IF NEW IS DISTINCT FROM allowed THEN
    RAISE EXCEPTION 'what was asked for stays as it was asked for' USING ERRCODE = '23514';
  END IF;
  IF (OLD.state, NEW.state) = ('waiting', 'ready') THEN
    -- before the limits: whoever asked is refused for that, whatever they may give back
    NEW.approved_by := session_user;
    NEW.approved_at := console.now();
    IF OLD.requested_by <> session_user AND NOT console.may_refund(OLD.amount_minor, OLD.currency) THEN
      RAISE EXCEPTION 'this refund is above the limits of whoever approves it' USING ERRCODE = '42501',
        HINT = 'Ask somebody with higher limits.';
    END IF;
  ELSIF NEW.state = 'withdrawn' THEN
    IF OLD.requested_by <> session_user AND NOT console.has_role('console_manager') THEN
      RAISE EXCEPTION 'only whoever asked, or a manager, withdraws a refund' USING ERRCODE = '42501';
    END IF;
  ELSIF OLD.state = 'parked' THEN
    IF NOT console.has_role('console_manager') AND NOT console.has_role('console_worker') THEN
      RAISE EXCEPTION 'a parked refund waits for a manager' USING ERRCODE = '42501';
    END IF;
  ELSIF NEW.state <> OLD.state AND NOT console.has_role('console_worker') THEN
    RAISE EXCEPTION 'only the automation carries refunds out' USING ERRCODE = '42501';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON console.refund_intents
  FOR EACH ROW EXECUTE FUNCTION console.guard_refund();
CREATE TRIGGER state BEFORE INSERT OR UPDATE ON console.refund_intents
  FOR EACH ROW EXECUTE FUNCTION console.guard_state();

DO $$
DECLARE
  t text;
  told text;
BEGIN
  FOREACH t IN ARRAY ARRAY['refund_limits', 'refund_intents'] LOOP
    told := CASE t WHEN 'refund_limits' THEN '''holder,currency'', ''''' ELSE '''id'', ''case_id'', ''reason'', ''last_error''' END;
    EXECUTE format('CREATE TRIGGER recorded BEFORE INSERT OR UPDATE OR DELETE ON console.%I
                    FOR EACH STATEMENT EXECUTE FUNCTION console.require_command()', t);
    EXECUTE format('CREATE TRIGGER audit_insert AFTER INSERT ON console.%I REFERENCING NEW TABLE AS new_rows
                    FOR EACH STATEMENT EXECUTE FUNCTION console_audit.record(%s)', t, told);
    EXECUTE format('CREATE TRIGGER audit_update AFTER UPDATE ON console.%I REFERENCING OLD TABLE AS old_rows
                    NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION console_audit.record(%s)', t, told);
    EXECUTE format('CREATE TRIGGER audit_delete AFTER DELETE ON console.%I REFERENCING OLD TABLE AS old_rows
                    FOR EACH STATEMENT EXECUTE FUNCTION console_audit.record(%s)', t, told);
    EXECUTE format('ALTER TABLE console.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE console.%I FORCE ROW LEVEL SECURITY', t);
  END LOOP;
END $$;

CREATE POLICY read_all ON console.refund_limits FOR SELECT USING (true);
CREATE POLICY administration ON console.refund_limits FOR ALL USING (current_user = 'console_owner');
CREATE POLICY read ON console.refund_intents FOR SELECT USING (
  (SELECT console.has_role('console_agent')) OR (SELECT console.has_role('console_auditor'))
  OR (SELECT console.has_role('console_worker')));
CREATE POLICY ask ON console.refund_intents FOR INSERT
  WITH CHECK ((SELECT console.has_role('console_agent')) AND console.command_is_mine(command_id)
              AND (case_id IS NULL OR EXISTS (SELECT FROM console.cases c WHERE c.id = case_id)));
CREATE POLICY work ON console.refund_intents FOR UPDATE USING ((SELECT console.works_tickets()));
CREATE POLICY guards ON console.refund_intents FOR SELECT USING (current_user = 'console_owner');

REVOKE ALL ON FUNCTION console.may_refund(bigint, text), console.guard_refund() FROM PUBLIC;
GRANT SELECT ON console.refund_limits
  TO console_agent, console_moderator, console_safety, console_auditor, console_worker;
GRANT SELECT ON console.refund_intents TO console_agent, console_auditor, console_worker;
GRANT INSERT (id, command_id, case_id, charge, amount_minor, currency, reason) ON console.refund_intents
  TO console_agent;
GRANT UPDATE (state) ON console.refund_intents TO console_agent;
GRANT UPDATE (state, provider_id, last_error) ON console.refund_intents TO console_worker;
