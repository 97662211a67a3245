ALTER TABLE participants
    ADD COLUMN removed_by text,
    ADD COLUMN removed_at timestamptz,
    ADD CHECK ((removed_by IS NULL) = (removed_at IS NULL));
COMMENT ON COLUMN participants.removed_by IS 'Staff who took them out. The row stays: a later Cc does not bring them back.';
