//! What holds for any workflow that the check lets pass, and for any that it does not.

use proptest::{prelude::*, sample::subsequence};

use super::*;

/// Six to nine statuses, each meaning at least once, and transitions at random between them: some workflows are
/// sound, most are not.
fn rows() -> impl Strategy<Value = Rows> {
    let meanings = prop::collection::vec(0..Status::ALL.len(), 1..5);
    meanings.prop_flat_map(|more| {
        let mut statuses: Vec<StatusRow> =
            Status::ALL.iter().map(|&means| status(means.as_str(), means)).collect();
        for (number, meaning) in more.into_iter().enumerate() {
            statuses.push(status(&format!("own-{number}"), Status::ALL[meaning]));
        }
        let names: Vec<String> = statuses.iter().map(|row| row.name.clone()).collect();
        let pairs: Vec<(String, String)> =
            names.iter().flat_map(|from| names.iter().map(move |to| (from.clone(), to.clone()))).collect();
        let most = pairs.len().min(40);
        let some = subsequence(pairs, 0..most);
        let makers = prop::collection::vec(subsequence(Who::ALL.to_vec(), 0..Who::ALL.len()), 40);
        (Just(statuses), some, makers, any::<bool>()).prop_map(|(statuses, pairs, makers, with_built_in)| {
            let own = pairs.into_iter().zip(makers).map(|((from, to), by)| TransitionRow {
                by: Some(by).filter(|by| by.len() % 3 != 0),
                ..transition(&from, &to)
            });
            let mut rows = Rows { statuses, transitions: Vec::new() };
            if with_built_in {
                rows.transitions = built_in().transitions;
            }
            let there = |row: &TransitionRow, rows: &Rows| {
                let same = |it: &TransitionRow| it.to == row.to && it.from.contains(&row.from[0]);
                row.from[0] == row.to || rows.transitions.iter().any(same)
            };
            for row in own {
                if !there(&row, &rows) {
                    rows.transitions.push(row);
                }
            }
            rows
        })
    })
}

/// The states that somebody, whoever it is, can bring a ticket to.
fn reachable(workflow: &Workflow) -> Vec<String> {
    let mut there = vec![workflow.state(Status::New, None).name.clone()];
    let mut at = 0;
    while at < there.len() {
        for next in steps_from(workflow, &there[at].clone()) {
            if !there.contains(&next) {
                there.push(next);
            }
        }
        at += 1;
    }
    there
}

/// Where a ticket goes from here, by asking the workflow as the desk asks it.
fn steps_from(workflow: &Workflow, name: &str) -> Vec<String> {
    let given = Given { complete: true, reason: true, closed_as: None };
    let to = |state: &State, actor| {
        workflow.go(workflow.named(name).unwrap(), &Goal::Named(state.name.clone()), given, actor).ok()
    };
    let everywhere = workflow.statuses.iter();
    everywhere
        .flat_map(|state| Actor::ALL.iter().filter_map(move |&actor| Some(to(state, actor)?.name)))
        .collect()
}

fn leads_to_closed(workflow: &Workflow, name: &str) -> bool {
    let (mut there, mut at) = (vec![name.to_owned()], 0);
    while at < there.len() {
        if workflow.named(&there[at]).unwrap().means == Status::Closed {
            return true;
        }
        for next in steps_from(workflow, &there[at].clone()) {
            if !there.contains(&next) {
                there.push(next);
            }
        }
        at += 1;
    }
    false
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn from_every_status_that_a_ticket_gets_to_it_can_be_closed(rows in rows()) {
        match Workflow::new(&rows) {
            Ok(workflow) => {
                let reached = reachable(&workflow);
                for name in &reached {
                    prop_assert!(leads_to_closed(&workflow, name), "{name} in {workflow:#?}");
                }
                for state in &workflow.statuses {
                    prop_assert!(reached.contains(&state.name), "{} in {workflow:#?}", state.name);
                }
            }
            Err(mistakes) => {
                prop_assert!(!mistakes.is_empty());
                for mistake in mistakes {
                    prop_assert!(!mistake.fault.to_string().is_empty());
                    let names_its_fault = match &mistake.fault {
                        Fault::Unreached { status, .. } => !reached_by_rows(&rows, status),
                        Fault::DeadEnd(status) => !closes_by_rows(&rows, status),
                        Fault::NoAnswer { .. } => true,
                        other => return Err(TestCaseError::fail(format!("not among the faults here: {other:?}"))),
                    };
                    prop_assert!(names_its_fault, "{mistake:?} in {rows:#?}");
                }
            }
        }
    }

    #[test]
    fn a_sound_workflow_lets_its_requester_answer(rows in rows()) {
        let Ok(workflow) = Workflow::new(&rows) else { return Ok(()) };
        for state in workflow.statuses.iter().filter(|state| state.means == Status::Resolved) {
            let fails = workflow.step(state, Event::StillFails, Actor::Requester);
            prop_assert!(fails.is_ok(), "{}: {fails:?}", state.name);
            let works = workflow.step(state, Event::Verify, Actor::Requester).or_else(|_| {
                workflow.go(state, &Goal::Means(Status::Closed), Given::default(), Actor::Requester)
            });
            prop_assert!(works.is_ok(), "{}: {works:?}", state.name);
        }
    }

    #[test]
    fn any_text_is_read_as_a_status_or_refused_by_name(word: String) {
        let told = match Workflow::default().goal(&word) {
            Ok((goal, means)) => [Goal::Means(means), Goal::Named(means.to_string())].contains(&goal),
            Err(refused) => refused.to_string().contains("there is no status"),
        };
        prop_assert!(told);
    }
}

#[test]
fn many_of_the_workflows_made_here_are_sound_and_many_are_not() {
    use proptest::{strategy::ValueTree, test_runner::TestRunner};
    let mut runner = TestRunner::deterministic();
    let sound = |runner: &mut TestRunner| Workflow::new(&rows().new_tree(runner).unwrap().current()).is_ok();
    let sound = (0..400).filter(|_| sound(&mut runner)).count();
    assert!((20..380).contains(&sound), "{sound} of 400 are sound");
}

/// Floyd and Warshall's closure over the rows: another way to the same answer.
fn closure(rows: &Rows) -> impl Fn(&str, &str) -> bool {
    let names: Vec<String> = rows.statuses.iter().map(|row| row.name.clone()).collect();
    let at = |name: &str| names.iter().position(|it| it == name).unwrap();
    let mut leads = vec![vec![false; names.len()]; names.len()];
    for row in &rows.transitions {
        for from in &row.from {
            leads[at(from)][at(&row.to)] = true;
        }
    }
    for over in 0..names.len() {
        for from in 0..names.len() {
            for to in 0..names.len() {
                leads[from][to] |= leads[from][over] && leads[over][to];
            }
        }
    }
    move |from, to| {
        let at = |name: &str| names.iter().position(|it| it == name).unwrap();
        from == to || leads[at(from)][at(to)]
    }
}

fn reached_by_rows(rows: &Rows, name: &str) -> bool {
    closure(rows)("new", name)
}

fn closes_by_rows(rows: &Rows, name: &str) -> bool {
    let leads = closure(rows);
    rows.statuses.iter().any(|row| row.means == Status::Closed && leads(name, &row.name))
}
