-- Safety tickets: agents see subject, clock and level until safety has answered or let go. Runs as console_owner.

-- Plain enough to be inlined: it stands in every row policy below.
CREATE FUNCTION console.sees_guarded() RETURNS boolean
LANGUAGE sql STABLE
AS $$ SELECT pg_catalog.pg_has_role(session_user, 'console_safety', 'USAGE')
          OR pg_catalog.pg_has_role(session_user, 'console_manager', 'USAGE')
          OR pg_catalog.pg_has_role(session_user, 'console_auditor', 'USAGE')
          OR pg_catalog.pg_has_role(session_user, 'console_worker', 'USAGE') $$;

CREATE OR REPLACE FUNCTION console.works_tickets() RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$ SELECT console.has_role('console_agent') OR console.has_role('console_safety')
          OR console.has_role('console_worker') $$;

-- Nobody has a grant on these columns: triggers write them. `guarded_in` is the transaction in which a case became
-- guarded: whoever opens one, or hands one over, still adds what belongs to it there, and nothing later.
ALTER TABLE console.cases ADD COLUMN guarded boolean NOT NULL DEFAULT false, ADD COLUMN guarded_in xid8;
ALTER TABLE console.messages ADD COLUMN by_safety boolean NOT NULL DEFAULT false;
ALTER TABLE console.deliveries ADD COLUMN acknowledges boolean NOT NULL DEFAULT false;
-- What those find a guarded case by who may not see it: its number and subject. NULL where it is not guarded.
ALTER TABLE console.case_search ADD COLUMN shown text;
CREATE INDEX case_search_shown ON console.case_search USING gin (shown {{trigram_ops}}) WHERE shown IS NOT NULL;
CREATE INDEX cases_guarded ON console.cases (id) WHERE guarded;

-- What is there already. Row security is let off for the owner meanwhile, or an installer who is no superuser would
-- find no row; triggers are, because nobody did this: neither a version nor a person belongs to it.
ALTER TABLE console.cases NO FORCE ROW LEVEL SECURITY;
ALTER TABLE console.messages NO FORCE ROW LEVEL SECURITY;
ALTER TABLE console.deliveries NO FORCE ROW LEVEL SECURITY;
ALTER TABLE console.cases DISABLE TRIGGER USER;
ALTER TABLE console.messages DISABLE TRIGGER USER;
ALTER TABLE console.deliveries DISABLE TRIGGER USER;
UPDATE console.messages m SET by_safety = true
 WHERE m.direction = 'out' AND m.kind IN ('reply', 'confirmation')
   AND EXISTS (SELECT FROM pg_roles r WHERE r.rolname = m.author AND pg_has_role(r.oid, 'console_safety', 'USAGE'));
UPDATE console.deliveries d SET acknowledges = true
 WHERE EXISTS (SELECT FROM console.messages m WHERE m.id = d.message_id AND m.kind = 'acknowledgement');
UPDATE console.cases c SET guarded = true, snippet = ''
 WHERE c.category = 'safety'
   AND NOT EXISTS (SELECT FROM console.messages m WHERE m.case_id = c.id AND m.by_safety AND m.retracted_at IS NULL);
UPDATE console.case_search s SET shown = lower(concat_ws(' ', 'hm-' || c.number, c.subject))
  FROM console.cases c WHERE c.id = s.case_id AND c.guarded;
ALTER TABLE console.cases ENABLE TRIGGER USER;
ALTER TABLE console.messages ENABLE TRIGGER USER;
ALTER TABLE console.deliveries ENABLE TRIGGER USER;
ALTER TABLE console.cases FORCE ROW LEVEL SECURITY;
ALTER TABLE console.messages FORCE ROW LEVEL SECURITY;
ALTER TABLE console.deliveries FORCE ROW LEVEL SECURITY;

-- Whether a colleague could work on a guarded case that is given to them.
CREATE FUNCTION console.works_guarded(colleague name) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$ SELECT EXISTS (SELECT FROM pg_roles r WHERE r.rolname = colleague
                        AND (pg_has_role(r.oid, 'console_safety', 'USAGE')
                             OR pg_has_role(r.oid, 'console_manager', 'USAGE'))) $$;

-- Who makes a safety ticket for others, whether they heard it, their console took it in or they hand one over, can
-- neither hide nor postpone it. Put right instead of refused, since a refusal would keep what arrived from being taken in at all; before the guard
-- of 0001, which ranks the case, by its name.
CREATE FUNCTION console.hand_over() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  target jsonb := (SELECT s.value #> '{response,safety}' FROM console.settings s WHERE s.key = 'sla.targets');
  minutes text := target ->> 'due_minutes';
  latest timestamptz := console.now()
    + make_interval(mins => CASE WHEN minutes ~ '^[0-9]{1,6}$' THEN minutes::integer ELSE 60 END);
BEGIN
  IF NOT console.sees_guarded() AND (TG_OP = 'INSERT' OR OLD.category <> 'safety') THEN
    IF NEW.merged_into IS NOT NULL THEN
      RAISE EXCEPTION 'a case that was merged is not handed over' USING ERRCODE = '23514';
    END IF;
    NEW.status := 'open';
    NEW.priority := coalesce(target ->> 'priority', 'urgent');
    NEW.level := greatest(NEW.level, 2);
    NEW.due_at := least(coalesce(NEW.due_at, latest), latest);
    NEW.paused_at := NULL;
    NEW.time_left := NULL;
    NEW.breach_left := NULL;
    NEW.resolved_at := NULL;
    NEW.snoozed_until := NULL;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER as_handed_over BEFORE INSERT OR UPDATE OF category ON console.cases
  FOR EACH ROW WHEN (NEW.category = 'safety') EXECUTE FUNCTION console.hand_over();

-- Guarded from the moment it is about safety; free again when somebody who sees it gives it another category, or when
-- safety has answered (below). Runs after the guard of 0001, by its name. Who had the case and may not see it any more
-- gives it back by that. Nothing of the text stays in the row, since the row is what everybody sees.
CREATE FUNCTION console.guard_safety() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE was boolean := TG_OP = 'UPDATE' AND OLD.guarded;
BEGIN
  IF NEW.category <> 'safety' THEN
    NEW.guarded := false;
  ELSIF TG_OP = 'INSERT' OR OLD.category <> 'safety' THEN
    NEW.guarded := true;
  END IF;
  IF was AND NOT console.sees_guarded() THEN
    RAISE EXCEPTION 'a safety ticket is changed by safety staff and managers only' USING ERRCODE = '42501';
  END IF;
  IF NEW.guarded AND NOT was THEN
    NEW.guarded_in := pg_current_xact_id();
    IF NEW.assignee IS NOT NULL AND NOT console.works_guarded(NEW.assignee) THEN
      NEW.assignee := NULL;
      NEW.status := CASE NEW.status WHEN 'in_progress' THEN 'open' ELSE NEW.status END;
    END IF;
  ELSIF NEW.guarded AND NEW.assignee IS DISTINCT FROM OLD.assignee AND NEW.assignee IS NOT NULL
        AND NOT console.works_guarded(NEW.assignee) THEN
    RAISE EXCEPTION 'a safety ticket is given to safety staff or a manager' USING ERRCODE = '23514';
  ELSIF was AND NOT NEW.guarded THEN
    NEW.guarded_in := NULL;
    NEW.snippet := coalesce((SELECT left(btrim(regexp_replace(left(m.body, 2000), '\s+', ' ', 'g')), 120)
                               FROM console.messages m WHERE m.case_id = NEW.id AND m.direction = 'in'
                              ORDER BY m.at, m.id LIMIT 1), '');
  END IF;
  IF NEW.guarded THEN
    NEW.snippet := '';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_safety BEFORE INSERT OR UPDATE ON console.cases
  FOR EACH ROW EXECUTE FUNCTION console.guard_safety();

-- Whose answer it is is decided by who is signed in, never by the author that the client names.
CREATE FUNCTION console.mark_safety_answer() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  NEW.by_safety := NEW.direction = 'out' AND NEW.kind IN ('reply', 'confirmation')
                   AND console.has_role('console_safety');
  RETURN NEW;
END $$;
CREATE TRIGGER mark_safety_answer BEFORE INSERT ON console.messages
  FOR EACH ROW EXECUTE FUNCTION console.mark_safety_answer();

-- An answer of safety's frees the case; taking it back guards it again, unless they answered otherwise as well.
CREATE FUNCTION console.follow_safety_answer() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    UPDATE console.cases SET guarded = false WHERE id = NEW.case_id AND guarded;
  ELSIF NEW.retracted_at IS NOT NULL AND OLD.retracted_at IS NULL THEN
    UPDATE console.cases c SET guarded = true
     WHERE c.id = NEW.case_id AND c.category = 'safety' AND NOT c.guarded
       AND NOT EXISTS (SELECT FROM console.messages m
                        WHERE m.case_id = c.id AND m.by_safety AND m.retracted_at IS NULL);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER safety_answered AFTER INSERT OR UPDATE OF retracted_at ON console.messages
  FOR EACH ROW WHEN (NEW.by_safety) EXECUTE FUNCTION console.follow_safety_answer();

-- An acknowledgement holds the template's words only, and any console sends it: the ledger has to know which ones are.
CREATE FUNCTION console.mark_acknowledgement() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  NEW.acknowledges := EXISTS (SELECT FROM console.messages m
                               WHERE m.id = NEW.message_id AND m.kind = 'acknowledgement');
  RETURN NEW;
END $$;
CREATE TRIGGER mark_acknowledgement BEFORE INSERT ON console.deliveries
  FOR EACH ROW EXECUTE FUNCTION console.mark_acknowledgement();

-- Search: by everything for those who see it, by number and subject for all others.
CREATE FUNCTION console.index_guarded() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE console.case_search
     SET shown = CASE WHEN NEW.guarded THEN lower(concat_ws(' ', 'hm-' || NEW.number, NEW.subject)) END
   WHERE case_id = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER index_guarded AFTER UPDATE ON console.cases
  FOR EACH ROW WHEN (NEW.guarded IS DISTINCT FROM OLD.guarded OR (NEW.guarded AND NEW.subject <> OLD.subject))
  EXECUTE FUNCTION console.index_guarded();

CREATE OR REPLACE FUNCTION console.index_messages() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO console.case_search (case_id, number, kind, words, shown)
    SELECT c.id, c.number, c.kind,
           left(lower(concat_ws(' ', 'hm-' || c.number, t.subject, t.requester_name, t.requester_email, said.words)), 8000),
           CASE WHEN c.guarded THEN lower(concat_ws(' ', 'hm-' || c.number, c.subject)) END
      FROM (SELECT n.case_id, string_agg(left(n.body, 8000), ' ' ORDER BY n.at DESC) AS words
              FROM new_rows n GROUP BY n.case_id) said
      JOIN console.cases c ON c.id = said.case_id JOIN console.tickets t ON t.case_id = c.id
    ON CONFLICT (case_id) DO UPDATE
      SET words = left(excluded.words || ' ' || case_search.words, 8000), shown = excluded.shown;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION console.search_cases(patterns text[], cap integer) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ SELECT found.case_id FROM (
        SELECT s.case_id FROM console.case_search s
         WHERE s.words LIKE lower(patterns[1]) AND s.words LIKE ALL (SELECT lower(p) FROM unnest(patterns) p)
           AND s.kind = 'ticket' AND (s.shown IS NULL OR (SELECT console.sees_guarded()))
        UNION ALL
        SELECT s.case_id FROM console.case_search s
         WHERE s.shown LIKE lower(patterns[1]) AND s.shown LIKE ALL (SELECT lower(p) FROM unnest(patterns) p)
           AND s.kind = 'ticket' AND NOT (SELECT console.sees_guarded())) found
      WHERE (SELECT console.reads_tickets())
      LIMIT cap $$;

CREATE OR REPLACE FUNCTION console.search_among(cases uuid[], patterns text[]) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ SELECT s.case_id FROM console.case_search s
      WHERE s.case_id = ANY (cases)
        AND CASE WHEN s.shown IS NULL OR (SELECT console.sees_guarded()) THEN s.words ELSE s.shown END
            LIKE ALL (SELECT lower(p) FROM unnest(patterns) p)
        AND s.kind = 'ticket' AND (SELECT console.reads_tickets()) $$;

-- Which tickets of the platform are shut to who is asking; nothing for those who see them. The views of schema
-- `platform` leave these out.
CREATE FUNCTION console.closed_tickets() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp ROWS 100
AS $$ SELECT t.platform_id FROM console.cases c JOIN console.tickets t ON t.case_id = c.id
      WHERE c.guarded AND t.platform_id IS NOT NULL AND NOT (SELECT console.sees_guarded()) $$;

-- Of a safety ticket that has no case yet: whether who is asking may read it. Somebody's console has to take it in, so as
-- long as it waits for that it is open to all who take tickets in; what is older than the go-live waits for nobody.
CREATE FUNCTION console.may_read_uncased(ticket uuid, written timestamptz) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  go_live timestamptz := (SELECT (s.value #>> '{}')::timestamptz FROM console.settings s WHERE s.key = 'intake.go_live');
BEGIN
  RETURN console.sees_guarded() OR coalesce(written, console.now()) >= go_live
      OR EXISTS (SELECT FROM console.tickets t WHERE t.platform_id = ticket)
      OR EXISTS (SELECT FROM platform.ticket_responses r WHERE r.ticket_id = ticket AND r.created_at >= go_live);
END $$;

-- Whether the platform calls this a safety ticket. In PL/pgSQL because schema `platform` is made after this one.
CREATE FUNCTION console.claims_safety(ticket uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN EXISTS (SELECT FROM platform.tickets t WHERE t.id = ticket AND t.category = 'safety');
END $$;

-- The same of one ticket, for what changes it. Who takes a ticket in corrects what its row claims in that transaction;
-- before it is a case nobody else changes what the platform calls safety, or it would be taken in as something else.
CREATE FUNCTION console.refuses_ticket(ticket uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE shut boolean;
BEGIN
  IF console.sees_guarded() THEN
    RETURN false;
  END IF;
  SELECT c.guarded AND c.guarded_in IS DISTINCT FROM pg_current_xact_id_if_assigned() INTO shut
    FROM console.tickets t JOIN console.cases c ON c.id = t.case_id WHERE t.platform_id = ticket;
  RETURN CASE WHEN FOUND THEN shut ELSE console.claims_safety(ticket) END;
END $$;

-- What the platform calls a safety ticket becomes a safety ticket here, whoever takes it in.
CREATE FUNCTION console.guard_arrival() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF console.sees_guarded() OR EXISTS (SELECT FROM console.cases c WHERE c.id = NEW.case_id AND c.guarded) THEN
    RETURN NEW;
  END IF;
  IF console.claims_safety(NEW.platform_id) THEN
    RAISE EXCEPTION 'a safety ticket of the platform is taken in as one' USING ERRCODE = '42501';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_arrival BEFORE INSERT ON console.tickets
  FOR EACH ROW WHEN (NEW.platform_id IS NOT NULL) EXECUTE FUNCTION console.guard_arrival();

-- Which rows of a file are tickets already, guarded ones too: whoever asks has the row in their hands.
CREATE FUNCTION console.imported(keys text[]) RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ SELECT t.import_key FROM console.tickets t WHERE t.import_key = ANY (keys) AND console.works_tickets() $$;

-- What somebody writes on to a guarded ticket waits for a console that may read it. In PL/pgSQL because schema
-- `platform` is made after this one. A key that is no uuid is a stranger's and hides nothing.
CREATE FUNCTION console.may_take(arrived text, arrived_key text) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE ticket uuid;
BEGIN
  IF arrived_key !~* '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$' THEN
    RETURN true;
  ELSIF arrived = 'ticket_response' THEN
    SELECT r.ticket_id INTO ticket FROM platform.ticket_responses r WHERE r.id = arrived_key::uuid;
  ELSE
    ticket := arrived_key::uuid;
  END IF;
  RETURN NOT EXISTS (SELECT FROM console.tickets t JOIN console.cases c ON c.id = t.case_id
                      WHERE t.platform_id = ticket AND c.guarded);
END $$;

-- A command says what was wanted of its cases, reasons included: it is shut when one of them is.
CREATE FUNCTION console.command_is_open(wanted uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ SELECT NOT EXISTS (SELECT FROM console.command_cases p JOIN console.cases c ON c.id = p.case_id
                          WHERE p.command_id = wanted AND c.guarded) $$;
CREATE FUNCTION console.command_is_own(wanted uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ SELECT EXISTS (SELECT FROM console.commands c WHERE c.id = wanted AND c.actor = session_user) $$;

-- Asks with the owner's eyes: whose command it is has to be known even where it may not be read.
CREATE OR REPLACE FUNCTION console.guard_undo() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM console.commands c WHERE c.id = NEW.undoes AND starts_with(c.name, 'intake.')) THEN
    RAISE EXCEPTION 'what people wrote cannot be unwritten' USING ERRCODE = '42501';
  END IF;
  IF NOT console.has_role('console_manager')
     AND EXISTS (SELECT FROM console.commands c WHERE c.id = NEW.undoes AND c.actor <> session_user) THEN
    RAISE EXCEPTION 'only its author or a manager takes a command back' USING ERRCODE = '42501';
  END IF;
  RETURN NEW;
END $$;

-- Row security. The row itself stays visible: number, subject, clock and level are in it, the text is not.
DROP POLICY work ON console.cases;
CREATE POLICY work ON console.cases FOR UPDATE
  USING (kind = 'ticket' AND (SELECT console.works_tickets()) AND (NOT guarded OR console.sees_guarded()))
  WITH CHECK (kind = 'ticket' AND (SELECT console.works_tickets()));

DROP POLICY read ON console.commands;
CREATE POLICY read ON console.commands FOR SELECT
  USING (actor = session_user OR current_user = 'console_owner'
         OR ((SELECT console.reads_tickets()) AND (console.sees_guarded() OR console.command_is_open(id))));

DO $$
DECLARE
  t text;
  -- what hangs on a case follows the case
  seen text := 'EXISTS (SELECT FROM console.cases c WHERE c.id = %I AND (NOT c.guarded OR console.sees_guarded()))';
  mine text := 'EXISTS (SELECT FROM console.cases c WHERE c.id = case_id
                          AND (NOT c.guarded OR c.guarded_in = pg_current_xact_id() OR console.sees_guarded()))';
  reads text := '(SELECT console.reads_tickets()) AND ';
  works text := '(SELECT console.works_tickets()) AND ';
  -- an acknowledgement for as long as it needs sending, and to who sent it
  unsent text := '(acknowledges AND (state <> ''sent'' OR claimed_by = session_user))';
BEGIN
  seen := format(seen, 'case_id');
  FOREACH t IN ARRAY ARRAY['tickets', 'messages', 'notes', 'deliveries', 'attachments', 'case_links', 'pauses'] LOOP
    EXECUTE format('DROP POLICY read ON console.%I', t);
    EXECUTE format('DROP POLICY make ON console.%I', t);
    EXECUTE format('DROP POLICY work ON console.%I', t);
    EXECUTE format('CREATE POLICY make ON console.%I FOR INSERT WITH CHECK (%s)', t, works || mine);
  END LOOP;
  FOREACH t IN ARRAY ARRAY['tickets', 'notes', 'attachments', 'pauses'] LOOP
    EXECUTE format('CREATE POLICY read ON console.%I FOR SELECT USING (%s)', t, reads || seen);
  END LOOP;
  FOREACH t IN ARRAY ARRAY['tickets', 'notes', 'attachments', 'pauses', 'messages', 'case_links'] LOOP
    EXECUTE format('CREATE POLICY work ON console.%I FOR UPDATE USING (%s)', t, works || seen);
  END LOOP;
  EXECUTE format('CREATE POLICY read ON console.messages FOR SELECT USING (%s(%s OR (kind = ''acknowledgement''
    AND EXISTS (SELECT FROM console.deliveries d WHERE d.message_id = messages.id AND d.acknowledges))))', reads, seen);
  EXECUTE format('CREATE POLICY read ON console.deliveries FOR SELECT USING (%s(%s OR %s))', reads, seen, unsent);
  EXECUTE format('CREATE POLICY work ON console.deliveries FOR UPDATE USING (%s(%s OR %s))', works, seen, unsent);
  -- the reason of a refund may tell what the case tells
  DROP POLICY read ON console.refund_intents;
  EXECUTE format('CREATE POLICY read ON console.refund_intents FOR SELECT USING (
    (SELECT console.has_role(''console_auditor'')) OR (SELECT console.has_role(''console_worker''))
    OR ((SELECT console.has_role(''console_agent'')) AND (case_id IS NULL OR %s)))', seen);
  -- a link is about both its cases
  EXECUTE format('CREATE POLICY read ON console.case_links FOR SELECT USING (%s%s AND %s)', reads, seen,
                 replace(seen, 'case_id', 'other_id'));
  EXECUTE format('CREATE POLICY make_both ON console.case_links AS RESTRICTIVE FOR INSERT WITH CHECK (%s AND %s)', mine,
                 replace(mine, 'case_id', 'other_id'));
  DROP POLICY read ON console.command_cases;
  EXECUTE format('CREATE POLICY read ON console.command_cases FOR SELECT USING (current_user = ''console_owner''
    OR (%s(%s OR console.command_is_own(command_id))))', reads, seen);
END $$;

-- A delivery belongs to the case of its message: whoever could file a message of a hidden case under a case of their own
-- would choose where its words are sent.
ALTER TABLE console.messages ADD CONSTRAINT messages_in_a_case UNIQUE (id, case_id);
ALTER TABLE console.deliveries ADD CONSTRAINT deliveries_of_the_messages_case
  FOREIGN KEY (message_id, case_id) REFERENCES console.messages (id, case_id);

-- The functions above ask for everybody, and some answer about what the caller may not see.
CREATE POLICY guards ON console.tickets FOR SELECT USING (current_user = 'console_owner');
CREATE POLICY guards ON console.messages FOR SELECT USING (current_user = 'console_owner');
CREATE POLICY guards ON console.pauses FOR ALL USING (current_user = 'console_owner');

DROP POLICY drain ON console.intake;
CREATE POLICY read ON console.intake FOR SELECT
  USING ((SELECT console.works_tickets()) AND (console.sees_guarded() OR console.may_take(source, key)));
CREATE POLICY file ON console.intake FOR INSERT WITH CHECK ((SELECT console.works_tickets()));
CREATE POLICY guards ON console.intake FOR ALL USING (current_user = 'console_owner');
DROP POLICY unlink ON console.case_links;
CREATE POLICY guards ON console.case_links FOR ALL USING (current_user = 'console_owner');
CREATE POLICY guards ON console.saved_views FOR ALL USING (current_user = 'console_owner');

-- What is deleted is deleted by functions: who may delete from a table may also lock it and keep everybody out.
REVOKE DELETE ON console.case_links, console.saved_views FROM console_agent;
REVOKE UPDATE (source), DELETE ON console.intake FROM console_agent, console_worker;

-- Takes what arrived, inside the command that makes cases of it; nothing while somebody else is at it.
CREATE FUNCTION console.take_intake(most integer) RETURNS TABLE (source text, key text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp ROWS 500 AS $$
BEGIN
  IF NOT console.works_tickets() OR NOT EXISTS (
       SELECT FROM console.commands c WHERE c.xact = pg_current_xact_id() AND c.actor = session_user) THEN
    RAISE EXCEPTION 'what arrived is taken by those who work tickets, inside a recorded command'
      USING ERRCODE = '42501', HINT = 'Insert into console.commands first, in the same transaction.';
  END IF;
  IF console.has_turn('the drain') THEN
    RETURN QUERY DELETE FROM console.intake i WHERE i.id IN (
      SELECT w.id FROM console.intake w WHERE console.sees_guarded() OR console.may_take(w.source, w.key)
       ORDER BY w.id LIMIT most FOR UPDATE SKIP LOCKED) RETURNING i.source, i.key;
  END IF;
END $$;

CREATE FUNCTION console.unlink_cases(one uuid, other uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT console.works_tickets() OR (NOT console.sees_guarded() AND EXISTS (
       SELECT FROM console.cases c WHERE c.id IN (one, other) AND c.guarded)) THEN
    RAISE EXCEPTION 'a link is taken away by those who work both tickets' USING ERRCODE = '42501';
  END IF;
  DELETE FROM console.case_links l WHERE l.case_id = least(one, other) AND l.other_id = greatest(one, other);
END $$;

CREATE FUNCTION console.drop_view(view uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ DELETE FROM console.saved_views v WHERE v.id = view AND v.owner = session_user $$;

-- The queue's row tells that it is guarded, from the index alone.
DROP INDEX console.cases_queue;
CREATE INDEX cases_queue ON console.cases (urgency, rank_at, id)
  INCLUDE (number, kind, subject, snippet, status, category, priority, level, assignee, opened_at, due_at,
           paused_at, snoozed_until, language, unread, version, queued, guarded)
  WHERE queued;
CREATE OR REPLACE VIEW console.queue WITH (security_invoker) AS
  SELECT id, number, kind, subject, snippet, status, category, priority, urgency, level, assignee, opened_at,
         due_at, rank_at, paused_at, snoozed_until, language, unread, version, guarded
    FROM console.cases WHERE queued;

REVOKE ALL ON FUNCTION console.sees_guarded(), console.works_guarded(name), console.guard_safety(),
  console.mark_safety_answer(), console.follow_safety_answer(), console.mark_acknowledgement(),
  console.index_guarded(), console.closed_tickets(), console.refuses_ticket(uuid), console.imported(text[]),
  console.may_take(text, text), console.command_is_open(uuid), console.command_is_own(uuid),
  console.hand_over(), console.may_read_uncased(uuid, timestamptz), console.claims_safety(uuid),
  console.guard_arrival(), console.take_intake(integer), console.unlink_cases(uuid, uuid), console.drop_view(uuid)
  FROM PUBLIC;
GRANT EXECUTE ON FUNCTION console.sees_guarded(), console.works_guarded(name), console.closed_tickets(),
  console.command_is_open(uuid), console.command_is_own(uuid)
  TO console_agent, console_moderator, console_safety, console_auditor, console_worker;
GRANT EXECUTE ON FUNCTION console.imported(text[]), console.may_take(text, text), console.take_intake(integer),
  console.unlink_cases(uuid, uuid), console.drop_view(uuid) TO console_agent, console_safety, console_worker;
GRANT EXECUTE ON FUNCTION console.may_read_uncased(uuid, timestamptz)
  TO console_agent, console_moderator, console_safety, console_auditor, console_worker;
GRANT EXECUTE ON FUNCTION console.sees_guarded(), console.command_is_open(uuid) TO console_audit_owner;

-- Safety staff work tickets as agents do.
GRANT INSERT ON console.command_cases TO console_safety;
GRANT INSERT (id, kind, source, subject, snippet, status, category, priority, level, assignee, opened_at, started_at,
  due_at, breach_at, purge_at, language, unread, rank_at) ON console.cases TO console_safety;
GRANT UPDATE (subject, snippet, status, category, priority, level, assignee, started_at, due_at, breach_at, paused_at,
  time_left, breach_left, first_response_at, last_outbound_at, resolved_at, snoozed_until, language, unread,
  merged_into) ON console.cases TO console_safety;
GRANT USAGE ON SEQUENCE console.case_number TO console_safety;
GRANT INSERT, UPDATE (requester_name, requester_email, account_id) ON console.tickets TO console_safety;
GRANT INSERT (id, case_id, direction, kind, channel, author, author_name, body, at, template_id, template_version,
  source_key, command_id), UPDATE (retracted_at) ON console.messages TO console_safety;
GRANT INSERT (id, case_id, body, mentions, command_id), UPDATE (retracted_at) ON console.notes TO console_safety;
GRANT INSERT (message_id, case_id, to_address, to_name, subject, hold_until),
  UPDATE (state, hold_until, attempts, claimed_by, claimed_at, provider_id, last_error, sent_at)
  ON console.deliveries TO console_safety;
GRANT INSERT (id, case_id, message_id, filename, media_type, size, sha256, content, url) ON console.attachments
  TO console_safety;
GRANT INSERT (case_id, other_id) ON console.case_links TO console_safety;
GRANT INSERT (id, recipient, case_id, kind), UPDATE (seen_at) ON console.notices TO console_safety;
GRANT INSERT (id, name, filter, position), UPDATE (name, filter, position) ON console.saved_views
  TO console_safety;
GRANT SELECT, INSERT (source, key) ON console.intake TO console_safety;
