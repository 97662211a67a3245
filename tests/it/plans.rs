//! No page of the console reads a whole table: whatever its statements are, they go by an index.

use std::collections::BTreeMap;

use crate::helpers::{Desk, browser::Browser, servers::http_get, wait_for};

/// A desk that has been at work for a while.
const SOME_YEARS: &str = "
insert into mailboxes (name, source, address) values ('support', 'elsewhere', 'support@desk.test');
insert into people (address, name, created_at)
  select 'p' || n || '@company' || n % 50 || '.test', 'Person ' || n, now() from generate_series(1, 500) as n;
insert into tickets (mailbox_id, subject, status, closed_as, closed_at, source, language, requester_id, assignee_id, severity, created_at, changed_at)
  select 1, 'Export number ' || n || ' fails', case when n % 5 = 0 then 'new' else 'closed' end, case when n % 5 > 0 then 'done' end,
    case when n % 5 > 0 then now() end, 'customer', 'en', 1 + n % 500, case when n % 3 > 0 then 1 + n % 500 end, 1 + n % 4, now(), now()
  from generate_series(1, 3000) as n;
insert into participants (ticket_id, person_id, role, added_by, added_at) select id, requester_id, 'requester', 'system', now() from tickets;
insert into messages (ticket_id, direction, kind, author_id, author, subject, text, own_text, language, created_at)
  select id, case when k = 2 then 'out' else 'in' end, case when k = 2 then 'correspondence' else 'human' end, requester_id, 'Person <p@company.test>', subject,
    'The export of item' || id || ' stops with E' || 1000 + id % 100 || ' at step ' || k, 'The export stops', 'en', now()
  from tickets, generate_series(1, 3) as k;
insert into blobs (sha256, size_bytes, bytes) values (sha256('x'), 1, 'x');
insert into attachments (message_id, position, sha256, name, mime, inline)
  select id, 0, sha256('x'), 'report-' || id || '.pdf', 'application/pdf', false from messages where id % 10 = 0;
insert into journal (ticket_id, at, actor, event) select id, now(), 'system', 'opened' from tickets, generate_series(1, 3);
insert into outbox (mailbox_id, ticket_id, notice, automatic, recipient, envelope_from, header_id, bytes, state, due_at, created_at, sent_at)
  select 1, ticket_id, 'acknowledged', true, 'p@company.test', 's@desk.test', 'h' || id, 'x', 'sent', now(), now(), now() from messages;
insert into clocks (ticket_id, goal, severity, started_at, target_seconds, due_at, rules)
  select id, goal, 2, now(), 60, now() + id * interval '1 minute', '' from tickets, unnest(array['first-answer', 'resolution']) as goal;
";

/// Those that grow with the years.
const LARGE: &str = "'tickets', 'messages', 'message_words', 'journal', 'outbox', 'attachments', 'clocks', 'participants', 'ticket_texts', 'report_slots', 'ticket_standings', 'inbound'";

const PAGES: [&str; 30] = [
    "/inbox",
    "/inbox/views",
    "/inbox?view=mine",
    "/inbox?view=unassigned",
    "/inbox?view=incomplete",
    "/inbox?view=waiting",
    "/inbox?view=breaching",
    "/inbox?view=sev1",
    "/inbox?view=open",
    "/inbox?view=closed",
    "/inbox?view=open&sort=changed",
    "/inbox?view=open&sort=created",
    "/inbox?view=open&sort=severity",
    "/inbox?view=open&sort=waiting",
    "/inbox?q=status%3Anew+sev%3A1",
    "/inbox?q=from%3Ap17%40company17.test",
    "/inbox?q=customer%3Acompany7.test",
    "/inbox?q=has%3Aattachment",
    "/inbox?q=after%3A7d+before%3A2999",
    "/inbox?q=subject%3A%22number+17%22",
    "/search?q=export",
    "/search?q=E1017",
    "/search?q=item170",
    "/search?q=%22stops+with%22",
    "/search?q=expor+-item3+status%3Anew",
    "/search?q=report-10.pdf",
    "/search?q=nothing-of-the-sort",
    "/ticket/17",
    "/ticket/2500",
    "/ticket/2500/similar",
];

#[test]
fn no_page_of_the_console_reads_a_whole_table() {
    let mut desk = Desk::prepare();
    let agent = desk.agent.address.clone();
    desk.sql(SOME_YEARS);
    desk.sql("analyze");
    let name = desk.database_url.rsplit_once('/').unwrap().1.to_owned();
    // The tables of this test are small enough to be read at once; those of a desk are not.
    desk.sql(&format!("alter database {name} set enable_seqscan = off"));
    answers(&mut desk);
    let mut browser = desk.browser(&agent);
    desk.stop();

    let without = reads_of(&mut desk, &mut browser, &[]);
    let with = reads_of(&mut desk, &mut browser, &PAGES);
    if with == without {
        return;
    }
    let culprits: Vec<_> = PAGES
        .iter()
        .map(|page| (page, reads_of(&mut desk, &mut browser, &[page])))
        .filter(|(_, reads)| *reads != without)
        .collect();
    panic!(
        "tables are read from beginning to end, and how often: {culprits:#?}; without any page {without:?}"
    );
}

/// Starts the web port alone, and waits until it answers, well or not.
fn answers(desk: &mut Desk) {
    desk.run_roles("web");
    wait_for("an answer of /healthz", || http_get(desk.web, "/healthz").ok());
}

/// How often each large table is read as a whole while the program starts, answers these, and ends: then the server has counted all.
fn reads_of(desk: &mut Desk, browser: &mut Browser, pages: &[&str]) -> BTreeMap<String, i64> {
    let before = counted(desk);
    answers(desk);
    for page in pages {
        let answer = browser.get(page);
        assert!([200, 303].contains(&answer.status), "{page}: {answer:?}");
    }
    desk.stop();
    let mut reads = counted(desk);
    reads.iter_mut().for_each(|(table, count)| *count -= before[table]);
    reads.retain(|_, count| *count > 0);
    reads
}

/// How often each was read so far, once nobody else is there.
fn counted(desk: &Desk) -> BTreeMap<String, i64> {
    let others = "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()";
    wait_for("all sessions to end", || (desk.sql(others) == "0").then_some(()));
    let rows =
        desk.sql(&format!("select relname, seq_scan from pg_stat_user_tables where relname in ({LARGE})"));
    let row = |line: &str| {
        let (table, count) = line.split_once('|').unwrap();
        (table.to_owned(), count.parse().unwrap())
    };
    rows.lines().map(row).collect()
}
