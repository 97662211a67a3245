-- The words of a thread, for the search. Each text gives its words as they stand, with their places, and beside them the stems that
-- the rules of its language make of them. Polish words are cut, since PostgreSQL has no stems for them; Chinese and Japanese, which
-- part no words, give each two characters that stand side by side.

CREATE FUNCTION search_config(language text) RETURNS regconfig LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE language
        WHEN 'en' THEN 'pg_catalog.english'::regconfig WHEN 'de' THEN 'pg_catalog.german'::regconfig
        WHEN 'fr' THEN 'pg_catalog.french'::regconfig WHEN 'es' THEN 'pg_catalog.spanish'::regconfig
        WHEN 'pt' THEN 'pg_catalog.portuguese'::regconfig WHEN 'it' THEN 'pg_catalog.italian'::regconfig
        WHEN 'nl' THEN 'pg_catalog.dutch'::regconfig
    END
$$;

CREATE FUNCTION search_pairs(said text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT string_agg(CASE WHEN eastern AND next_is THEN c || next WHEN eastern AND NOT coalesce(last_is, false) THEN c END, ' ' ORDER BY place)
    FROM (SELECT c, place, eastern, lead(c) OVER places AS next, coalesce(lead(eastern) OVER places, false) AS next_is,
            lag(eastern) OVER places AS last_is
          FROM (SELECT c, place, c ~ '[\u3005\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]' AS eastern
                FROM regexp_split_to_table(said, '') WITH ORDINALITY AS parts (c, place)) AS characters
          WINDOW places AS (ORDER BY place)) AS neighbours
    WHERE eastern
$$;

CREATE FUNCTION search_vector(language text, subject text, said text) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    config regconfig := search_config(language);
    pairs text;
    words tsvector;
    parts text[];
BEGIN
    IF octet_length(said) + octet_length(subject) > length(said) + length(subject) THEN
        pairs := search_pairs(subject || ' ' || said);
        IF pairs IS NOT NULL THEN
            subject := regexp_replace(subject, '[\u3005\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+', ' ', 'g');
            said := regexp_replace(said, '[\u3005\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+', ' ', 'g');
        END IF;
    END IF;
    words := setweight(to_tsvector('pg_catalog.simple', subject), 'A') || to_tsvector('pg_catalog.simple', said);
    IF pairs IS NOT NULL THEN
        words := words || to_tsvector('pg_catalog.simple', pairs);
    END IF;
    IF config IS NOT NULL THEN
        words := words || strip(to_tsvector(config, subject || E'\n' || said));
    END IF;
    -- What addresses and paths are made of.
    SELECT array_agg(DISTINCT part) INTO parts
        FROM unnest(tsvector_to_array(words)) AS lexeme, unnest(string_to_array(translate(lexeme, '/', '@'), '@')) AS part
        WHERE lexeme ~ '[@/]' AND part <> '';
    IF language = 'pl' THEN
        parts := parts || (SELECT array_agg(DISTINCT 'pl~' || left(lexeme, 6)) FROM unnest(tsvector_to_array(words)) AS lexeme);
    END IF;
    RETURN CASE WHEN parts IS NULL THEN words ELSE words || array_to_tsvector(parts) END;
END
$$;

-- What finds a text that has these: a word in any of its forms, one that is perhaps only begun, or a phrase as it stands.
CREATE FUNCTION search_term(said text, manner text) RETURNS tsquery LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET client_min_messages = warning AS $$
DECLARE
    eastern CONSTANT text := '[\u3005\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+';
    latin text := regexp_replace(said, eastern, ' ', 'g');
    config regconfig;
    form tsquery := plainto_tsquery('pg_catalog.simple', latin);
    found tsquery := form;
    made tsquery[] := ARRAY[form];
    word text;
    run text;
BEGIN
    IF manner = 'phrase' THEN
        found := phraseto_tsquery('pg_catalog.simple', latin);
    ELSE
        FOREACH config IN ARRAY ARRAY['english', 'german', 'french', 'spanish', 'portuguese', 'italian', 'dutch']::regconfig[] LOOP
            form := plainto_tsquery(config, latin);
            IF numnode(form) > 0 AND NOT form = ANY(made) THEN
                made := made || form;
                found := found || form;
            END IF;
        END LOOP;
        -- What is one word of letters and digits may be only begun; and it may be Polish.
        word := substring(made[1]::text FROM '^''([[:alnum:]]+)''$');
        IF word IS NOT NULL THEN
            found := found || quote_literal('pl~' || left(word, 6))::tsquery;
            IF manner = 'begun' AND length(word) > 2 THEN
                found := found || (quote_literal(word) || ':*')::tsquery;
            END IF;
        END IF;
    END IF;
    FOR run IN SELECT part[1] FROM regexp_matches(said, eastern, 'g') AS part LOOP
        found := found && CASE WHEN length(run) = 1 THEN (quote_literal(run) || ':*')::tsquery
            ELSE phraseto_tsquery('pg_catalog.simple', search_pairs(run)) END;
    END LOOP;
    RETURN found;
END
$$;

CREATE TABLE message_words (
    message_id bigint PRIMARY KEY REFERENCES messages ON DELETE CASCADE,
    ticket_id bigint NOT NULL,
    words tsvector NOT NULL
);
COMMENT ON TABLE message_words IS 'What the search finds each entry of a thread by, kept by the database. What the desk wrote by itself is not among them: it says the same about every ticket.';
COMMENT ON COLUMN message_words.ticket_id IS 'As in messages.';
COMMENT ON COLUMN message_words.words IS 'Of subject (A), author, text and names of files: the words as they stand, with their places, and their stems by the rules of the language.';

-- More of one text is not looked through: it has to fit into a tsvector.
CREATE FUNCTION note_words() RETURNS trigger LANGUAGE plpgsql SET client_min_messages = warning AS $$
BEGIN
    INSERT INTO message_words (message_id, ticket_id, words)
        SELECT written.id, written.ticket_id, search_vector(coalesce(written.language, tickets.language),
            CASE WHEN written.subject = '' THEN tickets.subject ELSE written.subject END,
            written.author || E'\n' || left(written.text, 60000))
        FROM written JOIN tickets ON tickets.id = written.ticket_id
        WHERE written.direction <> 'out' OR written.author_id IS NOT NULL;
    RETURN NULL;
END
$$;
CREATE TRIGGER messages_worded AFTER INSERT ON messages REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION note_words();

CREATE FUNCTION move_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE message_words SET ticket_id = NEW.ticket_id WHERE message_id = NEW.id;
    RETURN NULL;
END
$$;
CREATE TRIGGER messages_moved AFTER UPDATE OF ticket_id ON messages FOR EACH ROW
    WHEN (OLD.ticket_id <> NEW.ticket_id) EXECUTE FUNCTION move_words();

CREATE FUNCTION note_file_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE message_words SET words = words || files.names
    FROM (SELECT message_id, search_vector('', '', string_agg(name || ' ' || translate(name, '._-', '   '), ' ' ORDER BY position)) AS names
          FROM attached GROUP BY message_id) AS files
    WHERE message_words.message_id = files.message_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER attachments_worded AFTER INSERT ON attachments REFERENCING NEW TABLE AS attached
    FOR EACH STATEMENT EXECUTE FUNCTION note_file_words();

INSERT INTO message_words (message_id, ticket_id, words)
    SELECT messages.id, messages.ticket_id, search_vector(coalesce(messages.language, tickets.language),
        CASE WHEN messages.subject = '' THEN tickets.subject ELSE messages.subject END,
        messages.author || E'\n' || left(messages.text, 60000))
    FROM messages JOIN tickets ON tickets.id = messages.ticket_id
    WHERE messages.direction <> 'out' OR messages.author_id IS NOT NULL
    ORDER BY messages.id;
UPDATE message_words SET words = words || files.names
    FROM (SELECT message_id, search_vector('', '', string_agg(name || ' ' || translate(name, '._-', '   '), ' ' ORDER BY position)) AS names
          FROM attachments GROUP BY message_id) AS files
    WHERE message_words.message_id = files.message_id;

-- A short pending list: it is read whole by each search.
CREATE INDEX message_words_found ON message_words USING gin (words) WITH (gin_pending_list_limit = 256);
CREATE INDEX message_words_by_ticket ON message_words (ticket_id, message_id);
ALTER TABLE tickets ADD COLUMN subject_words tsvector NOT NULL GENERATED ALWAYS AS (search_vector(language, subject, '')) STORED;
COMMENT ON COLUMN tickets.subject_words IS 'What the search finds the subject by.';
CREATE INDEX tickets_subject_words ON tickets USING gin (subject_words) WITH (gin_pending_list_limit = 128);

-- Parts of words in subjects, names and addresses are found where pg_trgm is there; deskgate check tells.
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_opclass WHERE opcname = 'gin_trgm_ops' AND pg_opclass_is_visible(oid)) THEN
        EXECUTE 'CREATE INDEX tickets_subject_parts ON tickets USING gin (subject gin_trgm_ops) WITH (gin_pending_list_limit = 128)';
        EXECUTE 'CREATE INDEX people_address_parts ON people USING gin (address gin_trgm_ops) WITH (gin_pending_list_limit = 128)';
        EXECUTE 'CREATE INDEX people_name_parts ON people USING gin (name gin_trgm_ops) WITH (gin_pending_list_limit = 128)';
    END IF;
END $$;
