//! What a reply brings, and what becomes of the question.

use super::*;

fn asked(missing: &[Slot], asks: u32, ago: i64) -> Candidate {
    Candidate {
        missing: missing.to_vec(),
        asks,
        last_asked_at: (asks > 0).then(|| now() - jiff::SignedDuration::from_secs(ago)),
        ..candidate(Signal::ReplyAddress)
    }
}

#[test]
fn a_reply_fills_one_slot_and_leaves_the_others() {
    let facts = pointing_at(asked(&[Slot::Steps, Slot::Expected], 1, 3600));
    let joined = joining(plan(&proven("a@c.test"), &report_with(&[Slot::Actual, Slot::Expected]), &facts));
    let filled: Vec<Slot> = joined.fills.iter().map(|(slot, _)| *slot).collect();
    assert_eq!((filled, joined.ask), (vec![Slot::Expected], Ask::Again { last: true }));
}

#[test]
fn the_last_missing_fact_closes_the_question() {
    let facts = pointing_at(asked(&[Slot::Expected], 1, 30));
    let joined = joining(plan(&proven("a@c.test"), &report_with(&[Slot::Expected]), &facts));
    assert_eq!(joined.ask, Ask::Completed);
}

#[test]
fn plain_words_answer_the_only_question_unsurely_but_a_question_does_not() {
    let facts = pointing_at(asked(&[Slot::Expected], 1, 3600));
    let mut mail = proven("a@c.test");
    mail.body.own = "\n  Two copies, one for each of us.".into();
    let joined = joining(plan(&mail, &report_with(&[]), &facts));
    assert_eq!(joined.fills[0].1.verdict, Presence::Unsure);
    let evidence = &joined.fills[0].1.evidence[0];
    assert_eq!(&mail.body.own[evidence.start..evidence.end], evidence.text);
    mail.body.own = "What do you mean by that?".into();
    assert_eq!(joining(plan(&mail, &report_with(&[]), &facts)).fills, []);
}

#[test]
fn two_asks_are_the_most_and_none_comes_within_the_cool_down() {
    let outcome = |asks, ago| {
        let facts = pointing_at(asked(&[Slot::Steps, Slot::Expected], asks, ago));
        joining(plan(&proven("a@c.test"), &report_with(&[]), &facts)).ask
    };
    assert_eq!(outcome(1, 599), Ask::Leave);
    assert_eq!(outcome(1, 600), Ask::Again { last: true });
    assert_eq!(outcome(2, 99_999), Ask::GiveUp);
}

#[test]
fn an_answer_in_part_within_the_cool_down_is_left_to_staff() {
    let facts = pointing_at(asked(&[Slot::Steps, Slot::Expected], 1, 599));
    let joined = joining(plan(&proven("a@c.test"), &report_with(&[Slot::Expected]), &facts));
    assert_eq!((joined.fills.len(), joined.ask), (1, Ask::GiveUp));
    let known = Candidate { incomplete: true, ..asked(&[Slot::Steps, Slot::Expected], 1, 599) };
    let joined = joining(plan(&proven("a@c.test"), &report_with(&[Slot::Expected]), &pointing_at(known)));
    assert_eq!(joined.ask, Ask::Leave);
}

#[test]
fn a_mail_that_was_too_large_is_asked_for_again_and_for_nothing_else() {
    let mut mail = proven("a@c.test");
    mail.oversized = Some(Oversized { size_bytes: 60, limit_bytes: 50 });
    let plan_of = |mail: &InboundMail, facts: &Facts| plan(mail, &report_with(&[]), facts);
    let opened = plan_of(&mail, &Facts::default());
    assert!(opened.why.iter().any(|why| why.contains("60 bytes")), "{:?}", opened.why);
    assert_eq!(opening(opened).answer, Answer::Full { ask: false });
    let facts = pointing_at(asked(&[Slot::Steps], 1, 99_999));
    assert_eq!(joining(plan_of(&mail, &facts)).ask, Ask::SendAgain);
    mail.envelope_sender = EnvelopeSender::Null;
    assert_eq!(joining(plan_of(&mail, &facts)).ask, Ask::Leave);
}

#[test]
fn nothing_is_asked_once_staff_have_taken_it_on() {
    let accepted = Candidate { status: Status::Accepted, ..asked(&[Slot::Steps], 1, 99_999) };
    let joined = joining(plan(&proven("a@c.test"), &report_with(&[]), &pointing_at(accepted)));
    assert_eq!(joined.ask, Ask::Leave);
}

#[test]
fn nobody_is_asked_again_on_the_strength_of_a_message_id() {
    let open_house = Policy { trusts_a_server: false, ..policy() };
    let asked =
        Candidate { signal: Signal::OurMessage, holds_token: false, ..asked(&[Slot::Steps], 1, 99_999) };
    let plan = decide(&mail_from("a@c.test"), &report_with(&[]), &pointing_at(asked), &open_house, now());
    assert_eq!(joining(plan).ask, Ask::Leave);
}

#[test]
fn a_desk_that_never_asks_does_not_give_up_either() {
    let never = Policy { asks: 0, ..policy() };
    let of = |asks| {
        let facts = pointing_at(asked(&[Slot::Steps, Slot::Expected], asks, 3600));
        joining(decide(&proven("a@c.test"), &report_with(&[]), &facts, &never, now())).ask
    };
    assert_eq!(of(0), Ask::Leave);
    assert_eq!(of(1), Ask::GiveUp, "a person asked");
}

#[test]
fn at_severity_1_nobody_is_asked_and_nobody_gives_up() {
    for asks in [0, 1, 2] {
        let severity = Some(crate::ticket::Severity::One);
        let urgent = Candidate { severity, ..asked(&[Slot::Steps, Slot::Expected], asks, 99_999) };
        let joined = joining(plan(&proven("a@c.test"), &report_with(&[]), &pointing_at(urgent)));
        assert_eq!(joined.ask, Ask::Leave, "after {asks}");
    }
}

#[test]
fn machines_are_never_asked_again() {
    for kind in [Kind::AutoReply, Kind::List, Kind::Alert] {
        let mail = InboundMail { kind, ..proven("a@c.test") };
        let facts = pointing_at(asked(&[Slot::Steps, Slot::Expected], 1, 99_999));
        assert_eq!(joining(plan(&mail, &report_with(&[]), &facts)).ask, Ask::Leave, "{kind}");
    }
}

#[test]
fn staff_are_told_once_that_they_take_over() {
    let known = Candidate { incomplete: true, ..asked(&[Slot::Steps], 2, 99_999) };
    let mut mail = proven("a@c.test");
    mail.body.own = "Any news?".into();
    assert_eq!(joining(plan(&mail, &report_with(&[]), &pointing_at(known))).ask, Ask::Leave);
}

#[test]
fn the_second_of_three_questions_is_not_the_last() {
    let three = Policy { asks: 3, ..policy() };
    let of = |asks| {
        let facts = pointing_at(asked(&[Slot::Steps, Slot::Expected], asks, 3600));
        joining(decide(&proven("a@c.test"), &report_with(&[]), &facts, &three, now())).ask
    };
    assert_eq!((of(1), of(2)), (Ask::Again { last: false }, Ask::Again { last: true }));
}

fn unsure(slots: &[Slot]) -> Candidate {
    Candidate { unsure: slots.to_vec(), ..asked(&[], 1, 3600) }
}

fn saying(own: &str) -> InboundMail {
    let mut mail = proven("a@c.test");
    mail.body.own = own.into();
    mail
}

#[test]
fn better_words_take_the_place_of_unsure_ones_and_of_no_others() {
    let facts = pointing_at(unsure(&[Slot::Expected]));
    let all = report_with(&[Slot::Steps, Slot::Actual, Slot::Expected]);
    let joined = joining(plan(&saying("Actually I expected two copies."), &all, &facts));
    assert_eq!(joined.fills, [(Slot::Expected, finding(Presence::Present))]);
    let mut vague = report_with(&[]);
    vague.expected = finding(Presence::Unsure);
    assert_eq!(joining(plan(&saying("Two copies."), &vague, &facts)).fills, [], "no better than before");
}

#[test]
fn a_yes_of_the_requester_makes_the_only_unsure_fact_sure() {
    let confirms = |own: &str, candidate: Candidate| {
        joining(plan(&saying(own), &report_with(&[]), &pointing_at(candidate))).confirms
    };
    assert_eq!(confirms("Yes, that's right.", unsure(&[Slot::Expected])), [Slot::Expected]);
    assert_eq!(confirms("No, that's not right.", unsure(&[Slot::Expected])), []);
    assert_eq!(confirms("Yes, but only on Mondays.", unsure(&[Slot::Expected])), []);
    assert_eq!(confirms("Yes, that's right.", unsure(&[Slot::Expected, Slot::Steps])), [], "to which?");
    let bystander = Candidate { requester: false, ..unsure(&[Slot::Expected]) };
    assert_eq!(confirms("Yes, that's right.", bystander), [], "nobody asked them");
}

#[test]
fn a_yes_is_no_answer_to_what_is_missing_but_what_follows_may_be() {
    let candidate = || Candidate { unsure: vec![Slot::Expected], ..asked(&[Slot::Steps], 1, 3600) };
    let of = |own: &str| joining(plan(&saying(own), &report_with(&[]), &pointing_at(candidate())));
    let joined = of("Yes, that is right.");
    assert_eq!((joined.fills.len(), joined.ask), (0, Ask::Again { last: true }));
    let mail = saying("Yes, that is right. Twice on the green button.");
    let joined = joining(plan(&mail, &report_with(&[]), &pointing_at(candidate())));
    let evidence = &joined.fills[0].1.evidence[0];
    assert_eq!(evidence.text, "Twice on the green button.");
    assert_eq!(&mail.body.own[evidence.start..evidence.end], evidence.text);
    assert_eq!((joined.confirms, joined.ask), (vec![Slot::Expected], Ask::Completed));
}
