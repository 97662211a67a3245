//! Transactions beside each other: they lock in one order, and no more than they must.

use deskgate::{
    domain::{Attachment, EmailAddress, MailboxId, MessageRowId, TicketId},
    store::{
        Conn, Pool, inbound,
        inbound::{Outcome, RawMail},
        mailboxes, messages,
        messages::{Direction, NewMessage},
        tickets,
        tickets::NewTicket,
    },
    ticket::Source,
};
use diesel::result::Error;
use diesel_async::{AsyncConnection, RunQueryDsl};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::{
    first_mail::COMPLETE,
    helpers::{Desk, Letter, Postgres, servers::sql, wait_for},
};

/// A database with a mailbox, a ticket and an entry of it.
struct Place {
    url: String,
    pool: Pool,
    mailbox: MailboxId,
    ticket: TicketId,
    entry: MessageRowId,
}

impl Place {
    async fn new() -> Place {
        let url = Postgres::start().fresh_database();
        let pool = Pool::new(&url, 2).await.unwrap();
        let mut conn = pool.get().await.unwrap();
        let address: EmailAddress = "support@desk.test".parse().unwrap();
        let mailbox = mailboxes::ensure(&mut conn, "support", "here", &address).await.unwrap().id;
        let ticket = NewTicket {
            mailbox,
            subject: "Printer",
            source: Source::Customer,
            language: "en".parse().unwrap(),
            requester: None,
            problem_report: false,
            follow_up_of: None,
            requester_proven: false,
            asked: false,
            severity: None,
            product: None,
            queue: None,
        };
        let ticket = tickets::open(&mut conn, &[ticket], Timestamp::now()).await.unwrap()[0].id;
        let entry = note(&mut conn, ticket).await.unwrap();
        drop(conn);
        Place { url, pool, mailbox, ticket, entry }
    }

    /// Waits until somebody waits for somebody else's lock.
    fn wait_for_one_who_waits(&self) {
        let waits = "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()";
        tokio::task::block_in_place(|| {
            wait_for("one who waits", || (sql(&self.url, waits) == "1").then_some(()))
        });
    }
}

async fn note(conn: &mut Conn, ticket: TicketId) -> diesel::QueryResult<MessageRowId> {
    let entry = NewMessage {
        ticket,
        direction: Direction::Note,
        kind: "note",
        staff_only: true,
        author: None,
        author_line: String::new(),
        subject: "",
        header_id: None,
        fingerprint: None,
        text: "",
        own_text: "",
        quoted_text: "",
        signature_text: "",
        html: None,
        language: None,
        written: None,
    };
    Ok(messages::record(conn, &[entry], Timestamp::now()).await?.unwrap()[0])
}

fn raw(uid: u32, text: &str) -> RawMail {
    RawMail { uid: Some(uid), received: None, bytes: text.into() }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_write_the_same_new_files_in_opposite_order_both_get_through() {
    let place = Place::new().await;
    let file = |bytes: &[u8]| Attachment {
        name: "logo.png".into(),
        mime: "image/png".into(),
        inline: true,
        content_id: None,
        bytes: bytes.to_vec(),
    };
    let mut files = [file(b"one"), file(b"two")];
    files.sort_by_key(|file| Sha256::digest(&file.bytes));
    let [first, second] = files;
    let (pool, entry, both) = (place.pool.clone(), place.entry, [second.clone(), first.clone()]);
    let mut conn = place.pool.get().await.unwrap();
    let other = conn
        .transaction(async |conn| {
            messages::attach(conn, &[(entry, 0, &first)]).await?;
            let other = tokio::spawn(async move {
                let mut conn = pool.get().await.unwrap();
                let [second, first] = &both;
                let files = [(entry, 2, second), (entry, 3, first)];
                conn.transaction(async |conn| messages::attach(conn, &files).await).await
            });
            place.wait_for_one_who_waits();
            messages::attach(conn, &[(entry, 1, &second)]).await?;
            Ok::<_, Error>(other)
        })
        .await
        .unwrap();
    other.await.unwrap().unwrap();
    assert_eq!(sql(&place.url, "select count(*) from blobs"), "2");
    let written = "select string_agg(convert_from(bytes, 'utf8'), ' ' order by position) from attachments join blobs using (sha256)";
    let [first, second] = [&first, &second].map(|file| String::from_utf8(file.bytes.clone()).unwrap());
    assert_eq!(sql(&place.url, written), format!("{first} {second} {second} {first}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_of_a_ticket_that_somebody_has_locked_is_written_at_once() {
    let place = Place::new().await;
    let mut conn = place.pool.get().await.unwrap();
    conn.transaction(async |conn| {
        tickets::lock(conn, place.ticket).await?.unwrap();
        let mut beside = place.pool.get().await.unwrap();
        diesel::sql_query("SET lock_timeout = '2s'").execute(&mut beside).await?;
        note(&mut beside, place.ticket).await?;
        assert!(tickets::lock(&mut beside, place.ticket).await.is_err(), "there is one who locks");
        Ok::<_, Error>(())
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn twins_of_earlier_mails_are_settled_in_one_statement_however_often_they_came() {
    let place = Place::new().await;
    let now = Timestamp::now();
    let outcome =
        Outcome { word: "opened", why: Vec::new(), ticket: Some(place.ticket), message: Some(place.entry) };
    let mut conn = place.pool.get().await.unwrap();
    for round in 0..3 {
        let mails: Vec<_> = ["a", "b", "c"].iter().zip(1..).map(|(text, uid)| raw(uid, text)).collect();
        conn.transaction(async |conn| {
            let fresh = inbound::store(conn, place.mailbox, Some(round), &mails, now).await?;
            inbound::settle_twins(conn, &fresh, now).await?;
            if round == 0 {
                let opened: Vec<_> = fresh.into_iter().map(|id| (id, outcome.clone())).collect();
                assert!(inbound::finish(conn, &opened, now).await?);
            }
            Ok::<_, Error>(())
        })
        .await
        .unwrap();
    }
    let seen = "select uidvalidity, outcome, count(*), count(ticket_id), count(message_id), \
                count(distinct cmin::text) from inbound group by 1, 2 order by 1";
    let (first, second, third) = ("0|opened|3|3|3|1", "1|duplicate|3|3|3|1", "2|duplicate|3|3|3|1");
    assert_eq!(sql(&place.url, seen), [first, second, third].join("\n"));
}

#[test]
fn mails_that_are_taken_in_together_are_finished_and_told_each_by_its_own_number() {
    let mut desk = Desk::prepare();
    let letter = |name: &str| Letter::new(&format!("{name}@customer.test"), "Printer", COMPLETE);
    let (anna, ben) = (letter("anna"), letter("ben"));
    desk.support.append(anna.bytes());
    desk.run();
    desk.settled(1);
    desk.stop();
    // The second opens a ticket, and the third is known; what is known is found out first.
    desk.support.append(ben.bytes());
    desk.support
        .append(anna.with("Received", "from elsewhere by here; Sat, 21 Nov 2026 10:00:01 +0100").bytes());
    desk.run();
    desk.settled(3);
    assert_eq!(desk.outcomes(), ["opened", "opened", "duplicate"]);
    for line in ["Mail 2 opened ticket 2", "Mail 3 duplicate ticket 1"] {
        wait_for(line, || desk.log().contains(line).then_some(()));
    }
    desk.stop();
}
