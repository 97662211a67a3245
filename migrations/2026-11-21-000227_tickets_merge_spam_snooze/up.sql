ALTER TABLE tickets
    ADD COLUMN merged_into bigint REFERENCES tickets,
    ADD COLUMN spam boolean NOT NULL DEFAULT false,
    ADD COLUMN snoozed_at timestamptz,
    ADD COLUMN snoozed_until timestamptz,
    ADD CHECK (merged_into <> id),
    ADD CHECK (snoozed_until IS NULL OR snoozed_at IS NOT NULL);
CREATE INDEX tickets_merged ON tickets (merged_into) WHERE merged_into IS NOT NULL;
COMMENT ON COLUMN tickets.merged_into IS 'The ticket that has its thread now; what answers this one goes there.';
COMMENT ON COLUMN tickets.spam IS 'Nobody outside is written to about it.';
COMMENT ON COLUMN tickets.snoozed_at IS 'Since when it is out of the way, until the customer writes or the time in snoozed_until.';
COMMENT ON COLUMN tickets.snoozed_until IS 'When it comes back by itself; NULL waits for the customer alone.';
