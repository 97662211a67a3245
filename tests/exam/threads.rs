//! Which mails belong together, held against the thread trees of other projects.
//!
//! The mails are replayed in their order against the clue logic alone, as if everybody
//! took part in everything and were proven: what a signal may do for whom is tested
//! elsewhere. A tree counts as the set of its mails; a ticket has no branches.

use std::{collections::BTreeSet, fs, path::Path};

use deskgate::{
    domain::{InboundMail, TicketId},
    mail::{self, Ours},
    triage::{self, KnownIds, Signal},
};
use serde_json::Value;

use crate::{lines, share, shared};

/// Mails that belong together, by their labels, sorted; threads sorted, too.
type Threads = Vec<Vec<String>>;

fn mails_of(mbox: &Path) -> Vec<InboundMail> {
    let text = fs::read(mbox).expect("a mailbox file");
    let text = [b"\n".as_slice(), &text].concat();
    let starts: Vec<usize> =
        (0..text.len()).filter(|&at| text[at..].starts_with(b"\nFrom ")).map(|at| at + 1).collect();
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    let mails = starts.iter().zip(ends).map(|(&start, end)| {
        let line = text[start..end].iter().position(|&byte| byte == b'\n').map_or(end, |at| start + at + 1);
        mail::read(&text[line..end], &Ours::nobody())
    });
    mails.collect()
}

/// The ticket that each mail would go to, by ids alone and by what else there is.
fn replay(mails: &[InboundMail]) -> Vec<usize> {
    let mut known = KnownIds::default();
    let mut tickets: Vec<usize> = Vec::new();
    for (number, mail) in mails.iter().enumerate() {
        let clues = mail::clues(mail, &Ours::nobody());
        let pointed = triage::pointed(&clues, mail.message_id.as_ref(), &known);
        let ticket = pointed
            .first()
            .map_or(number, |(ticket, _)| usize::try_from(ticket.0).expect("a number of ours"));
        assert!(pointed.iter().all(|(_, signal)| *signal < Signal::Subject), "no subject here is ours");
        tickets.push(ticket);
        let id = TicketId(i64::try_from(ticket).expect("few mails"));
        if let Some(own) = &mail.message_id {
            known.entries.entry(own.key()).or_default().insert(0, id);
        }
        for answered in mail.in_reply_to.iter().chain(&mail.references) {
            known.answered.entry(answered.key()).or_default().insert(0, id);
        }
    }
    tickets
}

fn threads(mails: &[InboundMail], label: impl Fn(usize, &InboundMail) -> Option<String>) -> Threads {
    let tickets = replay(mails);
    let numbers: BTreeSet<usize> = tickets.iter().copied().collect();
    let of = |number: usize| {
        let inside = mails.iter().enumerate().filter(|(at, _)| tickets[*at] == number);
        inside.filter_map(|(at, mail)| label(at, mail)).collect::<Vec<_>>()
    };
    sorted(numbers.into_iter().map(of).collect())
}

fn sorted(mut threads: Threads) -> Threads {
    threads.iter_mut().for_each(|thread| thread.sort());
    threads.retain(|thread| !thread.is_empty());
    threads.sort();
    threads
}

/// `(1 (2 4)(3))(5)`: the numbers below each outermost parenthesis.
fn of_imap(answer: &str) -> Threads {
    let (mut threads, mut depth) = (Threads::new(), 0);
    for piece in answer.split_inclusive(['(', ')', ' ']) {
        let (number, mark) = piece.split_at(piece.len() - 1);
        if !number.is_empty() {
            threads.last_mut().expect("a parenthesis before it").push(number.to_owned());
        }
        match mark {
            "(" if depth == 0 => {
                threads.push(Vec::new());
                depth = 1;
            }
            "(" => depth += 1,
            ")" => depth -= 1,
            _ => {}
        }
    }
    sorted(threads)
}

/// Trees as lists of `[depth, subject or null, …]`; what stands at `place` is the label.
fn of_tree(tree: &[Value], place: usize, is_there: impl Fn(&str) -> bool) -> Threads {
    let mut threads = Threads::new();
    for node in tree {
        if node[0] == 0 {
            threads.push(Vec::new());
        }
        let label = node[place].as_str().filter(|label| is_there(label));
        threads.last_mut().expect("a root before it").extend(label.map(str::to_owned));
    }
    sorted(threads)
}

/// What a case of the corpora expects, and what we make of it.
fn compare(case: &Value, mails: &[InboundMail]) -> Option<(Threads, Threads)> {
    if let Some(answer) = case["imap_thread"].as_str() {
        // The later mails of the file are appended after the first answer.
        let expected = of_imap(answer);
        let count = expected.iter().map(Vec::len).sum();
        return Some((expected, threads(&mails[..count], |at, _| Some((at + 1).to_string()))));
    }
    if let Some(tree) = case["thread_tree_depth_subject_msgid"].as_array() {
        let there: BTreeSet<&str> =
            mails.iter().filter_map(|mail| Some(mail.message_id.as_ref()?.as_str())).collect();
        let expected = of_tree(tree, 2, |id| there.contains(id));
        return Some((
            expected,
            threads(mails, |_, mail| Some(mail.message_id.as_ref()?.as_str().to_owned())),
        ));
    }
    let tree = case["thread_tree_depth_subject"].as_array()?;
    let expected = of_tree(tree, 1, |_| true);
    // Their tree leaves some mails of reference loops out.
    let named: BTreeSet<String> = expected.iter().flatten().cloned().collect();
    Some((
        expected,
        threads(mails, |_, mail| Some(mail.subject.clone()).filter(|subject| named.contains(subject))),
    ))
}

#[test]
fn mails_are_put_together_as_in_the_trees_of_others() {
    let Some(corpora) = shared("corpora") else { return };
    let (mut same, mut all) = (0, 0);
    for case in lines(&corpora.join("index.jsonl")).iter().filter(|case| case["kind"] == "thread") {
        let file = case["file"].as_str().expect("a file");
        let mails = mails_of(&corpora.join(file));
        assert!(!mails.is_empty(), "{file} has mails");
        if let Some(count) = case["thread_count"].as_u64() {
            let got: BTreeSet<usize> = replay(&mails).into_iter().collect();
            assert_eq!(got.len() as u64, count, "{file}");
        }
        let Some((expected, got)) = compare(case, &mails) else { continue };
        if mails.iter().all(|mail| mail.message_id.is_none() && mail.references.is_empty()) {
            // Our policy: a subject that looks alike joins nothing.
            assert!(got.iter().all(|thread| thread.len() == 1), "{file}: joined by subject: {got:?}");
            tell!("threads: {file}: threads by subject, which we do not: {} mails stay alone", got.len());
            continue;
        }
        let agreed = expected.iter().filter(|thread| got.contains(thread)).count();
        tell!("threads: {file}: {agreed} of {} trees have the same mails", expected.len());
        expected
            .iter()
            .filter(|thread| !got.contains(thread))
            .for_each(|thread| tell!("  theirs {thread:?}"));
        got.iter()
            .filter(|thread| !expected.contains(thread))
            .for_each(|thread| tell!("  ours   {thread:?}"));
        same += agreed;
        all += expected.len();
    }
    tell!("threads: {same} of {all} trees, share {:.3}", share(same, all));
    assert!(share(same, all) >= 0.9);
}

#[test]
fn a_reply_that_overtakes_what_it_answers_finds_the_same_ticket() {
    let Some(corpora) = shared("corpora") else { return };
    let mut mails = mails_of(&corpora.join("perl-mail-thread/testbox.mbox"));
    let by_id =
        |mails: &[InboundMail]| threads(mails, |_, mail| Some(mail.message_id.as_ref()?.as_str().to_owned()));
    let in_order = by_id(&mails);
    mails.chunks_mut(2).for_each(<[InboundMail]>::reverse);
    assert_eq!(in_order, by_id(&mails));
}
