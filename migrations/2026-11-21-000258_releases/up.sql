CREATE TABLE releases (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL UNIQUE,
    made_by text NOT NULL,
    made_at timestamptz NOT NULL
);
COMMENT ON TABLE releases IS 'What went into production, by the name that people gave it.';
COMMENT ON COLUMN releases.made_by IS 'The address of who said so first.';

CREATE TABLE release_tickets (
    release_id bigint NOT NULL REFERENCES releases ON DELETE CASCADE,
    ticket_id bigint NOT NULL REFERENCES tickets ON DELETE CASCADE,
    outcome text NOT NULL CHECK (outcome IN ('live', 'not-resolved', 'closed')),
    at timestamptz NOT NULL,
    PRIMARY KEY (release_id, ticket_id)
);
CREATE INDEX release_tickets_by_ticket ON release_tickets (ticket_id);
COMMENT ON TABLE release_tickets IS 'The tickets that a release named, and what that did to them.';
COMMENT ON COLUMN release_tickets.outcome IS 'live: whom it concerns was told that it is in production; not-resolved: left alone, since nobody had said that it was fixed; closed: it was over already.';
COMMENT ON COLUMN release_tickets.at IS 'When it was found so; a later run of the release may find it otherwise.';
