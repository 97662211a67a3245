ALTER TABLE inbound ADD COLUMN cause text CHECK (cause IN ('took-too-long', 'too-large', 'reader-panicked', 'refused-by-database', 'cut-short', 'not-processed'));
COMMENT ON COLUMN inbound.cause IS 'Why the last try failed, as a word; the error says it as a sentence.';
