ALTER TABLE tickets DROP COLUMN product;
