ALTER TABLE outbox DROP CONSTRAINT outbox_state_check;
ALTER TABLE outbox ADD CONSTRAINT outbox_state_check CHECK (state IN ('waiting', 'sent', 'failed', 'withdrawn'));
COMMENT ON COLUMN outbox.state IS 'waiting, sent (a server took it), failed (a server refused it for good), or withdrawn (it was not to leave any more: its ticket is spam).';
