DROP INDEX tickets_open;
DROP INDEX tickets_closed;
DROP INDEX tickets_opened;
DROP TRIGGER tickets_reopened ON tickets;
DROP FUNCTION note_reopening();
DROP TABLE reopenings;
