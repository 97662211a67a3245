ALTER TABLE inbound DROP COLUMN wanted_by;
