CREATE TABLE recovery_codes (
    code_hash bytea PRIMARY KEY CHECK (length(code_hash) = 32),
    address text NOT NULL REFERENCES accounts ON DELETE CASCADE
);
CREATE INDEX recovery_codes_by_address ON recovery_codes (address);
COMMENT ON TABLE recovery_codes IS 'Codes for who has lost the device that makes one-time codes. One that was used is gone.';
COMMENT ON COLUMN recovery_codes.code_hash IS 'SHA-256 of the address and the code, which has 80 random bits.';
