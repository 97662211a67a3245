-- A word to staff about the desk as a whole is about no ticket.
ALTER TABLE outbox ALTER COLUMN ticket_id DROP NOT NULL;
ALTER TABLE outbox ADD CHECK (ticket_id IS NOT NULL OR notice = 'staff-alarm');
COMMENT ON COLUMN outbox.ticket_id IS 'NULL for a word to staff about the desk as a whole.';

CREATE TABLE alarms (
    topic text PRIMARY KEY,
    told_at timestamptz NOT NULL
);
COMMENT ON TABLE alarms IS 'When staff were last told about something, so that they hear of it once in a while and not each time.';

CREATE TABLE sent_minutes (
    minute timestamptz PRIMARY KEY,
    automatic bigint NOT NULL
);
COMMENT ON TABLE sent_minutes IS 'How many automatic mails to customers were taken in each minute of the last hours: the desk as a whole sends so many an hour and no more.';
