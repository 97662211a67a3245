CREATE TABLE sessions (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    token_hash bytea NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    address text NOT NULL REFERENCES accounts ON DELETE CASCADE,
    role text NOT NULL,
    made_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    device text NOT NULL,
    network text NOT NULL,
    signed_in_by text NOT NULL
);
CREATE INDEX sessions_by_address ON sessions (address);
CREATE INDEX sessions_by_end ON sessions (expires_at);
COMMENT ON TABLE sessions IS 'Who is signed in to the console, and where. A session that ends is a row that goes.';
COMMENT ON COLUMN sessions.token_hash IS 'SHA-256 of the 256 random bits in the cookie; the cookie itself is kept nowhere.';
COMMENT ON COLUMN sessions.role IS 'The role in the staff list when they signed in; with another one they sign in anew.';
COMMENT ON COLUMN sessions.last_seen_at IS 'When it was last used, to within some minutes.';
COMMENT ON COLUMN sessions.expires_at IS 'When it ends however much it is used.';
COMMENT ON COLUMN sessions.device IS 'Browser and system in a few words.';
COMMENT ON COLUMN sessions.network IS 'The IPv4 address, or the first 64 bits of the IPv6 address.';
COMMENT ON COLUMN sessions.signed_in_by IS 'What proved who they are.';
