DROP TABLE ticket_spans;
