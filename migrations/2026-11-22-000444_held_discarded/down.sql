ALTER TABLE held_replies DROP COLUMN seen_id;
UPDATE held_replies SET settled_as = 'replaced' WHERE settled_as = 'discarded';
ALTER TABLE held_replies DROP CONSTRAINT held_replies_settled_as_check;
ALTER TABLE held_replies ADD CONSTRAINT held_replies_settled_as_check CHECK (settled_as IN ('sent', 'replaced'));
COMMENT ON COLUMN held_replies.settled_as IS 'sent as they were; replaced by other words of the same person, sent or held.';
COMMENT ON COLUMN held_replies.message_id IS 'The mail they stood in, kept as a note; its files go with them.';
