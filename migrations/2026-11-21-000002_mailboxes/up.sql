CREATE TABLE mailboxes (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    source text NOT NULL,
    address text NOT NULL,
    uidvalidity bigint,
    last_uid bigint NOT NULL DEFAULT 0,
    state text NOT NULL DEFAULT 'new',
    state_detail text NOT NULL DEFAULT '',
    fetched_at timestamptz,
    holder text,
    held_until timestamptz,
    UNIQUE (name, source)
);
COMMENT ON TABLE mailboxes IS 'One row for each configured mailbox and place it was read from, made on first sight. The configuration is the truth for everything but the cursor.';
COMMENT ON COLUMN mailboxes.source IS 'Account, server and folder. UIDs mean something only there: a mailbox that is pointed elsewhere gets a new row. Empty for one that is not fetched.';
COMMENT ON COLUMN mailboxes.uidvalidity IS 'UIDVALIDITY of the folder when it was last opened (RFC 9051 2.3.1.1); NULL before the first time.';
COMMENT ON COLUMN mailboxes.last_uid IS 'The highest UID whose raw bytes are committed, under that UIDVALIDITY. A hint for speed: the ledger decides.';
COMMENT ON COLUMN mailboxes.state IS 'new, ok, or the short name of what is wrong.';
COMMENT ON COLUMN mailboxes.state_detail IS 'The same as a sentence for people.';
COMMENT ON COLUMN mailboxes.fetched_at IS 'When the folder was last looked through without an error.';
COMMENT ON COLUMN mailboxes.holder IS 'The node that fetches it.';
COMMENT ON COLUMN mailboxes.held_until IS 'Another node may take it over after this moment.';
