CREATE UNLOGGED TABLE presences (
    ticket_id bigint NOT NULL REFERENCES tickets ON DELETE CASCADE,
    address text NOT NULL,
    seen_at timestamptz NOT NULL,
    wrote_at timestamptz,
    PRIMARY KEY (ticket_id, address)
);
CREATE INDEX presences_by_age ON presences (seen_at);
COMMENT ON TABLE presences IS 'Who of us has a ticket open at this moment; a row counts for less than a minute, and none outlives a crash.';
COMMENT ON COLUMN presences.address IS 'A member of staff.';
COMMENT ON COLUMN presences.seen_at IS 'When their browser last said that the ticket is before them.';
COMMENT ON COLUMN presences.wrote_at IS 'When they were last seen writing a reply.';
