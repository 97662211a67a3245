CREATE TABLE message_references (
    id text NOT NULL,
    ticket_id bigint NOT NULL REFERENCES tickets ON DELETE CASCADE,
    PRIMARY KEY (id, ticket_id)
);
CREATE INDEX message_references_by_ticket ON message_references (ticket_id);
COMMENT ON TABLE message_references IS 'Message-IDs that the mails of a ticket answer, other than those that we wrote: a mail that never came to us, or one of ours whose id a provider rewrote.';
COMMENT ON COLUMN message_references.id IS 'Without angle brackets, in lower case.';

-- Some systems change the case of the ids that they answer.
DROP INDEX messages_by_header_id;
CREATE INDEX messages_by_header_id ON messages USING hash (lower(header_id COLLATE "C"));

CREATE INDEX tickets_by_follow_up ON tickets (follow_up_of) WHERE follow_up_of IS NOT NULL;
