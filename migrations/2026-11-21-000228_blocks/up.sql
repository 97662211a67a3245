CREATE TABLE blocks (
    sender text PRIMARY KEY,
    blocked_by text NOT NULL,
    blocked_at timestamptz NOT NULL,
    ticket_id bigint REFERENCES tickets ON DELETE SET NULL
);
COMMENT ON TABLE blocks IS 'Senders whose mail makes no ticket: it stays in the ledger, set aside.';
COMMENT ON COLUMN blocks.sender IS 'An address in canonical form, or @ and a domain.';
COMMENT ON COLUMN blocks.ticket_id IS 'The ticket by which they came to notice.';
