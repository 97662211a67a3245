DROP TABLE send_pauses;
DROP INDEX outbox_domain_waiting;
ALTER TABLE outbox RESET (fillfactor);
ALTER TABLE outbox DROP COLUMN recipient_domain;
