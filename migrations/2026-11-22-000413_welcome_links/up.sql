CREATE TABLE welcome_links (
    token_hash bytea PRIMARY KEY CHECK (length(token_hash) = 32),
    address text NOT NULL REFERENCES accounts ON DELETE CASCADE,
    made_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX welcome_links_by_address ON welcome_links (address, made_at);
COMMENT ON TABLE welcome_links IS 'Links to set a password, each good once. Those that were used are gone, and so are all others of the same person.';
COMMENT ON COLUMN welcome_links.token_hash IS 'SHA-256 of the 256 random bits in the link.';
