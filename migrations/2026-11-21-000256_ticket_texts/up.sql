CREATE TABLE ticket_texts (
    ticket_id bigint PRIMARY KEY REFERENCES tickets ON DELETE CASCADE,
    subject text NOT NULL,
    words tsvector NOT NULL
);
-- A short pending list: it is read whole by each search.
CREATE INDEX ticket_texts_by_words ON ticket_texts USING gin (words) WITH (gin_pending_list_limit = 512);
COMMENT ON TABLE ticket_texts IS 'What of each ticket finds those that look like it. Made from the ticket; one that is missing is made again.';
COMMENT ON COLUMN ticket_texts.subject IS 'The words of the subject that tell something, in lower case.';
COMMENT ON COLUMN ticket_texts.words IS 'Lexemes by the rules of the ticket''s language: of the subject (A), of the first mail (B), and without a place the codes and messages of programs.';

-- Subjects that are merely spelled alike are found where pg_trgm is there and may be used; deskgate check tells.
DO $$
BEGIN
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
EXCEPTION WHEN insufficient_privilege OR undefined_file OR feature_not_supported THEN
    RAISE NOTICE 'pg_trgm is not available: %', SQLERRM;
END $$;
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_opclass WHERE opcname = 'gin_trgm_ops' AND pg_opclass_is_visible(oid)) THEN
        EXECUTE 'CREATE INDEX ticket_texts_by_subject ON ticket_texts USING gin (subject gin_trgm_ops) WITH (gin_pending_list_limit = 512)';
    END IF;
END $$;
