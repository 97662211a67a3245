CREATE TABLE drafts (
    ticket_id bigint NOT NULL REFERENCES tickets ON DELETE CASCADE,
    address text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('reply', 'note')),
    words text NOT NULL,
    version bigint NOT NULL,
    saved_at timestamptz NOT NULL,
    PRIMARY KEY (ticket_id, address, kind)
);
COMMENT ON TABLE drafts IS 'What members of staff began to write about tickets and did not send yet.';
COMMENT ON COLUMN drafts.address IS 'Whose words they are; nobody else is shown them.';
COMMENT ON COLUMN drafts.version IS 'Grows with each saving; a window that last saw another one learns that a second window is at it.';
