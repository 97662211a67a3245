CREATE TABLE sprint_order (
    sprint integer NOT NULL,
    ticket_id bigint NOT NULL REFERENCES tickets ON DELETE CASCADE,
    position integer NOT NULL,
    dropped boolean NOT NULL DEFAULT false,
    told_by text NOT NULL,
    told_at timestamptz NOT NULL,
    PRIMARY KEY (sprint, ticket_id)
);
CREATE INDEX sprint_order_ticket ON sprint_order (ticket_id);
COMMENT ON TABLE sprint_order IS 'In which order product owners want tickets of severity 3 in a sprint.';
COMMENT ON COLUMN sprint_order.sprint IS 'The number of the sprint, counted from 1.';
COMMENT ON COLUMN sprint_order.position IS 'Counted from 1; 0 for what was dropped.';
COMMENT ON COLUMN sprint_order.dropped IS 'Not in this sprint.';
COMMENT ON COLUMN sprint_order.told_by IS 'The address of who said so.';

CREATE TABLE budget_told (
    sprint integer NOT NULL,
    share integer NOT NULL,
    told_at timestamptz NOT NULL,
    PRIMARY KEY (sprint, share)
);
COMMENT ON TABLE budget_told IS 'At which shares of the budget for severity 2 leads were told, once each in a sprint.';
COMMENT ON COLUMN budget_told.sprint IS 'The number of the sprint, counted from 1.';
COMMENT ON COLUMN budget_told.share IS 'In percent.';
