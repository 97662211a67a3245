//! The workflow in the file: what is read, what is told, and at which line.

use super::*;
use crate::ticket::{
    Status,
    workflow::{Who, Workflow},
};

const OWN: &str = r#"[[status]]
name = "new"
means = "new"
[[status]]
name = "open"
means = "accepted"
[[status]]
name = "in-test"
means = "resolved"
label = "In test"
labels = { de = "Im Test" }
[[status]]
name = "verified"
means = "verified"
[[status]]
name = "closed"
means = "closed"
"#;

fn with(rows: &str) -> String {
    format!("{MINIMAL}{rows}")
}

fn workflow(rows: &str) -> Workflow {
    good(&with(rows), &[]).workflow
}

#[test]
fn the_sample_shows_the_built_in_workflow() {
    let part = |line: &&str| line.starts_with("# [[") || line.starts_with("# ") && line.contains(" = ");
    let block = SAMPLE.split_once("# [[status]]").expect("the sample has it").1;
    let block = format!("# [[status]]{}", block.split_once("\n\n").expect("a blank line ends it").0);
    let rows: Vec<&str> = block.lines().filter(part).filter_map(|line| line.strip_prefix("# ")).collect();
    let rows = rows.join("\n");
    assert_eq!((rows.matches("[[status]]").count(), rows.matches("[[transition]]").count()), (5, 7));
    assert_eq!(workflow(&rows), Workflow::default());
    assert_eq!(workflow(""), Workflow::default());
}

#[test]
fn own_names_and_labels_go_with_the_built_in_transitions() {
    let workflow = workflow(OWN);
    let in_test = workflow.state(Status::Resolved, None);
    assert_eq!((in_test.name.as_str(), in_test.shown()), ("in-test", "In test"));
    assert_eq!(in_test.shown_in(Language::De), Some("Im Test"));
    assert_eq!(in_test.shown_in(Language::Fr), Some("In test"));
    assert_eq!(workflow.state(Status::New, None).shown_in(Language::De), None);
    assert!(workflow.transitions.iter().any(|row| row.from == "open" && row.to == "in-test"));
}

#[test]
fn own_transitions_take_one_start_or_several() {
    let rows = Workflow::default()
        .transitions
        .iter()
        .map(|row| format!("[[transition]]\nfrom = [\"{}\"]\nto = \"{}\"\n", row.from, row.to))
        .collect::<String>();
    assert_eq!(workflow(&rows), Workflow::default(), "what is left out is as built in");
    let with_leads = rows.replacen("to = \"accepted\"\n", "to = \"accepted\"\nby = [\"lead\"]\n", 1);
    assert_eq!(workflow(&with_leads).transitions[0].by, [Who::Lead]);
}

/// What is told of OWN, changed, and rows after it; without the name of the file.
fn told(old: &str, new: &str, rows: &str) -> Vec<String> {
    assert!(OWN.contains(old), "{old}");
    let lines = mistakes(&with(&format!("{}{rows}", OWN.replacen(old, new, 1))), &[]);
    lines.iter().map(|line| line.trim_start_matches("deskgate.toml:").to_owned()).collect()
}

#[test]
fn every_mistake_stands_at_its_line() {
    assert_eq!(
        told("name = \"in-test\"", "name = \"In test\"", ""),
        [
            "16: `status[2].name`: `In test` cannot be the name of a status; expected up to 40 small letters, digits, - \
             and _, such as \"in-test\" (`label` is what people read)"
        ]
    );
    assert_eq!(
        told("means = \"verified\"", "means = \"verfied\"", ""),
        [
            "22: `status[3].means`: `verfied` is no status; use one of new, accepted, resolved, verified, closed"
        ],
        "and nothing about a status that none means"
    );
    let rows = "[[transition]]\nfrom = \"new\"\nto = \"in-tset\"\nby = [\"nobody\"]\n";
    assert_eq!(
        told("", "", rows),
        [
            "28: `transition[0].to`: there is no status `in-tset`; did you mean `in-test`?; there are new, open, \
             in-test, verified, closed",
            "29: `transition[0].by`: `nobody` is no maker of a transition; use one of staff, lead, admin, requester, \
             participant, product-owner, machine, silence"
        ]
    );
}

#[test]
fn a_dead_end_is_told_at_its_status() {
    let parked = "[[status]]\nname = \"parked\"\nmeans = \"accepted\"\n";
    assert_eq!(
        told("", "", parked),
        [
            "27: `status[5].name`: no ticket ever becomes `parked`: no transitions lead from `new` to it; add one with \
             to = \"parked\"",
            "27: `status[5].name`: a ticket that is `parked` can never be closed: no transitions lead from there to a \
             status that means \"closed\"; add one with from = \"parked\""
        ]
    );
}

#[test]
fn transitions_alone_that_leave_a_built_in_status_aside_are_told_at_their_list() {
    let rows =
        "[[transition]]\nfrom = \"new\"\nto = \"closed\"\n[[transition]]\nfrom = \"closed\"\nto = \"new\"\n";
    let lines = mistakes(&with(rows), &[]);
    assert!(lines.iter().all(|line| line.starts_with("deskgate.toml:9: ")), "{lines:#?}");
    let unreached = lines.iter().filter(|line| line.contains("no ticket ever becomes")).count();
    let dead = lines.iter().filter(|line| line.contains("can never be closed")).count();
    let unanswered = lines.iter().filter(|line| line.contains("waits for its reporter's word")).count();
    assert_eq!((unreached, dead, unanswered, lines.len()), (3, 3, 2, 8));
}

#[test]
fn a_meaning_without_a_status_is_told_once() {
    let lines = told("[[status]]\nname = \"verified\"\nmeans = \"verified\"\n", "", "");
    assert_eq!(
        lines,
        [
            "9: no status means \"verified\", and a ticket must be able to be verified; add one: [[status]] with means \
             = \"verified\""
        ]
    );
}

#[test]
fn a_variable_changes_a_row() {
    let label = ("DESKGATE__STATUS__IN_TEST__LABEL", "Being tried");
    let workflow = good(&with(OWN), &[label]).workflow;
    assert_eq!(workflow.state(Status::Resolved, None).shown(), "Being tried");
    let start = ("DESKGATE__TRANSITION__0__FROM", "new,open");
    let lines = mistakes(&with(OWN), &[start]);
    assert!(lines.iter().any(|line| line.contains("`transition[0].to` is missing")), "{lines:#?}");
}
