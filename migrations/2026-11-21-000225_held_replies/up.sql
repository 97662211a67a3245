CREATE TABLE held_replies (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ticket_id bigint NOT NULL REFERENCES tickets ON DELETE CASCADE,
    agent_id bigint NOT NULL REFERENCES people,
    message_id bigint NOT NULL REFERENCES messages ON DELETE CASCADE,
    words text NOT NULL,
    commands text NOT NULL,
    why text NOT NULL,
    held_at timestamptz NOT NULL,
    settled_as text CHECK (settled_as IN ('sent', 'replaced')),
    settled_at timestamptz,
    CHECK ((settled_as IS NULL) = (settled_at IS NULL))
);
CREATE INDEX held_replies_by_ticket ON held_replies (ticket_id, id);
CREATE UNIQUE INDEX held_replies_open ON held_replies (ticket_id, agent_id) WHERE settled_at IS NULL;
COMMENT ON TABLE held_replies IS 'Words of staff for a customer that were not sent, since somebody else was faster or a line among them was unclear. Each member of staff has one at most that is open for each ticket.';
COMMENT ON COLUMN held_replies.agent_id IS 'Who wrote them.';
COMMENT ON COLUMN held_replies.message_id IS 'The mail they stood in, kept as a note; its files go with them.';
COMMENT ON COLUMN held_replies.commands IS 'The commands that would have written to the customer, a line each, not carried out either.';
COMMENT ON COLUMN held_replies.why IS 'Why they were held, as a sentence.';
COMMENT ON COLUMN held_replies.settled_as IS 'sent as they were; replaced by other words of the same person, sent or held.';
