CREATE TABLE reopenings (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ticket_id bigint NOT NULL REFERENCES tickets ON DELETE CASCADE,
    closed_at timestamptz NOT NULL,
    reopened_at timestamptz NOT NULL
);
CREATE INDEX reopenings_by_ticket ON reopenings (ticket_id);
CREATE INDEX reopenings_closed ON reopenings (closed_at);
CREATE INDEX reopenings_reopened ON reopenings (reopened_at);
COMMENT ON TABLE reopenings IS 'When closed tickets came back, written by the database: with created_at and closed_at of tickets it says how many were open at any time.';
COMMENT ON COLUMN reopenings.closed_at IS 'When it had been closed before.';

CREATE FUNCTION note_reopening() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO reopenings (ticket_id, closed_at, reopened_at)
        VALUES (NEW.id, OLD.closed_at,
            GREATEST(OLD.closed_at, CASE WHEN NEW.changed_at > OLD.changed_at THEN NEW.changed_at ELSE clock_timestamp() END));
    RETURN NULL;
END
$$;
CREATE TRIGGER tickets_reopened AFTER UPDATE ON tickets FOR EACH ROW
    WHEN (OLD.closed_at IS NOT NULL AND NEW.closed_at IS NULL)
    EXECUTE FUNCTION note_reopening();

-- Of those that came back before, the times at which they stood otherwise tell.
INSERT INTO reopenings (ticket_id, closed_at, reopened_at)
    SELECT ticket_id, closed, since FROM (
        SELECT ticket_id, status, since, lag(status) OVER turns AS before, lag(since) OVER turns AS closed
        FROM ticket_standings WINDOW turns AS (PARTITION BY ticket_id ORDER BY id)) AS turns
    WHERE before = 'closed' AND status <> 'closed';

-- Counting needs nothing but these.
CREATE INDEX tickets_opened ON tickets (created_at) INCLUDE (product, queue, mailbox_id) WHERE NOT spam;
CREATE INDEX tickets_closed ON tickets (closed_at) INCLUDE (product, queue, mailbox_id) WHERE closed_at IS NOT NULL AND NOT spam;
CREATE INDEX tickets_open ON tickets (created_at) WHERE status <> 'closed' AND NOT spam;
