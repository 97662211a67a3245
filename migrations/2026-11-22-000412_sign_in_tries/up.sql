CREATE TABLE sign_in_tries (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    address text NOT NULL,
    network text NOT NULL,
    tried_at timestamptz NOT NULL
);
CREATE INDEX sign_in_tries_by_address ON sign_in_tries (address, tried_at);
CREATE INDEX sign_in_tries_by_network ON sign_in_tries (network, tried_at);
CREATE INDEX sign_in_tries_by_time ON sign_in_tries (tried_at);
COMMENT ON TABLE sign_in_tries IS 'Passwords and codes that were wrong, or are being looked at, by which tries are limited. A right one takes its rows along.';
COMMENT ON COLUMN sign_in_tries.address IS 'The address that was given, whether anybody has it or not.';
COMMENT ON COLUMN sign_in_tries.network IS 'The IPv4 address, or the first 64 bits of the IPv6 address.';
