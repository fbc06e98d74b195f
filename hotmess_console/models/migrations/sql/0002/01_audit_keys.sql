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
-- Words that are searched for are often somebody's address; the key of an imported row is a digest of what it says.
SELECT pg_temp.audited_anew('console.saved_views', 'id', '', 'name', 'filter');
SELECT pg_temp.audited_anew('console.tickets', 'case_id', 'case_id', 'subject', 'requester_name', 'requester_email',
                            'import_key');
-- A digest without a key tells whether a file is one that somebody has at hand.
SELECT pg_temp.audited_anew('console.attachments', 'id', 'case_id', 'filename', 'content', 'url', 'sha256');
DROP FUNCTION pg_temp.audited_anew(regclass, VARIADIC text[]);
