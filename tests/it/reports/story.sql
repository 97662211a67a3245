-- A week of March 2026, Monday the 2nd to Sunday the 8th, UTC. Every figure of tests/it/reports.rs comes from here.
INSERT INTO mailboxes (name, source, address) VALUES ('support', 'story', 'support@desk.test');
INSERT INTO people (address, name, created_at) VALUES
  ('anna@customer.test', 'Anna', '2026-01-01'), ('bob@other.test', 'Bob', '2026-01-01');
INSERT INTO tickets (id, mailbox_id, subject, status, closed_as, severity, level, source, language, requester_id, problem_report, spam, product, created_at, changed_at, closed_at)
OVERRIDING SYSTEM VALUE VALUES
  (1, 1, 'Blank pages', 'closed', 'done', 1, 1, 'customer', 'en', 1, true, false, 'shop', '2026-03-02 10:00Z', '2026-03-03 12:00Z', '2026-03-03 12:00Z'),
  (2, 1, '=1+1, "quoted"', 'accepted', NULL, 2, 1, 'customer', 'en', 1, true, false, 'app', '2026-03-03 09:00Z', '2026-03-03 15:00Z', NULL),
  (3, 1, 'Was closed too early', 'closed', 'done', 3, 1, 'customer', 'en', 2, true, false, 'app', '2026-02-20 09:00Z', '2026-03-04 10:00Z', '2026-03-04 10:00Z'),
  (4, 1, 'Cheap watches', 'closed', 'declined', NULL, NULL, 'customer', 'en', 2, false, true, 'app', '2026-03-06 09:00Z', '2026-03-06 09:00Z', '2026-03-06 09:00Z'),
  (5, 1, 'Nobody rated this', 'closed', 'done', NULL, NULL, 'customer', 'en', 2, true, false, 'app', '2026-03-06 09:00Z', '2026-03-20 09:00Z', '2026-03-20 09:00Z');
-- The third comes back on Thursday.
UPDATE tickets SET status = 'accepted', closed_as = NULL, closed_at = NULL, changed_at = '2026-03-05 11:00Z' WHERE id = 3;

INSERT INTO ticket_spans (ticket_id, goal, started_at, severity, met_at, target_seconds, due_at, ran_seconds, waited_seconds) VALUES
  (1, 'first-answer', '2026-03-02 10:00Z', 1, '2026-03-02 10:20Z', 1800, NULL, 1200, 0),
  (2, 'first-answer', '2026-03-03 09:00Z', 2, '2026-03-03 15:00Z', 14400, '2026-03-03 13:00Z', 21600, 3600),
  (3, 'first-answer', '2026-03-05 11:00Z', 3, '2026-03-05 12:00Z', 28800, NULL, 3600, 0),
  (5, 'first-answer', '2026-03-06 09:00Z', 3, '2026-03-06 11:00Z', 28800, NULL, 7200, 1800),
  (1, 'resolution', '2026-03-02 10:00Z', 1, '2026-03-03 12:00Z', NULL, NULL, 36000, 57600);
INSERT INTO clocks (ticket_id, goal, severity, started_at, target_seconds, due_at, rules) VALUES
  (2, 'resolution', 2, '2026-03-03 09:00Z', 28800, '2026-03-04 09:00Z', '');

-- The first was complete; the second was asked for one fact and answered after two hours; the fifth was asked twice, and
-- staff took it over after three.
INSERT INTO journal (ticket_id, at, actor, event, detail) VALUES
  (1, '2026-03-02 10:00Z', 'system', 'opened', '{"missing": []}'),
  (2, '2026-03-03 09:00Z', 'system', 'opened', '{"missing": ["expected"]}'),
  (2, '2026-03-03 09:01Z', 'system', 'asked', '{}'),
  (2, '2026-03-03 11:00Z', 'anna@customer.test', 'joined', '{}'),
  (2, '2026-03-03 11:01Z', 'system', 'completed', '{}'),
  (2, '2026-03-03 15:00Z', 'agent@desk.test', 'status', '{"from": "new", "to": "accepted"}'),
  (5, '2026-03-06 09:00Z', 'system', 'opened', '{"missing": ["steps", "expected"]}'),
  (5, '2026-03-06 09:05Z', 'system', 'asked', '{}'),
  (5, '2026-03-06 10:05Z', 'system', 'asked', '{}'),
  (5, '2026-03-06 12:05Z', 'agent@desk.test', 'status', '{"from": "new", "to": "accepted"}');
INSERT INTO gate_examples (ticket_id, part, gate_said, staff_say, said_by, said_at) VALUES
  (2, 'expected', 'missing', 'present', 'agent@desk.test', '2026-03-03 10:00Z'),
  (1, 'expected', 'present', 'present', 'agent@desk.test', '2026-03-02 11:00Z'),
  (5, 'steps', 'missing', 'enough', 'agent@desk.test', '2026-03-06 12:00Z'),
  (5, 'steps', 'missing', 'missing', 'agent@desk.test', '2026-03-09 12:00Z');

INSERT INTO clusters (state, ticket_id, told, proposed_at) VALUES ('accepted', 5, 3, '2026-03-04 12:00Z');
INSERT INTO cluster_tickets VALUES (1, 1, '2026-03-04'), (2, 1, '2026-03-04'), (3, 1, '2026-03-04'), (4, 1, '2026-03-06');

INSERT INTO work_log (address, ticket_id, kind, minutes, worked_at, told_by) VALUES
  ('{agent}', 2, 'maintenance', 120, '2026-03-02 15:00Z', '{agent}'),
  ('{agent}', NULL, 'feature', 60, '2026-03-03 15:00Z', '{agent}'),
  ('{agent}', NULL, 'maintenance', 300, '2026-02-24 15:00Z', '{agent}');
INSERT INTO absences (address, from_day, to_day, told_by, told_at) VALUES ('{agent}', '2026-03-05', '2026-03-08', '{agent}', '2026-03-04 08:00Z');

INSERT INTO outbox (mailbox_id, ticket_id, notice, automatic, recipient, envelope_from, header_id, bytes, state, attempts, due_at, bounced_at, created_at, sent_at) VALUES
  (1, 1, 'replied', false, 'anna@customer.test', '', 'a', '', 'sent', 1, '2026-03-02', NULL, '2026-03-02 10:00Z', '2026-03-02 10:00Z'),
  (1, 1, 'replied', false, 'anna@customer.test', '', 'b', '', 'sent', 3, '2026-03-02', '2026-03-02 12:00Z', '2026-03-02 11:00Z', '2026-03-02 11:00Z'),
  (1, 1, 'replied', false, 'anna@customer.test', '', 'c', '', 'failed', 1, '2026-03-02', NULL, '2026-03-02 12:00Z', NULL),
  (1, 1, 'replied', false, 'anna@customer.test', '', 'd', '', 'withdrawn', 0, '2026-03-02', NULL, '2026-03-02 12:00Z', NULL),
  (1, 5, 'replied', false, 'bob@other.test', '', 'e', '', 'sent', 1, '2026-03-09', NULL, '2026-03-08 23:59Z', '2026-03-09 00:01Z'),
  (1, 5, 'replied', false, 'bob@other.test', '', 'f', '', 'sent', 1, '2026-03-09', NULL, '2026-03-09 00:00Z', '2026-03-09 00:01Z');
INSERT INTO inbound (mailbox_id, stored_at, size_bytes, sha256, raw, state, due_at, outcome, done_at) VALUES
  (1, '2026-03-02 10:00Z', 1, sha256('a'), '', 'done', '2026-03-02', 'opened', '2026-03-02'),
  (1, '2026-03-02 11:00Z', 1, sha256('b'), '', 'done', '2026-03-02', 'joined', '2026-03-02'),
  (1, '2026-03-08 23:59Z', 1, sha256('c'), '', 'quarantined', '2026-03-02', NULL, NULL),
  (1, '2026-03-09 00:00Z', 1, sha256('d'), '', 'done', '2026-03-02', 'opened', '2026-03-02');
