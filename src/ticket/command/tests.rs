//! Every command, every mistake, and what is neither.

use proptest::prelude::*;

use super::*;
use crate::{
    domain::{Slot, TicketId},
    ticket::work::Kind,
};

fn read(own: &str) -> Said {
    super::read(own, &Workflow::default())
}

fn one(line: &str) -> Result<Command, Mistake> {
    let mut lines = read(line).lines;
    assert_eq!(lines.len(), 1, "{line:?}");
    lines.remove(0).means
}

fn boss() -> crate::domain::EmailAddress {
    "boss@desk.test".parse().unwrap()
}

#[test]
fn every_command_is_read() {
    let why = |text: &str| Some(text.to_owned());
    for (line, command) in [
        ("#accept", Command::Move(Status::Accepted, None, None)),
        ("#Accept: known fault", Command::Move(Status::Accepted, None, why("known fault"))),
        ("#resolve Please try 1.2.", Command::Move(Status::Resolved, None, why("Please try 1.2."))),
        ("#verify", Command::Move(Status::Verified, None, None)),
        ("#close", Command::Move(Status::Closed, None, None)),
        ("#close duplicate", Command::Move(Status::Closed, Some(ClosedAs::Duplicate), None)),
        ("#close Declined too old", Command::Move(Status::Closed, Some(ClosedAs::Declined), why("too old"))),
        ("#close see the manual", Command::Move(Status::Closed, None, why("see the manual"))),
        ("#reopen", Command::Move(Status::Accepted, None, None)),
        ("#status Resolved", Command::Move(Status::Resolved, None, None)),
        ("#status closed done", Command::Move(Status::Closed, Some(ClosedAs::Done), None)),
        ("#sev 1", Command::Severity(Severity::One, None)),
        ("#sev 3 there is a workaround", Command::Severity(Severity::Three, why("there is a workaround"))),
        ("#sev 4 looks", Command::Severity(Severity::Four, why("looks"))),
        ("#wait", Command::Wait(true)),
        ("#wait off", Command::Wait(false)),
        ("#product shop", Command::Product("shop".into())),
        ("#level 2", Command::Level(Level::Two)),
        ("#queue development", Command::Queue("development".into())),
        ("#back", Command::Team(TeamWord::Back)),
        ("#away", Command::Team(TeamWord::Away(None, None))),
        ("#work 2h the cart", Command::Team(TeamWord::Work(120, Kind::Maintenance, "the cart".into()))),
        ("#assign bob@desk.test", Command::Assign("bob@desk.test".into())),
        ("  #take  ", Command::Take),
        (
            "#answer Reset-Password",
            Command::Answer(KnownAnswer { name: "reset-password".into(), close: false, words: None }),
        ),
        (
            "#answer reset-password close Good luck!",
            Command::Answer(KnownAnswer {
                name: "reset-password".into(),
                close: true,
                words: why("Good luck!"),
            }),
        ),
        ("#release 2026.11", Command::Release("2026.11".into())),
        ("#subscribe", Command::Subscribe(None, Cadence::Immediate)),
        ("#Subscribe daily", Command::Subscribe(None, Cadence::Daily)),
        ("#subscribe boss@desk.test weekly", Command::Subscribe(Some(boss()), Cadence::Weekly)),
        ("#subscribe hourly boss@desk.test", Command::Subscribe(Some(boss()), Cadence::Hourly)),
        ("#unsubscribe", Command::Unsubscribe(None)),
        ("#unsubscribe boss@desk.test", Command::Unsubscribe(Some(boss()))),
        ("#note ask Carl", Command::Note(why("ask Carl"))),
        ("#note", Command::Note(None)),
        ("#Send", Command::Send),
        ("#complete", Command::Gate(Overrule::Complete(vec![]))),
        ("#complete expected", Command::Gate(Overrule::Complete(vec![Slot::Expected]))),
        ("#ask", Command::Gate(Overrule::Ask(vec![]))),
        ("#ask Expected, steps", Command::Gate(Overrule::Ask(vec![Slot::Steps, Slot::Expected]))),
        ("#merge 17", Command::Merge(TicketId(17), None)),
        ("#merge #17 as you asked", Command::Merge(TicketId(17), why("as you asked"))),
        ("#merge DG-17", Command::Merge(TicketId(17), None)),
        ("#duplicate dg-17: known", Command::Duplicate(TicketId(17), why("known"))),
        ("#split", Command::Split(None)),
        ("#split Second printer", Command::Split(why("Second printer"))),
        ("#link #17", Command::Link(TicketId(17))),
        ("#unlink 17", Command::Unlink(TicketId(17))),
        ("#spam", Command::Spam),
        ("#spam off", Command::NoSpam),
        ("#block", Command::Block(None)),
        ("#block Eve@Evil.test", Command::Block("eve@evil.test".parse().ok())),
        ("#block @evil.test", Command::Block("@evil.test".parse().ok())),
        ("#unblock @evil.test", Command::Unblock("@evil.test".parse().ok())),
        ("#snooze 3d", Command::Snooze(Until::read("3d").unwrap())),
        ("#snooze until reply", Command::Snooze(Until::Reply)),
        ("#snooze off", Command::Awake),
        ("#no-report", Command::Gate(Overrule::NoReport)),
        ("#help", Command::Help),
    ] {
        assert_eq!(one(line), Ok(command), "{line}");
    }
}

#[test]
fn a_mistake_says_what_was_expected() {
    for (line, says) in [
        ("#acept", "there is no #acept; did you mean #accept?"),
        ("#severity 1", "there is no #severity; did you mean #sev?"),
        ("#asign bob", "there is no #asign; did you mean #assign?"),
        ("#merge", "#merge goes like this: #merge NUMBER [words for the customer]"),
        ("#merge it", "#merge goes like this: #merge NUMBER [words for the customer]"),
        ("#merge 0", "#merge goes like this: #merge NUMBER [words for the customer]"),
        ("#merge -17", "#merge goes like this: #merge NUMBER [words for the customer]"),
        ("#merge 99999999999999999999", "#merge goes like this: #merge NUMBER [words for the customer]"),
        ("#link 17 18", "#link goes like this: #link NUMBER"),
        ("#block everybody", "#block goes like this: #block [address|@domain]"),
        ("#spam it", "#spam goes like this: #spam [off]"),
        ("#snooze soon", "#snooze goes like this: #snooze 12h|3d|2w|2026-12-01|until reply|off"),
        ("#merg 17", "there is no #merg; did you mean #merge?"),
        ("#dance", "there is no #dance; #help lists the commands"),
        ("#sev 7", "#sev goes like this: #sev 1|2|3|4 [why]"),
        ("#sev", "#sev goes like this: #sev 1|2|3|4 [why]"),
        ("#status", "#status goes like this: #status name [words]"),
        ("#status open", "there is no status `open`; there are new, accepted, resolved, verified, closed"),
        ("#subscribe boss", "#subscribe goes like this: #subscribe [address] [hourly|daily|weekly]"),
        ("#unsubscribe daily", "#unsubscribe goes like this: #unsubscribe [address]"),
        ("#assign", "#assign goes like this: #assign name|address|nobody|auto"),
        ("#ask when", "#ask goes like this: #ask [steps] [actual] [expected]"),
        ("#noreport", "there is no #noreport; did you mean #no-report?"),
    ] {
        assert_eq!(one(line).unwrap_err().to_string(), says);
    }
}

#[test]
fn other_words_are_no_commands() {
    for text in ["", "accept", "see #12", "# heading", "#17 is the same", "a #accept", "##", "> #accept", "#"]
    {
        assert_eq!(read(text).lines, [], "{text:?}");
    }
}

#[test]
fn what_is_no_command_is_words() {
    for (own, words) in [
        ("", ""),
        ("#take", ""),
        ("#take\n#sev 2\n", ""),
        ("Hello", "Hello"),
        ("Hello\n#take", "Hello"),
        ("#take\nHello", "Hello"),
        ("#take\n\nHello\n\nBob", "Hello\n\nBob"),
        ("Hello\n\n#take\n\nBob", "Hello\n\nBob"),
        ("Hello\n#take\nBob", "Hello\nBob"),
        ("Hello\n#take\n\nBob", "Hello\n\nBob"),
        ("\n\n#take\n\n#sev 1\n\n  indented\n", "  indented"),
        ("See #12 and # that.\n#12 too", "See #12 and # that.\n#12 too"),
        ("##take", "##take"),
    ] {
        assert_eq!(read(own).words, words, "{own:?}");
    }
}

#[test]
fn a_note_goes_on_to_the_next_empty_line() {
    for (own, note, words) in [
        ("#note She is wrong\nabout it.", "She is wrong\nabout it.", ""),
        ("#note She is wrong\n  about it.\n\nHello", "She is wrong\nabout it.", "Hello"),
        ("Hello\n\n#note She is wrong\nabout it.\n#take\nBob", "She is wrong\nabout it.", "Hello\n\nBob"),
        ("#note She is wrong\n\nHello\nBob", "She is wrong", "Hello\nBob"),
    ] {
        let said = read(own);
        let kept = said.lines[0].means.clone();
        assert_eq!((kept, said.words.as_str()), (Ok(Command::Note(Some(note.into()))), words), "{own:?}");
    }
    let said = read("#note\nShe is wrong.");
    assert_eq!(
        (said.lines[0].means.clone(), said.words.as_str()),
        (Ok(Command::Note(None)), "She is wrong.")
    );
}

#[test]
fn a_paragraph_behind_a_command_is_read_whole_or_not_at_all() {
    let words = "Please try it once more. ".repeat(200).trim_end().to_owned();
    let said = read(&format!("#resolve {words}"));
    assert_eq!(said.lines[0].means, Ok(Command::Move(Status::Resolved, None, Some(words))));
    let said = read(&format!("#resolve {}", "a".repeat(LONGEST)));
    assert_eq!(said.lines[0].means, Err(Mistake::TooLong));
    assert!(said.lines[0].said.len() <= SHOWN);
}

#[test]
fn commands_beyond_the_end_are_no_words_either() {
    assert_eq!(read(&format!("{}Hello", "#note secret\n".repeat(100))).words, "Hello");
}

#[test]
fn a_mail_has_an_end_of_commands() {
    let Said { lines, .. } = read(&"#take\n".repeat(10_000));
    assert_eq!(lines.len(), MOST_LINES + 1);
    assert_eq!(lines[MOST_LINES].means, Err(Mistake::TooMany));
}

#[test]
fn each_command_of_the_list_is_known_by_its_name() {
    for Entry { name, usage, .. } in ALL {
        assert!(usage.starts_with(&format!("#{name}")), "{usage}");
        assert!(!matches!(one(&format!("#{name}")), Err(Mistake::Unknown { .. })), "{name}");
    }
}

proptest! {
    #[test]
    fn any_text_is_read(text: String) {
        read(&text);
        read(&format!("#{text}"));
    }
}
