CREATE TABLE work_log (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    address text NOT NULL,
    ticket_id bigint REFERENCES tickets,
    kind text NOT NULL CHECK (kind IN ('maintenance', 'feature')),
    minutes integer NOT NULL CHECK (minutes > 0),
    words text NOT NULL DEFAULT '',
    worked_at timestamptz NOT NULL,
    told_by text NOT NULL
);
CREATE INDEX work_log_at ON work_log (worked_at);
CREATE INDEX work_log_ticket ON work_log (ticket_id) WHERE ticket_id IS NOT NULL;
COMMENT ON TABLE work_log IS 'What members of staff worked on, and how long. Rows are never changed.';
COMMENT ON COLUMN work_log.address IS 'Who worked: an address of the staff list.';
COMMENT ON COLUMN work_log.ticket_id IS 'On which ticket; NULL for other work.';
COMMENT ON COLUMN work_log.told_by IS 'The address of who wrote it down.';
