ALTER TABLE tickets ADD COLUMN status_name text CHECK (status_name ~ '^[a-z0-9_-]{1,40}$');
COMMENT ON COLUMN tickets.status_name IS 'The site''s own name of the status, where it is not the first that means tickets.status; NULL stands for the first. A name that the configuration no longer has counts as NULL.';
