ALTER TABLE tickets ADD COLUMN queue text;
COMMENT ON COLUMN tickets.queue IS 'The name of a configured queue: the first that takes its product, level and mailbox, or what staff said.';
CREATE INDEX tickets_assignee_open ON tickets (assignee_id) WHERE status IN ('new', 'accepted');

CREATE TABLE unassigned (
    ticket_id bigint PRIMARY KEY REFERENCES tickets ON DELETE CASCADE,
    because text NOT NULL,
    since timestamptz NOT NULL
);
COMMENT ON TABLE unassigned IS 'Tickets for which the desk found nobody, until it does, or until somebody is assigned.';
COMMENT ON COLUMN unassigned.because IS 'Why nobody could be chosen, as a sentence for staff.';

CREATE TABLE last_assigned (
    address text PRIMARY KEY,
    at timestamptz NOT NULL
);
COMMENT ON TABLE last_assigned IS 'When each member of staff last got a ticket, from the desk or from people: of two equals the one who waited longer comes first.';
