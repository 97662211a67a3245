-- Who could look for the beginnings of a seal (of a link, a reply address or a Message-ID that a mail quotes) would have
-- all of it after some hundred searches, and could act as whom it was made for. So the search knows none.

CREATE FUNCTION without_seals(said text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT regexp_replace(regexp_replace(said,
        '([-.]|[-%=]2[DdEe])(?:[a-z2-7]{52}|[a-z2-7]{32}|[A-Z2-7]{52}|[A-Z2-7]{32})(?![A-Za-z0-9])', '\1', 'g'),
        '(/(?:page|leave/[a-z]+)/[0-9a-z]{1,13}-[0-9a-z]{1,13}-)[a-z2-7]{16,}', '\1', 'g')
$$;
COMMENT ON FUNCTION without_seals IS 'The text without what stands where a seal would and looks like one, or like the beginning of one behind the path of a link; what a seal is stands in src/domain/link.rs.';

CREATE OR REPLACE FUNCTION search_vector(language text, subject text, said text) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    config regconfig := search_config(language);
    pairs text;
    words tsvector;
    parts text[];
BEGIN
    subject := without_seals(subject);
    said := without_seals(said);
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

-- Before the text is cut: half of a seal would not be known for one.
CREATE OR REPLACE FUNCTION note_words() RETURNS trigger LANGUAGE plpgsql SET client_min_messages = warning AS $$
BEGIN
    INSERT INTO message_words (message_id, ticket_id, words)
        SELECT written.id, written.ticket_id, search_vector(coalesce(written.language, tickets.language),
            CASE WHEN written.subject = '' THEN tickets.subject ELSE written.subject END,
            written.author || E'\n' || left(without_seals(written.text), 60000))
        FROM written JOIN tickets ON tickets.id = written.ticket_id
        WHERE written.direction <> 'out' OR written.author_id IS NOT NULL;
    RETURN NULL;
END
$$;

UPDATE message_words SET words = search_vector(coalesce(messages.language, tickets.language),
        CASE WHEN messages.subject = '' THEN tickets.subject ELSE messages.subject END,
        messages.author || E'\n' || left(without_seals(messages.text), 60000))
    || coalesce((SELECT search_vector('', '', string_agg(name || ' ' || translate(name, '._-', '   '), ' ' ORDER BY position))
                 FROM attachments WHERE attachments.message_id = messages.id), '')
    FROM messages JOIN tickets ON tickets.id = messages.ticket_id
    WHERE message_words.message_id = messages.id
        AND (without_seals(messages.text) <> messages.text OR without_seals(messages.subject) <> messages.subject
            OR without_seals(tickets.subject) <> tickets.subject);
-- Subjects are kept so from now on: lists, mails and labelled reports show them.
UPDATE tickets SET subject = without_seals(subject) WHERE without_seals(subject) <> subject;
UPDATE messages SET subject = without_seals(subject) WHERE without_seals(subject) <> subject;
