-- Time, identity and settings: what every other table leans on. Runs as console_owner.

GRANT USAGE ON SCHEMA console TO console_audit_owner, console_agent, console_moderator, console_safety,
  console_auditor, console_worker, console_intake;

-- Production form of the clock. Test databases replace it by a read of a table that only a superuser
-- writes (never by a setting: any SQL client can set those).
CREATE FUNCTION console.now() RETURNS timestamptz
LANGUAGE sql VOLATILE PARALLEL SAFE AS 'SELECT clock_timestamp()';

CREATE FUNCTION console.has_role(wanted name) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$ SELECT pg_has_role(session_user, wanted, 'USAGE') $$;

CREATE FUNCTION console.reads_tickets() RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$ SELECT console.has_role('console_agent') OR console.has_role('console_moderator')
          OR console.has_role('console_safety') OR console.has_role('console_auditor')
          OR console.has_role('console_worker') $$;

CREATE FUNCTION console.works_tickets() RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$ SELECT console.has_role('console_agent') OR console.has_role('console_worker') $$;

CREATE TABLE console.settings (
  key        text PRIMARY KEY CHECK (key ~ '^[a-z_.]{1,60}$'),
  value      jsonb NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT console.now(),
  changed_by name NOT NULL DEFAULT session_user
);

-- What the platform offers, as found at the last install or upgrade.
CREATE TABLE console.bindings (
  concept     text PRIMARY KEY,
  variant     text NOT NULL,
  relations   text[] NOT NULL DEFAULT '{}',
  enforceable text NOT NULL CHECK (enforceable IN ('applied', 'partial', 'not_here')),
  note        text NOT NULL DEFAULT '',
  probed_at   timestamptz NOT NULL DEFAULT console.now()
);

CREATE TABLE console.staff (
  login        name PRIMARY KEY,
  display_name text NOT NULL CHECK (char_length(display_name) BETWEEN 1 AND 80),
  handle       text NOT NULL UNIQUE CHECK (handle ~ '^[a-z0-9._-]{2,40}$'),
  initials     text NOT NULL CHECK (char_length(initials) BETWEEN 1 AND 3),
  email        text CHECK (char_length(email) <= 254),
  active       boolean NOT NULL DEFAULT true,
  created_at   timestamptz NOT NULL DEFAULT console.now()
);
