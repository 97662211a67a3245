//! Which commands a mail to staff offers: what leads on from where the ticket stands, then what it lacks.

use crate::ticket::{
    Status,
    workflow::{State, Who, Workflow},
};

/// The commands worth knowing for a ticket in this status, as they are written, the next step first. `assigned` and
/// `rated` say whether somebody works on it and whether it has a severity.
pub fn offers(workflow: &Workflow, state: &State, assigned: bool, rated: bool) -> Vec<String> {
    let open = state.means != Status::Closed;
    let mut offers: Vec<String> = Vec::new();
    if open && !assigned {
        offers.push("#take".to_owned());
    }
    for row in workflow.from(state).filter(|row| row.by.contains(&Who::Staff)) {
        let command = towards(workflow, state, &row.to);
        if !offers.contains(&command) {
            offers.push(command);
        }
    }
    if open && !rated {
        offers.push("#sev 2".to_owned());
    }
    if open && assigned {
        offers.extend(["#assign name".to_owned(), "#snooze 3d".to_owned()]);
    }
    offers
}

/// The command that leads from one status to another.
pub(super) fn towards(workflow: &Workflow, from: &State, to: &str) -> String {
    let means = workflow.named(to).map(|state| state.means);
    let command = match means {
        Some(Status::Accepted) if from.means == Status::New => "#accept",
        Some(Status::Accepted) => "#reopen",
        Some(Status::Resolved) => "#resolve",
        Some(Status::Verified) => "#verify",
        Some(Status::Closed) => "#close",
        Some(Status::New) | None => "",
    };
    let usual = means.is_some_and(|means| workflow.state(means, None).name == to);
    match usual && !command.is_empty() {
        true => command.to_owned(),
        false => format!("#status {to}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offered(status: Status, assigned: bool, rated: bool) -> String {
        let workflow = Workflow::default();
        offers(&workflow, workflow.state(status, None), assigned, rated).join(", ")
    }

    #[test]
    fn the_next_steps_of_the_workflow_and_what_is_lacking() {
        assert_eq!(offered(Status::New, false, false), "#take, #accept, #close, #sev 2");
        assert_eq!(offered(Status::New, true, true), "#accept, #close, #assign name, #snooze 3d");
        assert_eq!(offered(Status::Accepted, true, true), "#resolve, #close, #assign name, #snooze 3d");
        assert_eq!(offered(Status::Resolved, true, true), "#verify, #reopen, #assign name, #snooze 3d");
        assert_eq!(offered(Status::Verified, true, true), "#close, #reopen, #assign name, #snooze 3d");
        assert_eq!(offered(Status::Closed, true, true), "#reopen");
    }

    #[test]
    fn every_offer_is_a_command() {
        for status in [Status::New, Status::Accepted, Status::Resolved, Status::Verified, Status::Closed] {
            for assigned in [false, true] {
                for offer in offered(status, assigned, false).split(", ") {
                    let name = offer.trim_start_matches('#').split(' ').next().unwrap_or_default();
                    assert!(super::super::ALL.iter().any(|entry| entry.name == name), "{offer}");
                }
            }
        }
    }

    #[test]
    fn a_status_of_the_sites_own_is_offered_by_its_name() {
        let workflow = Workflow::default();
        let state = workflow.state(Status::New, None);
        assert_eq!(towards(&workflow, state, "in-review"), "#status in-review");
    }
}
