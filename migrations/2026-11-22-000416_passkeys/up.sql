CREATE TABLE passkeys (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    address text NOT NULL REFERENCES accounts ON DELETE CASCADE,
    credential_id bytea NOT NULL UNIQUE,
    name text NOT NULL,
    passkey jsonb NOT NULL,
    made_at timestamptz NOT NULL,
    last_used_at timestamptz
);
CREATE INDEX passkeys_by_address ON passkeys (address);
COMMENT ON TABLE passkeys IS 'Public keys by which members of staff sign in (Web Authentication).';
COMMENT ON COLUMN passkeys.name IS 'What their owner calls it.';
COMMENT ON COLUMN passkeys.passkey IS 'The public key, its counter, and how it was made.';
