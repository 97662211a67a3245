ALTER TABLE tickets DROP COLUMN status_name;
