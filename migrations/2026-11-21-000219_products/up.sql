ALTER TABLE tickets ADD COLUMN product text;
COMMENT ON COLUMN tickets.product IS 'The name of a configured product, where it is known: from the mailbox, from words of the subject, or from staff.';
