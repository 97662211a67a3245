CREATE TABLE ticket_spans (
    ticket_id bigint NOT NULL REFERENCES tickets ON DELETE CASCADE,
    goal text NOT NULL CHECK (goal IN ('first-answer', 'resolution')),
    started_at timestamptz NOT NULL,
    severity smallint NOT NULL CHECK (severity BETWEEN 1 AND 4),
    met_at timestamptz NOT NULL,
    target_seconds bigint,
    due_at timestamptz,
    ran_seconds bigint NOT NULL,
    waited_seconds bigint NOT NULL,
    PRIMARY KEY (ticket_id, goal, started_at)
);
CREATE INDEX ticket_spans_met ON ticket_spans (goal, met_at) INCLUDE (severity, target_seconds, due_at, ran_seconds, waited_seconds, ticket_id);
COMMENT ON TABLE ticket_spans IS 'How long first answer and resolution of each ticket took, as the clocks count, whether a time was promised or not. A row goes when what was done turns out not to be.';
COMMENT ON COLUMN ticket_spans.started_at IS 'When the ticket was opened, or reopened: each time has its own.';
COMMENT ON COLUMN ticket_spans.severity IS 'By whose policy.';
COMMENT ON COLUMN ticket_spans.target_seconds IS 'Working time that was promised.';
COMMENT ON COLUMN ticket_spans.due_at IS 'When it should have been done, where it was done later.';
COMMENT ON COLUMN ticket_spans.ran_seconds IS 'Working time that it took us: for the resolution without the time in which the customer had the next word or a fix to try.';
COMMENT ON COLUMN ticket_spans.waited_seconds IS 'Working time until then in which the customer had the next word or a fix to try.';

-- Tickets that are there get theirs when their clocks are computed anew: fifty a second, so that nothing else waits.
INSERT INTO timers (kind, ticket_id, due_at)
    SELECT 'clocks', id, clock_timestamp() + row_number() OVER (ORDER BY id DESC) * interval '20 milliseconds'
    FROM tickets WHERE NOT spam
    ON CONFLICT (kind, ticket_id, subject) DO NOTHING;
