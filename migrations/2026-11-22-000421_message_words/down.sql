DROP INDEX IF EXISTS tickets_subject_parts, people_address_parts, people_name_parts;
ALTER TABLE tickets DROP COLUMN subject_words;
DROP TRIGGER attachments_worded ON attachments;
DROP TRIGGER messages_moved ON messages;
DROP TRIGGER messages_worded ON messages;
DROP TABLE message_words;
DROP FUNCTION note_file_words(), move_words(), note_words();
DROP FUNCTION search_term(text, text), search_vector(text, text, text), search_pairs(text), search_config(text);
