CREATE TABLE inbound (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    mailbox_id bigint NOT NULL REFERENCES mailboxes,
    uidvalidity bigint,
    uid bigint,
    received_at timestamptz,
    stored_at timestamptz NOT NULL,
    size_bytes bigint NOT NULL,
    sha256 bytea NOT NULL CHECK (length(sha256) = 32),
    raw bytea NOT NULL,
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'quarantined', 'discarded')),
    attempts integer NOT NULL DEFAULT 0,
    failures integer NOT NULL DEFAULT 0,
    due_at timestamptz NOT NULL,
    leased_by text,
    leased_until timestamptz,
    marked_at timestamptz,
    outcome text,
    why jsonb NOT NULL DEFAULT '[]',
    error text,
    ticket_id bigint,
    message_id bigint,
    done_at timestamptz,
    UNIQUE (mailbox_id, uidvalidity, uid),
    CHECK ((uidvalidity IS NULL) = (uid IS NULL)),
    CHECK ((state = 'done') = (done_at IS NOT NULL AND outcome IS NOT NULL) OR state = 'discarded')
);
ALTER TABLE inbound ALTER COLUMN raw SET STORAGE EXTERNAL;
CREATE INDEX inbound_waiting ON inbound (due_at, id) WHERE state = 'waiting';
CREATE INDEX inbound_unmarked ON inbound (mailbox_id, uidvalidity, uid) WHERE marked_at IS NULL AND uid IS NOT NULL;
CREATE INDEX inbound_quarantined ON inbound (id) WHERE state = 'quarantined';
CREATE INDEX inbound_ticket ON inbound (ticket_id);
COMMENT ON TABLE inbound IS 'The ledger: every mail exactly as it was handed over, committed before anything else happens to it.';
COMMENT ON COLUMN inbound.uid IS 'With mailbox and UIDVALIDITY the key of a mail on the server; NULL for `deskgate ingest`.';
COMMENT ON COLUMN inbound.received_at IS 'INTERNALDATE of the server.';
COMMENT ON COLUMN inbound.raw IS 'The bytes, untouched. Stored without compression: time matters more here than disk.';
COMMENT ON COLUMN inbound.state IS 'waiting for processing; done; quarantined after failing too often; discarded by a person.';
COMMENT ON COLUMN inbound.attempts IS 'How often it was leased and not handed back.';
COMMENT ON COLUMN inbound.failures IS 'How often an attempt ended with an error; the other attempts were cut short.';
COMMENT ON COLUMN inbound.due_at IS 'Not to be tried before this moment.';
COMMENT ON COLUMN inbound.leased_until IS 'Another worker may take it after this moment.';
COMMENT ON COLUMN inbound.marked_at IS 'When the flag was set, or the move made, on the server; decoration only.';
COMMENT ON COLUMN inbound.outcome IS 'opened, joined, noted, duplicate, bounce, set-aside.';
COMMENT ON COLUMN inbound.why IS 'The reasons for the outcome, as sentences in order.';
COMMENT ON COLUMN inbound.error IS 'What went wrong the last time.';
