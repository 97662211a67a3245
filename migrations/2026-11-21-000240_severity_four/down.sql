UPDATE tickets SET severity = 3 WHERE severity = 4;
ALTER TABLE tickets DROP CONSTRAINT tickets_severity_check;
ALTER TABLE tickets ADD CONSTRAINT tickets_severity_check CHECK (severity BETWEEN 1 AND 3);
COMMENT ON COLUMN tickets.severity IS NULL;
