-- What several guards lean on: one at a time, and words with something in them. Runs as console_owner.

-- Whoever does what only one at a time may do has its row here locked until their transaction ends. Nobody has a right
-- on this table; an advisory lock would not do: any login can take one and keep it.
CREATE TABLE console.turns (what text PRIMARY KEY);
INSERT INTO console.turns VALUES ('the drain'), ('ending connections');
COMMENT ON TABLE console.turns IS 'Not audited: rows that are locked and say nothing.';
ALTER TABLE console.turns ENABLE ROW LEVEL SECURITY;
ALTER TABLE console.turns FORCE ROW LEVEL SECURITY;
CREATE POLICY guards ON console.turns FOR ALL USING (current_user = 'console_owner');

CREATE FUNCTION console.wait_for_turn(wanted text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO console.turns VALUES (wanted) ON CONFLICT DO NOTHING;
  PERFORM FROM console.turns WHERE what = wanted FOR UPDATE;
END $$;

CREATE FUNCTION console.has_turn(wanted text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM FROM console.turns WHERE what = wanted FOR UPDATE SKIP LOCKED;
  RETURN FOUND;
END $$;

-- How many characters of a text can be seen: blanks of every kind, line ends and signs without a width are none.
CREATE FUNCTION console.visible_length(words text) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN char_length(regexp_replace(words,
  '[\s\u0085\u00a0\u00ad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u206f'
  || '\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0]', '', 'g'));

REVOKE ALL ON console.turns FROM PUBLIC;
REVOKE ALL ON FUNCTION console.wait_for_turn(text), console.has_turn(text), console.visible_length(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION console.visible_length(text)
  TO console_agent, console_moderator, console_safety, console_auditor, console_worker;
