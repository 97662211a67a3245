-- What the page of a ticket asks for, each by an index.
CREATE INDEX inbound_by_message ON inbound (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX tickets_by_duplicate ON tickets (duplicate_of) WHERE duplicate_of IS NOT NULL;
CREATE INDEX subscriptions_to_ticket ON subscriptions (value) WHERE what = 'ticket' AND ended_at IS NULL;
