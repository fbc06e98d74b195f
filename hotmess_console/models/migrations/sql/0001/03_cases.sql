-- The case: everything that waits for a person, one row each, ordered by (urgency, rank_at, id).

CREATE SEQUENCE console.case_number START 10001;

CREATE TABLE console.cases (
  id                uuid PRIMARY KEY,
  number            bigint NOT NULL UNIQUE DEFAULT nextval('console.case_number'),
  kind              text NOT NULL CHECK (kind IN ('ticket')),
  source            text NOT NULL CHECK (source IN ('platform', 'import', 'manual')),
  -- subject and snippet are capped here because they ride in the queue's covering index
  subject           text NOT NULL CHECK (char_length(subject) <= 200),
  snippet           text NOT NULL DEFAULT '' CHECK (char_length(snippet) <= 120),
  status            text NOT NULL DEFAULT 'open'
                    CHECK (status IN ('open', 'in_progress', 'waiting_response', 'resolved', 'closed')),
  category          text NOT NULL DEFAULT 'general'
                    CHECK (category IN ('general', 'technical', 'billing', 'safety', 'feedback', 'business', 'other')),
  priority          text NOT NULL DEFAULT 'normal' CHECK (priority IN ('low', 'normal', 'high', 'urgent')),
  urgency           smallint NOT NULL DEFAULT 2 CHECK (urgency BETWEEN 0 AND 3),
  level             smallint NOT NULL DEFAULT 1 CHECK (level BETWEEN 1 AND 3),
  assignee          name REFERENCES console.staff (login),
  opened_at         timestamptz NOT NULL DEFAULT console.now(),
  -- the clock: running while due_at is set, paused while paused_at is set (then time_left holds what was left)
  started_at        timestamptz,
  due_at            timestamptz,
  breach_at         timestamptz,
  paused_at         timestamptz,
  time_left         interval,
  breach_left       interval,
  purge_at          timestamptz,
  rank_at           timestamptz NOT NULL,
  first_response_at timestamptz,
  last_outbound_at  timestamptz,
  resolved_at       timestamptz,
  snoozed_until     timestamptz,
  language          text NOT NULL DEFAULT '' CHECK (char_length(language) <= 35),
  unread            boolean NOT NULL DEFAULT true,
  merged_into       uuid REFERENCES console.cases (id),
  queued            boolean NOT NULL DEFAULT true,
  version           integer NOT NULL DEFAULT 1,
  changed_at        timestamptz NOT NULL DEFAULT console.now(),
  changed_by        name NOT NULL DEFAULT session_user,
  CHECK (merged_into IS DISTINCT FROM id),
  CHECK ((paused_at IS NULL) OR (due_at IS NULL))
);

-- The queue page: one index-only scan, whatever the number of open cases.
CREATE INDEX cases_queue ON console.cases (urgency, rank_at, id)
  INCLUDE (number, kind, subject, snippet, status, category, priority, level, assignee, opened_at, due_at,
           paused_at, snoozed_until, language, unread, version, queued)
  WHERE queued;
CREATE INDEX cases_of_person ON console.cases (assignee, urgency, rank_at, id) WHERE queued;
CREATE INDEX cases_due ON console.cases (due_at) WHERE queued AND due_at IS NOT NULL;
CREATE INDEX cases_merged ON console.cases (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX cases_finished ON console.cases (urgency, rank_at, id) WHERE NOT queued AND merged_into IS NULL;

CREATE TABLE console.case_edges (
  from_status text NOT NULL,
  to_status   text NOT NULL,
  PRIMARY KEY (from_status, to_status)
);

CREATE TABLE console.command_cases (
  command_id     uuid NOT NULL REFERENCES console.commands (id),
  case_id        uuid NOT NULL REFERENCES console.cases (id),
  prior          jsonb NOT NULL,
  version_before integer NOT NULL,
  version_after  integer NOT NULL,
  PRIMARY KEY (command_id, case_id)
);
CREATE INDEX command_cases_by_case ON console.command_cases (case_id);

-- An undo may walk an edge backwards, to exactly the status that it takes back.
CREATE FUNCTION console.is_undo_to(changed_case uuid, wanted text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ SELECT EXISTS (
        SELECT FROM console.commands c JOIN console.command_cases p ON p.command_id = c.undoes
        WHERE c.xact = pg_current_xact_id() AND c.actor = session_user
          AND p.case_id = changed_case AND p.prior ->> 'status' = wanted) $$;

-- Version, rank, urgency and authorship belong to the server; transitions follow the edge table.
CREATE FUNCTION console.guard_case() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    NEW.version := 1;
  ELSE
    IF NEW.version IS DISTINCT FROM OLD.version THEN
      RAISE EXCEPTION 'the version is set by the database' USING ERRCODE = '23514';
    END IF;
    IF (NEW.id, NEW.number, NEW.kind, NEW.source) IS DISTINCT FROM (OLD.id, OLD.number, OLD.kind, OLD.source) THEN
      RAISE EXCEPTION 'what identifies a case never changes' USING ERRCODE = '23514';
    END IF;
    IF NEW.status IS DISTINCT FROM OLD.status
       AND NOT EXISTS (SELECT FROM console.case_edges e
                       WHERE e.from_status = OLD.status AND e.to_status = NEW.status)
       -- answering a finished case reopens it and goes on from there in one step
       AND NOT EXISTS (SELECT FROM console.case_edges back JOIN console.case_edges e ON e.from_status = back.to_status
                       WHERE back.from_status = OLD.status AND back.to_status = 'in_progress'
                         AND OLD.status IN ('resolved', 'closed') AND e.to_status = NEW.status)
       AND NOT console.is_undo_to(NEW.id, NEW.status) THEN
      RAISE EXCEPTION 'a case cannot go from % to %', OLD.status, NEW.status USING ERRCODE = '23514';
    END IF;
    -- The target is locked, so that of two merges that would make a circle the second sees the first, or gives up.
    IF NEW.merged_into IS NOT NULL AND NEW.merged_into IS DISTINCT FROM OLD.merged_into THEN
      PERFORM FROM console.cases c WHERE c.id = NEW.merged_into AND c.merged_into IS NULL FOR NO KEY UPDATE;
      IF NOT FOUND THEN
        RAISE EXCEPTION 'a case cannot be merged into one that is gone or was merged itself' USING ERRCODE = '23514';
      END IF;
    END IF;
    NEW.version := OLD.version + 1;
  END IF;
  NEW.urgency := CASE NEW.priority WHEN 'urgent' THEN 0 WHEN 'high' THEN 1 WHEN 'normal' THEN 2 ELSE 3 END;
  NEW.queued := NEW.merged_into IS NULL AND NEW.status NOT IN ('resolved', 'closed');
  NEW.changed_at := console.now();
  NEW.changed_by := session_user;
  -- without a running clock a case stands behind all that have one, oldest first;
  -- finished ones count backwards from 2900, so that one ascending order shows the newest first
  NEW.rank_at := CASE
    WHEN NOT NEW.queued THEN timestamptz '2900-01-01 00:00:00+00' - (NEW.changed_at - timestamptz '2000-01-01 00:00:00+00')
    ELSE coalesce(least(NEW.due_at, NEW.purge_at),
                  coalesce(NEW.paused_at, NEW.opened_at) + interval '100 years') END;
  RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON console.cases
  FOR EACH ROW EXECUTE FUNCTION console.guard_case();
CREATE TRIGGER recorded BEFORE INSERT OR UPDATE OR DELETE ON console.cases
  FOR EACH STATEMENT EXECUTE FUNCTION console.require_command();

-- Each stretch in which the clock stood still, written by the database whoever paused it.
CREATE TABLE console.pauses (
  case_id  uuid NOT NULL REFERENCES console.cases (id),
  from_at  timestamptz NOT NULL,
  until_at timestamptz,
  PRIMARY KEY (case_id, from_at),
  CHECK (until_at >= from_at)
);

-- Without nested loops for the same reason as the audit: the plan is kept from a change of one row.
CREATE FUNCTION console.record_pauses() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_nestloop = off AS $$
BEGIN
  UPDATE console.pauses p SET until_at = greatest(console.now(), p.from_at)
    FROM new_rows n JOIN old_rows o ON o.id = n.id
   WHERE p.case_id = n.id AND p.until_at IS NULL
     AND o.paused_at IS NOT NULL AND n.paused_at IS DISTINCT FROM o.paused_at;
  INSERT INTO console.pauses (case_id, from_at)
    SELECT n.id, n.paused_at FROM new_rows n JOIN old_rows o ON o.id = n.id
     WHERE n.paused_at IS NOT NULL AND n.paused_at IS DISTINCT FROM o.paused_at
    ON CONFLICT (case_id, from_at) DO UPDATE SET until_at = NULL;
  RETURN NULL;
END $$;
CREATE TRIGGER pauses AFTER UPDATE ON console.cases
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION console.record_pauses();

-- Who changed what is told by id only; everyone reads again what they show.
CREATE FUNCTION console.tell_cases() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM pg_notify('console', kind || ':' || id || ':' || version) FROM new_rows;
  RETURN NULL;
END $$;
CREATE TRIGGER tell_insert AFTER INSERT ON console.cases REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION console.tell_cases();
CREATE TRIGGER tell_update AFTER UPDATE ON console.cases REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION console.tell_cases();

CREATE FUNCTION console.tell_threads() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM pg_notify('console', 'thread:' || case_id || ':0') FROM (SELECT DISTINCT case_id FROM new_rows) t;
  RETURN NULL;
END $$;
