CREATE TABLE absence_mails (
    outbox_id bigint PRIMARY KEY REFERENCES outbox ON DELETE CASCADE,
    address text NOT NULL
);
COMMENT ON TABLE absence_mails IS 'The mails that told of somebody who is away: an answer to one is about their tickets.';
COMMENT ON COLUMN absence_mails.address IS 'Who is away: an address of the staff list.';
