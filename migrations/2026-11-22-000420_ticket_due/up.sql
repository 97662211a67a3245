-- Lists begin with what is due next, in whatever tickets they show: so each ticket knows it, and an index of its own for each
-- of the lists that people look at all day.
ALTER TABLE tickets
    ADD COLUMN due_at timestamptz NOT NULL DEFAULT '9999-12-30 00:00:00+00',
    ADD COLUMN due_warned boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN tickets.due_at IS 'The soonest moment of its clocks that is promised and still owed, kept by the database; 9999-12-30 where there is none.';
COMMENT ON COLUMN tickets.due_warned IS 'Staff were warned of a clock that is still owed; kept by the database.';

-- Whoever writes clocks has locked the ticket, or just opened it.
CREATE FUNCTION note_due() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE tickets SET due_at = owed.due_at, due_warned = owed.warned
    FROM (SELECT changed.ticket_id, coalesce(min(clocks.due_at), '9999-12-30 00:00:00+00') AS due_at,
            coalesce(bool_or(clocks.warned), false) AS warned
          FROM (SELECT DISTINCT ticket_id FROM changed) AS changed
          LEFT JOIN clocks ON clocks.ticket_id = changed.ticket_id AND clocks.met_at IS NULL AND clocks.due_at IS NOT NULL
          GROUP BY changed.ticket_id) AS owed
    WHERE id = owed.ticket_id AND (tickets.due_at <> owed.due_at OR tickets.due_warned <> owed.warned);
    RETURN NULL;
END
$$;
CREATE TRIGGER clocks_made AFTER INSERT ON clocks REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION note_due();
CREATE TRIGGER clocks_moved AFTER UPDATE ON clocks REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION note_due();
CREATE TRIGGER clocks_gone AFTER DELETE ON clocks REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION note_due();

UPDATE tickets SET due_at = owed.due_at, due_warned = owed.warned
FROM (SELECT ticket_id, min(due_at) AS due_at, bool_or(warned) AS warned FROM clocks
      WHERE met_at IS NULL AND due_at IS NOT NULL GROUP BY ticket_id) AS owed
WHERE id = owed.ticket_id;

CREATE INDEX tickets_by_due ON tickets (due_at, id);
CREATE INDEX tickets_by_change ON tickets (changed_at, id);
CREATE INDEX tickets_by_opening ON tickets (created_at);
CREATE INDEX tickets_by_severity ON tickets ((coalesce(severity, 9::smallint)), id);
CREATE INDEX tickets_by_assignee ON tickets (assignee_id, id);
CREATE INDEX tickets_by_product ON tickets (product, id);
CREATE INDEX tickets_by_queue ON tickets (queue, id);
CREATE INDEX tickets_open_by_due ON tickets (due_at, id) WHERE status <> 'closed';
CREATE INDEX tickets_open_by_assignee ON tickets (assignee_id, due_at, id) WHERE status <> 'closed';
CREATE INDEX tickets_open_by_severity ON tickets ((coalesce(severity, 9::smallint)), due_at, id) WHERE status <> 'closed';
CREATE INDEX tickets_open_waiting ON tickets (changed_at, id) WHERE waiting_for_customer AND status <> 'closed';
CREATE INDEX tickets_open_incomplete ON tickets (due_at, id) WHERE incomplete AND status <> 'closed';
CREATE INDEX tickets_open_warned ON tickets (due_at, id) WHERE due_warned AND status <> 'closed';
CREATE INDEX tickets_snoozed ON tickets (due_at, id) WHERE snoozed_at IS NOT NULL AND status <> 'closed';
CREATE INDEX tickets_spam ON tickets (id) WHERE spam;
CREATE INDEX people_by_domain ON people (split_part(address, '@', 2));
