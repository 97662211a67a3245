//! What counts as an expectation, and what only looks like one.

use crate::report::{Presence, tests::by_rules};

use Presence::{Missing, Present, Unsure};

fn expected(own: &str) -> Presence {
    by_rules(own).expected.verdict
}

#[track_caller]
fn all(outcome: Presence, table: &[&str]) {
    for own in table {
        assert_eq!(expected(own), outcome, "{own}");
    }
}

#[test]
fn a_guard_takes_back_its_own_cue_and_no_other() {
    all(
        Present,
        &[
            "The lamp is dark. Fans work as expected, but the lamp should be lit.",
            "The lid jams. Hooks are used to hold it, so they ought to be of steel.",
            "The export stops. It should be fixed by writing to a file instead of a pipe.",
        ],
    );
    all(Missing, &["The lamp is dark. Everything else works as expected."]);
}

#[test]
fn you_should_is_advice_to_us_unless_it_tells_what_anybody_would_see() {
    all(Missing, &["The lamp is dark. You should treat this as urgent.", "It stops. You should fix it."]);
    all(Missing, &["The lamp is dark. Open the lid and you should see the error."]);
    all(Present, &["The lamp is dark. You should see a green light.", "You should be able to sort it."]);
}

#[test]
fn wishes_and_proposals_are_expectations() {
    all(
        Present,
        &[
            "The list is unsorted. I propose to sort it by date.",
            "Only names are printed. Would you consider printing the room, too?",
            "The window is too small. Add a way to widen it.",
            "The log grows. Could a second file be used to keep the old lines?",
            "The help needs a page on fonts.",
            "Every row is copied. It might be better to copy the marked ones.",
            "Docker images pile up. Please allow removing them by age.",
        ],
    );
}

#[test]
fn guesses_at_the_cause_are_none() {
    all(
        Missing,
        &[
            "The page is blank. There must be a loop somewhere.",
            "The page is blank. The cache must have been full.",
            "The page is blank. I thought it might be my old computer.",
            "The page is blank. It should be easy to reproduce.",
        ],
    );
}

#[test]
fn questions_for_advice_are_none() {
    all(Missing, &["It stops at 40 percent. What should I do?", "It stops. Is this expected?"]);
    all(Present, &["It stops at 40 percent. Shouldn't it go on to the end?"]);
}

#[test]
fn how_it_was_before_is_said_back_rather_than_asked_for() {
    all(Unsure, &["The bell is mute. It used to work.", "The gate is shut. Previously it had been open."]);
}

#[test]
fn words_of_a_web_address_are_nobodys() {
    all(
        Missing,
        &["It hangs. See http://forum.example.org/what-should-happen-when-it-is-expected for more."],
    );
}

#[test]
fn an_expectation_may_announce_what_follows() {
    all(Present, &["It prints this:\n1 2 2\nIt should be:\n1 2 3"]);
}

#[test]
fn two_ways_of_doing_it_are_no_contrast_of_results() {
    all(
        Missing,
        &[
            "The door beeps. If I hold the card instead of the key, it opens.",
            "The same happens when using a pencil instead of a pen.",
        ],
    );
    all(
        Present,
        &[
            "If I press Print, it opens the fax window instead of the print window.",
            "I get page 3 instead of page 1.",
        ],
    );
}

#[test]
fn a_source_alone_says_nothing() {
    all(Missing, &["The bell rings twice.\nNow according to the manual:\n"]);
    all(Present, &["The bell rings twice. According to the manual it rings once."]);
}

#[test]
fn the_plainest_words_are_said_back_first() {
    let own = "Please allow other colours. The lamp is red. It should be green.";
    let found = by_rules(own).expected;
    let texts: Vec<&str> = found.evidence.iter().map(|each| each.text.as_str()).collect();
    assert_eq!(texts, ["It should be green.", "Please allow other colours."]);
}

#[test]
fn what_is_agreed_or_was_so_before_is_said_back() {
    all(
        Unsure,
        &[
            "The bell rings once. Two rings were agreed.",
            "The gate stays shut. Last year it opened on its own.",
            "The key turns in both doors. This key is for the cellar.",
            "The list has six names. There are seven, that's how it was in May.",
        ],
    );
    all(Missing, &["The bell rings once. I opened the lid and pressed Start as agreed."]);
}

#[test]
fn words_to_the_helpers_are_none() {
    all(
        Missing,
        &[
            "The page is blank. I expected better from you.",
            "The page is blank. I'm expecting your call.",
            "The page is blank. You shouldn't sell such a thing.",
            "The page is blank. It would be nice to hear from you.",
            "The page is blank. This must be fixed before Monday.",
            "The page is blank. Normally I don't complain.",
        ],
    );
}

#[test]
fn what_a_program_repeats_is_none() {
    let line = "copied the short form rather than the long one\n";
    all(Missing, &[&format!("The build stops.\n\n{}", line.repeat(3))]);
    all(Present, &[&format!("The build stops.\n\n{line}")]);
}
