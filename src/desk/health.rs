//! How the desk is, in sentences: for `/healthz`, for the clock, for `deskgate check`.

use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;

use super::{Desk, DeskError};
use crate::store::{self, Conn, leases::Holding, mailboxes::Mailbox, nodes::Seen};

/// A mailbox is overdue after this many of its polls, or after [`OVERDUE_AT_LEAST`].
const OVERDUE_POLLS: u32 = 10;
/// No mailbox is overdue earlier than this.
const OVERDUE_AT_LEAST: Duration = Duration::from_secs(600);

/// A mail server that was asked in vain so often, within some ten seconds, is away.
const AWAY_AFTER: i32 = 3;

/// How the desk is.
#[derive(Debug, Serialize)]
pub struct Health {
    /// Nothing asks for a person.
    pub ok: bool,
    /// What does, one sentence each.
    pub trouble: Vec<String>,
    /// Every mailbox that is fetched.
    pub mailboxes: Vec<MailboxHealth>,
    /// Every process that shares the database.
    pub nodes: Vec<NodeHealth>,
    /// Raw mails that wait, and that are in quarantine.
    pub waiting: i64,
    /// See [`Health::waiting`].
    pub quarantined: i64,
    /// Mails of ours that wait, and that failed.
    pub to_send: i64,
    /// See [`Health::to_send`].
    pub failed: i64,
}

/// How one mailbox is.
#[derive(Debug, Serialize)]
pub struct MailboxHealth {
    /// Its name in the configuration.
    pub name: String,
    /// `new`, `ok`, or what is wrong.
    pub state: String,
    /// Seconds since it was last looked through without an error.
    pub age_seconds: Option<i64>,
    /// Nobody has looked at it for too long.
    pub overdue: bool,
    /// The same for people.
    pub sentence: String,
}

/// How one process is.
#[derive(Debug, Serialize)]
pub struct NodeHealth {
    /// Its name, as leases have it.
    pub name: String,
    /// It gives signs of life, or its connection at least stands.
    pub alive: bool,
    /// The same for people, with what it runs and holds.
    pub sentence: String,
}

/// Asks the database how the desk is.
pub async fn health(desk: &Desk, conn: &mut Conn, now: Timestamp) -> Result<Health, DeskError> {
    let stored = store::mailboxes::all(conn).await?;
    let mailboxes: Vec<MailboxHealth> =
        stored.iter().filter_map(|mailbox| mailbox_health(desk, mailbox, now)).collect();
    let (waiting, quarantined) = store::inbound::backlog(conn).await?;
    let to_send = store::outbox::waiting(conn).await?;
    let failed = store::outbox::failed_count(conn).await?;
    let seen = store::nodes::all(conn).await?;
    let mut trouble: Vec<String> = mailboxes
        .iter()
        .filter(|mailbox| mailbox.overdue || !matches!(mailbox.state.as_str(), "ok" | "new"))
        .map(|mailbox| mailbox.sentence.clone())
        .collect();
    let waiting_in = store::inbound::waiting(conn).await?;
    trouble.extend(forsaken(desk, &seen, &waiting_in, "to be processed"));
    trouble.extend(forsaken(desk, &seen, &to_send, "to be sent"));
    for pause in store::pauses::of(conn, None).await? {
        if pause.domain == store::pauses::SERVER && pause.deferrals >= AWAY_AFTER {
            trouble.push(format!(
                "The mail server of the mailbox `{}` takes no mail, and what is to be sent waits: {}",
                pause.mailbox, pause.reply
            ));
        }
    }
    if quarantined > 0 {
        trouble.push(format!(
            "{quarantined} mails could not be read and wait for a person: `deskgate inbox list --state quarantined`, then retry, make a ticket of them, or discard."
        ));
    }
    let to_send = to_send.iter().map(|(_, count)| count).sum();
    let nodes = nodes_health(conn, &seen, now).await?;
    Ok(Health { ok: trouble.is_empty(), trouble, mailboxes, nodes, waiting, quarantined, to_send, failed })
}

/// Mails that wait for a mailbox that no node knows, neither this one nor another.
fn forsaken(desk: &Desk, nodes: &[Seen], waiting: &[(String, i64)], what: &str) -> Vec<String> {
    let known = |name: &str| {
        desk.settings.mailbox(name).is_some()
            || nodes.iter().any(|node| !node.is_gone() && node.mailboxes().any(|mailbox| mailbox == name))
    };
    let unknown = waiting.iter().filter(|(name, _)| !known(name));
    unknown
        .map(|(name, count)| {
            format!("{count} mails wait {what} for the mailbox `{name}`, which no running node has in its configuration; put it back, also without `imap`.")
        })
        .collect()
}

/// The processes that share the database, and what each holds.
pub async fn nodes(conn: &mut Conn, now: Timestamp) -> Result<Vec<NodeHealth>, DeskError> {
    let seen = store::nodes::all(conn).await?;
    nodes_health(conn, &seen, now).await
}

async fn nodes_health(conn: &mut Conn, seen: &[Seen], now: Timestamp) -> Result<Vec<NodeHealth>, DeskError> {
    let names: Vec<String> = seen.iter().map(|node| node.name.clone()).collect();
    let held = store::leases::holdings(conn, &names, now).await?;
    Ok(seen.iter().zip(&held).map(|(node, held)| node_health(node, held)).collect())
}

fn node_health(node: &Seen, held: &Holding) -> NodeHealth {
    let alive = !node.is_gone();
    let state = match alive {
        true => format!("has run for {}", duration(node.up_seconds)),
        false => format!("is dead, last seen {} ago; it is taken over", duration(node.silent_seconds)),
    };
    let mut holds: Vec<String> =
        held.mailboxes.iter().map(|name| format!("fetches mailbox `{name}`")).collect();
    holds.extend((held.reading > 0).then(|| format!("has {} mails at work", held.reading)));
    holds.extend((held.sending > 0).then(|| format!("has {} mails on their way out", held.sending)));
    let holds = if holds.is_empty() { "holds nothing".to_owned() } else { holds.join(", ") };
    let sentence = format!("Node {} ({}) {state} and {holds}.", node.name, node.roles);
    NodeHealth { name: node.name.clone(), alive, sentence }
}

/// A length of time in its largest unit.
fn duration(seconds: i64) -> String {
    match seconds {
        ..120 => format!("{seconds} s"),
        120..7200 => format!("{} min", seconds / 60),
        7200..172_800 => format!("{} h", seconds / 3600),
        _ => format!("{} days", seconds / 86_400),
    }
}

/// `None` for a mailbox that is no longer configured, or is not fetched.
pub(super) fn mailbox_health(desk: &Desk, stored: &Mailbox, now: Timestamp) -> Option<MailboxHealth> {
    let mailbox = desk.settings.mailbox(&stored.name)?;
    // A row of a place it was read from before says nothing about now.
    let imap = mailbox.imap.as_ref().filter(|_| stored.source == super::source(mailbox))?;
    let limit = (imap.poll * OVERDUE_POLLS).max(OVERDUE_AT_LEAST);
    let age = stored.fetched_at.map(|at| now.duration_since(at.to_jiff()));
    let overdue = age.is_some_and(|age| age.is_positive() && age.unsigned_abs() > limit);
    let sentence = match (stored.state.as_str(), age) {
        ("ok" | "new", Some(_)) if overdue => {
            format!(
                "Mailbox `{}` has not been looked through for longer than {limit:?}: is a `fetch` role running?",
                stored.name
            )
        }
        ("ok", _) => format!("Mailbox `{}` is fetched.", stored.name),
        ("new", _) => format!("Mailbox `{}` has not been opened yet.", stored.name),
        (state, _) => mailbox_trouble(&stored.name, state, &stored.state_detail),
    };
    Some(MailboxHealth {
        name: stored.name.clone(),
        state: stored.state.clone(),
        age_seconds: age.map(|age| age.as_secs()),
        overdue,
        sentence,
    })
}

/// What is wrong with a mailbox, in the words of `/healthz`, the log and `deskgate
/// check` alike: its state as a short name, and a sentence that says what to do.
pub fn mailbox_trouble(mailbox: &str, state: &str, sentence: &str) -> String {
    let verb = if state == "incomplete" { "is fetched in part" } else { "is not fetched" };
    format!("Mailbox `{mailbox}` {verb} ({state}): {sentence}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_is_told_in_one_sentence() {
        let seen = |unlocked, silent_seconds| Seen {
            name: "mail1/7:42:abcd".into(),
            roles: "fetch, process".into(),
            mailboxes: serde_json::json!(["support"]),
            seen_at: store::moment(Timestamp::UNIX_EPOCH),
            up_seconds: 7_300,
            silent_seconds,
            unlocked,
        };
        let held = Holding { mailboxes: vec!["support".into()], reading: 3, sending: 0 };
        let alive = node_health(&seen(false, 30), &held);
        assert!(alive.alive, "its connection stands");
        assert_eq!(
            alive.sentence,
            "Node mail1/7:42:abcd (fetch, process) has run for 2 h and fetches mailbox `support`, has 3 mails at work."
        );
        assert!(node_health(&seen(true, 3), &held).alive, "it may be coming back");
        let dead = node_health(&seen(true, 7), &Holding::default());
        assert!(!dead.alive);
        assert!(dead.sentence.contains("is dead, last seen 7 s ago"), "{}", dead.sentence);
    }
}
