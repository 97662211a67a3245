CREATE TABLE journal (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ticket_id bigint REFERENCES tickets ON DELETE CASCADE,
    at timestamptz NOT NULL,
    actor text NOT NULL,
    event text NOT NULL,
    detail jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX journal_by_ticket ON journal (ticket_id, id);
COMMENT ON TABLE journal IS 'What happened to a ticket and why, in order. Rows are never changed.';
COMMENT ON COLUMN journal.actor IS 'An address, or the word system.';
COMMENT ON COLUMN journal.event IS 'One word: opened, joined, status, severity, level, assignee, asked, completed, note, sent, bounced, ...';
COMMENT ON COLUMN journal.detail IS 'The facts of the event: from, to, reason, why.';
