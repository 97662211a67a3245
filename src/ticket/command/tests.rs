//! Every command, every mistake, and what is neither.

use proptest::prelude::*;

use super::*;
use crate::domain::Slot;

fn read(own: &str) -> Said {
    super::read(own, &Workflow::default())
}

fn one(line: &str) -> Result<Command, Mistake> {
    let mut lines = read(line).lines;
    assert_eq!(lines.len(), 1, "{line:?}");
    lines.remove(0).means
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
        ("#product shop", Command::Product("shop".into())),
        ("#level 2", Command::Level(Level::Two)),
        ("#assign bob@desk.test", Command::Assign("bob@desk.test".into())),
        ("  #take  ", Command::Take),
        ("#note ask Carl", Command::Note(why("ask Carl"))),
        ("#note", Command::Note(None)),
        ("#Send", Command::Send),
        ("#complete", Command::Gate(Overrule::Complete(vec![]))),
        ("#complete expected", Command::Gate(Overrule::Complete(vec![Slot::Expected]))),
        ("#ask", Command::Gate(Overrule::Ask(vec![]))),
        ("#ask Expected, steps", Command::Gate(Overrule::Ask(vec![Slot::Steps, Slot::Expected]))),
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
        ("#dance", "there is no #dance; #help lists the commands"),
        ("#sev 7", "#sev goes like this: #sev 1|2|3|4 [why]"),
        ("#sev", "#sev goes like this: #sev 1|2|3|4 [why]"),
        ("#status", "#status goes like this: #status name [words]"),
        ("#status open", "there is no status `open`; there are new, accepted, resolved, verified, closed"),
        ("#assign", "#assign goes like this: #assign name|address|nobody"),
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
