ALTER TABLE tickets
    DROP COLUMN snoozed_until,
    DROP COLUMN snoozed_at,
    DROP COLUMN spam,
    DROP COLUMN merged_into;
