//! One deed for several tickets.

use super::{act, scene, scene_with};
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
        "2 could not be done.",
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

#[test]
fn a_form_about_many_that_is_sent_again_does_nothing_twice_and_what_was_refused_before() {
    let mut scene = scene();
    let bob = scene.desk.customer("bob");
    scene.desk.receives(&Letter::new(&bob.address, "Invoice", COMPLETE));
    scene.desk.settled(2);
    act(&mut scene.agent, "#close", &[("arg", "answered")]);
    let send = |scene: &mut super::Scene| {
        let fields =
            [("ticket", "1"), ("ticket", "2"), ("do", "#snooze"), ("until", "3d"), ("form", "list-1")];
        let path = scene.agent.post("/inbox/bulk", &fields).location().to_owned();
        let page = scene.agent.get(&path).body;
        let (_, table) = page.split_once("<table").unwrap_or_else(|| panic!("{page}"));
        (path, table.split_once("</table>").unwrap().0.to_owned())
    };
    let snoozed = "select string_agg(ticket_id::text, ',' order by id) from journal where event = 'snoozed'";
    let first = send(&mut scene);
    assert!(first.1.contains("The ticket is closed"), "{}", first.1);
    let until = scene.desk.sql("select snoozed_until from tickets where id = 2");
    let (path, table) = send(&mut scene);
    assert_eq!(path, first.0);
    assert!(table.contains("This was done before; it was not done again. Snoozed until"), "{table}");
    assert_eq!(scene.desk.sql(snoozed), "2");

    act(&mut scene.agent, "#reopen", &[]);
    let (_, table) = send(&mut scene);
    assert!(!table.contains("The ticket is closed"), "{table}");
    assert_eq!(scene.desk.sql(snoozed), "2,1");
    assert_eq!(scene.desk.sql("select snoozed_until from tickets where id = 2"), until);
}

#[test]
fn one_click_takes_back_what_was_done_to_many_and_leaves_alone_what_changed_since() {
    let mut scene = scene();
    for name in ["bob", "cleo"] {
        let customer = scene.desk.customer(name);
        scene.desk.receives(&Letter::new(&customer.address, &format!("Order of {name}"), COMPLETE));
    }
    scene.desk.settled(3);
    let all = [("ticket", "1"), ("ticket", "2"), ("ticket", "3")];
    let snooze = [("do", "#snooze"), ("until", "3d"), ("form", "list-1"), ("back", "/inbox?view=mine")];
    let sent = scene.agent.post("/inbox/bulk", &[&all[..], &snooze].concat());
    let path = sent.location().to_owned();
    let page = scene.agent.get(&path).body;
    assert!(page.contains(&format!("{path}/undo")), "{page}");
    let mut carol = scene.carol();
    assert_eq!(carol.post(&format!("{path}/undo"), &[]).status, 404, "it is the agent's");
    carol.post("/ticket/2/do", &[("do", "#level 2"), ("form", "c")]);

    scene.agent.get(&path);
    let first = scene.agent.post(&format!("{path}/undo"), &[]);
    let told = scene.agent.get(first.location()).body;
    for part in ["2 done.", "1 could not be done.", "The ticket was changed since", "/inbox?view&#x3D;mine"] {
        assert!(told.contains(part), "{part} is not in\n{told}");
    }
    assert!(!told.contains("/undo"), "that is not taken back in turn");
    let away = "select string_agg(id::text, ',' order by id) from tickets where snoozed_at is not null";
    assert_eq!(scene.desk.sql(away), "2");
    let again = scene.agent.post(&format!("{path}/undo"), &[]);
    assert_eq!(again.location(), first.location());
    assert_eq!(
        scene.desk.sql("select count(*) from journal where event = 'awake' and actor <> 'system'"),
        "2"
    );

    // What is too old is not offered, and refused.
    scene.desk.sql("update console_forms set at = at - interval '11 minutes'");
    assert!(!scene.agent.get(&path).body.contains("/undo"));

    let notes = [("do", "#note"), ("words", "One cause."), ("form", "list-2")];
    let noted = scene.agent.post("/inbox/bulk", &[&all[..], &notes].concat());
    assert!(!scene.agent.get(noted.location()).body.contains("/undo"), "a note is not taken back");
}

#[test]
fn a_move_to_another_queue_is_taken_back_with_whose_it_was() {
    let tables = "[[queue]]\nname = \"development\"\nmembers = [\"carol@desk.test\"]\n\
                  [[queue]]\nname = \"billing\"\nmembers = [\"carol@desk.test\"]\n";
    let mut scene = scene_with(tables);
    let last = "select key from console_forms where outcome->>'undo' is not null order by at desc limit 1";
    let queue = |scene: &super::Scene| scene.desk.sql("select coalesce(queue, 'none') from tickets");
    act(&mut scene.agent, "#queue", &[("arg", "development")]);
    assert_eq!(queue(&scene), "development");
    let before = scene.desk.sql("select coalesce(assignee_id, 0) from tickets");
    act(&mut scene.agent, "#queue", &[("arg", "billing")]);
    assert_eq!(queue(&scene), "billing");
    let key = scene.desk.sql(last);
    scene.agent.post("/ticket/1/undo", &[("of", key.as_str())]);
    assert_eq!(queue(&scene), "development");
    assert_eq!(scene.desk.sql("select coalesce(assignee_id, 0) from tickets"), before);

    act(&mut scene.agent, "#queue", &[("arg", "none")]);
    assert_eq!(queue(&scene), "none");
    let key = scene.desk.sql(last);
    scene.agent.post("/ticket/1/undo", &[("of", key.as_str())]);
    assert_eq!(queue(&scene), "development");
}

#[test]
fn a_queue_is_taken_back_with_who_had_the_ticket_though_they_work_in_neither() {
    let tables = "[assignment]\nmode = \"fair\"\n\
                  [[queue]]\nname = \"development\"\nmembers = [\"carol@desk.test\"]\n\
                  [[queue]]\nname = \"billing\"\nmembers = [\"carol@desk.test\"]\n";
    let mut scene = scene_with(tables);
    let agent = scene.desk.agent.address.clone();
    let stands = |scene: &super::Scene| {
        scene.desk.sql("select coalesce(queue, 'none') || ' ' || coalesce((select address from people where id = assignee_id), '') from tickets")
    };
    act(&mut scene.agent, "#queue", &[("arg", "development")]);
    act(&mut scene.agent, "#take", &[]);
    assert_eq!(stands(&scene), format!("development {agent}"));
    act(&mut scene.agent, "#queue", &[("arg", "billing")]);
    assert_eq!(stands(&scene), "billing carol@desk.test", "who works there gets it");
    let last = "select key from console_forms where outcome->>'undo' is not null order by at desc limit 1";
    let key = scene.desk.sql(last);
    scene.agent.post("/ticket/1/undo", &[("of", key.as_str())]);
    assert_eq!(stands(&scene), format!("development {agent}"));
}

#[test]
fn what_somebody_wrote_since_is_not_taken_back_from_under_them() {
    let mut scene = scene();
    let mut carol = scene.carol();
    act(&mut scene.agent, "#assign", &[("arg", "carol@desk.test")]);
    let key = scene.desk.sql("select key from console_forms where outcome->>'undo' is not null");
    let newest = scene.newest();
    let words = [("form", "b"), ("seen", newest.as_str()), ("words", "We are on it.")];
    assert_eq!(super::post_files(&mut carol, "/ticket/1/reply", &words, &[]).location(), "/ticket/1");
    scene.agent.post("/ticket/1/undo", &[("of", key.as_str())]);
    assert!(super::said(&mut scene.agent).contains("The ticket was changed since"));
    let whose = "select address from people, tickets where people.id = assignee_id";
    assert_eq!(scene.desk.sql(whose), "carol@desk.test");
}
