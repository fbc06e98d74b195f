-- Whether somebody may be in danger: asked by words, answered by a person. Runs as console_owner.

-- In the row and not beside it: a mark without text reaches those who may not see a guarded ticket.
ALTER TABLE console.cases ADD COLUMN danger text NOT NULL DEFAULT ''
  CHECK (danger IN ('', 'asked', 'dismissed', 'confirmed'));
GRANT INSERT (danger), UPDATE (danger) ON console.cases TO console_agent, console_safety, console_worker;

ALTER TABLE console.notices DROP CONSTRAINT notices_kind_check, ADD CONSTRAINT notices_kind_check
  CHECK (kind IN ('mention', 'assigned', 'escalated', 'reminder', 'danger'));

-- The queue's row tells of it, from the index alone.
DROP INDEX console.cases_queue;
CREATE INDEX cases_queue ON console.cases (urgency, rank_at, id)
  INCLUDE (number, kind, subject, snippet, status, category, priority, level, assignee, opened_at, due_at,
           paused_at, snoozed_until, language, unread, version, queued, guarded, danger)
  WHERE queued;
CREATE OR REPLACE VIEW console.queue WITH (security_invoker) AS
  SELECT id, number, kind, subject, snippet, status, category, priority, urgency, level, assignee, opened_at,
         due_at, rank_at, paused_at, snoozed_until, language, unread, version, guarded, danger
    FROM console.cases WHERE queued;
