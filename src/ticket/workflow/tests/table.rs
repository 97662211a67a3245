//! Every status, event, actor and evidence in the built-in workflow: a step, or a refusal by name.

use std::collections::HashSet;

use super::*;
use crate::ticket::rights::{self, Evidence, wish_of};

const EVENTS: [(&str, Event); 11] = [
    ("accept", Event::Accept),
    ("accept-why", Event::AcceptIncomplete { reason_given: true }),
    ("accept-incomplete", Event::AcceptIncomplete { reason_given: false }),
    ("resolve", Event::Resolve),
    ("verify", Event::Verify),
    ("fails", Event::StillFails),
    ("done", Event::Close(ClosedAs::Done)),
    ("answered", Event::Close(ClosedAs::Answered)),
    ("duplicate", Event::Close(ClosedAs::Duplicate)),
    ("declined", Event::Close(ClosedAs::Declined)),
    ("reopen", Event::Reopen),
];

/// From which status, by which events, and what comes of it for staff, the requester, a participant, the clock, and
/// others who may move tickets at all (a program, a product owner).
const MOVES: &[(&str, &str, [&str; 5])] = &[
    ("new", "accept accept-why", ["accepted", "theirs", "theirs", "theirs", "theirs"]),
    ("new", "accept-incomplete", ["incomplete", "theirs", "theirs", "theirs", "theirs"]),
    ("new", "resolve verify fails reopen", ["no", "no", "no", "no", "no"]),
    ("new", "done", ["reason", "theirs", "theirs", "theirs", "theirs"]),
    ("new", "answered duplicate declined", ["closed", "theirs", "theirs", "theirs", "theirs"]),
    (
        "accepted",
        "accept accept-why accept-incomplete fails reopen",
        ["already", "already", "already", "already", "already"],
    ),
    ("accepted", "resolve", ["resolved", "theirs", "theirs", "theirs", "theirs"]),
    ("accepted", "verify", ["no", "no", "no", "no", "no"]),
    ("accepted", "done", ["reason", "theirs", "theirs", "theirs", "theirs"]),
    ("accepted", "answered duplicate declined", ["closed", "theirs", "theirs", "theirs", "theirs"]),
    ("resolved", "accept accept-why accept-incomplete reopen", ["no", "no", "no", "no", "no"]),
    ("resolved", "resolve", ["already", "already", "already", "already", "already"]),
    ("resolved", "verify", ["verified", "verified", "theirs", "verified", "theirs"]),
    ("resolved", "fails", ["accepted", "accepted", "accepted", "theirs", "theirs"]),
    ("resolved", "done answered duplicate declined", ["no", "no", "no", "no", "no"]),
    ("verified", "accept accept-why accept-incomplete resolve reopen", ["no", "no", "no", "no", "no"]),
    ("verified", "verify", ["already", "already", "already", "already", "already"]),
    ("verified", "fails", ["accepted", "accepted", "accepted", "theirs", "theirs"]),
    ("verified", "done", ["closed", "closed", "theirs", "closed", "theirs"]),
    ("verified", "answered duplicate declined", ["reason", "reason", "theirs", "reason", "theirs"]),
    ("closed", "accept accept-why accept-incomplete resolve verify fails", ["no", "no", "no", "no", "no"]),
    ("closed", "done answered duplicate declined", ["already", "already", "already", "already", "already"]),
    ("closed", "reopen", ["accepted", "accepted", "accepted", "theirs", "theirs"]),
];

const ALL_BUT_REOPEN: &str =
    "accept accept-why accept-incomplete resolve verify fails done answered duplicate declined";
const REOPEN: &str = "reopen";

/// Whom, by which events, and what has to vouch for them, so that they may make it happen at all: "yes" where the
/// line above counts, else the refusal, whatever the status. One answer for each of [`Evidence::ALL`]: nothing, forged,
/// our-message, domain, handed-on, token, token-and-domain, page-link, inside. "…" repeats one for the rest.
const MAKERS: &[(&str, &str, &str)] = &[
    ("stranger", ALL_BUT_REOPEN, "NoPart Forged NoPart …"),
    ("stranger", REOPEN, "NoPart Forged NoPart …"),
    ("participant requester", ALL_BUT_REOPEN, "NothingProven Forged yes yes HandedOn yes yes yes NotInside"),
    ("participant requester", REOPEN, "NothingProven Forged yes yes yes yes yes yes NotInside"),
    (
        "agent lead admin product-owner",
        ALL_BUT_REOPEN,
        "Unproven Forged Unproven NoToken HandedOn Unproven yes OnlyALink yes",
    ),
    (
        "agent lead admin product-owner",
        REOPEN,
        "Unproven Forged Unproven NoToken HandedOn Unproven yes OnlyALink yes",
    ),
    ("stakeholder", ALL_BUT_REOPEN, "NotStaff Forged NotStaff …"),
    ("stakeholder", REOPEN, "NotStaff Forged NotStaff …"),
    ("machine", ALL_BUT_REOPEN, "Unproven Forged Unproven yes Unproven Unproven yes OnlyALink yes"),
    ("machine", REOPEN, "Unproven Forged Unproven yes Unproven Unproven yes OnlyALink yes"),
    (
        "clock",
        ALL_BUT_REOPEN,
        "NotInside Forged NotInside NotInside NotInside NotInside NotInside OnlyALink yes",
    ),
    ("clock", REOPEN, "NotInside Forged NotInside NotInside NotInside NotInside NotInside OnlyALink yes"),
];

fn column(actor: Actor) -> usize {
    match actor {
        Actor::Agent | Actor::Lead | Actor::Admin => 0,
        Actor::Requester => 1,
        Actor::Participant => 2,
        Actor::Clock => 3,
        Actor::Machine | Actor::ProductOwner | Actor::Stakeholder | Actor::Stranger => 4,
    }
}

fn outcome(moved: Result<Step, Refused>) -> String {
    match moved {
        Ok(step) => step.name,
        Err(Refused::Incomplete) => "incomplete".into(),
        Err(Refused::Already(_)) => "already".into(),
        Err(Refused::NotFromHere { .. }) => "no".into(),
        Err(Refused::WrongReason { .. }) => "reason".into(),
        Err(Refused::NotTheirs { .. }) => "theirs".into(),
        Err(other @ (Refused::NoReason { .. } | Refused::Unknown { .. })) => format!("{other:?}"),
    }
}

/// The answers to one question: may this actor, with this evidence, do this to a ticket that stands there?
fn answer(workflow: &Workflow, from: &State, event: Event, actor: Actor, evidence: Evidence) -> String {
    match rights::may(actor, evidence, wish_of(event, actor)) {
        Ok(()) => outcome(workflow.step(from, event, actor)),
        Err(denied) => format!("{denied:?}"),
    }
}

/// One cell: what comes of an event in a status, by an actor with some evidence.
type Cell<'t> = (&'t str, &'t str, Actor, Evidence, &'t str);

/// The two tables laid over each other, cell by cell.
fn cells() -> Vec<Cell<'static>> {
    let mut cells = Vec::new();
    for (status, events, outcomes) in MOVES {
        for event in events.split(' ') {
            for (actors, makes, rights) in MAKERS {
                if !makes.split(' ').any(|made| made == event) {
                    continue;
                }
                let rights = rights::tests::answers(rights);
                for actor in actors.split(' ').map(|word| Actor::from_word(word).unwrap()) {
                    for (&evidence, &right) in Evidence::ALL.iter().zip(&rights) {
                        let outcome = if right == "yes" { outcomes[column(actor)] } else { right };
                        cells.push((*status, event, actor, evidence, outcome));
                    }
                }
            }
        }
    }
    cells
}

#[test]
fn every_status_event_actor_and_evidence_is_a_step_or_a_named_refusal() {
    let workflow = Workflow::default();
    let (mut seen, cells) = (HashSet::new(), cells());
    for &(status, event, actor, evidence, expected) in &cells {
        let from = workflow.named(status).unwrap();
        let happened = EVENTS.iter().find(|(name, _)| *name == event).unwrap().1;
        let got = answer(&workflow, from, happened, actor, evidence);
        assert_eq!(got, expected, "{status}: {event} by {actor} with {evidence}");
        let new = seen.insert((status, event, actor, evidence));
        assert!(new, "twice in the table: {status}: {event} by {actor} with {evidence}");
    }
    // Total: each combination once, so as many as there are.
    let all = Status::ALL.len() * EVENTS.len() * Actor::ALL.len() * Evidence::ALL.len();
    assert_eq!((cells.len(), all), (all, 5 * 11 * 10 * 9));
}

/// What each move of the built-in workflow owes.
#[test]
fn every_move_owes_its_mails() {
    let mut lines = Vec::new();
    for row in &Workflow::default().transitions {
        let mails: Vec<&str> = row.notices.iter().map(|notice| notice.as_str()).collect();
        lines.push(format!("{} → {}: {}", row.from, row.to, mails.join(", ")));
    }
    assert_eq!(
        lines,
        [
            "new → accepted: accepted, stakeholder-update",
            "accepted → resolved: resolved, stakeholder-update",
            "resolved → verified: stakeholder-update",
            "verified → closed: closed, stakeholder-update",
            "resolved → accepted: staff-reopened, stakeholder-update",
            "verified → accepted: staff-reopened, stakeholder-update",
            "new → closed: closed, stakeholder-update",
            "accepted → closed: closed, stakeholder-update",
            "closed → accepted: reopened, staff-reopened, stakeholder-update",
        ]
    );
}

#[test]
fn only_the_word_about_a_fix_waits_for_the_customer() {
    let workflow = Workflow::default();
    for from in &workflow.statuses {
        for (name, event) in EVENTS {
            if let Ok(step) = workflow.step(from, event, Actor::Agent) {
                assert_eq!(step.waits_for_customer, name == "resolve", "{name} from {}", from.name);
                assert_eq!(step.without_facts, name == "accept-why", "{name} from {}", from.name);
                assert_eq!(step.closed_as.is_some(), step.to == Status::Closed);
            }
        }
    }
}

#[test]
fn a_refusal_says_what_would_be_possible() {
    let workflow = Workflow::default();
    let told = |from: Status, event| {
        workflow.step(workflow.state(from, None), event, Actor::Agent).unwrap_err().to_string()
    };
    assert_eq!(
        told(Status::New, Event::Resolve),
        "a ticket that is new cannot become resolved; from new it can become accepted or closed"
    );
    assert_eq!(
        told(Status::Verified, Event::Resolve),
        "a ticket that is verified cannot become resolved; from verified it can become closed or accepted"
    );
    assert_eq!(
        told(Status::New, Event::Close(ClosedAs::Done)),
        "a ticket that is new cannot be closed as done; from there it is closed as answered, duplicate or declined"
    );
}
