ALTER TABLE outbox ADD COLUMN recipient_domain text NOT NULL GENERATED ALWAYS AS (substring(recipient from '[^@]*$')) STORED;
-- Room in each page for the versions a mail goes through, from its lease to its record.
ALTER TABLE outbox SET (fillfactor = 70);
CREATE INDEX outbox_domain_waiting ON outbox (recipient_domain, id) WHERE state = 'waiting';
COMMENT ON COLUMN outbox.recipient_domain IS 'What stands behind the @; mails to one domain wait together when it defers one of them.';

CREATE TABLE send_pauses (
    mailbox text NOT NULL,
    domain text NOT NULL,
    deferrals integer NOT NULL CHECK (deferrals > 0),
    until timestamptz NOT NULL,
    reply text NOT NULL,
    PRIMARY KEY (mailbox, domain)
);
COMMENT ON TABLE send_pauses IS 'Where no mail is sent for a while: after the pause one mail goes first, and when it is answered the row goes.';
COMMENT ON COLUMN send_pauses.mailbox IS 'The name of the configured mailbox, whose server deferred.';
COMMENT ON COLUMN send_pauses.domain IS 'The domain of the recipients; empty when the server itself is away or takes nothing.';
COMMENT ON COLUMN send_pauses.deferrals IS 'How many pauses followed one another; each is longer than the last.';
COMMENT ON COLUMN send_pauses.until IS 'One mail is tried after this moment.';
COMMENT ON COLUMN send_pauses.reply IS 'What the server last said, or why it could not be reached; one line.';
