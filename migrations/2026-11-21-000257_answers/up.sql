CREATE TABLE answers (
    name text NOT NULL CHECK (name ~ '^[a-z0-9][a-z0-9-]{0,39}$'),
    language text NOT NULL,
    text text NOT NULL,
    changed_by text NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (name, language)
);
COMMENT ON TABLE answers IS 'Known answers: what staff wrote once and send by one command.';
COMMENT ON COLUMN answers.language IS 'ISO 639-1 code; who reads another language gets that of the site.';
COMMENT ON COLUMN answers.text IS 'A template that may name {{name}}, {{reference}}, {{subject}} and {{site}}.';
COMMENT ON COLUMN answers.changed_by IS 'The address of who wrote it.';
