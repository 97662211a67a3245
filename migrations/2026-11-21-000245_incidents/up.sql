CREATE TABLE incidents (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ticket_id bigint NOT NULL REFERENCES tickets ON DELETE CASCADE,
    began_at timestamptz NOT NULL,
    ended_at timestamptz,
    calls integer NOT NULL DEFAULT 0 CHECK (calls >= 0),
    called jsonb NOT NULL DEFAULT '[]',
    acknowledged_by text,
    acknowledged_at timestamptz,
    update_due_at timestamptz
);
CREATE UNIQUE INDEX incidents_open ON incidents (ticket_id) WHERE ended_at IS NULL;
CREATE INDEX incidents_by_ticket ON incidents (ticket_id, id);
COMMENT ON TABLE incidents IS 'How long a ticket was so bad that somebody is called for it: from the severity until the fix is there. One is open for each ticket at most.';
COMMENT ON COLUMN incidents.calls IS 'How many calls along the chain were made since the last acknowledgement was taken back.';
COMMENT ON COLUMN incidents.called IS 'Addresses of everybody who was called, in order, each once.';
COMMENT ON COLUMN incidents.acknowledged_by IS 'Who has it; nobody else is called then.';
COMMENT ON COLUMN incidents.update_due_at IS 'By when stakeholders were promised news.';

CREATE TABLE shift_plans (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ticket_id bigint NOT NULL REFERENCES tickets ON DELETE CASCADE,
    state text NOT NULL CHECK (state IN ('proposed', 'confirmed', 'declined', 'over')),
    version integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL,
    decided_by text,
    decided_at timestamptz
);
CREATE UNIQUE INDEX shift_plans_proposed ON shift_plans (ticket_id) WHERE state = 'proposed';
CREATE INDEX shift_plans_by_ticket ON shift_plans (ticket_id, id);
COMMENT ON TABLE shift_plans IS 'Shifts round the clock for one ticket: proposed by Deskgate, confirmed or declined by a lead, over when another one or the end of the incident takes its place. A confirmed one and the next may overlap in time.';
COMMENT ON COLUMN shift_plans.version IS 'How often it was changed; calendar programs tell a change by it.';
COMMENT ON COLUMN shift_plans.decided_by IS 'Address of who confirmed or declined it.';

CREATE TABLE shifts (
    plan_id bigint NOT NULL REFERENCES shift_plans ON DELETE CASCADE,
    number integer NOT NULL CHECK (number > 0),
    who text NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL CHECK (ends_at > starts_at),
    PRIMARY KEY (plan_id, number)
);
COMMENT ON TABLE shifts IS 'Who has which stretch of time of a plan.';
COMMENT ON COLUMN shifts.who IS 'Address of a member of staff.';
