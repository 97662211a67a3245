//! Staff are told which tickets look alike; customers never are.

use std::collections::{BTreeSet, HashMap};

use deskgate::{
    desk,
    render::Renderer,
    settings,
    store::{pool, similar as store},
};

use crate::helpers::{Desk, Letter, servers::sql};

const FIRST: &str = "I open the invoice list, choose October and click on Export. The progress bar stops at 80 % and nothing comes. I expected a CSV file.";
const SECOND: &str = "Since the update the invoice export runs forever. The progress bar moves up to 80 % and stays there. I expected that a CSV file is downloaded.";

#[test]
fn staff_are_told_what_looks_like_a_new_ticket_and_customers_are_not() {
    let desk = Desk::start();
    let (anna, bert) = (desk.customer("anna"), desk.customer("bert"));
    desk.receives(&Letter::new(&anna.address, "Invoice export hangs at 80 %", FIRST));
    desk.settled(1);
    desk.receives(&Letter::new(&bert.address, "Export of invoices never finishes", SECOND));
    desk.settled(2);

    let notices = desk.agent.wait_for("both notices", |mails| mails.len() == 2);
    assert!(!notices[0].text().contains("Looks like"), "{}", notices[0].text());
    assert!(
        notices[1].text().contains("Looks like:\n\n* DG-1 Invoice export hangs at 80 % (new)\n"),
        "{}",
        notices[1].text()
    );
    let told = bert.wait_for_one();
    for part in [told.text(), told.html()] {
        assert!(!part.contains("DG-1 ") && !part.contains("hangs at 80"), "{part}");
    }
    let found = desk.json(&["ticket", "similar", "2", "--json"]);
    assert_eq!((&found[0]["id"], &found[0]["status"]), (&1.into(), &"new".into()));
    assert!(desk.cli(&["ticket", "similar", "1"]).stdout.starts_with("DG-2 "));
}

#[test]
fn a_mail_becomes_a_ticket_also_when_the_search_fails_and_is_found_later() {
    let mut desk = Desk::prepare();
    desk.sql("alter table ticket_texts rename to elsewhere");
    desk.run();
    let anna = desk.customer("anna");
    desk.receives(&Letter::new(&anna.address, "Invoice export hangs at 80 %", FIRST));
    desk.settled(1);
    assert_eq!(desk.outcomes(), ["opened"]);
    assert_eq!(anna.wait_for_one().subject(), "[DG-1] Invoice export hangs at 80 %");
    assert!(desk.log().contains("looking for it failed"), "{}", desk.log());

    desk.stop();
    desk.sql("alter table elsewhere rename to ticket_texts");
    desk.sql("update timers set due_at = now() where kind = 'remember'");
    desk.run();
    crate::helpers::wait_for("the ticket is known to the search", || {
        (desk.count("ticket_texts") == 1).then_some(())
    });
}

#[test]
fn without_trigrams_it_works_and_check_says_so() {
    let desk = Desk::prepare();
    assert!(desk.cli(&["check"]).stdout.contains("similar tickets: "), "{}", desk.cli(&["check"]).stdout);
    desk.sql("drop extension pg_trgm cascade");
    let told = desk.cli(&["check"]).stdout;
    assert!(told.contains("note  similar tickets: ") && told.contains("CREATE EXTENSION pg_trgm"), "{told}");
    let mails = [("Export hangs", FIRST), ("Export of invoices never finishes", SECOND)];
    for (subject, body) in mails {
        let mail = Letter::new("anna@customer.test", subject, body).bytes();
        assert_eq!(desk.cli_with_input(&["ingest", "--mailbox", "support", "-"], &mail).code, Some(0));
    }
    assert_eq!(desk.json(&["ticket", "similar", "2", "--json"])[0]["id"], 1);
}

#[derive(serde::Deserialize)]
struct Labelled {
    ticket: Vec<Ticket>,
}

#[derive(serde::Deserialize)]
struct Ticket {
    kin: Option<String>,
    language: String,
    subject: String,
    body: String,
}

/// Of the pairs that are kin, so many are found; of those that are found, so many are kin.
const RECALL: f64 = 0.80;
const PRECISION: f64 = 0.95;

#[tokio::test(flavor = "multi_thread")]
async fn the_labelled_tickets_find_their_kin_and_no_others() {
    let prepared = Desk::prepare();
    let labelled: Labelled = toml::from_str(include_str!("similar/tickets.toml")).unwrap();
    sql(&prepared.database_url, &as_rows(&labelled.ticket));
    let settings = settings::load(Some(&prepared.config_file()), std::env::vars()).unwrap();
    let key = settings.site.signing_key().unwrap();
    let desk = desk::Desk::new(settings, key, Renderer::load(None).unwrap());
    let mut conn = pool::connection(&prepared.database_url).await.unwrap();
    // As intake does: each is remembered before it is looked for.
    for number in 1..=labelled.ticket.len() {
        desk.similar(&mut conn, number.to_string().parse().unwrap()).await.unwrap();
    }
    let (mut found, mut scores) = (BTreeSet::new(), HashMap::new());
    for number in 1..=labelled.ticket.len() {
        for kin in desk.similar(&mut conn, number.to_string().parse().unwrap()).await.unwrap() {
            let other = usize::try_from(kin.id.0).unwrap();
            found.insert((number.min(other), number.max(other)));
            scores.insert((number.min(other), number.max(other)), kin.score);
        }
    }
    let wanted = pairs(&labelled.ticket);
    let right = found.intersection(&wanted).count() as f64;
    let (recall, precision) = (right / wanted.len() as f64, right / found.len().max(1) as f64);
    let name = |(one, other): &(usize, usize)| {
        let subject = |number: &usize| labelled.ticket[number - 1].subject.clone();
        format!("{} / {} ({:?})", subject(one), subject(other), scores.get(&(*one, *other)))
    };
    let missed: Vec<_> = wanted.difference(&found).map(name).collect();
    let wrong: Vec<_> = found.difference(&wanted).map(name).collect();
    println!("similar tickets: recall {recall:.2}, precision {precision:.2} of {} pairs", wanted.len());
    assert!(recall >= RECALL && precision >= PRECISION, "missed {missed:#?}, wrong {wrong:#?}");
    assert!(store::has_trigrams(&mut conn).await.unwrap());
}

fn pairs(tickets: &[Ticket]) -> BTreeSet<(usize, usize)> {
    let mut pairs = BTreeSet::new();
    for (one, first) in tickets.iter().enumerate() {
        for (other, second) in tickets.iter().enumerate().skip(one + 1) {
            if first.kin.is_some() && first.kin == second.kin {
                pairs.insert((one + 1, other + 1));
            }
        }
    }
    pairs
}

fn as_rows(tickets: &[Ticket]) -> String {
    let quoted = |text: &str| format!("$text${text}$text$");
    let mut rows = String::from(
        "insert into mailboxes (name, source, address, uidvalidity, last_uid, state, state_detail) values ('support', '', 'support@desk.test', 0, 0, 'new', '');",
    );
    for ticket in tickets {
        rows += &format!(
            "with made as (insert into tickets (mailbox_id, subject, source, language, created_at, changed_at) \
             select max(id), {subject}, 'customer', '{language}', now(), now() from mailboxes returning id) \
             insert into messages (ticket_id, direction, kind, staff_only, author, subject, text, own_text, quoted_text, signature_text, created_at) \
             select id, 'in', 'human', false, '', '', {body}, {body}, '', '', now() from made;",
            subject = quoted(&ticket.subject),
            language = ticket.language,
            body = quoted(&ticket.body),
        );
    }
    rows
}

/// How long the search takes among a hundred thousand tickets: `cargo test --release --test it -- --ignored
/// --nocapture hundred_thousand`.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "it measures, and fills a database for a minute or two"]
async fn among_a_hundred_thousand_tickets_the_search_takes_milliseconds() {
    let prepared = Desk::prepare();
    sql(&prepared.database_url, &as_rows(&[]));
    sql(&prepared.database_url, HUNDRED_THOUSAND);
    let settings = settings::load(Some(&prepared.config_file()), std::env::vars()).unwrap();
    let key = settings.site.signing_key().unwrap();
    let desk = desk::Desk::new(settings, key, Renderer::load(None).unwrap());
    let mut conn = pool::connection(&prepared.database_url).await.unwrap();
    let mut times = Vec::new();
    for number in (1..=100_000_i64).step_by(997) {
        let start = std::time::Instant::now();
        desk.similar(&mut conn, number.to_string().parse().unwrap()).await.unwrap();
        times.push(start.elapsed());
    }
    times.sort();
    let (median, slow) = (times[times.len() / 2], times[times.len() * 95 / 100]);
    println!("similar among 100,000 tickets: median {median:?}, 95 of 100 within {slow:?}");
    assert!(median.as_millis() < 100, "{median:?}");
}

/// Words by a law like that of real ones: few are in most tickets, most in few.
const HUNDRED_THOUSAND: &str = "
create function word(at float8) returns text language sql immutable as
  $$ select left(translate(md5((floor(power(at, 4) * 30000))::int::text), '0123456789', 'bdglmnprst'), 7) $$;
insert into tickets (mailbox_id, subject, source, language, created_at, changed_at)
  select (select max(id) from mailboxes), word(random()) || ' ' || word(random()) || ' ' || word(random()) || ' ' || word(random()),
    'customer', 'en', now(), now() from generate_series(1, 100000);
insert into ticket_texts (ticket_id, subject, words)
  select id, subject, setweight(to_tsvector('simple', subject), 'A') || setweight(to_tsvector('simple',
    (select string_agg(word(random()), ' ') from generate_series(1, 20 + (id % 70)::int))), 'B') from tickets;
analyze ticket_texts; analyze tickets;";
