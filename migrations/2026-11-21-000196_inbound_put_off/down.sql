ALTER TABLE inbound DROP COLUMN put_off;
