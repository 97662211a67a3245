DROP TABLE report_slots;
DROP TABLE participants;
DROP TABLE tickets;
