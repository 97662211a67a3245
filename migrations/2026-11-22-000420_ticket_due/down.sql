DROP INDEX people_by_domain;
DROP INDEX tickets_by_change, tickets_by_opening, tickets_by_severity, tickets_by_assignee, tickets_by_product, tickets_by_queue,
    tickets_open_by_severity, tickets_open_waiting, tickets_open_incomplete;
DROP TRIGGER clocks_made ON clocks;
DROP TRIGGER clocks_moved ON clocks;
DROP TRIGGER clocks_gone ON clocks;
DROP FUNCTION note_due();
DROP INDEX tickets_snoozed, tickets_spam;
ALTER TABLE tickets DROP COLUMN due_at, DROP COLUMN due_warned;
