CREATE TABLE saved_views (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    owner text NOT NULL,
    name text NOT NULL CHECK (name <> ''),
    query text NOT NULL,
    sort text NOT NULL CHECK (sort IN ('due', 'changed', 'created', 'severity', 'waiting')),
    position integer NOT NULL,
    UNIQUE (owner, name)
);
COMMENT ON TABLE saved_views IS 'Lists of tickets that members of staff keep for themselves under a name.';
COMMENT ON COLUMN saved_views.owner IS 'Whose it is: an address of the staff list.';
COMMENT ON COLUMN saved_views.query IS 'What it lists, as somebody would type it.';
COMMENT ON COLUMN saved_views.position IS 'In which order they are shown; counted from 1.';
