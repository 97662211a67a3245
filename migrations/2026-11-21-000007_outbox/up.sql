CREATE TABLE outbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    mailbox_id bigint NOT NULL REFERENCES mailboxes,
    ticket_id bigint NOT NULL REFERENCES tickets ON DELETE CASCADE,
    notice text NOT NULL,
    automatic boolean NOT NULL,
    recipient text NOT NULL,
    envelope_from text NOT NULL,
    header_id text NOT NULL UNIQUE,
    bytes bytea NOT NULL,
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'failed')),
    attempts integer NOT NULL DEFAULT 0,
    due_at timestamptz NOT NULL,
    leased_by text,
    leased_until timestamptz,
    last_reply text,
    bounced_at timestamptz,
    created_at timestamptz NOT NULL,
    sent_at timestamptz,
    CHECK ((state = 'sent') = (sent_at IS NOT NULL))
);
ALTER TABLE outbox ALTER COLUMN bytes SET STORAGE EXTERNAL;
CREATE INDEX outbox_waiting ON outbox (due_at, id) WHERE state = 'waiting';
CREATE INDEX outbox_failed ON outbox (id) WHERE state = 'failed';
CREATE INDEX outbox_order ON outbox (ticket_id, recipient, id) WHERE state = 'waiting';
CREATE INDEX outbox_by_recipient ON outbox (recipient, created_at) WHERE automatic;
CREATE INDEX outbox_by_ticket ON outbox (ticket_id, id);
COMMENT ON TABLE outbox IS 'Finished mails, stored in the commit of the change they announce; a retry sends the same bytes.';
COMMENT ON COLUMN outbox.automatic IS 'No person wrote it; counts towards the caps of its recipient.';
COMMENT ON COLUMN outbox.envelope_from IS 'Whom failures are told: the signed reply address, which finds the ticket even when a bounce quotes nothing.';
COMMENT ON COLUMN outbox.header_id IS 'Its Message-ID without angle brackets, fixed before the first attempt.';
COMMENT ON COLUMN outbox.leased_until IS 'Another worker may take it after this moment.';
COMMENT ON COLUMN outbox.last_reply IS 'What the relay last said, one line.';
COMMENT ON COLUMN outbox.bounced_at IS 'When a bounce for it came back.';
