-- What a command and an undo may claim of themselves. Runs as console_owner.

-- One id takes effect once. The same command again is nothing new, so the second insert adds no row, and whatever
-- would follow it finds no command of its own transaction; the same id for anything else is refused.
CREATE FUNCTION console.guard_command() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE before record;
BEGIN
  SELECT c.actor, c.name, c.digest, c.params, c.undoes INTO before FROM console.commands c WHERE c.id = NEW.id;
  IF NOT FOUND THEN
    RETURN NEW;
  END IF;
  IF (before.actor, before.name, before.digest, before.params, before.undoes)
     IS DISTINCT FROM (NEW.actor, NEW.name, NEW.digest, NEW.params, NEW.undoes) THEN
    RAISE EXCEPTION 'this command id was already used for something else' USING ERRCODE = '22023';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER guard_once BEFORE INSERT ON console.commands FOR EACH ROW EXECUTE FUNCTION console.guard_command();

-- What is read by everybody has the form that they read it in.
ALTER TABLE console.commands ADD CONSTRAINT params_are_named CHECK (jsonb_typeof(params) = 'object');
ALTER TABLE console.command_cases ADD CONSTRAINT prior_is_named CHECK (jsonb_typeof(prior) = 'object');

-- Which status each command really left and reached. An undo may walk back only what stands here: what the client
-- writes into command_cases.prior could be made up to walk an edge that there is not.
-- Without foreign keys: one trigger writes it, from rows that are there, and nothing is ever deleted.
CREATE TABLE console.case_moves (
  command_id  uuid NOT NULL,
  case_id     uuid NOT NULL,
  version     integer NOT NULL,
  from_status text NOT NULL,
  to_status   text NOT NULL,
  PRIMARY KEY (command_id, case_id, version)
);
COMMENT ON TABLE console.case_moves IS
  'Not audited: written by a trigger from cases.status, whose every change is an entry of console.cases.';
ALTER TABLE console.case_moves ENABLE ROW LEVEL SECURITY;
ALTER TABLE console.case_moves FORCE ROW LEVEL SECURITY;
CREATE POLICY guards ON console.case_moves FOR ALL USING (current_user = 'console_owner');

-- Without nested loops for the same reason as the audit: the plan is kept from a change of one row.
CREATE FUNCTION console.record_moves() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_nestloop = off AS $$
BEGIN
  INSERT INTO console.case_moves (command_id, case_id, version, from_status, to_status)
    SELECT (SELECT c.id FROM console.commands c WHERE c.xact = pg_current_xact_id() AND c.actor = session_user
             ORDER BY c.at DESC LIMIT 1), n.id, n.version, o.status, n.status
      FROM new_rows n JOIN old_rows o ON o.id = n.id WHERE n.status <> o.status;
  RETURN NULL;
END $$;
CREATE TRIGGER moves AFTER UPDATE ON console.cases REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION console.record_moves();

-- Back to where the command found the case, and only from where it left it. What was done before this revision is
-- taken back along the ordinary edges alone.
CREATE OR REPLACE FUNCTION console.is_undo_to(changed_case uuid, wanted text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ SELECT EXISTS (
        SELECT FROM console.commands c
          JOIN LATERAL (SELECT (array_agg(m.from_status ORDER BY m.version))[1] AS found,
                               (array_agg(m.to_status ORDER BY m.version DESC))[1] AS left_in
                          FROM console.case_moves m
                         WHERE m.command_id = c.undoes AND m.case_id = changed_case) walked ON true
          JOIN console.cases k ON k.id = changed_case
         WHERE c.xact = pg_current_xact_id() AND c.actor = session_user
           AND walked.found = wanted AND walked.left_in = k.status) $$;

-- What a command says it did to a case is what it did: the version that now stands, written by the same person, and
-- the status that it found. Otherwise a made-up line could keep a colleague's command from being taken back.
CREATE FUNCTION console.guard_command_cases() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (
       SELECT FROM new_rows n
         LEFT JOIN console.cases k ON k.id = n.case_id
         LEFT JOIN LATERAL (SELECT m.from_status FROM console.case_moves m
                             WHERE m.command_id = n.command_id AND m.case_id = n.case_id
                             ORDER BY m.version LIMIT 1) moved ON true
        WHERE k.id IS NULL OR k.version <> n.version_after OR k.changed_by <> session_user
           OR n.version_before >= n.version_after
           OR (n.prior ->> 'status') IS DISTINCT FROM coalesce(moved.from_status, k.status)) THEN
    RAISE EXCEPTION 'what a command did to a case is recorded as it happened' USING ERRCODE = '23514';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER guard AFTER INSERT ON console.command_cases REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION console.guard_command_cases();

-- What an effect function changed on the platform is an entry like any other change: somebody who calls it by hand
-- leaves more than a command that says what they like. Words are never handed over, only states and ids.
SET LOCAL ROLE console_audit_owner;
CREATE FUNCTION console_audit.record_effect(of_command uuid, ticket uuid, of_case uuid, detail jsonb) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ INSERT INTO console_audit.entries (command_id, action, relation, subject, case_id, detail)
      VALUES (of_command, 'update', 'platform.tickets', ticket::text, of_case, detail) $$;
REVOKE ALL ON FUNCTION console_audit.record_effect(uuid, uuid, uuid, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION console_audit.record_effect(uuid, uuid, uuid, jsonb) TO console_owner;
SET LOCAL ROLE console_owner;
CREATE FUNCTION console.effect_happened(of_command uuid, ticket uuid, detail jsonb) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ SELECT console_audit.record_effect(of_command, ticket,
        (SELECT t.case_id FROM console.tickets t WHERE t.platform_id = ticket), detail) $$;

-- What an effect found, as it found it: an effect is taken back by the undo of its own command, to what stands here.
-- What the client hands over could name a colleague's words, which would go from the platform with nobody's word for it.
CREATE TABLE console.effects (
  command_id uuid NOT NULL REFERENCES console.commands (id),
  ticket     uuid NOT NULL,
  was        jsonb NOT NULL
);
CREATE INDEX effects_of_command ON console.effects (command_id, ticket);
COMMENT ON TABLE console.effects IS
  'Not audited: what stood on the platform, words included; the change itself is an entry of platform.tickets.';
ALTER TABLE console.effects ENABLE ROW LEVEL SECURITY;
ALTER TABLE console.effects FORCE ROW LEVEL SECURITY;
CREATE POLICY guards ON console.effects FOR ALL USING (current_user = 'console_owner');

CREATE FUNCTION console.keep_effect(of_command uuid, of_ticket uuid, found jsonb) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ INSERT INTO console.effects (command_id, ticket, was) VALUES (of_command, of_ticket, found) $$;

CREATE FUNCTION console.effect_stands(undo uuid, of_ticket uuid, found jsonb) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ SELECT EXISTS (SELECT FROM console.commands c JOIN console.effects e ON e.command_id = c.undoes
                     WHERE c.id = undo AND e.ticket = of_ticket AND e.was = found) $$;

REVOKE ALL ON console.effects FROM PUBLIC;
REVOKE ALL ON FUNCTION console.guard_command(), console.record_moves(), console.guard_command_cases(),
  console.effect_happened(uuid, uuid, jsonb), console.keep_effect(uuid, uuid, jsonb),
  console.effect_stands(uuid, uuid, jsonb) FROM PUBLIC;
