//! What must hold when all is settled, whatever went wrong.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::{
    cluster::rows,
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
    /// Mails that were not answered because their author got as many as one may.
    pub quieted: usize,
}

/// Two clocks of one machine agree so far, in seconds.
const ROUNDING: f64 = 0.001;

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
    caps(run, &mut findings);
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
    let outbox = rows(&run.direct_url, RECORDS);
    findings.answers = outbox.len();
    for row in &outbox {
        let (id, rest) = row.split_once('|').expect("three columns");
        let (sent_at, what) = rest.split_once('|').expect("three columns");
        match taken.remove(id) {
            None => findings.losses.push(format!("{what} is recorded as sent, and nobody got it")),
            Some(mut times) => {
                times.sort_by(|a, b| a.at.total_cmp(&b.at));
                // Postfix itself may deliver one twice when it is killed.
                times.dedup();
                doubles(run, what, sent_at.parse().expect("seconds"), &times, findings);
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

/// Each mail of ours: its id, when it was recorded as sent (-1 for never), and what it is.
const RECORDS: &str = "select header_id, coalesce(extract(epoch from sent_at), -1),
    notice || ' for ticket ' || coalesce(ticket_id::text, 'none') || ', outbox ' || id || ', attempts ' || attempts || ', last by ' || coalesce(leased_by, 'nobody')
    from outbox";

/// A repeat is allowed where a fault lies between the two, and never once the mail is recorded as sent.
fn doubles(run: &Run<'_>, what: &str, sent_at: f64, times: &[Acceptance], findings: &mut Findings) {
    for late in times.iter().filter(|one| one.at > sent_at + ROUNDING) {
        let why =
            format!("{what} was recorded as sent at {sent_at} and taken after that: {late:?} of {times:?}");
        findings.contradictions.push(why);
    }
    for pair in times.windows(2) {
        let (first, second) = (pair[0].at - ROUNDING, pair[1].at + ROUNDING);
        let between = |one: &&Happened| one.end >= first && one.start <= second;
        match run.happened.iter().position(|one| one.opens_the_window() && between(&one)) {
            Some(fault) => findings.doubles.push(fault),
            None => findings.contradictions.push(format!(
                "{what}, recorded as sent at {sent_at}, was taken twice without cause: {pair:?}"
            )),
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

/// Who writes very many mails is answered as often as they may be, and staff hear when that is less.
fn caps(run: &Run<'_>, findings: &mut Findings) {
    let acknowledged = "select recipient, count(*) from outbox where notice = 'acknowledged' group by 1";
    let (acknowledged, all) = (pairs(run, acknowledged), pairs(run, AUTOMATIC));
    let alarms = rows(&run.direct_url, "select topic from alarms");
    let mut loud: BTreeMap<&str, usize> = BTreeMap::new();
    for sent in run.post.sent.iter().filter(|sent| sent.sort == Sort::Loud) {
        *loud.entry(&sent.from).or_default() += 1;
    }
    for (from, mails) in loud {
        let count = |of: &HashMap<String, String>| of.get(from).map_or(0, |n| n.parse().expect("a count"));
        let (answered, got): (usize, usize) = (count(&acknowledged), count(&all));
        let quieted = mails.saturating_sub(answered);
        let told = alarms.contains(&format!("quiet {from}"));
        if answered > mails.min(CAP) || (quieted > 0) != told || (quieted > 0 && got < CAP) {
            findings.contradictions.push(format!(
                "{from} wrote {mails} mails and got {got} automatic ones, of which {answered} acknowledge; {CAP} are allowed; staff were told: {told}"
            ));
        }
        findings.quieted += quieted;
    }
}

/// What a customer got without anybody's doing.
const AUTOMATIC: &str =
    "select recipient, count(*) from outbox where automatic and notice not like 'staff%' group by 1";

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
        "select recipient, count(*) from outbox where automatic and notice not like 'staff%' and notice <> 'accepted' group by 1 having count(*) > {CAP}"
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
