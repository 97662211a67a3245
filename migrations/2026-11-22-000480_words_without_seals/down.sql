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
