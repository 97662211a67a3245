DROP INDEX outbox_about_no_ticket;
DELETE FROM outbox WHERE ticket_id IS NULL AND notice <> 'staff-alarm';
ALTER TABLE outbox ADD CONSTRAINT outbox_check1 CHECK (ticket_id IS NOT NULL OR notice = 'staff-alarm');
COMMENT ON COLUMN outbox.ticket_id IS 'NULL for a word to staff about the desk as a whole.';
DROP TABLE timers;
