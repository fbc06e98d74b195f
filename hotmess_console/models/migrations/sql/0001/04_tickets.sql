-- What a ticket has beyond its case: who wrote, the thread, notes, what was sent and how that went.

CREATE TABLE console.tickets (
  case_id         uuid PRIMARY KEY REFERENCES console.cases (id),
  platform_id     uuid UNIQUE,
  import_key      text UNIQUE,
  subject         text NOT NULL,
  requester_name  text CHECK (char_length(requester_name) <= 200),
  requester_email text CHECK (char_length(requester_email) <= 320),
  account_id      uuid
);
CREATE INDEX tickets_of_email ON console.tickets (lower(requester_email));
CREATE INDEX tickets_of_account ON console.tickets (account_id) WHERE account_id IS NOT NULL;

CREATE TABLE console.messages (
  id               uuid PRIMARY KEY,
  case_id          uuid NOT NULL REFERENCES console.cases (id),
  direction        text NOT NULL CHECK (direction IN ('in', 'out')),
  kind             text NOT NULL CHECK (kind IN ('message', 'reply', 'acknowledgement', 'confirmation')),
  channel          text NOT NULL CHECK (channel IN ('platform', 'email', 'import', 'console')),
  author           name REFERENCES console.staff (login),
  author_name      text CHECK (char_length(author_name) <= 200),
  body             text NOT NULL CHECK (char_length(body) <= 200000),
  at               timestamptz NOT NULL DEFAULT console.now(),
  template_id      text,
  template_version integer,
  source_key       text UNIQUE,
  command_id       uuid REFERENCES console.commands (id),
  retracted_at     timestamptz
);
CREATE INDEX messages_of_case ON console.messages (case_id, at, id);
CREATE INDEX messages_of_command ON console.messages (command_id) WHERE command_id IS NOT NULL;

CREATE TABLE console.notes (
  id       uuid PRIMARY KEY,
  case_id  uuid NOT NULL REFERENCES console.cases (id),
  author   name NOT NULL DEFAULT session_user REFERENCES console.staff (login),
  body     text NOT NULL CHECK (char_length(body) BETWEEN 1 AND 20000),
  mentions name[] NOT NULL DEFAULT '{}',
  at       timestamptz NOT NULL DEFAULT console.now(),
  command_id   uuid REFERENCES console.commands (id),
  retracted_at timestamptz
);
CREATE INDEX notes_of_case ON console.notes (case_id, at);

-- The delivery ledger: one row a message, held first, sent once.
CREATE TABLE console.deliveries (
  message_id  uuid PRIMARY KEY REFERENCES console.messages (id),
  case_id     uuid NOT NULL REFERENCES console.cases (id),
  to_address  text NOT NULL CHECK (char_length(to_address) <= 320),
  to_name     text NOT NULL DEFAULT '',
  subject     text NOT NULL CHECK (char_length(subject) <= 300 AND subject !~ '[\r\n]'),
  state       text NOT NULL DEFAULT 'held'
              CHECK (state IN ('held', 'sending', 'sent', 'failed', 'unknown', 'cancelled')),
  hold_until  timestamptz NOT NULL,
  attempts    smallint NOT NULL DEFAULT 0,
  claimed_by  name,
  claimed_at  timestamptz,
  provider_id text,
  last_error  text,
  sent_at     timestamptz
);
CREATE INDEX deliveries_waiting ON console.deliveries (hold_until) WHERE state = 'held';
CREATE INDEX deliveries_in_flight ON console.deliveries (claimed_at) WHERE state = 'sending';
CREATE INDEX deliveries_of_case ON console.deliveries (case_id);

CREATE TABLE console.attachments (
  id         uuid PRIMARY KEY,
  case_id    uuid NOT NULL REFERENCES console.cases (id),
  message_id uuid REFERENCES console.messages (id),
  filename   text NOT NULL CHECK (char_length(filename) BETWEEN 1 AND 200 AND filename !~ '[/\\\r\n]'),
  media_type text NOT NULL CHECK (char_length(media_type) <= 100),
  size       bigint NOT NULL CHECK (size BETWEEN 0 AND 26214400),
  sha256     bytea CHECK (octet_length(sha256) = 32),
  content    bytea,
  url        text,
  at         timestamptz NOT NULL DEFAULT console.now(),
  CHECK ((content IS NULL) <> (url IS NULL))
);
CREATE INDEX attachments_of_case ON console.attachments (case_id);

CREATE TABLE console.case_links (
  case_id    uuid NOT NULL REFERENCES console.cases (id),
  other_id   uuid NOT NULL REFERENCES console.cases (id),
  at         timestamptz NOT NULL DEFAULT console.now(),
  linked_by  name NOT NULL DEFAULT session_user,
  PRIMARY KEY (case_id, other_id),
  CHECK (case_id < other_id)
);

-- Something a colleague should see: a mention, an assignment, an escalation, the end of a snooze.
CREATE TABLE console.notices (
  id        uuid PRIMARY KEY,
  recipient name NOT NULL REFERENCES console.staff (login),
  case_id   uuid NOT NULL REFERENCES console.cases (id),
  kind      text NOT NULL CHECK (kind IN ('mention', 'assigned', 'escalated', 'reminder')),
  sender    name NOT NULL DEFAULT session_user,
  at        timestamptz NOT NULL DEFAULT console.now(),
  seen_at   timestamptz
);
CREATE INDEX notices_unseen ON console.notices (recipient, at DESC) WHERE seen_at IS NULL;

CREATE TRIGGER recorded BEFORE INSERT OR UPDATE OR DELETE ON console.tickets
  FOR EACH STATEMENT EXECUTE FUNCTION console.require_command();
CREATE TRIGGER recorded BEFORE INSERT OR UPDATE OR DELETE ON console.messages
  FOR EACH STATEMENT EXECUTE FUNCTION console.require_command();
CREATE TRIGGER recorded BEFORE INSERT OR UPDATE OR DELETE ON console.notes
  FOR EACH STATEMENT EXECUTE FUNCTION console.require_command();
CREATE TRIGGER recorded BEFORE INSERT OR DELETE ON console.deliveries
  FOR EACH STATEMENT EXECUTE FUNCTION console.require_command();
CREATE TRIGGER recorded BEFORE INSERT OR UPDATE OR DELETE ON console.attachments
  FOR EACH STATEMENT EXECUTE FUNCTION console.require_command();
CREATE TRIGGER recorded BEFORE INSERT OR UPDATE OR DELETE ON console.notices
  FOR EACH STATEMENT EXECUTE FUNCTION console.require_command();
CREATE TRIGGER recorded BEFORE INSERT OR UPDATE OR DELETE ON console.case_links
  FOR EACH STATEMENT EXECUTE FUNCTION console.require_command();

-- A message once written keeps its words; only its retraction may be set.
CREATE FUNCTION console.guard_message() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF (NEW.id, NEW.case_id, NEW.body, NEW.author, NEW.at) IS DISTINCT FROM (OLD.id, OLD.case_id, OLD.body, OLD.author, OLD.at) THEN
    RAISE EXCEPTION 'what was written stays as it was written' USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE UPDATE ON console.messages FOR EACH ROW EXECUTE FUNCTION console.guard_message();
CREATE TRIGGER guard BEFORE UPDATE ON console.notes FOR EACH ROW EXECUTE FUNCTION console.guard_message();

-- A message leaves once: nothing comes back from sent or cancelled. Claiming and settling are the dispatcher's, which
-- gives no commands; whatever a person decides about a message is a command like anything else.
CREATE FUNCTION console.guard_delivery() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
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
  RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE UPDATE ON console.deliveries FOR EACH ROW EXECUTE FUNCTION console.guard_delivery();

CREATE TRIGGER tell AFTER INSERT ON console.messages REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION console.tell_threads();
CREATE TRIGGER tell AFTER INSERT ON console.notes REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION console.tell_threads();
CREATE TRIGGER tell AFTER UPDATE ON console.deliveries REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION console.tell_threads();

-- Search lives beside the case, so that triage never touches its index.
CREATE TABLE console.case_search (
  case_id uuid PRIMARY KEY REFERENCES console.cases (id),
  number  bigint NOT NULL,
  kind    text NOT NULL,
  words   text NOT NULL
);
CREATE INDEX case_search_trigrams ON console.case_search USING gin (words {{trigram_ops}});
CREATE INDEX case_search_newest ON console.case_search (number DESC);

-- Kept by trigger, so that every writer's words are found; the newest 8,000 characters of a case.
CREATE FUNCTION console.index_messages() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO console.case_search (case_id, number, kind, words)
    SELECT c.id, c.number, c.kind,
           left(lower(concat_ws(' ', 'hm-' || c.number, t.subject, t.requester_name, t.requester_email, said.words)), 8000)
      FROM (SELECT n.case_id, string_agg(left(n.body, 8000), ' ' ORDER BY n.at DESC) AS words
              FROM new_rows n GROUP BY n.case_id) said
      JOIN console.cases c ON c.id = said.case_id JOIN console.tickets t ON t.case_id = c.id
    ON CONFLICT (case_id) DO UPDATE SET words = left(excluded.words || ' ' || case_search.words, 8000);
  RETURN NULL;
END $$;
CREATE TRIGGER index_words AFTER INSERT ON console.messages REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION console.index_messages();

-- An address that was given later, or put right, is found at once, and the one that it replaces no longer.
CREATE FUNCTION console.index_requester() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE console.case_search SET words = left(concat_ws(' ', lower(NEW.requester_email),
           replace(words, lower(coalesce(OLD.requester_email, '')), '')), 8000)
   WHERE case_id = NEW.case_id;
  RETURN NULL;
END $$;
CREATE TRIGGER index_requester AFTER UPDATE OF requester_email ON console.tickets
  FOR EACH ROW WHEN (NEW.requester_email IS DISTINCT FROM OLD.requester_email)
  EXECUTE FUNCTION console.index_requester();

-- Runs with the owner's rights because no substring operator is leakproof: under row security the
-- trigram index could not be used. It answers with ids of kinds that the caller may read, nothing else. The first
-- pattern walks the index, the others sift what it finds: all before the cap (NULL: none), so that no match is lost to it.
CREATE FUNCTION console.search_cases(patterns text[], cap integer) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ SELECT case_id FROM console.case_search
      WHERE words LIKE lower(patterns[1]) AND words LIKE ALL (SELECT lower(p) FROM unnest(patterns) p)
        AND kind = 'ticket' AND console.reads_tickets()
      LIMIT cap $$;

-- Which of these cases hold all patterns: for words so common that it is cheaper to walk the queue and ask.
CREATE FUNCTION console.search_among(cases uuid[], patterns text[]) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ SELECT case_id FROM console.case_search
      WHERE case_id = ANY (cases) AND words LIKE ALL (SELECT lower(p) FROM unnest(patterns) p)
        AND kind = 'ticket' AND console.reads_tickets() $$;
