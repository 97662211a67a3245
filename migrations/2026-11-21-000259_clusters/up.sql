CREATE TABLE clusters (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    state text NOT NULL CHECK (state IN ('proposed', 'accepted', 'dismissed')),
    ticket_id bigint REFERENCES tickets ON DELETE SET NULL,
    told integer NOT NULL,
    proposed_at timestamptz NOT NULL,
    decided_by text,
    decided_at timestamptz
);
COMMENT ON TABLE clusters IS 'Similar tickets that made staff think of one cause.';
COMMENT ON COLUMN clusters.state IS 'proposed: staff were asked; accepted: one ticket was opened for the cause; dismissed: there is none, until twice as many have gathered.';
COMMENT ON COLUMN clusters.ticket_id IS 'The ticket that was opened for the cause.';
COMMENT ON COLUMN clusters.told IS 'How many tickets there were when staff were last asked.';
COMMENT ON COLUMN clusters.decided_by IS 'Who accepted or dismissed it.';

CREATE TABLE cluster_tickets (
    ticket_id bigint PRIMARY KEY REFERENCES tickets ON DELETE CASCADE,
    cluster_id bigint NOT NULL REFERENCES clusters ON DELETE CASCADE,
    added_at timestamptz NOT NULL
);
CREATE INDEX cluster_tickets_by_cluster ON cluster_tickets (cluster_id);
COMMENT ON TABLE cluster_tickets IS 'The tickets of a cluster; each is in one at most.';

CREATE TABLE cluster_mails (
    outbox_id bigint PRIMARY KEY REFERENCES outbox ON DELETE CASCADE,
    cluster_id bigint NOT NULL REFERENCES clusters ON DELETE CASCADE
);
COMMENT ON TABLE cluster_mails IS 'The mails that asked about a cluster: an answer to one is about it.';
