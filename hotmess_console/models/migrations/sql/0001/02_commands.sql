-- Every write is a command. Its id, minted at the key press, is the de-duplication key and the audit id.

CREATE TABLE console.commands (
  id     uuid PRIMARY KEY,
  name   text NOT NULL CHECK (name ~ '^[a-z_]+\.[a-z_]+$'),
  actor  name NOT NULL DEFAULT session_user,
  at     timestamptz NOT NULL DEFAULT console.now(),
  digest bytea NOT NULL CHECK (octet_length(digest) = 32),
  params jsonb NOT NULL DEFAULT '{}',
  undoes uuid UNIQUE REFERENCES console.commands (id),
  xact   xid8 NOT NULL DEFAULT pg_current_xact_id(),
  CHECK (undoes IS DISTINCT FROM id)
);
CREATE INDEX commands_by_xact ON console.commands (xact);
CREATE INDEX commands_by_actor ON console.commands (actor, at DESC);

CREATE FUNCTION console.command_is_mine(wanted uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ SELECT EXISTS (SELECT FROM console.commands
                     WHERE id = wanted AND actor = session_user AND xact = pg_current_xact_id()) $$;

-- What somebody did is taken back by themselves, or by a manager (the same rule as domain/policy/undoing).
CREATE FUNCTION console.guard_undo() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT console.has_role('console_manager')
     AND EXISTS (SELECT FROM console.commands c WHERE c.id = NEW.undoes AND c.actor <> session_user) THEN
    RAISE EXCEPTION 'only its author or a manager takes a command back' USING ERRCODE = '42501';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_undo BEFORE INSERT ON console.commands
  FOR EACH ROW WHEN (NEW.undoes IS NOT NULL) EXECUTE FUNCTION console.guard_undo();

-- A statement without a command in its own transaction is refused: nothing changes unrecorded.
CREATE FUNCTION console.require_command() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM console.commands WHERE xact = pg_current_xact_id() AND actor = session_user) THEN
    RAISE EXCEPTION '%.% changes only inside a recorded command', TG_TABLE_SCHEMA, TG_TABLE_NAME
      USING ERRCODE = '42501', HINT = 'Insert into console.commands first, in the same transaction.';
  END IF;
  RETURN NULL;
END $$;
