CREATE TABLE nodes (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL UNIQUE,
    roles text NOT NULL,
    mailboxes jsonb NOT NULL,
    started_at timestamptz NOT NULL DEFAULT now(),
    seen_at timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 50);
COMMENT ON TABLE nodes IS 'The processes that share this database. Each holds the advisory lock (0x6465736b, id) on a connection that lives as long as it does; a row without lock and without a sign of life is a dead process, and whoever sees it takes its leases away.';
COMMENT ON COLUMN nodes.name IS 'host/boot-namespace:process:random, as leases name their holder.';
COMMENT ON COLUMN nodes.roles IS 'What it runs, for people.';
COMMENT ON COLUMN nodes.mailboxes IS 'The names of the mailboxes in its configuration: the work it takes.';
COMMENT ON COLUMN nodes.seen_at IS 'Its last sign of life, by the clock of the database.';
