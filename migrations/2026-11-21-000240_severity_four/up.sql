ALTER TABLE tickets DROP CONSTRAINT tickets_severity_check;
ALTER TABLE tickets ADD CONSTRAINT tickets_severity_check CHECK (severity BETWEEN 1 AND 4);
COMMENT ON COLUMN tickets.severity IS '1 (worst) to 4; NULL until somebody has said. Which numbers a desk uses is configuration.';
