CREATE TABLE webhooks (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key text NOT NULL UNIQUE,
    ticket_id bigint NOT NULL REFERENCES tickets ON DELETE CASCADE,
    payload text NOT NULL,
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'failed')),
    attempts integer NOT NULL DEFAULT 0,
    due_at timestamptz NOT NULL,
    leased_until timestamptz,
    last_answer text,
    created_at timestamptz NOT NULL,
    sent_at timestamptz
);
CREATE INDEX webhooks_waiting ON webhooks (ticket_id, id) WHERE state = 'waiting';
COMMENT ON TABLE webhooks IS 'What pagers are told by HTTP, queued in the commit of what it tells. About one ticket in order, one after the other.';
COMMENT ON COLUMN webhooks.key IS 'What it tells, once: the receiver can tell a repetition by it.';
COMMENT ON COLUMN webhooks.payload IS 'JSON, the bytes that are signed.';
COMMENT ON COLUMN webhooks.leased_until IS 'Somebody is sending it until then.';
COMMENT ON COLUMN webhooks.last_answer IS 'What the receiver, or the way to it, last said.';
