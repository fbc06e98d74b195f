-- Who reaches what: nothing by default, then by name; rows by the roles of session_user. Runs as console_owner.

-- Everything that a queue row shows, in one relation with the caller's own rights.
CREATE VIEW console.queue WITH (security_invoker) AS
  SELECT id, number, kind, subject, snippet, status, category, priority, urgency, level, assignee, opened_at,
         due_at, rank_at, paused_at, snoozed_until, language, unread, version
    FROM console.cases WHERE queued;

CREATE VIEW console.staff_directory WITH (security_invoker) AS
  SELECT s.login, s.display_name, s.handle, s.initials, s.email, s.active,
         (SELECT coalesce(array_agg(r.rolname ORDER BY r.rolname), '{}') FROM pg_catalog.pg_roles r
           WHERE r.rolname IN ('console_agent', 'console_senior', 'console_manager', 'console_moderator',
                               'console_safety', 'console_auditor', 'console_worker')
             AND EXISTS (SELECT FROM pg_catalog.pg_roles l
                          WHERE l.rolname = s.login AND pg_has_role(l.oid, r.oid, 'USAGE'))) AS roles
    FROM console.staff s;

DO $$
DECLARE t text;
BEGIN
  FOR t IN SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname = 'console' AND tablename <> 'revision' LOOP
    EXECUTE 'ALTER TABLE ' || t || ' ENABLE ROW LEVEL SECURITY';
    EXECUTE 'ALTER TABLE ' || t || ' FORCE ROW LEVEL SECURITY';
  END LOOP;
END $$;

-- Open to every staff login: how the desk is set up.
CREATE POLICY read_all ON console.settings FOR SELECT USING (true);
CREATE POLICY read_all ON console.bindings FOR SELECT USING (true);
CREATE POLICY read_all ON console.staff FOR SELECT USING (true);
CREATE POLICY read_all ON console.case_edges FOR SELECT USING (true);
CREATE POLICY read_all ON console.templates FOR SELECT USING (true);
CREATE POLICY read_all ON console.template_versions FOR SELECT USING (true);
-- The installer, acting as the owner, writes them; managers change settings and templates.
CREATE POLICY install ON console.settings FOR ALL USING (current_user = 'console_owner');
CREATE POLICY install ON console.bindings FOR ALL USING (current_user = 'console_owner');
CREATE POLICY install ON console.staff FOR ALL USING (current_user = 'console_owner');
CREATE POLICY install ON console.case_edges FOR ALL USING (current_user = 'console_owner');
CREATE POLICY install ON console.templates FOR ALL USING (current_user = 'console_owner');
CREATE POLICY install ON console.template_versions FOR ALL USING (current_user = 'console_owner');
CREATE POLICY manage ON console.settings FOR ALL USING ((SELECT console.has_role('console_manager')));
CREATE POLICY manage ON console.templates FOR ALL USING ((SELECT console.has_role('console_manager')));
CREATE POLICY manage ON console.template_versions FOR INSERT WITH CHECK ((SELECT console.has_role('console_manager')));

-- Commands: everyone records their own; whoever reads tickets reads what happened to them.
CREATE POLICY own ON console.commands FOR INSERT WITH CHECK (actor = session_user);
CREATE POLICY read ON console.commands FOR SELECT
  USING (actor = session_user OR (SELECT console.reads_tickets()));
CREATE POLICY own ON console.command_cases FOR INSERT
  WITH CHECK ((SELECT console.works_tickets()) AND console.command_is_mine(command_id));
CREATE POLICY read ON console.command_cases FOR SELECT USING ((SELECT console.reads_tickets()));

CREATE POLICY read ON console.cases FOR SELECT USING (kind = 'ticket' AND (SELECT console.reads_tickets()));
CREATE POLICY make ON console.cases FOR INSERT WITH CHECK (kind = 'ticket' AND (SELECT console.works_tickets()));
CREATE POLICY work ON console.cases FOR UPDATE USING (kind = 'ticket' AND (SELECT console.works_tickets()));

DO $$
DECLARE t text;
BEGIN
  -- what hangs on a case follows the case
  FOREACH t IN ARRAY ARRAY['tickets', 'messages', 'notes', 'deliveries', 'attachments', 'case_links', 'pauses'] LOOP
    EXECUTE format('CREATE POLICY read ON console.%I FOR SELECT USING ((SELECT console.reads_tickets())
                    AND EXISTS (SELECT FROM console.cases c WHERE c.id = case_id))', t);
    EXECUTE format('CREATE POLICY make ON console.%I FOR INSERT WITH CHECK ((SELECT console.works_tickets())
                    AND EXISTS (SELECT FROM console.cases c WHERE c.id = case_id))', t);
    EXECUTE format('CREATE POLICY work ON console.%I FOR UPDATE USING ((SELECT console.works_tickets())
                    AND EXISTS (SELECT FROM console.cases c WHERE c.id = case_id))', t);
  END LOOP;
END $$;
CREATE POLICY unlink ON console.case_links FOR DELETE USING ((SELECT console.works_tickets()));

-- Only the trigger and the search functions, all the owner's, ever touch the search words: nobody else has a grant or a
-- policy. The owner is let off row security, which would keep the trigram index from being used for him as well.
ALTER TABLE console.case_search NO FORCE ROW LEVEL SECURITY;

CREATE POLICY own_notices ON console.notices FOR SELECT USING (recipient = session_user OR sender = session_user);
CREATE POLICY send ON console.notices FOR INSERT WITH CHECK (sender = session_user);
CREATE POLICY see ON console.notices FOR UPDATE USING (recipient = session_user);
CREATE POLICY own_views ON console.saved_views FOR ALL USING (owner = session_user);

CREATE POLICY drop_in ON console.intake FOR INSERT WITH CHECK (true);
CREATE POLICY drain ON console.intake FOR ALL USING ((SELECT console.works_tickets()));

REVOKE ALL ON ALL TABLES IN SCHEMA console FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA console FROM PUBLIC;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA console FROM PUBLIC;

GRANT EXECUTE ON FUNCTION console.now(), console.has_role(name), console.reads_tickets(), console.works_tickets(),
  console.command_is_mine(uuid), console.is_undo_to(uuid, text), console.search_cases(text[], integer),
  console.search_among(uuid[], text[])
  TO console_agent, console_moderator, console_safety, console_auditor, console_worker;
GRANT EXECUTE ON FUNCTION console.now() TO console_audit_owner;
GRANT EXECUTE ON FUNCTION console.reads_tickets(), console.has_role(name) TO console_audit_owner;
GRANT SELECT ON console.commands TO console_audit_owner;

GRANT SELECT ON ALL TABLES IN SCHEMA console
  TO console_agent, console_moderator, console_safety, console_auditor, console_worker;
REVOKE SELECT ON console.intake FROM console_moderator, console_safety, console_auditor;
REVOKE SELECT ON console.case_search
  FROM console_agent, console_moderator, console_safety, console_auditor, console_worker;

GRANT INSERT (id, name, digest, params, undoes) ON console.commands
  TO console_agent, console_moderator, console_safety, console_worker;
GRANT INSERT ON console.command_cases TO console_agent, console_worker;
GRANT INSERT (id, kind, source, subject, snippet, status, category, priority, level, assignee, opened_at, started_at,
  due_at, breach_at, purge_at, language, unread, rank_at) ON console.cases TO console_agent, console_worker;
GRANT UPDATE (subject, snippet, status, category, priority, level, assignee, started_at, due_at, breach_at, paused_at,
  time_left, breach_left, first_response_at, last_outbound_at, resolved_at, snoozed_until, language, unread,
  merged_into) ON console.cases TO console_agent, console_worker;
GRANT USAGE ON SEQUENCE console.case_number TO console_agent, console_worker;
GRANT INSERT ON console.tickets TO console_agent, console_worker;
GRANT UPDATE (requester_name, requester_email, account_id) ON console.tickets
  TO console_agent, console_worker;
GRANT INSERT (id, case_id, direction, kind, channel, author, author_name, body, at, template_id, template_version,
  source_key, command_id) ON console.messages TO console_agent, console_worker;
GRANT UPDATE (retracted_at) ON console.messages, console.notes TO console_agent, console_worker;
GRANT INSERT (id, case_id, body, mentions, command_id) ON console.notes TO console_agent;
GRANT INSERT (message_id, case_id, to_address, to_name, subject, hold_until) ON console.deliveries
  TO console_agent, console_worker;
GRANT UPDATE (state, hold_until, attempts, claimed_by, claimed_at, provider_id, last_error, sent_at)
  ON console.deliveries TO console_agent, console_worker;
GRANT INSERT (id, case_id, message_id, filename, media_type, size, sha256, content, url) ON console.attachments
  TO console_agent, console_worker;
GRANT INSERT (case_id, other_id), DELETE ON console.case_links TO console_agent;
GRANT INSERT (id, recipient, case_id, kind), UPDATE (seen_at) ON console.notices TO console_agent, console_worker;
GRANT INSERT (id, name, filter, position), UPDATE (name, filter, position), DELETE ON console.saved_views
  TO console_agent;
GRANT INSERT (key, value), UPDATE (value, changed_at, changed_by) ON console.settings TO console_manager;
GRANT INSERT ON console.templates TO console_manager;
GRANT UPDATE (name, current, retired) ON console.templates TO console_manager;
GRANT INSERT (id, language, version, subject, body) ON console.template_versions TO console_manager;
GRANT INSERT (source, key), UPDATE (source), DELETE ON console.intake TO console_agent, console_worker;
GRANT INSERT (source, key) ON console.intake TO console_intake;
