CREATE INDEX outbox_by_time ON outbox (created_at);
CREATE INDEX inbound_by_time ON inbound (stored_at) INCLUDE (mailbox_id, state, outcome);
