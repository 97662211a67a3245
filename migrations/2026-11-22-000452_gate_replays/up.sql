CREATE TABLE gate_replays (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    since timestamptz NOT NULL,
    asked_by text NOT NULL,
    asked_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,
    total bigint NOT NULL,
    done bigint NOT NULL DEFAULT 0,
    result jsonb,
    error text,
    CHECK (result IS NULL OR error IS NULL)
);
COMMENT ON TABLE gate_replays IS 'Stored mails that the gate of today reads anew, in the background: how far it is, and what it found. The newest few are kept.';
COMMENT ON COLUMN gate_replays.since IS 'Mails that came after this moment.';
COMMENT ON COLUMN gate_replays.asked_by IS 'The member of staff who wanted to know.';
COMMENT ON COLUMN gate_replays.seen_at IS 'The last sign of whoever is at work on it; when it stays out, the work broke off.';
COMMENT ON COLUMN gate_replays.total IS 'So many mails there are to read.';
COMMENT ON COLUMN gate_replays.done IS 'So many were read.';
COMMENT ON COLUMN gate_replays.result IS 'What would differ, once all were read.';
COMMENT ON COLUMN gate_replays.error IS 'Why it ended without a result.';
