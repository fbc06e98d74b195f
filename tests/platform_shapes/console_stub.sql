-- The little of the console's own schema that the platform's side calls; the real one is proved elsewhere.
CREATE SCHEMA console AUTHORIZATION console_owner;
SET ROLE console_owner;
CREATE TABLE console.intake (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, source text NOT NULL, key text NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE TABLE console.cases (id integer PRIMARY KEY, platform_id uuid);
CREATE TABLE console.not_mine (command uuid PRIMARY KEY);
CREATE FUNCTION console.command_is_mine(wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS
  $$ SELECT NOT EXISTS (SELECT FROM console.not_mine n WHERE n.command = wanted) $$;
CREATE FUNCTION console.effect_happened(uuid, uuid, jsonb) RETURNS void LANGUAGE sql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS '';
CREATE FUNCTION console.keep_effect(uuid, uuid, jsonb) RETURNS void LANGUAGE sql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS '';
CREATE FUNCTION console.effect_stands(uuid, uuid, jsonb) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS 'SELECT true';
REVOKE ALL ON FUNCTION console.command_is_mine(uuid) FROM PUBLIC;
CREATE TABLE console.closed (ticket uuid PRIMARY KEY);
CREATE FUNCTION console.closed_tickets() RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$ SELECT ticket FROM console.closed $$;
CREATE FUNCTION console.refuses_ticket(wanted uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS $$ SELECT EXISTS (SELECT FROM console.closed WHERE ticket = wanted) $$;
CREATE FUNCTION console.may_read_uncased(uuid, timestamptz) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp AS 'SELECT true';
GRANT USAGE ON SCHEMA console TO console_intake;
GRANT INSERT (source, key) ON console.intake TO console_intake;
RESET ROLE;
