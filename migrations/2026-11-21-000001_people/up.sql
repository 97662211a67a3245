CREATE TABLE people (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    address text NOT NULL UNIQUE CHECK (address LIKE '_%@_%'),
    name text NOT NULL DEFAULT '',
    language text,
    created_at timestamptz NOT NULL
);
COMMENT ON TABLE people IS 'Everybody who writes or reads: requesters, agents, stakeholders, people on Cc.';
COMMENT ON COLUMN people.address IS 'Canonical form: lower case, the domain as A-labels.';
COMMENT ON COLUMN people.name IS 'The display name they last used; empty when they gave none.';
COMMENT ON COLUMN people.language IS 'ISO 639-1 code of the language they last wrote in, where it could be told.';
