//! All pages of a search together are what somebody would find who reads the whole desk, in the same order.

use std::fmt::Write as _;

use crate::finder::Bench;

/// 4,000 tickets of three entries each, whose numbers are mixed. How often a word stands in a subject or an entry: `common` half
/// the time, then ever more seldom.
const TICKETS: &str = "
create function holds(n bigint, word text, in_thousand int) returns boolean language sql immutable as $$
  select mod(abs(hashtextextended(n || word, 0)), 1000) < in_thousand $$;
create function said(n bigint) returns text language sql immutable as $$
  select concat_ws(' ', 'about', case when holds(n, 'c', 500) then 'common' end, case when holds(n, 'u', 80) then 'usual' end,
    case when holds(n, 's', 12) then 'seldom' end, case when holds(n, 'r', 1) then 'rare' end, case when holds(n, 'h', 100) then 'hidden' end) $$;
insert into tickets (mailbox_id, subject, source, language, requester_id, severity, status, assignee_id, created_at, changed_at)
  select 1, said(n), 'customer', 'en', case when n % 9 = 0 then null when n % 4 = 0 then 3 else 2 end,
    nullif(n % 5, 0), case when n % 70 = 1 then 'new' else 'accepted' end, case when n % 3 = 0 then 1 end,
    timestamp '2020-01-01 12:00' + n * interval '1 day', now()
  from generate_series(1, 4000) as n;
insert into messages (ticket_id, direction, kind, author, subject, text, own_text, language, created_at)
  select 1 + (n * 7919 + n / 4000) % 4000, 'in', 'human', 'x', 'x', said(n + 1000000), 'x', 'en', now() from generate_series(1, 12000) as n;
insert into blobs values (sha256('x'), 1, 'x');
insert into attachments (message_id, position, sha256, name, mime, inline)
  select id, 0, sha256('x'), 'x', 'text/plain', false from messages where id % 40 = 0;
analyze;";

/// What a filter asks for, and the same in SQL.
const FILTERS: [(&str, &str); 13] = [
    ("", "true"),
    ("sev:1", "severity = 1"),
    ("-sev:1", "severity is distinct from 1"),
    ("status:new sev:2", "status = 'new' and severity = 2"),
    ("from:bert", "requester_id = 3"),
    ("-from:bert", "requester_id is distinct from 3"),
    ("customer:nobody.test", "false"),
    ("assignee:none", "assignee_id is null"),
    (
        "has:attachment",
        "exists (select from messages join attachments on message_id = messages.id where ticket_id = t.id)",
    ),
    (
        "has:attachment sev:1",
        "severity = 1 and exists (select from messages join attachments on message_id = messages.id where ticket_id = t.id)",
    ),
    ("before:2027", "created_at < '2027-01-01'"),
    ("before:2021 sev:1", "severity = 1 and created_at < '2021-01-01'"),
    ("-hidden", r"not exists (select from messages where ticket_id = t.id and text ~ '\mhidden\M')"),
];

/// The tickets that have all these words in their subject, then those with one entry that has them, the newest first.
fn read_through(bench: &Bench, words: &[&str], filter: &str) -> Vec<i64> {
    let has = |column: &str| {
        words.iter().fold("true".to_owned(), |mut all, word| {
            write!(all, r" and {column} ~ '\m{word}\M'").unwrap();
            all
        })
    };
    let (titled, written) = (has("subject"), has("messages.text"));
    let found = bench.sql(&format!(
        "with asked as (select id, ({titled}) as is_titled from tickets as t where {filter}) \
         select id from (select id, 0 as tier, id as at from asked where is_titled \
           union all select asked.id, 1, max(messages.id) from asked join messages on ticket_id = asked.id \
           where not is_titled and {written} group by asked.id) as found order by tier, at desc"
    ));
    found.lines().map(|line| line.parse().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn all_pages_together_are_what_reading_everything_finds() {
    let mut bench = Bench::with(TICKETS).await;
    for words in [&["common"][..], &["usual"], &["seldom"], &["rare"], &["usual", "common"]] {
        for (filter, meaning) in FILTERS {
            let typed = format!("{} {filter}", words.join(" "));
            let expected = read_through(&bench, words, meaning);
            for (limit, most_pages) in [(97, 60), (4, 5)] {
                let (mut seen, mut at, mut pages) = (Vec::new(), None, 0);
                loop {
                    let page = bench.found(&typed, at.as_ref(), limit).await;
                    assert!(!page.notes.iter().any(|note| note.contains("took too long")), "{typed}");
                    seen.extend(page.hits.iter().map(|hit| hit.row.id));
                    (at, pages) = (page.next, pages + 1);
                    if at.is_none() || pages == most_pages {
                        break;
                    }
                }
                assert!(at.is_none() || limit == 4, "`{typed}` has too many pages");
                let expected = if at.is_none() { &expected[..] } else { &expected[..seen.len()] };
                assert!(!seen.is_empty() || expected.is_empty(), "`{typed}` finds nothing at first");
                let differs = seen.iter().zip(expected).position(|(seen, expected)| seen != expected);
                assert!(
                    seen == expected,
                    "`{typed}`, {limit} on a page: {} found, not {}; the first that is another at {differs:?}",
                    seen.len(),
                    expected.len()
                );
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_found_before_something_took_too_long_is_shown() {
    let mut bench = Bench::with(TICKETS).await;
    let whole = bench.found("rare", None, 50).await;
    let titled = read_through(&bench, &["rare"], "true");
    let titled: Vec<i64> = titled
        .into_iter()
        .filter(|id| bench.sql(&format!("select subject ~ 'rare' from tickets where id = {id}")) == "t")
        .collect();
    assert!(!titled.is_empty() && whole.hits.len() > titled.len(), "{titled:?}");
    // From now on each entry takes longer than a question has time.
    bench.sql(
        "alter table message_words rename to words_at_once; \
         create function slowly(words tsvector) returns tsvector language plpgsql immutable as $$ begin perform pg_sleep(0.02); return words; end $$; \
         create view message_words as select message_id, ticket_id, slowly(words) as words from words_at_once",
    );
    let part = bench.found("rare", None, 50).await;
    assert!(part.notes[0].contains("took too long"), "{:?}", part.notes);
    assert_eq!(part.hits.iter().map(|hit| hit.row.id).collect::<Vec<_>>(), titled);
    // There the next page goes on, once the database has time again.
    bench.sql("drop view message_words; alter table words_at_once rename to message_words");
    let mut seen = titled;
    let rest = bench.found("rare", part.next.as_ref(), 50).await;
    seen.extend(rest.hits.iter().map(|hit| hit.row.id));
    assert_eq!(seen, whole.hits.iter().map(|hit| hit.row.id).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_indexed_with_a_seal_is_indexed_without_it() {
    let seal = "ab2d".repeat(8);
    let link = format!("{}{}", "ef3g".repeat(10), "hi5j".repeat(3));
    let name = "CannotGetJdbcConnectionException";
    let text = format!(
        "at org.jdbc.{name} in support+h-4-{seal}@desk.test\nhttps://desk.test/page/h-4-{}\n{}\n\
         https://shop.test/page/terms-and-conditions",
        &link[..40],
        &link[40..]
    );
    let rows = format!(
        "insert into tickets (mailbox_id, subject, source, language, requester_id, created_at, changed_at) \
         values (1, 'Undelivered: h-4-{upper}', 'customer', 'en', 2, now(), now()); \
         insert into messages (ticket_id, direction, kind, author, subject, text, own_text, language, created_at) \
         values (1, 'in', 'human', 'x', '', '{text}', 'x', 'en', now());",
        upper = seal.to_uppercase()
    );
    let mut bench = Bench::with(&rows).await;
    let knows = |bench: &Bench, word: &str| {
        let words = "(select words::text from message_words) || (select subject_words::text from tickets)";
        bench.sql(&format!("select strpos({words}, '{word}') > 0")) == "t"
    };
    let name = name.to_lowercase();
    assert!(knows(&bench, &name) && !knows(&bench, &seal[..8]) && !knows(&bench, &link[..8]));
    assert!(knows(&bench, "/page/terms-and-conditions"), "an address that is none of ours");
    bench.sql(&format!("update message_words set words = to_tsvector('simple', '{text}')"));
    assert!(knows(&bench, &seal[..8]) && knows(&bench, &link[..8]), "as it was before");
    let migration = include_str!("../../migrations/2026-11-22-000480_words_without_seals/up.sql");
    let update = migration.find("UPDATE message_words").expect("it looks at what is there");
    bench.sql(&migration[update..]);
    assert!(knows(&bench, &name) && !knows(&bench, &seal[..8]) && !knows(&bench, &link[..8]));
    assert_eq!(bench.sql("select subject from tickets"), "Undelivered: h-4-");
    assert_eq!(bench.hits("org.jdbc.CannotGetJdbcConnectionException").await, [1]);
}
