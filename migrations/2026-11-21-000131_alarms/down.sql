DROP TABLE sent_minutes;
DROP TABLE alarms;
DELETE FROM outbox WHERE ticket_id IS NULL;
ALTER TABLE outbox DROP CONSTRAINT outbox_check1;
ALTER TABLE outbox ALTER COLUMN ticket_id SET NOT NULL;
