CREATE TABLE gate_examples (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ticket_id bigint NOT NULL REFERENCES tickets ON DELETE CASCADE,
    message_id bigint REFERENCES messages ON DELETE SET NULL,
    part text NOT NULL CHECK (part IN ('problem-report', 'steps', 'actual', 'expected')),
    gate_said text NOT NULL CHECK (gate_said IN ('present', 'unsure', 'missing')),
    evidence jsonb NOT NULL DEFAULT '[]',
    staff_say text NOT NULL CHECK (staff_say IN ('present', 'missing', 'enough')),
    said_by text NOT NULL,
    said_at timestamptz NOT NULL
);
CREATE INDEX gate_examples_by_ticket ON gate_examples (ticket_id, id);
COMMENT ON TABLE gate_examples IS 'What staff say of the gate''s reading, part by part: labelled examples. Where both agree it is a confirmation, else an overrule. Rows are never changed; of several about one message and part the last counts.';
COMMENT ON COLUMN gate_examples.message_id IS 'The last of the customer''s mails when it was said: it is about what they had written up to it.';
COMMENT ON COLUMN gate_examples.part IS 'A slot, or whether it is a problem report at all (then present means that it is one).';
COMMENT ON COLUMN gate_examples.evidence IS 'The words that the gate went by, as in report_slots.';
COMMENT ON COLUMN gate_examples.staff_say IS 'enough: they went on without it, which does not say that the gate was wrong.';

ALTER TABLE tickets ADD COLUMN requester_proven boolean NOT NULL DEFAULT false;
UPDATE tickets SET requester_proven = asks > 0;
COMMENT ON COLUMN tickets.requester_proven IS 'A mail of this ticket was surely written by its requester, or staff say whose it is: a question that quotes it may go to them.';
CREATE INDEX tickets_asked ON tickets (last_asked_at) WHERE waiting_for_customer AND NOT incomplete;
