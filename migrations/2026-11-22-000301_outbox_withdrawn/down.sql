COMMENT ON COLUMN outbox.state IS NULL;
UPDATE outbox SET state = 'failed', last_reply = 'withdrawn' WHERE state = 'withdrawn';
ALTER TABLE outbox DROP CONSTRAINT outbox_state_check;
ALTER TABLE outbox ADD CONSTRAINT outbox_state_check CHECK (state IN ('waiting', 'sent', 'failed'));
