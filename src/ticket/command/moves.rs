//! The moves that somebody can make with a ticket where it stands, for a page that has a button for each.

use serde::Serialize;

use super::offers::towards;
use crate::ticket::{
    ClosedAs, Status,
    rights::Actor,
    workflow::{Need, State, Workflow},
};

/// One move.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Move {
    /// The command that makes it.
    pub command: String,
    /// What people read of the status it leads to.
    pub label: String,
    /// What that status means.
    pub means: Status,
    /// The ticket comes back to where somebody works on it.
    pub back: bool,
    /// It is refused without words.
    pub needs_words: bool,
    /// Why the ticket can be closed by it; nothing for other moves.
    pub closed_as: Vec<ClosedAs>,
}

/// The moves that lead on from a status for this actor, the next step first. `complete` says whether the report has all
/// facts.
pub fn moves(workflow: &Workflow, state: &State, actor: Actor, complete: bool) -> Vec<Move> {
    let mut moves: Vec<Move> = Vec::new();
    for row in workflow.from(state).filter(|row| row.by.iter().any(|who| who.covers(actor))) {
        let Some(to) = workflow.named(&row.to) else { continue };
        let command = towards(workflow, state, &row.to);
        if moves.iter().any(|known| known.command == command) {
            continue;
        }
        let needs_words = match row.needs {
            Need::Nothing => false,
            Need::Complete => !complete,
            Need::Reason => true,
        };
        moves.push(Move {
            command,
            label: to.shown().to_owned(),
            means: to.means,
            back: to.means == Status::Accepted && state.means != Status::New,
            needs_words,
            closed_as: if to.means == Status::Closed { row.closed_as.clone() } else { Vec::new() },
        });
    }
    moves
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(status: Status, complete: bool) -> String {
        let workflow = Workflow::default();
        let moves = moves(&workflow, workflow.state(status, None), Actor::Agent, complete);
        let line = |each: &Move| {
            let words = if each.needs_words { " …" } else { "" };
            let reasons: Vec<&str> =
                each.closed_as.iter().map(|as_| crate::domain::Word::as_str(*as_)).collect();
            format!("{}{words} {}", each.command, reasons.join("|")).trim().to_owned()
        };
        moves.iter().map(line).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn a_page_has_the_moves_of_the_workflow_and_says_which_need_words() {
        assert_eq!(from(Status::New, true), "#accept, #close answered|duplicate|declined");
        assert_eq!(from(Status::New, false), "#accept …, #close answered|duplicate|declined");
        assert_eq!(from(Status::Accepted, true), "#resolve, #close answered|duplicate|declined");
        assert_eq!(from(Status::Resolved, true), "#verify, #reopen");
        assert_eq!(from(Status::Verified, true), "#close done, #reopen");
        assert_eq!(from(Status::Closed, true), "#reopen");
    }

    #[test]
    fn who_may_make_no_move_is_offered_none() {
        let workflow = Workflow::default();
        let state = workflow.state(Status::Accepted, None);
        assert_eq!(moves(&workflow, state, Actor::Stakeholder, true), []);
    }
}
