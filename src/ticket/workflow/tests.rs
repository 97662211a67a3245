//! The whole table of the built-in workflow, and what must hold for any.

mod any;
mod faults;
mod table;

use std::collections::BTreeMap;

use super::{
    rows::{Rows, StatusRow, TransitionRow, built_in},
    *,
};
use crate::ticket::ClosedAs;

fn status(name: &str, means: Status) -> StatusRow {
    StatusRow { name: name.into(), means, label: None, labels: BTreeMap::new() }
}

fn transition(from: &str, to: &str) -> TransitionRow {
    TransitionRow {
        from: from.split(' ').map(str::to_owned).collect(),
        to: to.into(),
        ..TransitionRow::default()
    }
}

/// A site with two statuses of its own and a renamed one.
fn site() -> Workflow {
    let in_test = StatusRow { label: Some("In test".into()), ..status("in-test", Status::Resolved) };
    let rows = Rows {
        statuses: vec![
            status("new", Status::New),
            status("open", Status::Accepted),
            status("in-work", Status::Accepted),
            in_test,
            status("verified", Status::Verified),
            status("closed", Status::Closed),
        ],
        transitions: vec![
            transition("new", "open"),
            transition("open", "in-work"),
            TransitionRow { needs: Some(Need::Reason), ..transition("in-work", "open") },
            transition("in-work", "in-test"),
            transition("in-test", "verified"),
            transition("in-test verified", "in-work"),
            transition("verified", "closed"),
            TransitionRow { by: Some(vec![Who::Lead]), ..transition("new open in-work", "closed") },
            transition("closed", "open"),
        ],
    };
    Workflow::new(&rows).unwrap_or_else(|mistakes| panic!("{mistakes:?}"))
}

fn go(workflow: &Workflow, from: &str, to: &str, given: Given, actor: Actor) -> Result<Step, Refused> {
    workflow.go(workflow.named(from).unwrap(), &workflow.goal(to)?.0, given, actor)
}

fn told(moved: Result<Step, Refused>) -> String {
    moved.expect_err("it is refused").to_string()
}

const COMPLETE: Given = Given { complete: true, reason: false, closed_as: None };

#[test]
fn a_site_speaks_its_own_names_and_the_five() {
    let workflow = site();
    let moved = go(&workflow, "new", "open", COMPLETE, Actor::Agent).unwrap();
    assert_eq!((moved.name.as_str(), moved.to), ("open", Status::Accepted));
    assert_eq!(moved.owed, [Notice::Accepted, Notice::StakeholderUpdate], "as in the built-in row");
    let moved = go(&workflow, "in-work", "Resolved", COMPLETE, Actor::Agent).unwrap();
    assert_eq!((moved.name.as_str(), moved.waits_for_customer), ("in-test", true));
    let moved = go(&workflow, "open", "in-work", COMPLETE, Actor::Agent).unwrap();
    assert_eq!((moved.to, &moved.owed[..]), (Status::Accepted, &[Notice::StakeholderUpdate][..]));

    assert_eq!(
        told(go(&workflow, "open", "in-test", COMPLETE, Actor::Agent)),
        "a ticket that is open cannot become in-test; from open it can become in-work or closed"
    );
    assert_eq!(
        told(go(&workflow, "in-work", "accepted", COMPLETE, Actor::Agent)),
        "the ticket is already in-work"
    );
    assert_eq!(
        told(go(&workflow, "new", "in-tets", COMPLETE, Actor::Agent)),
        "there is no status `in-tets`; did you mean `in-test`?; there are new, open, in-work, in-test, verified, closed"
    );
}

#[test]
fn a_row_says_who_makes_it_and_what_it_needs() {
    let workflow = site();
    assert_eq!(
        told(go(&workflow, "open", "closed", COMPLETE, Actor::Agent)),
        "that a ticket which is open becomes closed is for lead to say"
    );
    assert!(go(&workflow, "open", "closed", COMPLETE, Actor::Admin).is_ok());
    assert_eq!(
        told(go(&workflow, "in-work", "open", COMPLETE, Actor::Agent)),
        "a ticket that is in-work becomes open only with a reason; say why"
    );
    let why = Given { reason: true, ..COMPLETE };
    assert!(go(&workflow, "in-work", "open", why, Actor::Agent).is_ok());
    let incomplete = Given::default();
    assert_eq!(go(&workflow, "new", "open", incomplete, Actor::Agent), Err(Refused::Incomplete));
    let accepted = go(&workflow, "new", "open", Given { complete: false, ..why }, Actor::Agent).unwrap();
    assert!(accepted.without_facts);
    let declined = Given { closed_as: Some(ClosedAs::Declined), ..COMPLETE };
    assert_eq!(
        told(go(&workflow, "verified", "closed", declined, Actor::Agent)),
        "a ticket that is verified cannot be closed as declined; from there it is closed as done"
    );
}

#[test]
fn what_customers_say_moves_a_ticket_in_the_sites_own_statuses() {
    let workflow = site();
    let step = |from: &str, event| workflow.step(workflow.named(from).unwrap(), event, Actor::Requester);
    assert_eq!(step("in-test", Event::Verify).unwrap().name, "verified");
    assert_eq!(step("in-test", Event::StillFails).unwrap().name, "in-work");
    assert_eq!(step("verified", Event::StillFails).unwrap().name, "in-work");
    assert_eq!(step("closed", Event::Reopen).unwrap().name, "open");
    assert!(step("in-work", Event::StillFails).is_err());
}

#[test]
fn a_stored_status_is_found_also_when_its_name_is_gone() {
    let workflow = site();
    assert_eq!(workflow.state(Status::Accepted, None).name, "open");
    assert_eq!(workflow.state(Status::Accepted, Some("in-work")).name, "in-work");
    assert_eq!(workflow.state(Status::Accepted, Some("in-progress")).name, "open");
    assert_eq!(workflow.state(Status::Resolved, Some("in-work")).name, "in-test", "its meaning counts");
    assert_eq!(workflow.stored_name(Status::Accepted, "open"), None);
    assert_eq!(workflow.stored_name(Status::Accepted, "in-work"), Some("in-work"));
    assert_eq!(workflow.state(Status::Resolved, None).shown(), "In test");
}

#[test]
fn renaming_alone_keeps_the_built_in_transitions() {
    let mut rows = built_in();
    rows.statuses[2] = status("in-test", Status::Resolved);
    let workflow = Workflow::new(&rows).unwrap();
    assert_eq!(go(&workflow, "accepted", "in-test", COMPLETE, Actor::Agent).unwrap().to, Status::Resolved);
    assert_eq!(
        go(&workflow, "in-test", "verified", COMPLETE, Actor::Requester).unwrap().to,
        Status::Verified
    );
}

#[test]
fn a_picture_shows_every_status_and_move() {
    let dot = site().dot();
    for line in [
        "digraph workflow {",
        "  \"in-test\" [label=\"In test\\n(resolved)\"];",
        "  \"closed\" [label=\"closed\", peripheries=2];",
        "  \"in-test\" -> \"verified\" [label=\"staff, requester, silence\"];",
    ] {
        assert!(dot.lines().any(|it| it == line), "{line} is not in\n{dot}");
    }
    assert_eq!(dot.matches(" -> ").count(), site().transitions.len());
}
