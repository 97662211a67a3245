-- Who could look for the beginnings of a seal (of a link, a reply address or a Message-ID that a mail quotes) would have
-- all of it after some hundred searches, and could act as whom it was made for. So the search knows none.

CREATE FUNCTION without_seals(said text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT regexp_replace(said, '([-.]|[-%=]2[DdEe])(?:[A-Za-z2-7]{52}|[A-Za-z2-7]{32})(?![A-Za-z0-9])', '\1', 'g')
$$;
COMMENT ON FUNCTION without_seals IS 'The text without what stands where a seal would and looks like one; which those are is written in src/domain/link.rs.';

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
    WHERE message_words.message_id = messages.id AND without_seals(messages.text) <> messages.text;
