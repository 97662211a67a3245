DROP TABLE release_tickets;
DROP TABLE releases;
