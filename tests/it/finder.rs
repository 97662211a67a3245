//! Lists and the search, asked for as the console asks for them, of a real PostgreSQL.

use deskgate::{
    desk::{self, DeskError, SavedView},
    render::Renderer,
    settings::{self, Staff},
    store::{Conn, pool},
    ticket::query::{Cursor, Query, Sort},
};
use jiff::Timestamp;

use crate::helpers::{Desk, servers::sql};

/// A desk, somebody of its staff, and a connection.
pub struct Bench {
    prepared: Desk,
    desk: desk::Desk,
    who: Staff,
    conn: Conn,
}

const PRODUCT: &str = "[[product]]\nname = \"Webshop\"\n[[product]]\nname = \"app\"\n";

impl Bench {
    pub async fn with(rows: &str) -> Bench {
        let prepared = Desk::prepare().with(PRODUCT);
        let settings = settings::load(Some(&prepared.config_file()), std::env::vars()).unwrap();
        let key = settings.site.signing_key().unwrap();
        let who = settings.staff[0].clone();
        let desk = desk::Desk::new(settings, key, Renderer::load(None).unwrap());
        sql(&prepared.database_url, &format!("{MAILBOX}{rows}").replace("AGENT", who.email.as_str()));
        let conn = pool::connection(&prepared.database_url).await.unwrap();
        Bench { prepared, desk, who, conn }
    }

    async fn listing(&mut self, typed: &str, sort: Sort, at: Option<&Cursor>, limit: u16) -> desk::Listing {
        let query = Query::parse(typed);
        let now = Timestamp::now();
        self.desk.inbox(&mut self.conn, &self.who, &query, (sort, at), limit, now).await.unwrap()
    }

    async fn listed(&mut self, typed: &str) -> Vec<i64> {
        let listing = self.listing(typed, Sort::Created, None, 100).await;
        let mut ids: Vec<i64> = listing.rows.iter().map(|row| row.id).collect();
        ids.reverse();
        ids
    }

    pub async fn found(&mut self, typed: &str, at: Option<&Cursor>, limit: u16) -> desk::Found {
        let query = Query::parse(typed);
        self.desk.search(&mut self.conn, &self.who, &query, at, limit, Timestamp::now()).await.unwrap()
    }

    pub async fn hits(&mut self, typed: &str) -> Vec<i64> {
        self.found(typed, None, 50).await.hits.iter().map(|hit| hit.row.id).collect()
    }

    pub fn sql(&self, statement: &str) -> String {
        self.prepared.sql(statement)
    }
}

const MAILBOX: &str = "
insert into mailboxes (name, source, address) values ('support', '', 'support@desk.test');
insert into people (address, name, created_at) values
  ('AGENT', 'Agent', now()), ('anna@first.test', 'Anna Schmidt', now()), ('bert@second.test', 'Bert Jones', now());
";

/// One ticket for each thing that can be true of one.
const DIFFERENT: &str = "
insert into tickets (mailbox_id, subject, status, closed_as, closed_at, severity, level, source, language, requester_id, assignee_id,
    waiting_for_customer, incomplete, product, queue, spam, snoozed_at, created_at, changed_at)
  select 1, subject, status, case status when 'closed' then 'done' end, case status when 'closed' then now() end, severity, level, 'customer', 'en', requester, assignee,
    waiting, incomplete, product, queue, spam, case when snoozed then now() end, opened::timestamptz, now()
  from (values
    (1, 'Printer on fire', 'new', 1::smallint, null::smallint, 2, null::int, false, false, null, null, false, false, '2026-09-30'),
    (2, 'No route to the shop', 'accepted', 2::smallint, 3::smallint, 2, 1, true, false, 'Webshop', 'dev', false, false, '2026-10-01'),
    (3, 'Wrong total', 'resolved', 3::smallint, 1::smallint, 3, 1, false, true, 'app', null, false, true, '2026-10-31'),
    (4, 'Thanks', 'closed', null, null, 3, null, false, false, null, 'dev', false, false, '2026-11-01'),
    (5, 'Buy pills', 'new', null, null, null, null, false, false, null, null, true, false, '2026-11-02'),
    (6, '50% off_price', 'verified', 4::smallint, null, 3, null, false, false, null, null, false, false, '2026-11-03')
  ) as t (n, subject, status, severity, level, requester, assignee, waiting, incomplete, product, queue, spam, snoozed, opened) order by n;
update tickets set merged_into = 1 where id = 4;
insert into messages (ticket_id, direction, kind, author, text, own_text, created_at)
  select id, 'in', 'human', 'x', 'some words', 'some words', now() from tickets;
insert into blobs values (sha256('x'), 1, 'x');
insert into attachments (message_id, position, sha256, name, mime, inline) values
  (2, 0, sha256('x'), 'log.txt', 'text/plain', false), (3, 0, sha256('x'), 'logo.png', 'image/png', true);
insert into clocks (ticket_id, goal, severity, started_at, target_seconds, due_at, met_at, warned, rules) values
  (1, 'first-answer', 1, now(), 60, now() - interval '1 hour', null, true, ''),
  (2, 'resolution', 1, now(), 60, now() + interval '1 hour', null, true, ''),
  (3, 'resolution', 1, now(), 60, now() + interval '1 day', null, false, ''),
  (6, 'first-answer', 1, now(), 60, now() - interval '1 day', now(), true, '');
";

#[tokio::test(flavor = "multi_thread")]
async fn each_operator_finds_what_it_says() {
    let mut bench = Bench::with(DIFFERENT).await;
    for (typed, expected) in [
        ("", &[1, 2, 3, 6][..]),
        ("status:open", &[1, 2, 3, 6]),
        ("status:new", &[1]),
        ("status:new status:accepted", &[1, 2]),
        ("-status:new", &[2, 3, 6]),
        ("-status:new,accepted", &[3, 6]),
        ("sev:1", &[1]),
        ("sev:1,2", &[1, 2]),
        ("-sev:1", &[2, 3, 6]),
        ("sev:none is:spam", &[5]),
        ("level:3", &[2]),
        ("level:none", &[1, 6]),
        ("-level:3", &[1, 3, 6]),
        ("assignee:me", &[2, 3]),
        ("assignee:none", &[1, 6]),
        ("-assignee:me", &[1, 6]),
        ("assignee:nobody@elsewhere.test", &[]),
        ("from:anna@first.test", &[1, 2]),
        ("from:anna", &[1, 2]),
        ("from:\"bert jones\"", &[3, 6]),
        ("-from:anna", &[3, 6]),
        ("customer:second.test", &[3, 6]),
        ("-customer:second.test", &[1, 2]),
        ("customer:ond.test", &[]),
        ("product:WebShop", &[2]),
        ("product:none", &[1, 6]),
        ("-product:app", &[1, 2, 6]),
        ("queue:DEV", &[]),
        ("queue:dev", &[2]),
        ("queue:none", &[1, 3, 6]),
        ("mailbox:Support", &[1, 2, 3, 6]),
        ("mailbox:sales", &[]),
        ("waiting:customer", &[2]),
        ("waiting:us", &[1, 3, 6]),
        ("-waiting:us", &[2]),
        ("is:incomplete", &[3]),
        ("is:breached", &[1]),
        ("is:breaching", &[1, 2]),
        ("-is:breaching", &[3, 6]),
        ("is:snoozed", &[3]),
        ("-is:snoozed", &[1, 2, 6]),
        ("is:spam", &[5]),
        ("is:unassigned", &[1, 6]),
        ("is:merged", &[4]),
        ("is:merged status:closed", &[4]),
        ("has:attachment", &[2]),
        ("-has:attachment", &[1, 3, 6]),
        ("before:2026-10", &[1]),
        ("before:2026-10-31", &[1, 2]),
        ("after:2026-10", &[2, 3, 6]),
        ("after:2026-10 before:2026-11", &[2, 3]),
        ("after:2999", &[]),
        ("subject:route", &[2]),
        ("subject:\"to the\"", &[2]),
        ("subject:ROUT", &[2]),
        ("subject:50%", &[6]),
        ("subject:f_p", &[6]),
        ("subject:_", &[6]),
        ("-subject:route", &[1, 3, 6]),
        ("fire", &[1]),
        ("words -fire", &[2, 3, 6]),
        ("sev:1 -from:anna", &[]),
        ("status:open assignee:me -is:snoozed", &[2]),
    ] {
        assert_eq!(bench.listed(typed).await, expected, "{typed}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_desk_does_not_know_is_said() {
    let mut bench = Bench::with(DIFFERENT).await;
    let status = bench.listing("status:nwe sev:1", Sort::Due, None, 9).await;
    assert_eq!(status.rows.len(), 1);
    assert!(
        status.notes[0].starts_with("`status:nwe` was left out: ") && status.notes[0].contains("new"),
        "{:?}",
        status.notes
    );
    let nobody = bench.listing("assignee:zaphod", Sort::Due, None, 9).await;
    assert_eq!(nobody.notes, ["`assignee:zaphod` was left out: nobody on the staff list is called so."]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_says_what_a_list_shows() {
    let mut bench = Bench::with(DIFFERENT).await;
    let rows = bench.listing("", Sort::Due, None, 10).await.rows;
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    assert_eq!(ids, [1, 2, 3, 6], "the soonest promise first");
    let (fire, route, total) = (&rows[0], &rows[1], &rows[2]);
    assert!(fire.due.as_ref().is_some_and(|due| due.breached && due.at.is_some() && !due.paused));
    assert!(route.due.as_ref().is_some_and(|due| !due.breached));
    assert!(rows[3].due.is_none(), "what was kept is owed no more");
    assert_eq!((fire.reference.as_str(), fire.status, fire.label.as_str()), ("DG-1", "new", "new"));
    assert_eq!((route.severity, route.level, route.product.as_deref()), (Some(2), Some(3), Some("Webshop")));
    assert_eq!(
        route.requester.as_ref().map(|it| (it.name.as_str(), it.address.as_str())),
        Some(("Anna Schmidt", "anna@first.test"))
    );
    assert_eq!(route.assignee.as_ref().map(|it| it.address.as_str()), Some(bench.who.email.as_str()));
    assert!(route.waiting_for_customer && route.has_attachments && !total.has_attachments);
    assert!(total.incomplete && total.snoozed && !route.snoozed);
    assert_eq!(route.last.as_ref().map(|last| last.text.as_str()), Some("some words"));

    // A machine's answer is nobody's last word.
    bench.sql("insert into messages (ticket_id, direction, kind, author, text, own_text, created_at) values (1, 'out', 'acknowledged', 'Desk', 'We got it', 'We got it', now())");
    let fire = bench.listing("sev:1", Sort::Due, None, 10).await.rows.remove(0);
    assert_eq!(fire.last.unwrap().text.as_str(), "some words");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_due_is_kept_by_the_database() {
    let bench = Bench::with(DIFFERENT).await;
    let due = "select string_agg(id || case when due_at < '9000-01-01' then ' due' else '' end || case when due_warned then ' warned' else '' end, ', ' order by id) from tickets";
    assert_eq!(bench.sql(due), "1 due warned, 2 due warned, 3 due, 4, 5, 6");
    bench.sql("update clocks set met_at = now() where ticket_id = 1; update clocks set due_at = null where ticket_id = 2; delete from clocks where ticket_id = 3");
    assert_eq!(bench.sql(due), "1, 2, 3, 4, 5, 6");
}

/// Tickets of which some have the same key in each order.
const MANY: &str = "
insert into tickets (mailbox_id, subject, source, language, severity, created_at, changed_at)
  select 1, 'number ' || n, 'customer', 'en', nullif(n % 3, 0), now(), now() - (n % 7) * interval '1 hour' from generate_series(1, 60) as n;
insert into clocks (ticket_id, goal, severity, started_at, target_seconds, due_at, rules)
  select id, 'resolution', 1, now(), 60, now() + (id % 5) * interval '1 hour', '' from tickets where id % 4 > 0;
";

#[tokio::test(flavor = "multi_thread")]
async fn every_order_is_paged_through_in_both_directions() {
    let mut bench = Bench::with(MANY).await;
    for sort in [Sort::Due, Sort::Changed, Sort::Created, Sort::Severity, Sort::Waiting] {
        let whole: Vec<i64> =
            bench.listing("", sort, None, 100).await.rows.iter().map(|row| row.id).collect();
        assert_eq!(whole.len(), 60, "{sort}");
        let (mut seen, mut at, mut last) = (Vec::new(), None, None);
        loop {
            let page = bench.listing("", sort, at.as_ref(), 7).await;
            assert_eq!(page.prev.is_some(), at.is_some(), "{sort}");
            seen.extend(page.rows.iter().map(|row| row.id));
            last = page.prev.or(last);
            match page.next {
                Some(next) => at = Some(next),
                None => break,
            }
        }
        assert_eq!(seen, whole, "{sort}");
        // And back again, from the last page to the first.
        let (mut back, mut at) = (Vec::new(), last);
        while let Some(cursor) = at {
            let page = bench.listing("", sort, Some(&cursor), 7).await;
            assert!(page.next.is_some(), "{sort}");
            let mut ids: Vec<i64> = page.rows.iter().map(|row| row.id).collect();
            ids.extend(back);
            back = ids;
            at = page.prev;
        }
        assert_eq!(back, whole[..56], "{sort}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_neither_repeat_nor_skip_what_stays_when_others_change_between() {
    let mut bench = Bench::with(MANY).await;
    let first = bench.listing("", Sort::Due, None, 20).await;
    let shown: Vec<i64> = first.rows.iter().map(|row| row.id).collect();
    // One that was shown moves to the end, one that was not comes to the front, one is new at the front, one goes.
    let rest: Vec<i64> =
        bench.listing("", Sort::Due, None, 100).await.rows.iter().skip(20).map(|row| row.id).collect();
    bench.sql(&format!("update tickets set due_at = '9999-12-30' where id = {}", shown[3]));
    bench.sql(&format!("update tickets set due_at = '2000-01-01' where id = {}", rest[5]));
    bench.sql(&format!("update tickets set spam = true where id = {}", rest[7]));
    bench.sql("insert into tickets (mailbox_id, subject, source, language, created_at, changed_at, due_at) values (1, 'x', 'customer', 'en', now(), now(), '2000-01-02')");
    let (mut later, mut at) = (Vec::new(), first.next);
    while let Some(cursor) = at {
        let page = bench.listing("", Sort::Due, Some(&cursor), 20).await;
        later.extend(page.rows.iter().map(|row| row.id));
        at = page.next;
    }
    let mut expected: Vec<i64> = rest.iter().copied().filter(|id| *id != rest[5] && *id != rest[7]).collect();
    let mut came: Vec<i64> = later.iter().copied().filter(|id| *id != shown[3]).collect();
    assert!(later.contains(&shown[3]), "what moved behind the place is there again");
    expected.sort_unstable();
    came.sort_unstable();
    assert_eq!(came, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_view_is_counted_and_own_ones_are_kept() {
    let mut bench = Bench::with(DIFFERENT).await;
    let own = vec![view("spam", "is:spam"), view("words", "fire"), view("none", "sev:1 sev:2 -is:breaching")];
    let counts = bench.desk.view_counts(&mut bench.conn, &bench.who, &own, Timestamp::now()).await.unwrap();
    let counts: Vec<Option<i64>> = counts.iter().map(|tally| tally.map(|tally| tally.count)).collect();
    // mine, unassigned, incomplete, waiting, breaching, sev1, open, closed; then those of one's own.
    assert_eq!(counts[..8], [1, 2, 1, 1, 2, 1, 4, 0].map(Some));
    assert_eq!(counts[8..], [Some(1), None, Some(0)]);
    bench.sql("insert into tickets (mailbox_id, subject, source, language, created_at, changed_at) select 1, 'x', 'customer', 'en', now(), now() from generate_series(1, 200)");
    let counts = bench.desk.view_counts(&mut bench.conn, &bench.who, &[], Timestamp::now()).await.unwrap();
    assert_eq!(counts[6].map(|tally| (tally.count, tally.more)), Some((99, true)));

    let (desk, conn, who) = (&bench.desk, &mut bench.conn, &bench.who);
    let query = Query::parse("Sev:1   from:anna");
    let one = desk.save_view(conn, who, " Anna's  worst ", (&query, Sort::Changed)).await.unwrap();
    assert_eq!(
        (one.name.as_str(), one.query.as_str(), one.sort),
        ("Anna's worst", "sev:1 from:anna", Sort::Changed)
    );
    let two = desk.save_view(conn, who, "Two", (&query, Sort::Due)).await.unwrap();
    let again = desk.save_view(conn, who, "Two", (&Query::parse("sev:2"), Sort::Due)).await.unwrap();
    assert_eq!((again.id, again.query.as_str()), (two.id, "sev:2"));
    let refused = |result: Result<(), DeskError>, part: &str| {
        let told = result.unwrap_err().to_string();
        assert!(told.contains(part), "{told}");
    };
    refused(desk.rename_view(conn, who, two.id, "Anna's worst").await, "is called Anna's worst already");
    refused(desk.rename_view(conn, who, two.id, " ").await, "needs a name");
    refused(desk.rename_view(conn, who, 999, "x").await, "no such list");
    desk.rename_view(conn, who, two.id, "Zwei").await.unwrap();
    let other = Staff { email: "other@desk.test".parse().unwrap(), ..who.clone() };
    refused(desk.drop_view(conn, &other, one.id).await, "no such list");
    assert!(desk.saved_views(conn, &other).await.unwrap().is_empty());
    desk.drop_view(conn, who, one.id).await.unwrap();
    let left: Vec<String> =
        desk.saved_views(conn, who).await.unwrap().into_iter().map(|view| view.name).collect();
    assert_eq!(left, ["Zwei"]);
}

fn view(name: &str, query: &str) -> SavedView {
    SavedView { id: 0, name: name.to_owned(), query: query.to_owned(), sort: Sort::Due }
}

/// A ticket with one mail, in SQL.
fn ticket(language: &str, subject: &str, body: &str) -> String {
    format!(
        "with made as (insert into tickets (mailbox_id, subject, source, language, requester_id, created_at, changed_at) \
         values (1, $q${subject}$q$, 'customer', '{language}', 2, now(), now()) returning id) \
         insert into messages (ticket_id, direction, kind, author_id, author, subject, text, own_text, language, created_at) \
         select id, 'in', 'human', 2, 'Anna Schmidt <anna@first.test>', $q${subject}$q$, $q${body}$q$, $q${body}$q$, '{language}', now() from made;"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn words_are_found_in_ten_languages() {
    let texts = [
        ("en", "Invoices", "The exports of our invoices are failing"),
        ("de", "Rechnungen", "Die Rechnungen werden doppelt gedruckt"),
        ("fr", "Factures", "Les factures sont imprimées deux fois"),
        ("es", "Facturas", "Las impresoras no funcionan desde ayer"),
        ("it", "Fatture", "Le stampanti non funzionano da ieri"),
        ("pt", "Faturas", "As impressoras deixaram de funcionar"),
        ("nl", "Facturen", "De printers werken sinds gisteren niet"),
        ("pl", "Faktury", "Drukarki nie drukują faktur od wczoraj"),
        ("ja", "請求書の印刷", "昨日から請求書が印刷できません。CSVの導出も失敗します"),
        ("zh", "发票打印", "昨天开始发票打印失败，导出也不行"),
    ];
    let rows: String =
        texts.iter().map(|(language, subject, body)| ticket(language, subject, body)).collect();
    let mut bench = Bench::with(&rows).await;
    for (typed, expected) in [
        ("export", &[1][..]),
        ("fail", &[1]),
        ("invoice", &[1]),
        ("rechnung", &[2]),
        ("gedruckt", &[2]),
        ("facture", &[7, 4, 3]),
        ("imprimer", &[3]),
        ("impresora", &[4]),
        ("funcionar", &[6, 4]),
        ("stampante", &[5]),
        ("impressora", &[6]),
        ("printer", &[7]),
        ("werken", &[7]),
        ("drukarka", &[8]),
        ("drukarek", &[8]),
        ("請求書", &[9]),
        ("印刷", &[9]),
        ("失敗", &[9]),
        ("csv", &[9]),
        ("導出も失敗", &[9]),
        ("求請", &[]),
        ("发票", &[10]),
        ("导出", &[10]),
        ("票", &[10]),
        ("\"exports of our\"", &[1]),
        ("\"of exports our\"", &[]),
    ] {
        assert_eq!(bench.hits(typed).await, expected, "{typed}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn subjects_come_first_then_what_was_written_and_the_newest_before_others() {
    let rows = [
        ticket("en", "Ledger is empty", "Nothing there"),
        ticket("en", "Other", "The ledger shows nothing, code E1234"),
        ticket("en", "Old ledger", "Nothing at all"),
        ticket("en", "Other again", "No ledger, see ORA-00942 in /var/log/app.log or ask bob@helper.test"),
        "insert into messages (ticket_id, direction, kind, staff_only, author_id, author, text, own_text, created_at) values \
         (2, 'note', 'note', true, 1, 'Agent', 'it is the xylophone migration', 'it is the xylophone migration', now()), \
         (1, 'out', 'acknowledged', false, null, 'Desk', 'We received your marvellous report', 'x', now()); \
         insert into blobs values (sha256('x'), 1, 'x'); \
         insert into attachments (message_id, position, sha256, name, mime, inline) values (3, 0, sha256('x'), 'Screenshot_2026-11.png', 'image/png', false);".to_owned(),
    ];
    let mut bench = Bench::with(&rows.concat()).await;
    for (typed, expected) in [
        ("ledger", &[3, 1, 4, 2][..]),
        ("ledg", &[3, 1, 4, 2]),
        ("edge", &[3, 1]),
        ("e1234", &[2]),
        ("ORA-00942", &[4]),
        ("app.log", &[4]),
        ("bob@helper.test", &[4]),
        ("helper.test", &[4]),
        ("xylophone", &[2]),
        ("marvellous", &[]),
        ("screenshot", &[3]),
        ("anna@first.test", &[4, 3, 2, 1]),
        ("ledger empty", &[1]),
        ("ledger schmidt", &[3, 1, 4, 2]),
        ("ledger -code", &[3, 1, 4]),
        ("ledger subject:other", &[4, 2]),
        ("ledger from:bert", &[]),
        ("ledger from:anna before:2999", &[3, 1, 4, 2]),
        ("\"shows nothing\"", &[2]),
        ("\"nothing shows\"", &[]),
        ("nothingxyz", &[]),
        ("from:anna", &[4, 3, 2, 1]),
        ("'); drop table tickets; --", &[]),
        ("a' | b:* & !c <-> (", &[]),
    ] {
        assert_eq!(bench.hits(typed).await, expected, "{typed}");
    }
    for typed in ["2", "#2", "dg-2"] {
        assert_eq!(bench.found(typed, None, 9).await.named.map(|id| id.0), Some(2), "{typed}");
    }
    assert_eq!(bench.found("DG-99", None, 9).await.named, None);

    let found = bench.found("shows", None, 9).await;
    let marked = |pieces: &[deskgate::ticket::query::Piece]| {
        pieces
            .iter()
            .map(|piece| if piece.hit { format!("[{}]", piece.text) } else { piece.text.clone() })
            .collect::<String>()
    };
    assert_eq!(marked(&found.hits[0].excerpt), "The ledger [shows] nothing, code E1234");
    let found = bench.found("ledgers", None, 1).await;
    assert_eq!(marked(&found.hits[0].subject), "Old [ledger]");

    // What goes to another ticket is found there.
    bench.sql("update messages set ticket_id = 3 where ticket_id = 2");
    assert_eq!(bench.hits("xylophone").await, [3]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thread_that_is_found_often_is_one_hit_on_all_pages_together() {
    let rows = (1..=30).map(|number| ticket("en", &format!("Case {number}"), "needle")).collect::<String>()
        + "insert into messages (ticket_id, direction, kind, author, text, own_text, language, created_at) \
           select 1 + n % 4, 'in', 'human', 'x', 'another needle', 'x', 'en', now() from generate_series(1, 900) as n;";
    let mut bench = Bench::with(&rows).await;
    let (mut seen, mut at) = (Vec::new(), None);
    for _ in 0..20 {
        let page = bench.found("needle", at.as_ref(), 4).await;
        seen.extend(page.hits.iter().map(|hit| hit.row.id));
        at = page.next;
        if at.is_none() {
            break;
        }
    }
    seen[..4].sort_unstable();
    let expected: Vec<i64> = (1..=4).chain((5..=30).rev()).collect();
    assert_eq!(seen, expected);
}

/// All pages from this cursor on.
async fn rest(bench: &mut Bench, typed: &str, mut at: Option<Cursor>, limit: u16) -> Vec<i64> {
    let mut seen = Vec::new();
    for _ in 0..20 {
        let Some(cursor) = at else { break };
        let page = bench.found(typed, Some(&cursor), limit).await;
        seen.extend(page.hits.iter().map(|hit| hit.row.id));
        at = page.next;
    }
    seen
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_between_two_pages_takes_no_ticket_off_the_next() {
    let rows = (1..=6).map(|number| ticket("en", &format!("Case {number}"), "needle")).collect::<String>()
        + &ticket("en", "A needle", "nothing");
    let mut bench = Bench::with(&rows).await;
    let more = |bench: &Bench, of: i64| {
        bench.sql(&format!(
            "insert into messages (ticket_id, direction, kind, author, text, own_text, language, created_at) \
             values ({of}, 'in', 'human', 'x', 'another needle', 'x', 'en', now())"
        ));
    };
    let first = bench.found("needle", None, 3).await;
    assert_eq!(first.hits.iter().map(|hit| hit.row.id).collect::<Vec<_>>(), [7, 6, 5]);
    // One that was shown, one that was not, one that is new.
    more(&bench, 6);
    more(&bench, 3);
    bench.sql(&ticket("en", "Case 8", "needle"));
    assert_eq!(rest(&mut bench, "needle", first.next, 2).await, [4, 3, 2, 1]);
    // So it is where the first page ends with subjects, and everything that was written is still to come.
    let first = bench.found("needle", None, 1).await;
    assert_eq!(first.hits[0].row.id, 7);
    more(&bench, 2);
    assert_eq!(rest(&mut bench, "needle", first.next, 1).await, [8, 3, 6, 5, 4, 2, 1]);
    // A cursor as it was before goes on, too.
    let old = Cursor { key: 1, ..first.next.unwrap() };
    assert_eq!(rest(&mut bench, "needle", Some(Cursor { id: 5, ..old }), 2).await, [4, 1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_that_was_given_up_goes_on_with_the_next_page() {
    // The newest entries that are found belong to tickets that are not asked for, and too many are asked for to be
    // looked through one by one.
    let others = "insert into tickets (mailbox_id, subject, source, language, created_at, changed_at) \
           select 1, 'Case', 'customer', 'en', now(), now() from generate_series(1, 16000); \
         insert into messages (ticket_id, direction, kind, author, text, own_text, language, created_at) \
           select id, 'in', 'human', 'x', 'needle', 'needle', 'en', now() from tickets where subject = 'Case'; \
         insert into tickets (mailbox_id, subject, source, language, severity, created_at, changed_at) \
           values (1, 'New', 'customer', 'en', 1, now(), now());";
    let rows = format!(
        "{}update tickets set severity = 1; \
         insert into tickets (mailbox_id, subject, source, language, severity, created_at, changed_at) \
         select 1, 'x', 'customer', 'en', 1, now(), now() from generate_series(1, 2600);{others}",
        ticket("en", "Old", "needle")
    );
    let mut bench = Bench::with(&rows).await;
    let first = bench.found("needle sev:1", None, 4).await;
    assert!(first.hits.is_empty() && first.next.is_some(), "{first:?}");
    assert!(first.notes[0].contains("Not everything was looked through"), "{:?}", first.notes);
    let (mut seen, mut at) = (Vec::new(), first.next);
    for _ in 0..20 {
        let Some(cursor) = at else { break };
        let page = bench.found("needle sev:1", Some(&cursor), 4).await;
        seen.extend(page.hits.iter().map(|hit| hit.row.id));
        at = page.next;
    }
    assert_eq!((seen, at.is_none()), (vec![1], true));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_that_takes_too_long_says_what_to_try() {
    let mut bench = Bench::with(DIFFERENT).await;
    // Questions are asked together: where one that was asked before the others takes too long, these fail by it.
    for (table, typed, tighter) in [
        ("message_words", "fire", "`fire status:open`"),
        ("people", "fire", "`fire status:open`"),
        ("people", "fire from:anna", "`fire from:anna after:30d`"),
        ("clocks", "printer", "`printer status:open`"),
    ] {
        let mut other = pool::connection(&bench.prepared.database_url).await.unwrap();
        let lock = format!("begin; lock table {table}");
        diesel_async::SimpleAsyncConnection::batch_execute(&mut other, &lock).await.unwrap();
        let found = bench.found(typed, None, 9).await;
        assert!(found.hits.is_empty(), "{table}");
        assert!(
            found.notes[0].contains("took too long") && found.notes[0].contains(tighter),
            "{table}: {:?}",
            found.notes
        );
    }
}

#[test]
fn the_command_line_finds_the_same() {
    let desk = Desk::prepare();
    desk.sql(&format!("{MAILBOX}{DIFFERENT}").replace("AGENT", &desk.agent.address));
    let listed = desk.json(&["ticket", "list", "--query", "status:open -is:snoozed assignee:me", "--json"]);
    assert_eq!((&listed[0]["id"], listed.as_array().unwrap().len()), (&2.into(), 1));
    let plain = desk.cli(&["ticket", "list", "--query", "sev:1 sev:9"]).stdout;
    assert!(
        plain.contains("`sev:9` was left out") && plain.contains("DG-1") && plain.contains("Printer on fire"),
        "{plain}"
    );
    let found = desk.json(&["search", "fire", "--json"]);
    assert_eq!(found["hits"][0]["row"]["reference"], "DG-1");
    let plain = desk.cli(&["search", "words", "status:new"]).stdout;
    assert!(plain.contains("DG-1") && plain.contains("some words"), "{plain}");
    assert!(desk.cli(&["search", "nothing-like-it"]).stdout.contains("Nothing is found by"));
}
