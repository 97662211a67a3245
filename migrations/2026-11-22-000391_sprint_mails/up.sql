CREATE TABLE sprint_mails (
    outbox_id bigint PRIMARY KEY REFERENCES outbox ON DELETE CASCADE,
    tickets jsonb NOT NULL
);
COMMENT ON TABLE sprint_mails IS 'The mails that listed the candidates of a sprint: a place in an answer to one is a place in its list.';
COMMENT ON COLUMN sprint_mails.tickets IS 'The numbers of the tickets in the order of the list.';
