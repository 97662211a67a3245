//! Transactions beside each other: they lock in one order, and no more than they must.

use deskgate::{
    domain::{EmailAddress, MailboxId, MessageRowId, TicketId},
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

use crate::helpers::{Postgres, servers::sql};

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
            asked: false,
        };
        let ticket = tickets::open(&mut conn, &[ticket], Timestamp::now()).await.unwrap()[0].id;
        let entry = note(&mut conn, ticket).await.unwrap();
        drop(conn);
        Place { url, pool, mailbox, ticket, entry }
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
