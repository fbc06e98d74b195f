-- Seals over the audit: a hash chain written after the fact by one sealer. Runs as console_audit_owner.

-- One seal an entry, only ever added to. `floor`: entries up to this id were written on another server, whose transaction
-- numbers stood higher, before the database was restored here; 0 as long as it never moved that way.
CREATE TABLE console_audit.seals (
  seq       bigint PRIMARY KEY CHECK (seq > 0),
  entry_id  bigint NOT NULL UNIQUE,
  floor     bigint NOT NULL,
  sealed_at timestamptz NOT NULL,
  prev_hash bytea NOT NULL CHECK (octet_length(prev_hash) = 32),
  hash      bytea NOT NULL CHECK (octet_length(hash) = 32)
);
CREATE INDEX seals_by_time ON console_audit.seals (sealed_at);
CREATE INDEX entries_in_order ON console_audit.entries (xact, id);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON console_audit.seals
  FOR EACH STATEMENT EXECUTE FUNCTION console_audit.forbid();

-- Whoever has this row locked is the sealer. An advisory lock would not do: any login can take one and keep it.
CREATE TABLE console_audit.sealer (only_row boolean PRIMARY KEY CHECK (only_row));
INSERT INTO console_audit.sealer VALUES (true);

-- A field of a sealed entry: four bytes of length (-1: absent), then its bytes. Numbers have eight, times are microseconds
-- since 1970. This is also what a binary COPY sends, so that a checker may hash what it reads as it stands.
CREATE FUNCTION console_audit.field(bytea) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN $1 IS NULL THEN '\xffffffff'::bytea ELSE int4send(octet_length($1)) || $1 END;
CREATE FUNCTION console_audit.field(text) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN console_audit.field(convert_to($1, 'UTF8'));
CREATE FUNCTION console_audit.field(bigint) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN console_audit.field(int8send($1));
CREATE FUNCTION console_audit.field(timestamptz) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN console_audit.field((extract(epoch FROM $1) * 1000000)::bigint);

CREATE FUNCTION console_audit.canonical(seal console_audit.seals, e console_audit.entries) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN console_audit.field((seal).seq) || console_audit.field((seal).floor) || console_audit.field((seal).sealed_at)
    || console_audit.field((e).id) || console_audit.field((e).at) || console_audit.field((e).xact::text::bigint)
    || console_audit.field((e).actor::text) || console_audit.field(host((e).client))
    || console_audit.field((e).command_id::text) || console_audit.field((e).action) || console_audit.field((e).relation)
    || console_audit.field((e).subject) || console_audit.field((e).case_id::text)
    || console_audit.field((e).detail::text) || console_audit.field((seal).prev_hash);

-- Seals at most so many entries and says how many it sealed; 0 also while another sealer is at it: nobody waits.
-- Every login of the console may call it, since the caller contributes nothing: it appends what the entries say, in the
-- one order there is, or it changes nothing. Entries are taken in the order (xact, id) and only below the snapshot's
-- xmin, where every transaction has ended: none can still appear before the newest seal.
CREATE FUNCTION console_audit.seal(most integer DEFAULT 1000) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = on AS $$
DECLARE
  head console_audit.seals;
  entry console_audit.entries;
  position_xact xid8 := '0';
  position_id bigint := 0;
  ended xid8;
  newest bigint := 9223372036854775807;
  sealed integer := 0;
BEGIN
  PERFORM FROM console_audit.sealer FOR UPDATE SKIP LOCKED;
  IF NOT FOUND THEN
    RETURN 0;
  END IF;
  ended := pg_snapshot_xmin(pg_current_snapshot());
  SELECT * INTO head FROM console_audit.seals ORDER BY seq DESC LIMIT 1;
  IF FOUND THEN
    SELECT xact, id INTO position_xact, position_id FROM console_audit.entries WHERE id = head.entry_id;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'the newest sealed entry of the audit is gone: nothing is sealed on top of that'
        USING ERRCODE = 'XX001', HINT = 'Run: hotmess-console audit verify';
    END IF;
  ELSE
    head := ROW (0, 0, 0, NULL, NULL, decode(repeat('00', 32), 'hex'));
  END IF;
  -- Restored onto a server whose transaction numbers are behind: what came along is sealed first, then it starts anew.
  IF position_xact >= pg_snapshot_xmax(pg_current_snapshot()) OR EXISTS (
       SELECT FROM (SELECT xact, id FROM console_audit.entries ORDER BY xact DESC, id DESC LIMIT 1) top
        WHERE top.xact >= pg_snapshot_xmax(pg_current_snapshot()) AND top.id > head.floor) THEN
    IF EXISTS (SELECT FROM console_audit.entries
                WHERE (xact, id) > (position_xact, position_id) AND id > head.floor) THEN
      ended := '18446744073709551615';
      SELECT max(id) INTO newest FROM console_audit.entries WHERE xact >= pg_snapshot_xmax(pg_current_snapshot());
    ELSE
      SELECT max(entry_id), '0', 0 INTO head.floor, position_xact, position_id FROM console_audit.seals;
    END IF;
  END IF;
  head.sealed_at := console.now();
  FOR entry IN
    SELECT * FROM console_audit.entries
     WHERE (xact, id) > (position_xact, position_id) AND id > head.floor AND id <= newest AND xact < ended
     ORDER BY xact, id LIMIT least(greatest(most, 1), 10000)
  LOOP
    head.seq := head.seq + 1;
    head.entry_id := entry.id;
    head.prev_hash := head.hash;
    head.hash := sha256(console_audit.canonical(head, entry));
    INSERT INTO console_audit.seals VALUES (head.*);
    sealed := sealed + 1;
  END LOOP;
  RETURN sealed;
END $$;

-- How far sealing is: the newest seal, the hash of the seal `known` (NULL: there is none), and since when the oldest entry
-- waits that has no seal. Times and hashes only: of what was done nothing can be read from it.
CREATE FUNCTION console_audit.seal_state(known bigint, OUT seq bigint, OUT hash bytea, OUT sealed_at timestamptz,
  OUT known_hash bytea, OUT waiting_since timestamptz, OUT at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = on AS $$
DECLARE
  position_xact xid8 := '0';
  position_id bigint := 0;
  head_floor bigint := 0;
BEGIN
  at := console.now();
  SELECT s.seq, s.hash, s.sealed_at, s.floor, coalesce(e.xact, '0'), coalesce(e.id, 0)
    INTO seq, hash, sealed_at, head_floor, position_xact, position_id
    FROM console_audit.seals s LEFT JOIN console_audit.entries e ON e.id = s.entry_id ORDER BY s.seq DESC LIMIT 1;
  SELECT s.hash INTO known_hash FROM console_audit.seals s WHERE s.seq = known;
  SELECT e.at INTO waiting_since FROM console_audit.entries e
   WHERE (e.xact, e.id) > (coalesce(position_xact, '0'), coalesce(position_id, 0)) AND e.id > coalesce(head_floor, 0)
   ORDER BY e.xact, e.id LIMIT 1;
  IF waiting_since IS NULL AND position_xact >= pg_snapshot_xmax(pg_current_snapshot()) THEN
    SELECT min(e.at) INTO waiting_since FROM console_audit.entries e
     WHERE e.id > (SELECT max(s.entry_id) FROM console_audit.seals s);
  END IF;
  seq := coalesce(seq, 0);
END $$;

-- The subject of an entry: the value of its key; of a key of several columns all values, with a stroke between them.
CREATE FUNCTION console_audit.subject_of(v jsonb, keys text[]) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN keys[2] IS NULL THEN v ->> keys[1]
       ELSE (SELECT string_agg(replace(replace(v ->> k, '\', '\\'), '/', '\/'), '/' ORDER BY place)
               FROM unnest(keys) WITH ORDINALITY AS parts (k, place)) END;

-- What changed between rows `o` and `n` of a table, as an expression on its columns: for many rows a third of the cost of
-- comparing them as JSON. NULL for a table where that might tell another story: values of these types that are equal
-- look alike, and hold no null inside that would be stripped.
CREATE FUNCTION console_audit.difference_of(relation oid, quiet text[]) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
RETURN (SELECT CASE WHEN count(*) <= 45 AND bool_and(atttypid = ANY (ARRAY['bool', 'int2', 'int4', 'int8', 'uuid', 'text', 'name', 'bytea',
                                    'timestamptz', 'interval', 'xid8']::regtype[]) AND collisdeterministic IS NOT FALSE)
               THEN 'jsonb_strip_nulls(jsonb_build_object(' || string_agg(format(
                 CASE WHEN attname = ANY (quiet) THEN '%2$L, CASE WHEN o.%1$I%3$s IS DISTINCT FROM n.%1$I%3$s THEN ''changed'' END'
                      ELSE '%2$L, CASE WHEN o.%1$I%3$s IS DISTINCT FROM n.%1$I%3$s THEN jsonb_build_array(o.%1$I, n.%1$I) END'
                 END, attname, attname, CASE WHEN atttypid = 'interval'::regtype THEN '::text' ELSE '' END), ', ') || '))' END
          FROM pg_attribute LEFT JOIN pg_collation c ON c.oid = attcollation
         WHERE attrelid = relation AND attnum > 0 AND NOT attisdropped);

-- Arguments of the trigger: the columns of the primary key with commas between them, the column with the case ('' for
-- none), then the columns whose values are personal or long: of those only the fact that they changed is kept.
-- Rows are paired by their whole key; one whose key itself changed is an entry for the old key and one for the new.
-- OFFSET 0 keeps a row from being turned into JSON again for each of its columns (350 microseconds a row instead of 45).
-- Nested loops are off because the plan is kept from a session's first change, of one row: with a thousand rows it
-- would compare every old one with every new one.
CREATE OR REPLACE FUNCTION console_audit.record() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_nestloop = off AS $$
DECLARE
  of_command uuid := (SELECT id FROM console.commands
                       WHERE xact = pg_current_xact_id() AND actor = session_user ORDER BY at DESC LIMIT 1);
  keys text[] := string_to_array(TG_ARGV[0], ',');
  case_column text := TG_ARGV[1];
  quiet text[] := TG_ARGV[2:];
  difference text;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    -- a condition of its own: an expression is planned whole, and a DELETE has no new_rows
    IF keys[2] IS NULL AND (SELECT count(*) FROM (SELECT FROM new_rows LIMIT 51) counted) > 50 THEN
      difference := console_audit.difference_of(TG_RELID, quiet);
    END IF;
  END IF;
  IF TG_OP = 'INSERT' THEN
    INSERT INTO console_audit.entries (command_id, action, relation, subject, case_id, detail)
    SELECT of_command, 'insert', TG_TABLE_NAME, console_audit.subject_of(r.v, keys), (r.v ->> case_column)::uuid,
           jsonb_strip_nulls(r.v - quiet)
      FROM (SELECT to_jsonb(n) AS v FROM new_rows n OFFSET 0) r;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO console_audit.entries (command_id, action, relation, subject, case_id, detail)
    SELECT of_command, 'delete', TG_TABLE_NAME, console_audit.subject_of(r.v, keys), (r.v ->> case_column)::uuid,
           jsonb_strip_nulls(r.v - quiet)
      FROM (SELECT to_jsonb(o) AS v FROM old_rows o OFFSET 0) r;
  ELSIF difference IS NOT NULL THEN
    EXECUTE format(
      'INSERT INTO console_audit.entries (command_id, action, relation, subject, case_id, detail)
       SELECT $1, CASE WHEN o.%1$I IS NULL THEN ''insert'' WHEN n.%1$I IS NULL THEN ''delete'' ELSE ''update'' END, $2,
              %1$I::text, %2$s::uuid,
              CASE WHEN o.%1$I IS NULL OR n.%1$I IS NULL
                   THEN jsonb_strip_nulls(CASE WHEN n.%1$I IS NULL THEN to_jsonb(o) ELSE to_jsonb(n) END - $3)
                   ELSE %3$s END
         FROM old_rows o FULL JOIN new_rows n USING (%1$I)',
      keys[1], CASE case_column WHEN '' THEN 'NULL' ELSE format('coalesce(n.%1$I, o.%1$I)', case_column) END, difference)
      USING of_command, TG_TABLE_NAME, quiet;
  ELSE
    INSERT INTO console_audit.entries (command_id, action, relation, subject, case_id, detail)
    SELECT of_command, CASE WHEN p.old IS NULL THEN 'insert' WHEN p.new IS NULL THEN 'delete' ELSE 'update' END,
           TG_TABLE_NAME, p.subject, (coalesce(p.new, p.old) ->> case_column)::uuid,
           CASE WHEN p.old IS NULL OR p.new IS NULL THEN jsonb_strip_nulls(coalesce(p.new, p.old) - quiet)
                ELSE (SELECT coalesce(jsonb_object_agg(e.key,
                               CASE WHEN e.key = ANY (quiet) THEN '"changed"'::jsonb
                                    ELSE jsonb_build_array(p.old -> e.key, e.value) END), '{}')
                        FROM jsonb_each(p.new) e WHERE e.value IS DISTINCT FROM p.old -> e.key) END
      FROM (SELECT subject, o.v AS old, n.v AS new
              FROM (SELECT console_audit.subject_of(r.v, keys) AS subject, r.v
                      FROM (SELECT to_jsonb(x) AS v FROM old_rows x OFFSET 0) r OFFSET 0) o
              FULL JOIN (SELECT console_audit.subject_of(r.v, keys) AS subject, r.v
                           FROM (SELECT to_jsonb(x) AS v FROM new_rows x OFFSET 0) r OFFSET 0) n USING (subject)
            OFFSET 0) p;
  END IF;
  RETURN NULL;
END $$;

ALTER TABLE console_audit.seals ENABLE ROW LEVEL SECURITY;
ALTER TABLE console_audit.seals FORCE ROW LEVEL SECURITY;
ALTER TABLE console_audit.sealer ENABLE ROW LEVEL SECURITY;
ALTER TABLE console_audit.sealer FORCE ROW LEVEL SECURITY;
CREATE POLICY sealing ON console_audit.entries FOR SELECT TO console_audit_owner USING (true);
CREATE POLICY sealing ON console_audit.sealer FOR ALL TO console_audit_owner USING (true);
CREATE POLICY sealing ON console_audit.seals FOR ALL TO console_audit_owner USING (true);
CREATE POLICY read ON console_audit.seals FOR SELECT
  USING (pg_has_role(session_user, 'console_auditor', 'USAGE') OR pg_has_role(session_user, 'console_manager', 'USAGE'));
REVOKE ALL ON console_audit.seals, console_audit.sealer FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA console_audit FROM PUBLIC;
GRANT SELECT ON console_audit.seals TO console_auditor, console_manager;
GRANT USAGE ON SCHEMA console_audit TO console_agent, console_moderator, console_safety, console_worker;
GRANT EXECUTE ON FUNCTION console_audit.seal(integer), console_audit.seal_state(bigint)
  TO console_agent, console_moderator, console_safety, console_auditor, console_worker;
