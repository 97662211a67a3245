//! Staff at work: ten mails by keyboard, and two people on one ticket.

use crate::{
    chromium::{Chromium, keys},
    scene,
};

/// `click` and `fill` are left out: whoever answers fifty tickets before lunch has both hands on the keyboard.
#[test]
fn ten_mails_are_triaged_by_keyboard() {
    let office = scene::office();
    let desk = &office.desk;
    let page = scene::at_work(desk, &desk.agent.address);
    page.wait("ten tickets", |page| page.count("[data-row]") == 10);
    page.picture("triage-inbox");
    let at = |page: &Chromium| page.attribute("[data-row].at", "data-row").unwrap_or_default();
    let rows = page.run(
        "return [...document.querySelectorAll('[data-row]')].map(it => it.dataset.row)",
        serde_json::json!([]),
    );
    let row = |index: usize| rows[index].as_str().unwrap().to_owned();
    // Down, down, up: the second, and the list says where one is.
    page.press("jjk");
    assert_eq!(at(&page), row(0));
    page.press("j");
    assert_eq!(at(&page), row(1));

    // Three are chosen and taken at once.
    page.press("xjxjx");
    page.wait("three chosen", |page| page.count("[data-row] input:checked") == 3);
    page.picture("triage-chosen");
    page.press("a");
    page.wait("three are taken", |_| desk.count("tickets where assignee_id is not null") == 3);
    page.press("gi");
    page.wait("the inbox again", |page| page.path().starts_with("/inbox") && page.count("[data-row]") > 0);

    // One is opened, taken and answered.
    page.press("j");
    let number = at(&page);
    page.press("o");
    page.wait("the ticket", |page| page.path() == format!("/ticket/{number}"));
    // Snoozing leads into its first choice.
    let focused = |page: &Chromium, of: &str| {
        page.run(&format!("return document.activeElement.{of}"), serde_json::json!([]))
    };
    page.press("s");
    page.wait("the choices of snoozing", |page| focused(page, "value") == "#snooze 4h");
    page.press("r");
    page.wait("the reply", |page| {
        page.run("return document.activeElement.id", serde_json::json!([])) == "reply-words"
    });
    page.press("Thank you, we look into it.");
    page.picture("triage-reply");
    page.press(&format!("{}{}", keys::CONTROL, keys::ENTER));
    page.wait("the answer is sent", |_| {
        desk.count(&format!(
            "messages where ticket_id = {number} and direction = 'out' and text like '%we look into it%'"
        )) == 1
    });

    // A note stays inside.
    page.wait("the ticket again", |page| page.count("#note-words") == 1);
    page.press("n");
    page.wait("the note", |page| {
        page.run("return document.activeElement.id", serde_json::json!([])) == "note-words"
    });
    page.press("Looks like DG-1.");
    page.press(&format!("{}{}", keys::CONTROL, keys::ENTER));
    page.wait("the note is kept", |_| {
        desk.count(&format!("messages where ticket_id = {number} and direction = 'note'")) == 1
    });

    // Back in the list one is where one left it.
    page.wait("the note on the page", |page| page.text("#thread").contains("Looks like DG-1."));
    page.press("u");
    page.wait("the row that was left", |page| page.path().starts_with("/inbox") && at(page) == number);

    // The command bar leads anywhere; help says what the keys do.
    page.press(&format!("{}k", keys::CONTROL));
    page.wait("the command bar", |page| page.count("dialog[open]#commands") == 1);
    page.press("9");
    page.picture("triage-commands");
    page.press(keys::ENTER);
    page.wait("ticket 9", |page| page.path() == "/ticket/9");
    page.press("?");
    page.wait("the help", |page| page.count("dialog[open]#keys") == 1);
    page.picture("triage-keys");
    page.press(keys::ESCAPE);
    page.wait("the end of the help", |page| page.count("dialog[open]") == 0);
    page.press("/");
    page.wait("the search", |page| {
        page.path() == "/search"
            || page.run("return document.activeElement.type", serde_json::json!([])) == "search"
    });
}

#[test]
fn two_people_on_one_ticket_do_not_talk_over_each_other() {
    let office = scene::office();
    let desk = &office.desk;
    let (alice, bob) = (scene::at_work(desk, &desk.agent.address), scene::at_work(desk, &office.bob));
    for page in [&alice, &bob] {
        page.open("/ticket/1");
        page.wait_for("#reply-words");
    }
    // Each sees that the other is there, and writes.
    alice.wait_to_read("#here", "Bob");
    bob.press("r");
    bob.press("It is the driver: please take version 7.");
    alice.wait("Bob writes", |page| page.count("#here.writes") == 1);
    alice.picture("two-collision");
    alice.press("r");
    alice.press("Please switch it off and on.");
    // Bob is faster; Alice's page tells it without a reload, and keeps her words.
    bob.press(&format!("{}{}", keys::CONTROL, keys::ENTER));
    alice.wait_to_read("main", "please take version 7");
    assert_eq!(alice.value("#reply-words"), "Please switch it off and on.");
    // What Bob overtook is held, shown beside what came between, and sent when she says so.
    alice.press(&format!("{}{}", keys::CONTROL, keys::ENTER));
    alice.wait_for(".held");
    assert!(alice.text(".held").contains("please take version 7"), "{}", alice.text(".held"));
    let sent = || desk.count("messages where direction = 'out' and text like '%off and on%'");
    assert_eq!(sent(), 0);
    alice.picture("two-held");
    alice.is_accessible("a held reply");
    bob.run("document.querySelector('#thread summary').focus()", serde_json::json!([]));
    alice.click(".reply-form [data-send]");
    alice.wait("it is sent", |_| sent() == 1);
    // Bob's page shows it, and he is where he was.
    bob.wait_to_read("#thread", "switch it off and on");
    let focus = "return document.activeElement.tagName";
    bob.wait("the focus where it was", |page| page.run(focus, serde_json::json!([])) == "SUMMARY");
}
