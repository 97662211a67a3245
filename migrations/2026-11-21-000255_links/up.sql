CREATE TABLE ticket_links (
    ticket_id bigint NOT NULL REFERENCES tickets ON DELETE CASCADE,
    other_id bigint NOT NULL REFERENCES tickets ON DELETE CASCADE,
    kind text NOT NULL CHECK (kind IN ('related', 'cause', 'split')),
    linked_by text NOT NULL,
    linked_at timestamptz NOT NULL,
    PRIMARY KEY (ticket_id, other_id, kind),
    CHECK (ticket_id <> other_id),
    CHECK (kind <> 'related' OR ticket_id < other_id)
);
CREATE INDEX ticket_links_by_other ON ticket_links (other_id);
COMMENT ON TABLE ticket_links IS 'Tickets that have to do with each other.';
COMMENT ON COLUMN ticket_links.kind IS 'related: either way round, the smaller number first; cause: ticket_id is the cause of what other_id reports; split: ticket_id was split off from other_id.';
COMMENT ON COLUMN ticket_links.linked_by IS 'An address, or the word system.';
