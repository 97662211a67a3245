//! What stays when a page loads its pieces anew, and what a browser tells by itself.

use serde_json::json;

use crate::{
    chromium::{Chromium, keys},
    helpers::Letter,
    scene::{self, PASSWORD, REPORT},
};

#[test]
fn news_fold_nothing_that_was_shown() {
    let desk = scene::desk();
    let anna = desk.customer("anna");
    desk.receives(&Letter::new(&anna.address, "The printer gives blank pages", REPORT));
    desk.settled(1);
    desk.give_password(&desk.agent.address);
    desk.sql(
        "insert into messages (ticket_id, direction, kind, staff_only, author, text, own_text, created_at) \
         select 1, 'note', 'human', true, 'x', 'Entry ' || n, 'Entry ' || n, now() from generate_series(1, 60) as n",
    );
    let page = scene::at_work(&desk, &desk.agent.address);
    page.open("/ticket/1");
    let entries = |page: &Chromium| page.count("#thread > article");
    page.wait("the newest entries", |page| entries(page) == 40);
    page.click("#thread .earlier a");
    page.wait("earlier entries", |page| entries(page) > 60);
    let before = entries(&page);
    desk.cli(&["ticket", "note", "1", "One more."]);
    page.wait("the news with all that was shown", |page| entries(page) == before + 1);
    assert!(page.source().contains("Entry 1<"));
    assert!(page.complaints().is_empty());
}

#[test]
fn a_thread_too_long_for_a_page_is_read_on_with_the_words_that_were_begun() {
    let desk = scene::desk();
    let anna = desk.customer("anna");
    desk.receives(&Letter::new(&anna.address, "The printer gives blank pages", REPORT));
    desk.settled(1);
    desk.give_password(&desk.agent.address);
    desk.sql(
        "insert into messages (ticket_id, direction, kind, staff_only, author, text, own_text, created_at) \
         select 1, 'note', 'human', true, 'x', 'Entry ' || n, 'Entry ' || n, now() from generate_series(1, 1100) as n",
    );
    let page = scene::at_work(&desk, &desk.agent.address);
    page.open("/ticket/1?from=1");
    let newest = desk.sql("select max(id) from messages where ticket_id = 1");
    let seen = "form.reply-form input[name=seen]";
    assert_ne!(page.value(seen), newest, "there is more than was shown");
    page.fill("#reply-words", "Dear Anna");
    page.click("#thread .later a");
    page.wait("the later entries", |page| page.count("#thread .later") == 0);
    assert!(page.source().contains("Entry 1100<"));
    page.wait("that they were seen, though somebody writes", |page| page.value(seen) == newest);
    assert_eq!(page.value("#reply-words"), "Dear Anna");
    let top = page.run("return document.getElementById('thread').getBoundingClientRect().top", json!([]));
    assert!(top.as_f64().is_some_and(|top| top.abs() < 200.0), "one reads on at their beginning: {top}");
    assert!(page.complaints().is_empty());
}

#[test]
fn a_browser_says_in_which_zone_it_is() {
    let desk = scene::desk();
    desk.give_password(&desk.agent.address);
    let page = Chromium::at(&desk);
    page.reader("Asia/Tokyo", "en");
    let page = scene::sign_in(page, &desk.agent.address);
    page.open("/account");
    page.wait_to_read("main", "Times are in Asia/Tokyo, as your browser says.");
}

#[test]
fn words_come_back_after_a_sign_in_where_the_session_had_ended() {
    let desk = scene::desk();
    let anna = desk.customer("anna");
    desk.receives(&Letter::new(&anna.address, "The printer gives blank pages", REPORT));
    desk.settled(1);
    desk.give_password(&desk.agent.address);
    let page = scene::at_work(&desk, &desk.agent.address);
    page.open("/ticket/1");
    page.wait_for("#reply-words");
    desk.sql("update sessions set expires_at = now()");
    page.fill("#reply-words", "Please take version 7.");
    page.press(&format!("{}{}", keys::CONTROL, keys::ENTER));
    page.wait_to_read("h1", "You are signed out");
    assert_eq!(page.value("textarea"), "Please take version 7.");
    page.is_accessible("words that were not sent");
    page.picture("signed-out");
    page.press_button("Sign in");
    page.wait_for("[name=password]");
    page.fill("[name=address]", &desk.agent.address);
    page.fill("[name=password]", PASSWORD);
    page.press(keys::ENTER);
    page.wait("the ticket", |page| page.path() == "/ticket/1");
    page.wait("the words", |page| page.value("#reply-words") == "Please take version 7.");
    page.wait("a draft of them", |_| desk.count("drafts where words = 'Please take version 7.'") == 1);
    // Once they are there they come from nowhere else.
    page.fill("#reply-words", "Another word.");
    page.wait("the other draft", |_| desk.count("drafts where words = 'Another word.'") == 1);
    page.reload();
    page.wait("the page again", |page| page.value("#reply-words") == "Another word.");
    // What somebody else left in this tab is nobody's draft, and is not kept.
    let left = "sessionStorage.setItem('unsent:/ticket/1/note', JSON.stringify({ by: 'x@desk.test', words: 'Theirs.' }))";
    page.run(left, json!([]));
    page.reload();
    let kept = "return Object.keys(sessionStorage).filter((key) => key.startsWith('unsent:')).length";
    page.wait("nothing of theirs", |page| page.run(kept, json!([])) == json!(0));
    assert_eq!(page.value("#note-words"), "");
    // That the form was refused is told by the browser, too.
    page.complaints();
}
