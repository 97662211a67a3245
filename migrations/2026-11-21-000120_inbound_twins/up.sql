CREATE INDEX inbound_sha256 ON inbound (sha256) WHERE state = 'done' AND message_id IS NOT NULL;
COMMENT ON INDEX inbound_sha256 IS 'Finds the entry that a mail with the same bytes made before, so that it is a duplicate whatever later versions read in it.';
