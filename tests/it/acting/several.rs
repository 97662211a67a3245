//! One deed for several tickets.

use super::{act, scene};
use crate::{first_mail::COMPLETE, helpers::Letter};

#[test]
fn each_ticket_is_a_deed_of_its_own_and_the_page_says_what_became_of_it() {
    let mut scene = scene();
    for name in ["bob", "cleo"] {
        let customer = scene.desk.customer(name);
        scene.desk.receives(&Letter::new(&customer.address, &format!("Order of {name}"), COMPLETE));
    }
    scene.desk.settled(3);
    act(&mut scene.agent, "#close", &[("arg", "answered")]);
    let fields = [
        ("ticket", "1"),
        ("ticket", "2"),
        ("ticket", "3"),
        ("ticket", "99"),
        ("do", "#snooze"),
        ("until", "3d"),
        ("form", "list-1"),
        ("back", "/inbox?view=mine"),
    ];
    let first = scene.agent.post("/inbox/bulk", &fields);
    assert!(first.location().starts_with("/inbox/bulk/"), "{first:?}");
    let again = scene.agent.post("/inbox/bulk", &fields);
    assert_eq!(again.location(), first.location());
    let page = scene.agent.get(first.location()).body;
    for part in [
        "2 done.",
        "2 refused.",
        "the ticket is closed",
        "There is no such ticket.",
        "Snoozed until",
        "/inbox?view&#x3D;mine",
    ] {
        assert!(page.to_lowercase().contains(&part.to_lowercase()), "{part} is not in\n{page}");
    }
    assert_eq!(
        scene
            .desk
            .sql("select string_agg(id::text, ',' order by id) from tickets where snoozed_at is not null"),
        "2,3"
    );
    assert_eq!(scene.desk.sql("select count(*) from journal where event = 'snoozed'"), "2", "each once");
    let mut carol = scene.carol();
    assert_eq!(carol.get(first.location()).status, 404, "a transcript is its author's");

    let noted =
        [("ticket", "2"), ("ticket", "3"), ("do", "#note"), ("words", "One cause."), ("form", "list-2")];
    scene.agent.post("/inbox/bulk", &noted);
    assert_eq!(
        scene.desk.sql("select count(*) from messages where direction = 'note' and own_text = 'One cause.'"),
        "2"
    );
    assert_eq!(scene.agent.post("/inbox/bulk", &[("do", "#take"), ("form", "x")]).location(), "/inbox");
}
