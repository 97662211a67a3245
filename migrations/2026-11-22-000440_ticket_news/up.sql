-- Whoever looks at a ticket hears that something happened to it, once for each ticket and statement. Nothing that a
-- person wrote goes along.
CREATE FUNCTION tell_ticket_news() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('deskgate_ticket', json_build_object('id', ticket_id, 'by', actor, 'what', event)::text)
        FROM (SELECT DISTINCT ON (ticket_id) ticket_id, actor, event FROM written
              WHERE ticket_id IS NOT NULL ORDER BY ticket_id, id DESC) AS news;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION tell_ticket_news() IS 'Announces to all nodes which tickets new lines of the journal are about, by whom, and the last word of each.';
CREATE TRIGGER journal_tells AFTER INSERT ON journal REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION tell_ticket_news();
