CREATE TABLE tickets (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    mailbox_id bigint NOT NULL REFERENCES mailboxes,
    subject text NOT NULL,
    status text NOT NULL DEFAULT 'new' CHECK (status IN ('new', 'accepted', 'resolved', 'verified', 'closed')),
    closed_as text CHECK (closed_as IN ('done', 'answered', 'duplicate', 'declined')),
    severity smallint CHECK (severity BETWEEN 1 AND 3),
    level smallint CHECK (level BETWEEN 1 AND 3),
    source text NOT NULL CHECK (source IN ('customer', 'product-owner', 'security-list', 'system')),
    language text NOT NULL,
    requester_id bigint REFERENCES people,
    assignee_id bigint REFERENCES people,
    waiting_for_customer boolean NOT NULL DEFAULT false,
    problem_report boolean NOT NULL DEFAULT false,
    asks integer NOT NULL DEFAULT 0,
    last_asked_at timestamptz,
    incomplete boolean NOT NULL DEFAULT false,
    follow_up_of bigint REFERENCES tickets,
    duplicate_of bigint REFERENCES tickets,
    created_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    closed_at timestamptz,
    CHECK ((status = 'closed') = (closed_as IS NOT NULL)),
    CHECK ((status = 'closed') = (closed_at IS NOT NULL)),
    CHECK (duplicate_of <> id AND follow_up_of <> id)
);
CREATE INDEX tickets_by_status ON tickets (status, id DESC);
CREATE INDEX tickets_by_requester ON tickets (requester_id);
COMMENT ON TABLE tickets IS 'One for each issue. The number people say is the id.';
COMMENT ON COLUMN tickets.source IS 'Where it came from; decides whether it is ever answered by itself.';
COMMENT ON COLUMN tickets.language IS 'ISO 639-1 code in which the requester is written to.';
COMMENT ON COLUMN tickets.requester_id IS 'NULL for a mail that names no author.';
COMMENT ON COLUMN tickets.waiting_for_customer IS 'The next word is theirs. A fact beside the status, not a status.';
COMMENT ON COLUMN tickets.problem_report IS 'Whether it reads as a problem report; anything else is asked nothing.';
COMMENT ON COLUMN tickets.asks IS 'How often the requester was asked for missing facts.';
COMMENT ON COLUMN tickets.incomplete IS 'Asked as often as we may, and still something is missing: a person takes over.';
COMMENT ON COLUMN tickets.follow_up_of IS 'The closed ticket this one continues.';

CREATE TABLE participants (
    ticket_id bigint NOT NULL REFERENCES tickets ON DELETE CASCADE,
    person_id bigint NOT NULL REFERENCES people,
    role text NOT NULL CHECK (role IN ('requester', 'cc')),
    added_by text NOT NULL,
    added_at timestamptz NOT NULL,
    PRIMARY KEY (ticket_id, person_id)
);
COMMENT ON TABLE participants IS 'Who takes part in a ticket from outside. Being one is needed to add to it; only a proven mail or staff make one.';
COMMENT ON COLUMN participants.added_by IS 'Who brought them in: an address, or the word system.';

CREATE TABLE report_slots (
    ticket_id bigint NOT NULL REFERENCES tickets ON DELETE CASCADE,
    slot text NOT NULL CHECK (slot IN ('steps', 'actual', 'expected')),
    verdict text NOT NULL CHECK (verdict IN ('present', 'unsure', 'missing')),
    message_id bigint,
    evidence jsonb NOT NULL DEFAULT '[]',
    decided_by text NOT NULL DEFAULT 'gate',
    decided_at timestamptz NOT NULL,
    PRIMARY KEY (ticket_id, slot)
);
COMMENT ON TABLE report_slots IS 'What the gate knows of each ticket, slot by slot; a reply fills one without touching the others.';
COMMENT ON COLUMN report_slots.message_id IS 'The message whose words are the evidence.';
COMMENT ON COLUMN report_slots.evidence IS 'start, end (bytes of own_text) and text of each stretch, best first.';
COMMENT ON COLUMN report_slots.decided_by IS 'gate, or the address of the person who overruled it.';
