-- What the audit triggers are told again: whole keys, and nothing in an entry that somebody may have to erase.
-- Runs as console_owner.
CREATE FUNCTION pg_temp.audited_anew(relation regclass, VARIADIC arguments text[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE quoted text := (SELECT string_agg(quote_literal(a), ', ') FROM unnest(arguments) a);
BEGIN
  EXECUTE format('CREATE OR REPLACE TRIGGER audit_insert AFTER INSERT ON %s REFERENCING NEW TABLE AS new_rows
                  FOR EACH STATEMENT EXECUTE FUNCTION console_audit.record(%s)', relation, quoted);
  EXECUTE format('CREATE OR REPLACE TRIGGER audit_update AFTER UPDATE ON %s REFERENCING OLD TABLE AS old_rows
                  NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION console_audit.record(%s)', relation, quoted);
  EXECUTE format('CREATE OR REPLACE TRIGGER audit_delete AFTER DELETE ON %s REFERENCING OLD TABLE AS old_rows
                  FOR EACH STATEMENT EXECUTE FUNCTION console_audit.record(%s)', relation, quoted);
END $$;
SELECT pg_temp.audited_anew('console.case_links', 'case_id,other_id', 'case_id');
SELECT pg_temp.audited_anew('console.templates', 'id,language', '');
SELECT pg_temp.audited_anew('console.template_versions', 'id,language,version', '', 'body');
-- What a command asked for may name people: it lies in the command's own row, where it can be erased.
SELECT pg_temp.audited_anew('console.commands', 'id', '', 'params', 'digest');
DROP FUNCTION pg_temp.audited_anew(regclass, VARIADIC text[]);
