DROP INDEX tickets_asked;
ALTER TABLE tickets DROP COLUMN requester_proven;
DROP TABLE gate_examples;
