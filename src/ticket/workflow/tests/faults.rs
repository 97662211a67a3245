//! Every mistake in a workflow is told with its place, all at once.

use super::*;

/// The built-in workflow, changed; its mistakes.
fn mistakes(change: impl FnOnce(&mut Rows)) -> Vec<Mistake> {
    let mut rows = built_in();
    change(&mut rows);
    Workflow::new(&rows).err().unwrap_or_default()
}

fn only(change: impl FnOnce(&mut Rows)) -> (At, &'static str, String) {
    let mut all = mistakes(change);
    assert_eq!(all.len(), 1, "{all:?}");
    let Mistake { at, key, fault } = all.remove(0);
    (at, key, fault.to_string())
}

fn add(rows: &mut Rows, name: &str, means: Status) {
    rows.statuses.push(status(name, means));
}

#[test]
fn the_built_in_workflow_is_sound() {
    assert_eq!(mistakes(|_| ()), []);
}

#[test]
fn a_name_that_there_is_not_is_told_with_the_nearest() {
    assert_eq!(
        only(|rows| rows.transitions[1].to = "resolvd".into()),
        (
            At::Transition(1),
            "to",
            "there is no status `resolvd`; did you mean `resolved`?; there are new, accepted, resolved, verified, \
             closed"
                .into()
        )
    );
    assert_eq!(
        only(|rows| rows.transitions[1].from = vec!["somewhere".into()]).2,
        "there is no status `somewhere`; there are new, accepted, resolved, verified, closed"
    );
}

#[test]
fn a_status_that_no_ticket_gets_to_and_one_that_none_leaves() {
    assert_eq!(
        only(|rows| {
            add(rows, "parked", Status::Accepted);
            rows.transitions.push(transition("parked", "accepted"));
        }),
        (
            At::Status(5),
            "name",
            "no ticket ever becomes `parked`: no transitions lead from `new` to it; add one with to = \"parked\""
                .into()
        )
    );
    assert_eq!(
        only(|rows| {
            add(rows, "parked", Status::Accepted);
            rows.transitions.push(transition("accepted", "parked"));
        }),
        (
            At::Status(5),
            "name",
            "a ticket that is `parked` can never be closed: no transitions lead from there to a status that means \
             \"closed\"; add one with from = \"parked\""
                .into()
        )
    );
}

#[test]
fn a_circle_without_a_way_out_is_a_dead_end_for_all_in_it() {
    let found = mistakes(|rows| {
        add(rows, "here", Status::Accepted);
        add(rows, "there", Status::Accepted);
        rows.transitions.extend([
            transition("new", "here"),
            transition("here", "there"),
            transition("there", "here"),
        ]);
    });
    let faults: Vec<_> = found.into_iter().map(|mistake| mistake.fault).collect();
    assert_eq!(faults, [Fault::DeadEnd("here".into()), Fault::DeadEnd("there".into())]);
}

#[test]
fn each_of_the_five_has_a_status_and_none_is_called_like_another() {
    let (at, _, says) = only(|rows| drop(rows.statuses.remove(3)));
    assert_eq!(at, At::Whole);
    assert_eq!(
        says,
        "no status means \"verified\", and a ticket must be able to be verified; add one: [[status]] with means = \
         \"verified\""
    );
    let (at, key, says) = only(|rows| add(rows, "closed", Status::Accepted));
    assert_eq!((at, key), (At::Status(5), "name"));
    assert_eq!(says, "there are two statuses called `closed`; names must differ");
    let says = only(|rows| {
        rows.statuses[3] = status("done", Status::Verified);
        add(rows, "verified", Status::Accepted);
    });
    assert!(says.2.starts_with("a status called `verified` has to mean \"verified\""), "{}", says.2);
    for name in ["", "In Test", "größe", "a/b", &"x".repeat(41)] {
        let found = mistakes(|rows| rows.statuses[2].name = name.into());
        assert!(matches!(found[..], [Mistake { at: At::Status(2), key: "name", fault: Fault::BadName(_) }]));
    }
}

#[test]
fn who_is_asked_to_try_a_fix_must_be_able_to_answer() {
    let says = only(|rows| rows.transitions[2].by = Some(vec![Who::Staff]));
    assert_eq!(
        says,
        (
            At::Status(2),
            "name",
            "a ticket that is `resolved` waits for its reporter's word, and when they say that it works nothing can \
             follow: add a transition from \"resolved\" to a status that means \"verified\", by \"requester\""
                .into()
        )
    );
    let says = only(|rows| rows.transitions[4].by = Some(vec![Who::Staff, Who::Silence])).2;
    assert!(says.contains("it still fails") && says.contains("\"accepted\""), "{says}");
}

#[test]
fn rows_that_say_the_same_or_nothing() {
    assert_eq!(
        only(|rows| rows.transitions.push(transition("accepted", "accepted"))).2,
        "this transition leads from `accepted` to itself"
    );
    assert_eq!(
        only(|rows| rows.transitions.push(transition("new", "closed"))),
        (
            At::Transition(7),
            "from",
            "there is a transition from `new` to `closed` already, the 6th; put into one row what both say"
                .into()
        )
    );
    assert_eq!(only(|rows| rows.transitions[0].by = Some(vec![])).1, "by");
    assert_eq!(only(|rows| rows.transitions[6].closed_as = Some(vec![ClosedAs::Done])).1, "closed_as");
    assert_eq!(only(|rows| rows.transitions[5].closed_as = Some(vec![])).1, "closed_as");
    let says = only(|rows| rows.transitions[0].notices = Some(vec![Notice::StaffTranscript])).2;
    assert_eq!(
        says,
        "a transition owes no mail `staff-transcript`; it can owe accepted, resolved, reopened, closed, \
         staff-reopened or stakeholder-update"
    );
}

#[test]
fn all_mistakes_come_at_once_in_the_order_of_rows() {
    let found = mistakes(|rows| {
        rows.transitions[0].to = "acepted".into();
        rows.transitions[3].by = Some(vec![]);
        rows.transitions[6].from = vec!["close".into(), "opened".into()];
        rows.statuses[4].name = "Closed".into();
    });
    let places: Vec<_> = found.iter().map(|mistake| (mistake.at, mistake.key)).collect();
    assert_eq!(
        places,
        [
            (At::Status(4), "name"),
            (At::Transition(0), "to"),
            (At::Transition(3), "by"),
            (At::Transition(6), "from"),
            (At::Transition(6), "from"),
        ]
    );
}
