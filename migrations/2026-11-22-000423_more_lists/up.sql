-- What is nobody's, and what is closed, in the order in which it is looked at.
CREATE INDEX tickets_open_unassigned ON tickets (due_at, id) WHERE assignee_id IS NULL AND status <> 'closed';
CREATE INDEX tickets_closed_by_change ON tickets (changed_at, id) WHERE status = 'closed';
