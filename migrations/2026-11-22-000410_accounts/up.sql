CREATE TABLE accounts (
    address text PRIMARY KEY CHECK (address LIKE '_%@_%'),
    handle bytea NOT NULL UNIQUE CHECK (length(handle) = 16),
    password_hash text,
    password_at timestamptz,
    totp_secret bytea,
    totp_at timestamptz,
    totp_step bigint,
    zone text,
    theme text CHECK (theme IN ('light', 'dark')),
    made_at timestamptz NOT NULL,
    CHECK ((password_hash IS NULL) = (password_at IS NULL)),
    CHECK ((totp_secret IS NULL) = (totp_at IS NULL))
);
COMMENT ON TABLE accounts IS 'How members of staff sign in. Who is on the staff list stands in the configuration; an account of somebody who is not opens nothing.';
COMMENT ON COLUMN accounts.address IS 'The address in the staff list, in canonical form.';
COMMENT ON COLUMN accounts.handle IS 'What passkeys know the person by: random, 16 bytes.';
COMMENT ON COLUMN accounts.password_hash IS 'Argon2id, as a PHC string.';
COMMENT ON COLUMN accounts.totp_secret IS 'The secret of the one-time codes, sealed with a key made of the secret of the site.';
COMMENT ON COLUMN accounts.totp_at IS 'Since when codes are asked for.';
COMMENT ON COLUMN accounts.totp_step IS 'The last time step whose code was taken: no code counts twice (RFC 6238, section 5.2).';
COMMENT ON COLUMN accounts.zone IS 'The time zone that they chose for pages; without one that of the staff list.';
COMMENT ON COLUMN accounts.theme IS 'Light or dark pages; without one as the device has it.';
