-- Which tables are audited, and which of their values the audit must not repeat. Runs as console_owner.
CREATE FUNCTION pg_temp.audited(relation regclass, VARIADIC arguments text[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE quoted text := (SELECT string_agg(quote_literal(a), ', ') FROM unnest(arguments) a);
BEGIN
  EXECUTE format('CREATE TRIGGER audit_insert AFTER INSERT ON %s REFERENCING NEW TABLE AS new_rows
                  FOR EACH STATEMENT EXECUTE FUNCTION console_audit.record(%s)', relation, quoted);
  EXECUTE format('CREATE TRIGGER audit_update AFTER UPDATE ON %s REFERENCING OLD TABLE AS old_rows
                  NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION console_audit.record(%s)', relation, quoted);
  EXECUTE format('CREATE TRIGGER audit_delete AFTER DELETE ON %s REFERENCING OLD TABLE AS old_rows
                  FOR EACH STATEMENT EXECUTE FUNCTION console_audit.record(%s)', relation, quoted);
END $$;
SELECT pg_temp.audited('console.settings', 'key', '');
SELECT pg_temp.audited('console.bindings', 'concept', '');
SELECT pg_temp.audited('console.staff', 'login', '', 'display_name', 'email', 'handle', 'initials');
SELECT pg_temp.audited('console.commands', 'id', '');
SELECT pg_temp.audited('console.cases', 'id', 'id', 'subject', 'snippet');
SELECT pg_temp.audited('console.tickets', 'case_id', 'case_id', 'subject', 'requester_name', 'requester_email');
SELECT pg_temp.audited('console.messages', 'id', 'case_id', 'body', 'author_name');
SELECT pg_temp.audited('console.notes', 'id', 'case_id', 'body');
SELECT pg_temp.audited('console.deliveries', 'message_id', 'case_id', 'to_address', 'to_name', 'subject', 'last_error');
SELECT pg_temp.audited('console.attachments', 'id', 'case_id', 'filename', 'content', 'url');
SELECT pg_temp.audited('console.notices', 'id', 'case_id');
SELECT pg_temp.audited('console.case_links', 'case_id', 'case_id');
SELECT pg_temp.audited('console.templates', 'id', '');
SELECT pg_temp.audited('console.template_versions', 'id', '', 'body');
SELECT pg_temp.audited('console.saved_views', 'id', '');
DROP FUNCTION pg_temp.audited(regclass, VARIADIC text[]);

-- Every other table says why it has no trigger; a test demands one or the other of each table of this schema.
COMMENT ON TABLE console.case_edges IS
  'Not audited: comes with the program. Written once, inside the command install.run; nobody has a right to change it.';
COMMENT ON TABLE console.command_cases IS
  'Not audited: what an undo needs to know, only ever added to. The same change is an entry of console.cases.';
COMMENT ON TABLE console.pauses IS
  'Not audited: written by a trigger from cases.paused_at, whose every change is an entry of console.cases.';
COMMENT ON TABLE console.case_search IS
  'Not audited: words copied by triggers from messages and tickets, which are audited; an entry would repeat them.';
COMMENT ON TABLE console.intake IS
  'Not audited: keys on their way in, decided by nobody. The platform''s own write must do no more than add one; what '
  'the drain makes of it is an entry of each table that it changes.';
COMMENT ON TABLE console.revision IS
  'Not audited: Alembic''s own. It changes inside an install or upgrade, which records the command install.run.';
