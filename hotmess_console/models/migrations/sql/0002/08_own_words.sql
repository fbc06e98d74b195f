-- Whose words and whose moments: named by the server, taken back by whom they belong to. Runs as console_owner.
-- The automation writes for others (what was said and when, elsewhere), so it is believed; people are not.

CREATE FUNCTION console.sign_message() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  NEW.at := least(NEW.at, console.now());
  IF console.has_role('console_worker') THEN
    RETURN NEW;
  END IF;
  IF NEW.author <> session_user OR (NEW.author IS NULL AND NEW.direction = 'out' AND NEW.kind = 'reply') THEN
    RAISE EXCEPTION 'an answer is signed by who is signed in' USING ERRCODE = '42501';
  END IF;
  IF NEW.command_id IS NOT NULL AND NOT console.command_is_mine(NEW.command_id) THEN
    RAISE EXCEPTION 'words belong to the command that writes them' USING ERRCODE = '42501';
  END IF;
  IF NEW.channel = 'email' AND NEW.direction = 'in' THEN
    RAISE EXCEPTION 'only the automation takes mail in' USING ERRCODE = '42501';
  END IF;
  IF NEW.direction = 'out' OR NEW.channel = 'console' THEN
    NEW.at := console.now();
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER sign BEFORE INSERT ON console.messages FOR EACH ROW EXECUTE FUNCTION console.sign_message();

CREATE FUNCTION console.sign_note() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW.command_id IS NOT NULL AND NOT console.command_is_mine(NEW.command_id) AND NOT console.has_role('console_worker') THEN
    RAISE EXCEPTION 'words belong to the command that writes them' USING ERRCODE = '42501';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER sign BEFORE INSERT ON console.notes FOR EACH ROW EXECUTE FUNCTION console.sign_note();

CREATE FUNCTION console.takes_back(command uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ SELECT EXISTS (SELECT FROM console.commands c WHERE c.xact = pg_current_xact_id() AND c.actor = session_user
                        AND c.undoes = command) $$;

-- Words are taken back by the command that undoes the one which wrote them, so by their author or a manager (see
-- guard_undo), once and for good. With the owner's eyes: that command may be shut to whom it belongs to.
CREATE OR REPLACE FUNCTION console.guard_message() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF (NEW.id, NEW.case_id, NEW.body, NEW.author, NEW.at) IS DISTINCT FROM (OLD.id, OLD.case_id, OLD.body, OLD.author, OLD.at) THEN
    RAISE EXCEPTION 'what was written stays as it was written' USING ERRCODE = '23514';
  END IF;
  IF NEW.retracted_at IS DISTINCT FROM OLD.retracted_at THEN
    IF OLD.retracted_at IS NOT NULL THEN
      RAISE EXCEPTION 'what was taken back stays taken back' USING ERRCODE = '23514';
    END IF;
    IF NOT console.takes_back(OLD.command_id) THEN
      RAISE EXCEPTION 'words are taken back by undoing the command that wrote them' USING ERRCODE = '42501';
    END IF;
    NEW.retracted_at := console.now();
  END IF;
  RETURN NEW;
END $$;

-- Who sends, since when and when it left are said by the server. An attempt is ended by whoever makes it; one that has
-- lasted too long belongs to a console that died, and all that anybody may say of it is that nothing is known.
CREATE OR REPLACE FUNCTION console.guard_delivery() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF (OLD.state, NEW.state) NOT IN (('held', 'sending'), ('held', 'cancelled'), ('sending', 'sent'),
       ('sending', 'held'), ('sending', 'failed'), ('sending', 'unknown'), ('failed', 'held'),
       ('unknown', 'held'), ('held', 'held')) THEN
    RAISE EXCEPTION 'a delivery cannot go from % to %', OLD.state, NEW.state USING ERRCODE = '23514';
  END IF;
  IF OLD.state <> 'sending' AND NEW.state <> 'sending' AND NOT EXISTS (
       SELECT FROM console.commands WHERE xact = pg_current_xact_id() AND actor = session_user) THEN
    RAISE EXCEPTION 'a message is stopped or released only inside a recorded command'
      USING ERRCODE = '42501', HINT = 'Insert into console.commands first, in the same transaction.';
  END IF;
  IF NEW.state = 'cancelled'
     AND NOT console.takes_back((SELECT m.command_id FROM console.messages m WHERE m.id = OLD.message_id)) THEN
    RAISE EXCEPTION 'a message is stopped by undoing the command that wrote it' USING ERRCODE = '42501';
  END IF;
  IF OLD.state = 'sending' AND OLD.claimed_by <> session_user
     AND NOT (NEW.state = 'unknown' AND OLD.claimed_at < console.now() - interval '1 minute') THEN
    RAISE EXCEPTION 'whoever sends a message says how that ended' USING ERRCODE = '42501';
  END IF;
  NEW.attempts := OLD.attempts;
  NEW.claimed_by := OLD.claimed_by;
  NEW.claimed_at := OLD.claimed_at;
  NEW.sent_at := CASE NEW.state WHEN 'sent' THEN console.now() END;
  IF NEW.state = 'sending' THEN
    NEW.attempts := OLD.attempts + 1;
    NEW.claimed_by := session_user;
    NEW.claimed_at := console.now();
  END IF;
  IF OLD.state <> 'sending' THEN
    NEW.provider_id := OLD.provider_id;
  END IF;
  RETURN NEW;
END $$;

-- Which moments each command found in a case, beside which status: what an undo may put back.
ALTER TABLE console.case_moves
  ADD COLUMN started_at timestamptz, ADD COLUMN paused_at timestamptz, ADD COLUMN first_response_at timestamptz,
  ADD COLUMN last_outbound_at timestamptz, ADD COLUMN resolved_at timestamptz;
COMMENT ON TABLE console.case_moves IS
  'Not audited: written by a trigger from status and moments of a case, whose every change is an entry of console.cases.';

CREATE OR REPLACE FUNCTION console.record_moves() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_nestloop = off AS $$
BEGIN
  INSERT INTO console.case_moves (command_id, case_id, version, from_status, to_status, started_at, paused_at,
                                  first_response_at, last_outbound_at, resolved_at)
    SELECT (SELECT c.id FROM console.commands c WHERE c.xact = pg_current_xact_id() AND c.actor = session_user
             ORDER BY c.at DESC LIMIT 1), n.id, n.version, o.status, n.status, o.started_at, o.paused_at,
           o.first_response_at, o.last_outbound_at, o.resolved_at
      FROM new_rows n JOIN old_rows o ON o.id = n.id
     WHERE n.status <> o.status
        OR (n.started_at, n.paused_at, n.first_response_at, n.last_outbound_at, n.resolved_at)
           IS DISTINCT FROM (o.started_at, o.paused_at, o.first_response_at, o.last_outbound_at, o.resolved_at);
  RETURN NULL;
END $$;

-- A moment that a command writes down is the command's own; an undo puts back the one that was found. To forget one is
-- free: reopening does. Where a clock stands (due_at) is worked out by the console and is in the audit as anything else.
CREATE FUNCTION console.check_moment(said timestamptz, was timestamptz, since timestamptz, before timestamptz)
RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF said IS DISTINCT FROM was AND said IS NOT NULL AND said IS DISTINCT FROM before
     AND (said < since OR said > console.now()) THEN
    RAISE EXCEPTION 'moments are those of the command that writes them down' USING ERRCODE = '23514';
  END IF;
END $$;

CREATE FUNCTION console.guard_moments() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  command console.commands;
  earlier console.case_moves;
BEGIN
  IF console.has_role('console_worker') THEN
    RETURN NEW;
  END IF;
  SELECT * INTO command FROM console.commands c
   WHERE c.xact = pg_current_xact_id() AND c.actor = session_user ORDER BY c.at LIMIT 1;
  IF command.undoes IS NOT NULL THEN
    SELECT * INTO earlier FROM console.case_moves m WHERE m.command_id = command.undoes AND m.case_id = NEW.id
     ORDER BY m.version LIMIT 1;
  END IF;
  PERFORM console.check_moment(NEW.started_at, OLD.started_at, command.at, earlier.started_at),
          console.check_moment(NEW.paused_at, OLD.paused_at, command.at, earlier.paused_at),
          console.check_moment(NEW.first_response_at, OLD.first_response_at, command.at, earlier.first_response_at),
          console.check_moment(NEW.last_outbound_at, OLD.last_outbound_at, command.at, earlier.last_outbound_at),
          console.check_moment(NEW.resolved_at, OLD.resolved_at, command.at, earlier.resolved_at);
  RETURN NEW;
END $$;
CREATE TRIGGER guard_moments BEFORE UPDATE ON console.cases
  FOR EACH ROW WHEN ((NEW.started_at, NEW.paused_at, NEW.first_response_at, NEW.last_outbound_at, NEW.resolved_at)
    IS DISTINCT FROM (OLD.started_at, OLD.paused_at, OLD.first_response_at, OLD.last_outbound_at, OLD.resolved_at))
  EXECUTE FUNCTION console.guard_moments();

-- A moment beyond every calendar of the programs that read it would keep everybody from reading the queue.
ALTER TABLE console.cases ADD CONSTRAINT moments_within_reason CHECK (
  opened_at BETWEEN '1990-01-01 00:00:00+00' AND '2200-01-01 00:00:00+00'
  AND due_at BETWEEN '1990-01-01 00:00:00+00' AND '2200-01-01 00:00:00+00'
  AND breach_at BETWEEN '1990-01-01 00:00:00+00' AND '2200-01-01 00:00:00+00'
  AND purge_at BETWEEN '1990-01-01 00:00:00+00' AND '2200-01-01 00:00:00+00'
  AND snoozed_until BETWEEN '1990-01-01 00:00:00+00' AND '2200-01-01 00:00:00+00'
  AND time_left BETWEEN interval '-50 years' AND interval '50 years'
  AND breach_left BETWEEN interval '-50 years' AND interval '50 years') NOT VALID;
ALTER TABLE console.messages ADD CONSTRAINT moments_within_reason
  CHECK (at BETWEEN '1990-01-01 00:00:00+00' AND '2200-01-01 00:00:00+00') NOT VALID;
ALTER TABLE console.deliveries ADD CONSTRAINT moments_within_reason
  CHECK (hold_until BETWEEN '1990-01-01 00:00:00+00' AND '2200-01-01 00:00:00+00') NOT VALID;

REVOKE ALL ON FUNCTION console.sign_message(), console.takes_back(uuid), console.sign_note(), console.guard_moments(),
  console.check_moment(timestamptz, timestamptz, timestamptz, timestamptz) FROM PUBLIC;
