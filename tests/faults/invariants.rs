//! What must hold when all is settled, whatever went wrong.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::{
    cluster::rows,
    faults::Kind,
    helpers::{Postbox, postbox::Received},
    nodes::CAP,
    post::{Sent, Sort, bare},
    run::{Happened, Run},
};

/// What a run shows when it is over.
#[derive(Default)]
pub struct Findings {
    /// Mails or answers that are nowhere.
    pub losses: Vec<String>,
    /// Everything else that contradicts a promise.
    pub contradictions: Vec<String>,
    /// Answers that a server took twice within the named window: the fault that opened it.
    pub doubles: Vec<usize>,
    /// Answers that a server took.
    pub answers: usize,
}

/// So long after Postfix began to take a mail it is recorded as sent, on a busy machine.
const RECORDED: f64 = 2.0;
/// The same after the database came back: somebody may wait for a connection.
const RECORDED_LATE: f64 = 15.0;

/// One time that Postfix took a mail of ours.
#[derive(Clone, Debug, PartialEq, PartialOrd)]
struct Acceptance {
    /// When it began to, in seconds since 1970.
    at: f64,
    queue_id: String,
}

/// Holds everything against the promises.
pub fn check(run: &Run<'_>) -> Findings {
    let mut findings = Findings::default();
    entries(run, &mut findings);
    answers(run, &mut findings);
    acts(run, &mut findings);
    records(run, &mut findings);
    findings
}

/// Every mail of a person, and of a machine that answers for one, is exactly one entry.
fn entries(run: &Run<'_>, findings: &mut Findings) {
    let mut found: HashMap<String, Vec<String>> = HashMap::new();
    let mut all = 0;
    for row in rows(
        &run.direct_url,
        "select coalesce(header_id, ''), ticket_id from messages where direction = 'in'",
    ) {
        let (id, ticket) = row.split_once('|').expect("two columns");
        found.entry(id.to_owned()).or_default().push(ticket.to_owned());
        all += 1;
    }
    let tickets_of_ours: HashMap<String, String> = pairs(run, "select header_id, ticket_id from outbox");
    let mut expected = 0;
    for sent in &run.post.sent {
        let mine = match &sent.id {
            Some(id) => found.get(id).cloned().unwrap_or_default(),
            None => by_marker(run, &sent.marker),
        };
        let wanted = usize::from(sent.sort != Sort::Bounce);
        expected += wanted;
        if mine.len() < wanted {
            findings.losses.push(format!("{} has no entry", name(sent)));
        } else if mine.len() > wanted {
            findings.contradictions.push(format!("{} has {} entries", name(sent), mine.len()));
        }
        if let (Sort::Reply | Sort::Vacation, Some(answers), [ticket]) = (sent.sort, &sent.answers, &mine[..])
            && tickets_of_ours.get(answers) != Some(ticket)
        {
            findings
                .contradictions
                .push(format!("{} is in ticket {ticket}, not where it belongs", name(sent)));
        }
    }
    if all != expected {
        findings.contradictions.push(format!("{all} entries for {expected} mails"));
    }
}

fn by_marker(run: &Run<'_>, marker: &str) -> Vec<String> {
    let statement = format!(
        "select ticket_id from messages where direction = 'in' and header_id is null and subject = 'Printer {marker}'"
    );
    rows(&run.direct_url, &statement)
}

/// Every answer that is owed was taken at least once and, outside the window, once.
fn answers(run: &Run<'_>, findings: &mut Findings) {
    let mut taken: BTreeMap<String, Vec<Acceptance>> = BTreeMap::new();
    let mut replies: HashMap<String, BTreeSet<String>> = HashMap::new();
    for mail in run.readers().iter().flat_map(Postbox::mails) {
        let Some(id) = mail.header("Message-ID") else { continue };
        taken.entry(bare(&id)).or_default().push(acceptance(&mail));
        if let Some(answered) = mail.header("In-Reply-To") {
            replies.entry(bare(&answered)).or_default().insert(id);
        }
    }
    let outbox = rows(&run.direct_url, "select header_id, notice || ' for ticket ' || ticket_id from outbox");
    findings.answers = outbox.len();
    for row in &outbox {
        let (id, what) = row.split_once('|').expect("two columns");
        match taken.remove(id) {
            None => findings.losses.push(format!("{what} is recorded as sent, and nobody got it")),
            Some(mut times) => {
                times.sort_by(|a, b| a.at.total_cmp(&b.at));
                // Postfix itself may deliver one twice when it is killed.
                times.dedup();
                doubles(run, what, &times, findings);
            }
        }
    }
    for id in taken.keys() {
        findings.contradictions.push(format!("{id} was sent and is not in the outbox"));
    }
    for sent in run.post.sent.iter().filter(|sent| sent.sort.is_owed_an_answer()) {
        let answers = sent.id.as_ref().and_then(|id| replies.get(id)).map_or(0, BTreeSet::len);
        match answers {
            0 => findings.losses.push(format!("{} was never answered", name(sent))),
            1 => {}
            _ => findings.contradictions.push(format!("{} was answered {answers} times", name(sent))),
        }
    }
}

/// A repeat is allowed where a fault may have come between acceptance and record.
fn doubles(run: &Run<'_>, what: &str, times: &[Acceptance], findings: &mut Findings) {
    for pair in times.windows(2) {
        let (start, soon) = (pair[0].at, pair[0].at + RECORDED);
        let within = |one: &Happened, end: f64| one.end >= start && one.start <= end;
        let waits = |one: &&Happened| one.kind.keeps_records_waiting() && within(one, soon);
        let late = run.happened.iter().filter(waits).map(|one| one.end + RECORDED_LATE).reduce(f64::max);
        let hit = |one: &Happened| within(one, late.unwrap_or(soon));
        let opened = run.happened.iter().position(|one| one.kind.opens_the_window() && hit(one));
        // A desk that is asked to stop waits for the database, but not for ever.
        let in_vain =
            || run.happened.iter().position(|one| one.kind == Kind::Restart && late.is_some() && hit(one));
        match opened.or_else(in_vain) {
            Some(fault) => findings.doubles.push(fault),
            None => findings.contradictions.push(format!("{what} was taken twice without cause: {pair:?}")),
        }
    }
}

/// When and under which number Postfix took it: in the field that Postfix put on top.
fn acceptance(mail: &Received) -> Acceptance {
    let text = String::from_utf8_lossy(&mail.raw);
    let start = text.find("(Postfix) with ").expect("every mail comes by Postfix");
    let field: String = text[start..].chars().take(200).collect();
    let queue_id = field.split_once(" id ").and_then(|(_, rest)| rest.split_whitespace().next());
    let queue_id = queue_id.expect("Postfix gives each mail a number").to_owned();
    Acceptance { at: begun(&queue_id), queue_id }
}

/// The moment that a long queue id begins with: six digits of seconds, four of microseconds, to the
/// base 52 (postconf(5), enable_long_queue_ids).
fn begun(queue_id: &str) -> f64 {
    const DIGITS: &str = "0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz";
    let number = |digits: &str| {
        digits.chars().fold(0, |sum, digit| sum * 52 + DIGITS.find(digit).expect("a digit of Postfix"))
    };
    number(&queue_id[..6]) as f64 + number(&queue_id[6..10]) as f64 / 1e6
}

/// What the desk said was done is done.
fn acts(run: &Run<'_>, findings: &mut Findings) {
    let status = pairs(run, "select id, status from tickets");
    for act in run.staff.acts.iter().filter(|act| act.done) {
        let is = status.get(&act.ticket.to_string());
        if is.is_none_or(|is| is != "accepted") {
            findings.losses.push(format!("ticket {} was accepted and is {is:?}", act.ticket));
        }
    }
}

/// What the database says of itself. Each statement gives nothing.
fn records(run: &Run<'_>, findings: &mut Findings) {
    let capped = format!(
        "select recipient, count(*) from outbox where automatic and notice not like 'staff%' group by 1 having count(*) > {CAP}"
    );
    let never: [(&str, &str); 11] = [
        ("a mail is neither done nor in quarantine", "select id, state from inbound where state <> 'done'"),
        ("a mail of ours is not sent", "select id, notice, state, last_reply from outbox where state <> 'sent'"),
        (
            "a ticket has more than one acknowledgement",
            "select ticket_id from outbox where notice = 'acknowledged' group by 1 having count(distinct header_id) > 1",
        ),
        ("somebody got more automatic mails than they may", &capped),
        (
            "a ticket was not opened by exactly one mail",
            "select t.id from tickets t where (select count(*) from inbound i where i.ticket_id = t.id and i.outcome = 'opened') <> 1
             or (select count(*) from journal j where j.ticket_id = t.id and j.event = 'opened') <> 1",
        ),
        (
            "an entry was not made by exactly one mail",
            "select m.id from messages m where m.direction = 'in' and
             (select count(*) from inbound i where i.message_id = m.id and i.outcome in ('opened', 'joined', 'noted')) <> 1",
        ),
        (
            "the journal has not one line for each mail that joined",
            "select ticket_id from
               (select ticket_id, 1 as n from inbound where outcome in ('joined', 'noted') union all
                select ticket_id, -1 from journal where event in ('joined', 'staff-note', 'machine-note')) both_sides
             group by 1 having sum(n) <> 0",
        ),
        (
            "the journal has not one line for each bounce",
            "select ticket_id from
               (select ticket_id, 1 as n from inbound where outcome = 'bounce' union all
                select ticket_id, -1 from journal where event in ('bounced', 'delayed')) both_sides
             group by 1 having sum(n) <> 0",
        ),
        (
            "a requester was not told once of each acceptance",
            "select ticket_id from
               (select ticket_id, 1 as n from journal where event = 'status' and detail->>'to' = 'accepted' union all
                select ticket_id, -1 from outbox where notice = 'accepted') both_sides
             group by 1 having sum(n) <> 0",
        ),
        (
            "a status does not follow from the one before",
            "select ticket_id, was, came from
               (select ticket_id, detail->>'from' as came, lag(detail->>'to', 1, 'new') over (partition by ticket_id order by id) as was
                from journal where event = 'status') steps where was <> came",
        ),
        (
            "a ticket is not what its journal says",
            "select t.id from tickets t where t.status <> coalesce((select detail->>'to' from journal j
             where j.ticket_id = t.id and j.event = 'status' order by j.id desc limit 1), 'new')",
        ),
    ];
    for (what, statement) in never {
        for row in rows(&run.direct_url, statement) {
            findings.contradictions.push(format!("{what}: {row}"));
        }
    }
}

fn pairs(run: &Run<'_>, statement: &str) -> HashMap<String, String> {
    let pair = |row: &String| row.split_once('|').map(|(a, b)| (a.to_owned(), b.to_owned()));
    rows(&run.direct_url, statement).iter().filter_map(pair).collect()
}

fn name(sent: &Sent) -> String {
    format!("{:?} {} of {}", sent.sort, sent.marker, sent.from)
}
