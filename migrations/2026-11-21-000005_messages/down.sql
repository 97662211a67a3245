ALTER TABLE report_slots DROP CONSTRAINT report_slots_message_id_fkey;
ALTER TABLE inbound DROP CONSTRAINT inbound_message_id_fkey;
ALTER TABLE inbound DROP CONSTRAINT inbound_ticket_id_fkey;
DROP TABLE attachments;
DROP TABLE blobs;
DROP TABLE messages;
