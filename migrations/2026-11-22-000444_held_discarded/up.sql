ALTER TABLE held_replies DROP CONSTRAINT held_replies_settled_as_check;
ALTER TABLE held_replies ADD CONSTRAINT held_replies_settled_as_check CHECK (settled_as IN ('sent', 'replaced', 'discarded'));
COMMENT ON COLUMN held_replies.settled_as IS 'sent as they were; replaced by other words of the same person, sent or held; discarded by who wrote them.';
COMMENT ON COLUMN held_replies.message_id IS 'The mail they stood in, or the entry that was made of a form, kept as a note; its files go with them.';
ALTER TABLE held_replies ADD COLUMN seen_id bigint;
COMMENT ON COLUMN held_replies.seen_id IS 'The newest entry of the thread that their author had before them, where it was written in the console.';
