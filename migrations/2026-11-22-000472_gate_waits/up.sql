CREATE TABLE gate_waits (
    ticket_id bigint PRIMARY KEY REFERENCES tickets ON DELETE CASCADE,
    opened_at timestamptz NOT NULL,
    complete_at_first boolean NOT NULL,
    asked_at timestamptz,
    rounds integer NOT NULL DEFAULT 0,
    answered boolean NOT NULL DEFAULT false,
    ended_at timestamptz,
    ended_by text
);
CREATE INDEX gate_waits_opened ON gate_waits (opened_at);
COMMENT ON TABLE gate_waits IS 'What became of the question for missing facts, ticket by ticket: put together from the journal by the database.';
COMMENT ON COLUMN gate_waits.complete_at_first IS 'Nothing was missing in the first mail.';
COMMENT ON COLUMN gate_waits.asked_at IS 'When facts were asked for first.';
COMMENT ON COLUMN gate_waits.rounds IS 'How often they were asked for until the end.';
COMMENT ON COLUMN gate_waits.answered IS 'A mail came after the first question.';
COMMENT ON COLUMN gate_waits.ended_at IS 'When the last fact came, or staff took over.';
COMMENT ON COLUMN gate_waits.ended_by IS 'The event of the journal that ended it: completed or report where everything came; incomplete, overruled or status where staff took over.';

CREATE FUNCTION note_gate_wait() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.event = 'opened' THEN
        IF jsonb_typeof(NEW.detail -> 'missing') = 'array' THEN
            INSERT INTO gate_waits (ticket_id, opened_at, complete_at_first)
                VALUES (NEW.ticket_id, NEW.at, NEW.detail -> 'missing' = '[]') ON CONFLICT DO NOTHING;
        END IF;
    ELSIF NEW.event = 'asked' THEN
        INSERT INTO gate_waits AS known (ticket_id, opened_at, complete_at_first, asked_at, rounds)
            SELECT id, created_at, false, NEW.at, 1 FROM tickets WHERE id = NEW.ticket_id
            ON CONFLICT (ticket_id) DO UPDATE SET asked_at = coalesce(known.asked_at, NEW.at),
                rounds = known.rounds + (known.ended_at IS NULL)::integer;
    ELSIF NEW.event = 'joined' THEN
        UPDATE gate_waits SET answered = true
            WHERE ticket_id = NEW.ticket_id AND asked_at IS NOT NULL AND NOT answered;
    ELSIF NOT (NEW.event = 'overruled' AND NEW.detail @> '{"said": [{"staff": "missing"}]}')
        AND NOT (NEW.event = 'report'
            AND EXISTS (SELECT FROM report_slots WHERE ticket_id = NEW.ticket_id AND verdict = 'missing')) THEN
        UPDATE gate_waits SET ended_at = NEW.at, ended_by = NEW.event
            WHERE ticket_id = NEW.ticket_id AND asked_at IS NOT NULL AND ended_at IS NULL;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER journal_of_the_gate AFTER INSERT ON journal FOR EACH ROW
    WHEN (NEW.ticket_id IS NOT NULL
        AND NEW.event IN ('opened', 'asked', 'joined', 'completed', 'incomplete', 'status', 'report', 'overruled'))
    EXECUTE FUNCTION note_gate_wait();

-- A ticket older than the note of what its first mail lacked was complete when nothing was asked, nothing is missing
-- and no reply filled anything.
INSERT INTO gate_waits (ticket_id, opened_at, complete_at_first, asked_at, rounds, answered, ended_at, ended_by)
    SELECT tickets.id, tickets.created_at,
           coalesce(opened.missing = '[]', asked.id IS NULL AND NOT lacks.something AND filled.last IS NULL),
           asked.at,
           (SELECT count(*) FROM journal WHERE ticket_id = tickets.id AND event = 'asked' AND id < coalesce(ended.id, 9223372036854775807)),
           EXISTS (SELECT FROM journal WHERE ticket_id = tickets.id AND id > asked.id AND event = 'joined'),
           ended.at, ended.event
    FROM tickets
    LEFT JOIN LATERAL (SELECT detail -> 'missing' AS missing FROM journal
        WHERE ticket_id = tickets.id AND event = 'opened' AND jsonb_typeof(detail -> 'missing') = 'array'
        ORDER BY id LIMIT 1) AS opened ON true
    LEFT JOIN LATERAL (SELECT id, at FROM journal
        WHERE ticket_id = tickets.id AND event = 'asked' ORDER BY id LIMIT 1) AS asked ON true
    CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM report_slots
        WHERE ticket_id = tickets.id AND verdict = 'missing') AS something) AS lacks
    CROSS JOIN LATERAL (SELECT max(id) AS last FROM journal
        WHERE ticket_id = tickets.id AND event = 'report') AS filled
    LEFT JOIN LATERAL (SELECT id, at, event FROM journal
        WHERE ticket_id = tickets.id AND id > asked.id
          AND (event IN ('completed', 'incomplete', 'status')
               OR id = filled.last AND NOT lacks.something
               OR event = 'overruled' AND NOT detail @> '{"said": [{"staff": "missing"}]}')
        ORDER BY id LIMIT 1) AS ended ON true
    WHERE tickets.problem_report;

CREATE INDEX gate_examples_said ON gate_examples (said_at);
