ALTER TABLE inbound ADD COLUMN wanted_by text;
COMMENT ON COLUMN inbound.wanted_by IS 'The member of staff who wants a mail taken in that was set aside; then it makes a ticket whatever it is.';
