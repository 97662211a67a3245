DROP INDEX tickets_by_follow_up;
DROP INDEX messages_by_header_id;
CREATE INDEX messages_by_header_id ON messages USING hash (header_id);
DROP TABLE message_references;
