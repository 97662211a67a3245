CREATE TABLE console_forms (
    key text PRIMARY KEY CHECK (length(key) BETWEEN 16 AND 64),
    address text NOT NULL,
    ticket_id bigint REFERENCES tickets ON DELETE CASCADE,
    outcome jsonb NOT NULL,
    at timestamptz NOT NULL
);
CREATE INDEX console_forms_by_age ON console_forms (at);
COMMENT ON TABLE console_forms IS 'Forms of the console that were carried out, so that one which is sent twice does its deed once. A row is of use for a few days.';
COMMENT ON COLUMN console_forms.key IS 'A random word that the page put into the form.';
COMMENT ON COLUMN console_forms.address IS 'The member of staff who sent it.';
COMMENT ON COLUMN console_forms.ticket_id IS 'The ticket it was about; none where it was about several.';
COMMENT ON COLUMN console_forms.outcome IS 'What was done, as sentences, and the command that takes it back where there is one.';
