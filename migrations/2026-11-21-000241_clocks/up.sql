CREATE TABLE ticket_standings (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ticket_id bigint NOT NULL REFERENCES tickets ON DELETE CASCADE,
    since timestamptz NOT NULL,
    status text NOT NULL,
    waiting_for_customer boolean NOT NULL
);
CREATE INDEX ticket_standings_by_ticket ON ticket_standings (ticket_id, id);
COMMENT ON TABLE ticket_standings IS 'How each ticket stood from when on: a row for each time its status or waiting_for_customer changed, written by the database, so that no way of changing them is forgotten.';
COMMENT ON COLUMN ticket_standings.since IS 'As the ticket says in changed_at; never before the row before it.';

CREATE TABLE clocks (
    ticket_id bigint NOT NULL REFERENCES tickets ON DELETE CASCADE,
    goal text NOT NULL CHECK (goal IN ('first-answer', 'next-update', 'resolution')),
    severity smallint NOT NULL CHECK (severity BETWEEN 1 AND 4),
    started_at timestamptz NOT NULL,
    target_seconds bigint NOT NULL,
    due_at timestamptz,
    paused_since timestamptz,
    paused_seconds bigint NOT NULL DEFAULT 0,
    met_at timestamptz,
    breached_at timestamptz,
    warned boolean NOT NULL DEFAULT false,
    steps_told integer NOT NULL DEFAULT 0,
    rules text NOT NULL,
    PRIMARY KEY (ticket_id, goal)
);
CREATE INDEX clocks_running ON clocks (due_at) WHERE met_at IS NULL;
COMMENT ON TABLE clocks IS 'What is promised about each ticket, as it was last computed from ticket_standings, messages and the configuration, and what staff were told of it.';
COMMENT ON COLUMN clocks.severity IS 'By whose policy.';
COMMENT ON COLUMN clocks.target_seconds IS 'Working time that was promised.';
COMMENT ON COLUMN clocks.due_at IS 'NULL while it pauses before its end, and for what was kept in time.';
COMMENT ON COLUMN clocks.paused_seconds IS 'Working time of the pauses that are over, apart from what ran.';
COMMENT ON COLUMN clocks.met_at IS 'When the promise was kept, in time or late.';
COMMENT ON COLUMN clocks.breached_at IS 'When it was broken.';
COMMENT ON COLUMN clocks.warned IS 'Staff were told before its end.';
COMMENT ON COLUMN clocks.steps_told IS 'How many steps of the escalation were told after its end.';
COMMENT ON COLUMN clocks.rules IS 'A digest of the policies by which it was computed.';

-- The clocks of this ticket are to be computed anew, at once.
CREATE FUNCTION wind_clocks(ticket bigint) RETURNS void LANGUAGE sql AS $$
    INSERT INTO timers (kind, ticket_id, due_at) VALUES ('clocks', ticket, clock_timestamp())
    ON CONFLICT (kind, ticket_id, subject) DO UPDATE SET due_at = LEAST(timers.due_at, EXCLUDED.due_at)
$$;

CREATE FUNCTION note_standing() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    began timestamptz := NEW.created_at;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        began := CASE WHEN NEW.changed_at > OLD.changed_at THEN NEW.changed_at ELSE clock_timestamp() END;
        SELECT GREATEST(began, since) INTO began FROM ticket_standings
            WHERE ticket_id = NEW.id ORDER BY id DESC LIMIT 1;
    END IF;
    INSERT INTO ticket_standings (ticket_id, since, status, waiting_for_customer)
        VALUES (NEW.id, began, NEW.status, NEW.waiting_for_customer);
    PERFORM wind_clocks(NEW.id);
    RETURN NULL;
END
$$;
CREATE TRIGGER tickets_opened AFTER INSERT ON tickets
    FOR EACH ROW EXECUTE FUNCTION note_standing();
CREATE TRIGGER tickets_stand_otherwise AFTER UPDATE ON tickets FOR EACH ROW
    WHEN (OLD.status <> NEW.status OR OLD.waiting_for_customer <> NEW.waiting_for_customer)
    EXECUTE FUNCTION note_standing();

CREATE FUNCTION wind_clocks_of_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'tickets' THEN
        PERFORM wind_clocks(NEW.id);
    ELSE
        PERFORM wind_clocks(NEW.ticket_id);
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER tickets_rated AFTER UPDATE ON tickets FOR EACH ROW
    WHEN (OLD.severity IS DISTINCT FROM NEW.severity)
    EXECUTE FUNCTION wind_clocks_of_row();
CREATE TRIGGER messages_written AFTER INSERT ON messages FOR EACH ROW
    WHEN (NEW.direction = 'out' AND NEW.kind <> 'acknowledged')
    EXECUTE FUNCTION wind_clocks_of_row();

-- Tickets that are there get their clocks when they next change: nobody was promised anything before.
INSERT INTO ticket_standings (ticket_id, since, status, waiting_for_customer)
    SELECT id, created_at, 'new', false FROM tickets ORDER BY id;
INSERT INTO ticket_standings (ticket_id, since, status, waiting_for_customer)
    SELECT id, changed_at, status, waiting_for_customer FROM tickets
    WHERE status <> 'new' OR waiting_for_customer ORDER BY id;
