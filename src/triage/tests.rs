//! Who may join what, who is answered how, and what becomes of a question.

mod asking;
mod severity;

use std::time::Duration;

use jiff::Timestamp;

use super::*;
use crate::{
    domain::{
        EnvelopeSender, Forward, Forwarded, InboundMail, Kind, MessageRowId, NamedAddress, OutboxId,
        Oversized, Proof, Severed, Slot, TicketId,
    },
    report::{Finding, Presence, Verdict},
    ticket::{Notice, Source, Status},
};

fn now() -> Timestamp {
    "2026-11-21T12:00:00Z".parse().unwrap()
}

fn policy() -> Policy {
    Policy {
        trusts_a_server: true,
        asks: 2,
        ask_cooldown: Duration::from_secs(600),
        automatic_per_hour: 10,
        reopen_for: Duration::from_secs(14 * 86_400),
    }
}

fn mail_from(address: &str) -> InboundMail {
    InboundMail {
        from: vec![NamedAddress::new("Somebody", address.parse().unwrap())],
        body: Severed { own: "It prints nothing at all.".into(), ..Severed::default() },
        ..InboundMail::default()
    }
}

fn proven(address: &str) -> InboundMail {
    let mut mail = mail_from(address);
    let domain = mail.from[0].address.domain().to_owned();
    mail.proof = Proof::Pass { domain, method: "dmarc".into() };
    mail
}

fn finding(verdict: Presence) -> Finding {
    Finding { verdict, present: verdict == Presence::Present, evidence: Vec::new() }
}

/// A problem report in which only these slots are there.
fn report_with(there: &[Slot]) -> Verdict {
    let of = |slot| finding(if there.contains(&slot) { Presence::Present } else { Presence::Missing });
    Verdict {
        problem_report: true,
        steps: of(Slot::Steps),
        actual: of(Slot::Actual),
        expected: of(Slot::Expected),
    }
}

fn candidate(signal: Signal) -> Candidate {
    Candidate {
        ticket: TicketId(7),
        signal,
        continues: None,
        status: Status::New,
        spam: false,
        closed_at: None,
        reopens: true,
        participant: true,
        left: false,
        requester: true,
        holds_token: signal == Signal::ReplyAddress,
        severity: None,
        missing: Vec::new(),
        unsure: Vec::new(),
        asks: 0,
        last_asked_at: None,
        incomplete: false,
    }
}

/// The strongest first.
const SIGNALS: [Signal; 7] = [
    Signal::ReplyAddress,
    Signal::OurMessage,
    Signal::KnownMessage,
    Signal::AnsweredHere,
    Signal::SharedMessage,
    Signal::Subject,
    Signal::Footer,
];

fn pointing_at(candidate: Candidate) -> Facts {
    Facts { candidates: vec![candidate], ..Facts::default() }
}

fn plan(mail: &InboundMail, verdict: &Verdict, facts: &Facts) -> Plan {
    decide(mail, verdict, facts, &policy(), now())
}

fn opening(plan: Plan) -> Opening {
    match plan.deed {
        Deed::Open(opening) => opening,
        other => panic!("expected a new ticket, got {other:?}"),
    }
}

fn joining(plan: Plan) -> Joining {
    match plan.deed {
        Deed::Join(joining) => joining,
        other => panic!("expected an entry, got {other:?}"),
    }
}

#[test]
fn a_proven_customer_is_asked_for_what_is_missing() {
    let opened = opening(plan(&proven("a@c.test"), &report_with(&[Slot::Actual]), &Facts::default()));
    assert_eq!((opened.answer, opened.source), (Answer::Full { ask: true }, Source::Customer));
    assert!(opened.cc_take_part);
}

#[test]
fn a_complete_report_and_a_plain_question_are_asked_nothing() {
    for verdict in [report_with(&[Slot::Steps, Slot::Actual, Slot::Expected]), Verdict::default()] {
        let opened = opening(plan(&proven("a@c.test"), &verdict, &Facts::default()));
        assert_eq!(opened.answer, Answer::Full { ask: false });
    }
}

#[test]
fn an_unproven_sender_gets_a_neutral_answer_and_brings_nobody_along() {
    let opened = opening(plan(&mail_from("a@c.test"), &report_with(&[]), &Facts::default()));
    assert_eq!((opened.answer, opened.cc_take_part), (Answer::Neutral, false));
}

#[test]
fn nobody_answers_a_forged_sender_a_machine_a_null_sender_or_a_mail_without_one_author() {
    let mut forged = mail_from("a@c.test");
    forged.proof = Proof::Fail { reason: "dmarc=fail".into() };
    let mut alert = proven("nagios@c.test");
    alert.kind = Kind::Alert;
    let mut list = proven("oss-security@c.test");
    list.kind = Kind::List;
    let mut null = proven("a@c.test");
    null.envelope_sender = EnvelopeSender::Null;
    let mut two = proven("a@c.test");
    two.from.push(two.from[0].clone());
    for mail in [forged, alert, list, null, two] {
        let opened = opening(plan(&mail, &report_with(&[]), &Facts::default()));
        assert_eq!(opened.answer, Answer::Nothing, "{mail:?}");
    }
}

#[test]
fn the_cap_of_automatic_mail_silences_us() {
    let facts = Facts { author: Author { automatic_last_hour: 10, ..Author::default() }, ..Facts::default() };
    assert_eq!(opening(plan(&proven("a@c.test"), &report_with(&[]), &facts)).answer, Answer::Nothing);
}

#[test]
fn a_product_owner_is_not_asked_but_only_when_proven() {
    let facts = Facts { author: Author { product_owner: true, ..Author::default() }, ..Facts::default() };
    let opened = opening(plan(&proven("po@c.test"), &report_with(&[]), &facts));
    assert_eq!((opened.source, opened.answer), (Source::ProductOwner, Answer::Full { ask: false }));
    assert_eq!(opening(plan(&mail_from("po@c.test"), &report_with(&[]), &facts)).source, Source::Customer);
}

#[test]
fn a_proven_participant_joins_by_any_signal() {
    for signal in SIGNALS {
        let mut candidate = candidate(signal);
        candidate.holds_token = false;
        let joined = joining(plan(&proven("a@c.test"), &Verdict::default(), &pointing_at(candidate)));
        assert_eq!((joined.ticket, joined.role), (TicketId(7), Role::Customer));
    }
}

#[test]
fn an_unproven_participant_joins_only_by_their_own_reply_address() {
    let joined =
        plan(&mail_from("a@c.test"), &Verdict::default(), &pointing_at(candidate(Signal::ReplyAddress)));
    assert_eq!(joining(joined).role, Role::Customer);
    for &signal in &SIGNALS[1..] {
        let opened =
            opening(plan(&mail_from("a@c.test"), &Verdict::default(), &pointing_at(candidate(signal))));
        assert_eq!(opened.related, [TicketId(7)], "{signal:?}");
    }
}

#[test]
fn where_no_server_can_prove_anything_a_participant_joins_by_message_id_but_not_by_subject() {
    let open_house = Policy { trusts_a_server: false, ..policy() };
    let decide_for = |signal| {
        let facts = pointing_at(candidate(signal));
        decide(&mail_from("a@c.test"), &Verdict::default(), &facts, &open_house, now()).deed
    };
    assert!(matches!(decide_for(Signal::OurMessage), Deed::Join(_)));
    for &signal in &SIGNALS[2..] {
        assert!(matches!(decide_for(signal), Deed::Open(_)), "{signal:?}");
    }
}

#[test]
fn staff_who_reported_a_ticket_speak_as_its_customer() {
    let facts = Facts {
        author: Author { staff: true, ..Author::default() },
        ..pointing_at(candidate(Signal::OurMessage))
    };
    assert_eq!(joining(plan(&proven("agent@desk.test"), &Verdict::default(), &facts)).role, Role::Customer);
}

#[test]
fn what_a_machine_adds_to_a_ticket_is_told_to_staff() {
    let mut alert = proven("nagios@c.test");
    alert.kind = Kind::Alert;
    let joined = joining(plan(&alert, &Verdict::default(), &pointing_at(candidate(Signal::KnownMessage))));
    assert_eq!((joined.role, joined.tell_staff), (Role::Machine, true));
}

#[test]
fn only_the_proven_requester_brings_others_in() {
    let brings = |mail: &InboundMail, requester| {
        let candidate = Candidate { requester, ..candidate(Signal::ReplyAddress) };
        joining(plan(mail, &Verdict::default(), &pointing_at(candidate))).cc_take_part
    };
    assert!(brings(&proven("a@c.test"), true));
    assert!(!brings(&proven("carl@c.test"), false), "somebody on Cc");
    assert!(!brings(&mail_from("a@c.test"), true), "unproven");
}

#[test]
fn a_stranger_never_joins_whatever_they_hold() {
    for signal in SIGNALS {
        let mut candidate = candidate(signal);
        (candidate.participant, candidate.holds_token) = (false, false);
        let opened =
            opening(plan(&proven("mallory@evil.test"), &Verdict::default(), &pointing_at(candidate)));
        assert_eq!(opened.related, [TicketId(7)]);
    }
}

#[test]
fn a_forged_participant_never_joins() {
    let mut forged = mail_from("a@c.test");
    forged.proof = Proof::Fail { reason: "dmarc=fail".into() };
    let opened = opening(plan(&forged, &Verdict::default(), &pointing_at(candidate(Signal::ReplyAddress))));
    assert_eq!((opened.answer, opened.cc_take_part), (Answer::Nothing, false));
}

#[test]
fn the_next_candidate_is_tried_when_the_first_is_not_allowed() {
    let mut foreign = candidate(Signal::OurMessage);
    foreign.participant = false;
    let own = Candidate { ticket: TicketId(8), ..candidate(Signal::OurMessage) };
    let facts = Facts { candidates: vec![foreign, own], ..Facts::default() };
    assert_eq!(joining(plan(&proven("a@c.test"), &Verdict::default(), &facts)).ticket, TicketId(8));
}

#[test]
fn staff_words_by_mail_stay_among_staff_and_need_proof() {
    let mut candidate = candidate(Signal::OurMessage);
    candidate.participant = false;
    let facts = Facts { author: Author { staff: true, ..Author::default() }, ..pointing_at(candidate) };
    assert_eq!(joining(plan(&proven("agent@desk.test"), &Verdict::default(), &facts)).role, Role::Staff);
    assert!(matches!(plan(&mail_from("agent@desk.test"), &Verdict::default(), &facts).deed, Deed::Open(_)));
}

#[test]
fn what_staff_pass_on_joins_no_ticket_that_its_words_name() {
    let mut mail = proven("agent@desk.test");
    let inner = Forwarded { mail: mail_from("ben@c.test"), note: String::new() };
    mail.forward = Some(Forward::Mail(Box::new(inner)));
    for signal in SIGNALS {
        let candidate = Candidate { participant: false, ..candidate(signal) };
        let author = Author { staff: true, ..Author::default() };
        let deed = plan(&mail, &Verdict::default(), &Facts { author, ..pointing_at(candidate) }).deed;
        let ours = matches!(signal, Signal::ReplyAddress | Signal::OurMessage);
        match deed {
            Deed::Join(joining) => assert!(ours && joining.role == Role::Staff, "{signal:?}"),
            Deed::Open(opening) => assert!(!ours && opening.related == [TicketId(7)], "{signal:?}"),
            other => panic!("{signal:?}: {other:?}"),
        }
    }
}

#[test]
fn an_auto_reply_stays_with_its_ticket_and_changes_nothing() {
    let mut vacation = proven("a@c.test");
    vacation.kind = Kind::AutoReply;
    let closed =
        Candidate { status: Status::Closed, closed_at: Some(now()), ..candidate(Signal::OurMessage) };
    let joined = joining(plan(&vacation, &report_with(&[Slot::Steps]), &pointing_at(closed)));
    assert_eq!((joined.role, joined.reopen, joined.ask), (Role::Machine, false, Ask::Leave));
    assert_eq!(joined.fills, []);
}

#[test]
fn what_staff_pass_on_is_answered_as_an_unproven_mail() {
    let mut anna = mail_from("anna@c.test");
    anna.cc.push(NamedAddress::new("", "carl@c.test".parse().unwrap()));
    let facts = Facts::default();
    let passed_on = |mail: &InboundMail, facts: &Facts| {
        decide_passed_on(mail, "agent@desk.test", &report_with(&[]), facts, &policy(), now())
    };
    let plan = passed_on(&anna, &facts);
    assert!(plan.why[0].contains("agent@desk.test") && plan.why[0].contains("anna@c.test"), "{:?}", plan.why);
    let opened = opening(plan);
    assert_eq!((opened.answer, opened.source), (Answer::Neutral, Source::Customer));
    assert!(!opened.cc_take_part, "nobody proven named them");
    let facts = Facts { author: Author { automatic_last_hour: 10, ..Author::default() }, ..facts };
    assert_eq!(opening(passed_on(&anna, &facts)).answer, Answer::Nothing, "the cap is the author's");
}

#[test]
fn a_forward_that_stays_with_staff_says_why_and_a_customers_always_stays() {
    let mut mail = proven("agent@desk.test");
    mail.forward = Some(Forward::Unclear("two mails are attached".into()));
    let staff = Facts { author: Author { staff: true, ..Author::default() }, ..Facts::default() };
    let says = |facts: &Facts| plan(&mail, &Verdict::default(), facts).why.concat().contains("two mails");
    assert!(says(&staff) && !says(&Facts::default()));
}

#[test]
fn a_bounce_finds_its_mail_or_is_set_aside() {
    let mut bounce = mail_from("mailer-daemon@mx.test");
    bounce.kind = Kind::Bounce;
    assert_eq!(
        plan(&bounce, &Verdict::default(), &pointing_at(candidate(Signal::OurMessage))).deed,
        Deed::SetAside
    );
    let returned = Returned {
        item: OutboxId(4),
        ticket: TicketId(7),
        notice: Notice::Acknowledged,
        recipient: "a@c.test".into(),
        known: false,
    };
    let facts = Facts { returned: Some(returned.clone()), ..Facts::default() };
    assert_eq!(plan(&bounce, &Verdict::default(), &facts).deed, Deed::Bounced(returned));
}

#[test]
fn our_own_mail_and_a_second_copy_make_nothing() {
    let mut own = proven("support@desk.test");
    own.kind = Kind::Own;
    assert_eq!(plan(&own, &Verdict::default(), &Facts::default()).deed, Deed::SetAside);
    let facts = Facts { duplicate: Some((TicketId(3), MessageRowId(9))), ..Facts::default() };
    let twice = plan(&proven("a@c.test"), &Verdict::default(), &facts).deed;
    assert_eq!(twice, Deed::Duplicate { ticket: TicketId(3), message: MessageRowId(9) });
}

#[test]
fn what_somebody_wants_taken_in_is_never_set_aside() {
    let wanted = || Facts { wanted: Some("bob@desk.test".into()), ..Facts::default() };
    for kind in [Kind::Own, Kind::Bounce] {
        let mut mail = proven("a@c.test");
        mail.kind = kind;
        let plan = plan(&mail, &Verdict::default(), &wanted());
        assert!(plan.why.iter().any(|why| why.contains("bob@desk.test wants it taken in")), "{:?}", plan.why);
        assert_eq!(opening(plan).answer, Answer::Nothing, "a loop is not begun anew");
    }
    let blocked = Some("dora blocked a@c.test".to_owned());
    let facts = Facts { blocked: blocked.clone(), ..Facts::default() };
    assert_eq!(plan(&proven("a@c.test"), &Verdict::default(), &facts).deed, Deed::SetAside);
    let facts = Facts { blocked, ..wanted() };
    let opened = opening(plan(&proven("a@c.test"), &Verdict::default(), &facts));
    assert_eq!(opened.answer, Answer::Full { ask: false }, "a person is answered as a person");
}

#[test]
fn a_closed_ticket_reopens_within_the_window_and_is_continued_after_it() {
    let closed = |days: i64| Candidate {
        status: Status::Closed,
        closed_at: Some(now() - jiff::SignedDuration::from_hours(24 * days)),
        ..candidate(Signal::ReplyAddress)
    };
    assert!(joining(plan(&proven("a@c.test"), &report_with(&[]), &pointing_at(closed(13)))).reopen);
    let opened = opening(plan(&proven("a@c.test"), &report_with(&[]), &pointing_at(closed(15))));
    assert_eq!(opened.follow_up_of, Some(TicketId(7)));
}

#[test]
fn thanks_on_a_closed_ticket_join_it_and_reopen_nothing() {
    for days in [1, 30] {
        let closed = Candidate {
            status: Status::Closed,
            closed_at: Some(now() - jiff::SignedDuration::from_hours(24 * days)),
            ..candidate(Signal::ReplyAddress)
        };
        let mut mail = proven("a@c.test");
        mail.body.own = "Thank you, all good!".into();
        let joined = joining(plan(&mail, &Verdict::default(), &pointing_at(closed)));
        assert_eq!((joined.role, joined.reopen), (Role::Customer, false));
    }
}

#[test]
fn a_ticket_that_is_spam_stays_closed_and_nothing_continues_it() {
    for days in [1, 30] {
        let spam = Candidate {
            status: Status::Closed,
            spam: true,
            closed_at: Some(now() - jiff::SignedDuration::from_hours(24 * days)),
            ..candidate(Signal::ReplyAddress)
        };
        let joined = joining(plan(&proven("a@c.test"), &report_with(&[]), &pointing_at(spam)));
        assert_eq!((joined.role, joined.reopen, joined.ask), (Role::Customer, false, Ask::Leave));
    }
}

#[test]
fn who_wants_no_more_updates_needs_only_the_address_that_was_made_for_them() {
    let mut forged = mail_from("a@c.test");
    forged.proof = Proof::Fail { reason: "dmarc=fail".into() };
    for (mail, leaves, done) in [
        (mail_from("a@c.test"), true, true),
        (mail_from("a@c.test"), false, false),
        (proven("a@c.test"), false, true),
        (forged, true, false),
    ] {
        let answered = Answered { item: OutboxId(5), notice: Notice::StakeholderUpdate, leaves };
        let facts = Facts { answered: Some(answered), ..Facts::default() };
        let deed = plan(&mail, &Verdict::default(), &facts).deed;
        assert_eq!(deed == Deed::Answer(answered), done, "{deed:?}");
    }
}

#[test]
fn every_plan_says_why() {
    for kind in
        [Kind::Human, Kind::AutoReply, Kind::Bounce, Kind::List, Kind::Alert, Kind::Own, Kind::Malformed]
    {
        let mail = InboundMail { kind, ..proven("a@c.test") };
        assert!(plan(&mail, &Verdict::default(), &Facts::default()).why.len() >= 2, "{kind}");
    }
}
