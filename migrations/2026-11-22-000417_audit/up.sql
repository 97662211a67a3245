CREATE TABLE audit (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    actor text NOT NULL,
    deed text NOT NULL,
    about text NOT NULL,
    network text NOT NULL
);
CREATE INDEX audit_by_actor ON audit (actor, id);
CREATE INDEX audit_by_about ON audit (about, id);
CREATE INDEX audit_by_deed ON audit (deed, id);
COMMENT ON TABLE audit IS 'Who signed in, changed what they sign in with, or did something to the desk itself. Nothing is taken out.';
COMMENT ON COLUMN audit.actor IS 'The address of who did it; the one that was given, where it proved nothing.';
COMMENT ON COLUMN audit.deed IS 'What was done, as a word.';
COMMENT ON COLUMN audit.about IS 'To whom or what, as people name it; may be empty.';
COMMENT ON COLUMN audit.network IS 'From where, as in sessions; empty for the command line.';
