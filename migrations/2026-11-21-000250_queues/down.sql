DROP TABLE last_assigned;
DROP TABLE unassigned;
DROP INDEX tickets_assignee_open;
ALTER TABLE tickets DROP COLUMN queue;
