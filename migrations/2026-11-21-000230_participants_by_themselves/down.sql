COMMENT ON COLUMN participants.removed_by IS 'Staff who took them out. The row stays: a later Cc does not bring them back.';
