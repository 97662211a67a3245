DROP TABLE ticket_texts;
