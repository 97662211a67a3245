ALTER TABLE inbound ADD COLUMN put_off integer NOT NULL DEFAULT 0;
COMMENT ON COLUMN inbound.put_off IS 'How often it was put off without a failure: a name server could not be asked about its sender, or the mail that it answers was put off.';
