-- Fills a migrated, empty database with a desk of some years: 200,000 tickets, a million messages, skewed as life is.
-- psql variables: tickets, messages, sentences (a file that the server can read: language, kind and sentence between tabs).
-- Nothing here is random from run to run.
\set ON_ERROR_STOP on
\timing on
SET session_replication_role = replica;
SET work_mem = '256MB';
SELECT setseed(0.5) \g /dev/null

-- Bulk first, indexes after.
CREATE TEMP TABLE heavy AS SELECT indexname, indexdef FROM pg_indexes
    WHERE schemaname = 'public' AND (indexdef LIKE '%USING gin%' OR tablename = 'tickets' AND indexname LIKE 'tickets\_%' AND indexname NOT LIKE '%pkey');
SELECT format('DROP INDEX %I', indexname) FROM heavy \gexec

CREATE TEMP TABLE said (language text, sentence text, number int);
CREATE TEMP TABLE line (place bigint GENERATED ALWAYS AS IDENTITY, language text, kind text, sentence text);
COPY line (language, kind, sentence) FROM :'sentences' WITH (DELIMITER E'\t', NULL '');
INSERT INTO said SELECT language, sentence, row_number() OVER (PARTITION BY language ORDER BY place) FROM line WHERE sentence <> '';
ANALYZE said;

CREATE TEMP TABLE share (language text, first int, last int);
INSERT INTO share VALUES ('en', 0, 49), ('de', 50, 69), ('fr', 70, 75), ('es', 76, 81), ('it', 82, 85), ('pt', 86, 88),
    ('nl', 89, 91), ('pl', 92, 94), ('ja', 95, 97), ('zh', 98, 99);
CREATE TEMP TABLE amount AS SELECT language, count(*)::int AS sentences FROM said GROUP BY language;

-- Paragraphs of real sentences; beside them words of which few texts have each: names of customers' things.
CREATE TEMP TABLE paragraph AS
SELECT language, row_number() OVER (PARTITION BY language ORDER BY n)::int AS number, body FROM (
    SELECT share.language, n, string_agg(said.sentence, ' ' ORDER BY k) || ' item' || floor(exp(random() * ln(200000)))::int AS body
    FROM share, generate_series(1, 6000) AS n, generate_series(1, 5) AS k, amount, said
    WHERE n <= 600 + 110 * (last - first) AND amount.language = share.language AND said.language = share.language
      AND said.number = 1 + (hashint8(n * 7919 + k * 104729 + first) & 2147483647) % amount.sentences
    GROUP BY share.language, n) AS made;
CREATE UNIQUE INDEX ON paragraph (language, number);
CREATE TEMP TABLE paragraphs AS SELECT language, count(*)::int AS amount FROM paragraph GROUP BY language;
ANALYZE paragraph;

INSERT INTO mailboxes (name, source, address) VALUES ('support', '', 'support@desk.test'), ('billing', '', 'billing@desk.test');
INSERT INTO people (address, name, language, created_at)
SELECT lower(first) || '.' || lower(last) || n || '@' || CASE WHEN n % 10 < 2 THEN 'mail.example' ELSE 'customer' || floor(exp(random() * ln(3000)))::int || '.example' END,
    first || ' ' || last, 'en', now() - interval '3 years'
FROM (SELECT n, (ARRAY['Anna','Bert','Chloe','David','Emma','Felix','Greta','Hugo','Ines','Jan','Kira','Leo','Mia','Noah','Olga','Paul','Rosa','Sven','Tina','Uwe'])[1 + n % 20] AS first,
    (ARRAY['Schmidt','Jones','Dubois','Rossi','Garcia','Silva','Jansen','Kowalski','Tanaka','Wang','Mueller','Smith','Martin','Brown','Weber'])[1 + (n / 20) % 15] AS last
  FROM generate_series(1, 40000) AS n) AS names;
INSERT INTO people (address, name, language, created_at)
SELECT 'agent' || n || '@desk.test', 'Agent ' || n, 'en', now() - interval '3 years' FROM generate_series(1, 12) AS n;

-- Nine tickets in ten are closed; what is open is mostly new.
INSERT INTO tickets (mailbox_id, subject, status, closed_as, severity, level, source, language, requester_id, assignee_id, waiting_for_customer,
    problem_report, asks, incomplete, created_at, changed_at, closed_at, requester_proven, product, queue, spam, snoozed_at)
SELECT 1 + (n % 5 = 0)::int, left(said.sentence, 90), status, CASE status WHEN 'closed' THEN (ARRAY['done','answered','duplicate','declined'])[1 + n % 4] END,
    CASE WHEN dice < 0.02 THEN 1 WHEN dice < 0.2 THEN 2 WHEN dice < 0.6 THEN 3 WHEN dice < 0.75 THEN 4 END, CASE WHEN n % 3 = 0 THEN 1 + n % 7 % 3 END,
    'customer', share.language, 1 + floor(40000 * who ^ 3)::int,
    CASE WHEN status <> 'new' OR n % 4 = 0 THEN 40000 + 1 + floor(12 * who ^ 2)::int END,
    status <> 'closed' AND dice > 0.6, n % 3 > 0, n % 3, status <> 'closed' AND dice > 0.97, opened, least(opened + lasts, now()),
    CASE status WHEN 'closed' THEN least(opened + lasts, now()) END, true, (ARRAY['shop','app','billing',NULL])[1 + floor(4 * who)::int],
    (ARRAY['first','dev',NULL])[1 + n % 3], dice BETWEEN 0.5 AND 0.505, CASE WHEN status <> 'closed' AND dice BETWEEN 0.3 AND 0.32 THEN now() END
FROM (SELECT n, random() AS dice, random() AS who, floor(random() * 100)::int AS slice, now() - interval '3 years' * (1 - n::float8 / :tickets) AS opened,
        interval '1 hour' * (1 + exp(random() * 6)) AS lasts,
        CASE WHEN n > :tickets * 0.97 OR n % 15 = 0 THEN (ARRAY['new','new','accepted','accepted','resolved','verified'])[1 + n % 6] ELSE 'closed' END AS status
      FROM generate_series(1, :tickets) AS n) AS made
JOIN share ON slice BETWEEN first AND last JOIN amount USING (language)
JOIN said ON said.language = share.language AND said.number = 1 + (n * 31) % amount.sentences ORDER BY n;
INSERT INTO participants (ticket_id, person_id, role, added_by, added_at)
SELECT id, requester_id, 'requester', 'system', created_at FROM tickets;
INSERT INTO participants (ticket_id, person_id, role, added_by, added_at)
SELECT id, 1 + (requester_id + id) % 40000, 'cc', 'system', created_at FROM tickets WHERE id % 6 = 0 ON CONFLICT DO NOTHING;
INSERT INTO ticket_standings (ticket_id, since, status, waiting_for_customer) SELECT id, created_at, 'new', false FROM tickets;

-- A thread has four entries or five, some have dozens, and one in a thousand some hundreds.
CREATE TEMP TABLE entry AS
SELECT id AS ticket_id, k, count(*) OVER (PARTITION BY id) AS entries, created_at, changed_at, language, requester_id, assignee_id, subject
FROM tickets, generate_series(1, CASE WHEN id % 1000 = 7 THEN 300 WHEN id % 50 = 3 THEN 30 ELSE 1 + (id * 7919 % 7)::int END) AS k;
INSERT INTO messages (ticket_id, direction, kind, staff_only, author_id, author, subject, header_id, text, own_text, quoted_text, language, written_at, created_at)
SELECT ticket_id, CASE WHEN k = 2 THEN 'out' WHEN k % 5 = 0 THEN 'note' WHEN k % 2 = 0 THEN 'out' ELSE 'in' END,
    CASE WHEN k = 2 THEN 'acknowledged' WHEN k % 5 = 0 THEN 'note' WHEN k % 2 = 0 THEN 'correspondence' ELSE 'customer' END, k % 5 = 0,
    CASE WHEN k = 2 THEN NULL WHEN k % 5 = 0 OR k % 2 = 0 THEN coalesce(assignee_id, 40001) ELSE requester_id END, people.name || ' <' || people.address || '>',
    CASE WHEN k = 1 THEN entry.subject WHEN k % 5 = 0 THEN '' ELSE 'Re: ' || entry.subject END, 'm' || ticket_id || '.' || k || '@mail.example',
    own || quoted, own, quoted, entry.language, created_at_of, created_at_of
FROM (SELECT entry.*, entry.created_at + (entry.changed_at - entry.created_at) * (k - 1) / greatest(entries - 1, 1) AS created_at_of,
        one.body || E'\n\nRef INV-' || ticket_id * 10 + k % 10 || CASE WHEN ticket_id % 9 = 0 THEN ' failed with E' || 1000 + ticket_id % 4000 || ' in file report-' || ticket_id || '.pdf' ELSE '' END || E'\n' AS own,
        CASE WHEN k % 3 = 0 THEN E'\n> ' || other.body || E'\n' ELSE '' END AS quoted
      FROM entry JOIN paragraphs USING (language)
      JOIN paragraph AS one ON one.language = entry.language AND one.number = 1 + (ticket_id * 31 + k * 977) % amount
      JOIN paragraph AS other ON other.language = entry.language AND other.number = 1 + (ticket_id * 31 + (k - 1) * 977) % amount) AS entry
JOIN people ON people.id = CASE WHEN k = 2 THEN 40001 WHEN k % 5 = 0 OR k % 2 = 0 THEN coalesce(assignee_id, 40001) ELSE requester_id END
ORDER BY created_at_of, ticket_id, k LIMIT :messages;

INSERT INTO blobs (sha256, size_bytes, bytes) SELECT sha256(n::text::bytea), 2000, convert_to(repeat(n::text, 200), 'UTF8') FROM generate_series(1, 1000) AS n;
INSERT INTO attachments (message_id, position, sha256, name, mime, inline)
SELECT id, 0, sha256((1 + id % 1000)::text::bytea), 'report-' || ticket_id || '.pdf', 'application/pdf', false FROM messages WHERE direction = 'in' AND id % 5 = 0;
INSERT INTO report_slots (ticket_id, slot, verdict, decided_at)
SELECT id, slot, (ARRAY['present','present','missing'])[1 + id % 3], created_at FROM tickets, unnest(ARRAY['steps','actual','expected']) AS slot;
INSERT INTO journal (ticket_id, at, actor, event, detail)
SELECT ticket_id, created_at, 'system', CASE direction WHEN 'out' THEN 'sent' WHEN 'note' THEN 'note' ELSE 'joined' END, jsonb_build_object('message', id, 'why', 'It came by the signed address of the ticket.')
FROM messages ORDER BY id;
INSERT INTO journal (ticket_id, at, actor, event, detail) SELECT id, changed_at, 'agent1@desk.test', 'status', '{"from": "new", "to": "closed"}' FROM tickets;
INSERT INTO outbox (mailbox_id, ticket_id, notice, automatic, recipient, envelope_from, header_id, bytes, state, attempts, due_at, created_at, sent_at, last_reply)
SELECT 1, ticket_id, kind, kind = 'acknowledged', 'customer@customer' || ticket_id % 3000 || '.example', 'support@desk.test', header_id, '\x00', 'sent', 1, created_at, created_at, created_at, '250 2.0.0 Ok: queued'
FROM messages WHERE direction = 'out';
INSERT INTO clocks (ticket_id, goal, severity, started_at, target_seconds, due_at, met_at, warned, rules)
SELECT id, goal, coalesce(severity, 3), created_at, 14400, CASE WHEN status = 'closed' THEN NULL ELSE now() + interval '1 day' * (15 * (id % 997) / 997.0 - 1) + n * interval '1 hour' END,
    CASE WHEN status = 'closed' THEN changed_at END, status <> 'closed' AND id % 40 = 0, ''
FROM tickets, unnest(ARRAY['first-answer', 'resolution']) WITH ORDINALITY AS goals (goal, n);
UPDATE tickets SET due_at = owed.due_at, due_warned = owed.warned
FROM (SELECT ticket_id, min(due_at) AS due_at, bool_or(warned) AS warned FROM clocks WHERE met_at IS NULL AND due_at IS NOT NULL GROUP BY ticket_id) AS owed
WHERE id = owed.ticket_id;

\echo words for the search
INSERT INTO message_words (message_id, ticket_id, words)
SELECT messages.id, ticket_id, search_vector(coalesce(messages.language, 'en'), subject, author || E'\n' || text)
FROM messages WHERE direction <> 'out' OR author_id IS NOT NULL ORDER BY id;
\echo indexes
SET maintenance_work_mem = '1GB';
SELECT indexdef FROM heavy \gexec
RESET session_replication_role;
VACUUM (ANALYZE);
