CREATE TABLE timers (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL,
    ticket_id bigint REFERENCES tickets,
    subject text NOT NULL DEFAULT '',
    due_at timestamptz NOT NULL,
    detail jsonb NOT NULL DEFAULT '{}',
    failures integer NOT NULL DEFAULT 0,
    error text,
    UNIQUE NULLS NOT DISTINCT (kind, ticket_id, subject)
);
CREATE INDEX timers_due ON timers (due_at);
CREATE INDEX timers_ticket ON timers (ticket_id) WHERE ticket_id IS NOT NULL;
COMMENT ON TABLE timers IS 'What is to happen by time alone. A timer goes in the commit of what it does, so it fires once.';
COMMENT ON COLUMN timers.kind IS 'What happens: the words of ticket::Timer.';
COMMENT ON COLUMN timers.ticket_id IS 'NULL for what is about no one ticket.';
COMMENT ON COLUMN timers.subject IS 'What it is about beside the ticket, where one ticket or none has several of a kind.';
COMMENT ON COLUMN timers.detail IS 'What it has to know when it fires.';
COMMENT ON COLUMN timers.failures IS 'How often it was tried in vain.';
COMMENT ON COLUMN timers.error IS 'What went wrong the last time.';

-- More than alarms are about no ticket: lists, plans and digests.
ALTER TABLE outbox DROP CONSTRAINT outbox_check1;
COMMENT ON COLUMN outbox.ticket_id IS 'NULL for a mail about no one ticket: an alarm, a list, a plan, a digest.';
CREATE INDEX outbox_about_no_ticket ON outbox (recipient, id) WHERE ticket_id IS NULL;
