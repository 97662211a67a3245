CREATE TABLE absences (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    address text NOT NULL,
    from_day date NOT NULL,
    to_day date,
    told_by text NOT NULL,
    told_at timestamptz NOT NULL,
    CHECK (to_day >= from_day)
);
CREATE INDEX absences_address ON absences (address);
COMMENT ON TABLE absences IS 'When members of staff are away; nothing is assigned to them then.';
COMMENT ON COLUMN absences.address IS 'An address of the staff list.';
COMMENT ON COLUMN absences.from_day IS 'The first day, in the zone of that person.';
COMMENT ON COLUMN absences.to_day IS 'The last day; NULL until they say that they are back.';
COMMENT ON COLUMN absences.told_by IS 'The address of who said so.';
