CREATE TABLE sign_in_steps (
    token_hash bytea PRIMARY KEY CHECK (length(token_hash) = 32),
    kind text NOT NULL,
    address text REFERENCES accounts ON DELETE CASCADE,
    state jsonb NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX sign_in_steps_by_end ON sign_in_steps (expires_at);
COMMENT ON TABLE sign_in_steps IS 'What a browser has begun and not ended: a code is asked for, a passkey, or another site is. Good for minutes, and once.';
COMMENT ON COLUMN sign_in_steps.token_hash IS 'SHA-256 of the random bits in the cookie of this browser.';
COMMENT ON COLUMN sign_in_steps.kind IS 'What is waited for.';
COMMENT ON COLUMN sign_in_steps.address IS 'Whose step it is, where that is known.';
COMMENT ON COLUMN sign_in_steps.state IS 'What the answer is held against.';
