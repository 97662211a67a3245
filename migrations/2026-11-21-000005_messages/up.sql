CREATE TABLE messages (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ticket_id bigint NOT NULL REFERENCES tickets ON DELETE CASCADE,
    direction text NOT NULL CHECK (direction IN ('in', 'out', 'note')),
    kind text NOT NULL,
    staff_only boolean NOT NULL DEFAULT false,
    author_id bigint REFERENCES people,
    author text NOT NULL DEFAULT '',
    subject text NOT NULL DEFAULT '',
    header_id text,
    fingerprint bytea UNIQUE CHECK (length(fingerprint) = 32),
    text text NOT NULL,
    own_text text NOT NULL,
    quoted_text text NOT NULL DEFAULT '',
    signature_text text NOT NULL DEFAULT '',
    html text,
    language text,
    written_at timestamptz,
    created_at timestamptz NOT NULL
);
CREATE INDEX messages_by_ticket ON messages (ticket_id, id);
CREATE INDEX messages_by_header_id ON messages USING hash (header_id);
COMMENT ON TABLE messages IS 'The thread of a ticket: mails in, mails out, notes.';
COMMENT ON COLUMN messages.kind IS 'For a mail in, what sort of mail it is; for a mail out, the notice; note for a note.';
COMMENT ON COLUMN messages.staff_only IS 'Never shown or sent to anybody outside.';
COMMENT ON COLUMN messages.author IS 'The author as the mail gave it, `Name <address>`; empty for the system.';
COMMENT ON COLUMN messages.header_id IS 'Message-ID without angle brackets. Not unique: anybody can write any id.';
COMMENT ON COLUMN messages.fingerprint IS 'Digest of what the sender sent; the same mail by two routes has the same one.';
COMMENT ON COLUMN messages.own_text IS 'What the author newly wrote; with quoted_text and signature_text the whole.';
COMMENT ON COLUMN messages.html IS 'As it came, unsafe to show.';
COMMENT ON COLUMN messages.written_at IS 'The Date field.';

CREATE TABLE blobs (
    sha256 bytea PRIMARY KEY CHECK (length(sha256) = 32),
    size_bytes bigint NOT NULL,
    bytes bytea NOT NULL
);
ALTER TABLE blobs ALTER COLUMN bytes SET STORAGE EXTERNAL;
COMMENT ON TABLE blobs IS 'The content of attachments, each once.';

CREATE TABLE attachments (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    message_id bigint NOT NULL REFERENCES messages ON DELETE CASCADE,
    position integer NOT NULL,
    sha256 bytea NOT NULL REFERENCES blobs,
    name text NOT NULL,
    mime text NOT NULL,
    inline boolean NOT NULL,
    content_id text,
    UNIQUE (message_id, position)
);
CREATE INDEX attachments_by_blob ON attachments (sha256);
COMMENT ON TABLE attachments IS 'The files of a message.';
COMMENT ON COLUMN attachments.name IS 'A safe base name: no path, no control characters.';

ALTER TABLE inbound ADD FOREIGN KEY (ticket_id) REFERENCES tickets ON DELETE SET NULL;
ALTER TABLE inbound ADD FOREIGN KEY (message_id) REFERENCES messages ON DELETE SET NULL;
ALTER TABLE report_slots ADD FOREIGN KEY (message_id) REFERENCES messages ON DELETE SET NULL;
