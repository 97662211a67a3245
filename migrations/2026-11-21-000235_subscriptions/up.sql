CREATE TABLE subscriptions (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id bigint NOT NULL REFERENCES people,
    what text NOT NULL CHECK (what IN ('all', 'severity', 'product', 'ticket', 'customer')),
    value text NOT NULL DEFAULT '',
    cadence text NOT NULL CHECK (cadence IN ('immediate', 'hourly', 'daily', 'weekly')),
    begun_by text NOT NULL,
    begun_at timestamptz NOT NULL,
    ended_by text,
    ended_at timestamptz,
    UNIQUE (person_id, what, value, cadence),
    CHECK ((ended_by IS NULL) = (ended_at IS NULL)),
    CHECK ((what = 'all') = (value = ''))
);
CREATE INDEX subscriptions_active ON subscriptions (cadence) WHERE ended_at IS NULL;
COMMENT ON TABLE subscriptions IS 'What people who do not work on tickets want to hear of, and how often. A row stays when it ends: what somebody ended, no configuration begins again.';
COMMENT ON COLUMN subscriptions.value IS 'The severity, product, ticket, or the address or domain of the customer; empty for all.';
COMMENT ON COLUMN subscriptions.begun_by IS 'An address, or the word configuration.';
COMMENT ON COLUMN subscriptions.ended_by IS 'An address, or the word configuration for what is no longer in it. A ticket that somebody ended is not told to them for any other reason either.';

CREATE TABLE told (
    person_id bigint NOT NULL REFERENCES people,
    ticket_id bigint NOT NULL REFERENCES tickets,
    journal_id bigint NOT NULL,
    message_id bigint NOT NULL,
    seen jsonb NOT NULL,
    subject text NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (person_id, ticket_id)
);
CREATE INDEX told_ticket ON told (ticket_id);
COMMENT ON TABLE told IS 'What a stakeholder knows of a ticket: the next mail says what changed since.';
COMMENT ON COLUMN told.journal_id IS 'They were told what stands in the journal up to this line.';
COMMENT ON COLUMN told.message_id IS 'They were told what was written up to this entry.';
COMMENT ON COLUMN told.seen IS 'Status, severity and the like as they were told.';
COMMENT ON COLUMN told.subject IS 'The subject of their thread: it stays, whatever the ticket is called later.';

CREATE INDEX journal_by_time ON journal USING brin (at);

CREATE TABLE digests (
    person_id bigint NOT NULL REFERENCES people,
    cadence text NOT NULL CHECK (cadence IN ('hourly', 'daily', 'weekly')),
    until timestamptz NOT NULL,
    PRIMARY KEY (person_id, cadence)
);
COMMENT ON TABLE digests IS 'Up to when each reader of a digest was told; the next one begins there.';
