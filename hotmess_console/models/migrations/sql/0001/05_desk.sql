-- Templates with versions, saved views, and the intake that the platform's triggers fill.

CREATE TABLE console.templates (
  id       text NOT NULL CHECK (id ~ '^[a-z0-9-]{2,60}$'),
  language text NOT NULL DEFAULT 'en',
  area     text NOT NULL CHECK (area IN ('support', 'safety')),
  name     text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 80),
  current  integer NOT NULL DEFAULT 1,
  retired  boolean NOT NULL DEFAULT false,
  PRIMARY KEY (id, language)
);
CREATE TABLE console.template_versions (
  id       text NOT NULL,
  language text NOT NULL,
  version  integer NOT NULL CHECK (version > 0),
  subject  text NOT NULL CHECK (char_length(subject) <= 300),
  body     text NOT NULL CHECK (char_length(body) BETWEEN 1 AND 20000),
  made_by  name NOT NULL DEFAULT session_user,
  made_at  timestamptz NOT NULL DEFAULT console.now(),
  PRIMARY KEY (id, language, version),
  FOREIGN KEY (id, language) REFERENCES console.templates (id, language) DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE console.saved_views (
  id       uuid PRIMARY KEY,
  owner    name NOT NULL DEFAULT session_user REFERENCES console.staff (login),
  name     text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 40),
  filter   jsonb NOT NULL,
  position smallint NOT NULL DEFAULT 0,
  UNIQUE (owner, name)
);

-- Platform triggers write here and do nothing else; a drain makes or touches the cases.
CREATE TABLE console.intake (
  id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  source text NOT NULL,
  key    text NOT NULL,
  at     timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TRIGGER recorded BEFORE INSERT OR UPDATE OR DELETE ON console.templates
  FOR EACH STATEMENT EXECUTE FUNCTION console.require_command();
CREATE TRIGGER recorded BEFORE INSERT OR UPDATE OR DELETE ON console.template_versions
  FOR EACH STATEMENT EXECUTE FUNCTION console.require_command();
CREATE TRIGGER recorded BEFORE INSERT OR UPDATE OR DELETE ON console.settings
  FOR EACH STATEMENT EXECUTE FUNCTION console.require_command();
CREATE TRIGGER recorded BEFORE INSERT OR UPDATE OR DELETE ON console.saved_views
  FOR EACH STATEMENT EXECUTE FUNCTION console.require_command();
