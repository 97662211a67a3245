CREATE OR REPLACE FUNCTION search_vector(language text, subject text, said text) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
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
CREATE OR REPLACE FUNCTION note_words() RETURNS trigger LANGUAGE plpgsql SET client_min_messages = warning AS $$
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
DROP FUNCTION without_seals;
