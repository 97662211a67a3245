DELETE FROM participants WHERE removed_at IS NOT NULL;
ALTER TABLE participants DROP COLUMN removed_at, DROP COLUMN removed_by;
