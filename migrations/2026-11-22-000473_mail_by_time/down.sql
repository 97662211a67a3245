DROP INDEX inbound_by_time;
DROP INDEX outbox_by_time;
