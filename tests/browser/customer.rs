//! The page of a ticket as its customer uses it.

use std::fs;

use crate::{
    chromium::{Chromium, keys},
    helpers::Letter,
    scene::{self, page_of},
};

/// The languages of customers.
const LANGUAGES: [&str; 10] = ["en", "de", "fr", "es", "pt", "it", "nl", "pl", "ja", "zh"];

#[test]
fn a_customer_verifies_from_a_phone() {
    let trial = scene::trial();
    let (desk, status) = (&trial.desk, || trial.desk.sql("select status from tickets where id = 1"));
    let page = Chromium::at(desk);
    page.phone();
    page.open(&trial.hers);
    page.wait_to_read("main", "Ready to try");
    assert!(!page.is_too_wide());
    page.picture("customer-phone");

    // It still fails: what she sees now, with a picture.
    page.press_button("It still fails");
    page.fill("#fails", "Now it prints one blank page, then the order.");
    let picture = desk.folder().join("blank page.png");
    fs::write(&picture, b"\x89PNG\r\n\x1a\n").unwrap();
    page.choose_file("#fails-files", &picture);
    page.picture("customer-phone-fails");
    page.click("button[value=fails]");
    page.wait_to_read("[role=status]", "Thank you");
    assert_eq!(status(), "accepted");
    page.wait_to_read("article", "Now it prints one blank page");
    assert_eq!(page.text("article .files a"), "blank page.png");
    assert_eq!(page.count("button[value=works]"), 0, "there is nothing to be tried");
    page.picture("customer-phone-thanks");

    desk.set(1, &["--status", "resolved"]);
    // Anew, since the page that thanks her already says so.
    page.open(&trial.hers);
    page.press_button("It works");
    page.wait_to_read("[role=status]", "Thank you");
    assert_eq!(status(), "verified");
    assert!(page.text("li[aria-current]").contains("Works"));
    page.picture("customer-phone-works");
    // Going back and forth sends nothing again.
    page.reload();
    assert_eq!(desk.sql("select count(*) from journal where event = 'tried'"), "2");
}

#[test]
fn the_page_needs_no_scripts() {
    let trial = scene::trial();
    let page = Chromium::at(&trial.desk);
    page.reader("Asia/Tokyo", "en-GB");
    page.scripts(false);
    page.open(&trial.his);
    let plain = page.text("article time");
    assert!(plain.ends_with(" UTC"), "{plain}");
    page.fill("#say", "I see it, too.");
    page.click("button[value=say]");
    page.wait_to_read("[role=status]", "Thank you");
    assert_eq!(trial.desk.sql("select own_text from messages order by id desc limit 1"), "I see it, too.");
    page.click("button[value=leave]");
    page.wait_to_read("h1", "You have left");
    assert_eq!(trial.desk.sql("select removed_by from participants where role = 'cc'"), trial.carl.address);
}

#[test]
fn times_are_those_of_the_reader() {
    let trial = scene::trial();
    trial.desk.sql("update messages set created_at = '2026-11-21T20:30:00Z'");
    let page = Chromium::at(&trial.desk);
    page.reader("Asia/Tokyo", "en-GB");
    page.open(&trial.hers);
    page.wait("Tokyo's time", |page| page.text("article time").contains("22"));
    let shown = page.text("article time");
    assert!(shown.contains("22 November 2026") && shown.contains("05:30"), "{shown}");
    assert!(page.attribute("article time", "title").unwrap().contains("20:30 UTC"));
    trial.desk.sql("update people set language = 'de'");
    page.reader("America/New_York", "de-DE");
    page.reload();
    page.wait("New York's time", |page| page.text("article time") == "21. November 2026 um 15:30");
}

#[test]
fn nobody_is_shut_out_in_any_language() {
    let trial = scene::trial();
    let page = Chromium::at(&trial.desk);
    for language in LANGUAGES {
        trial.desk.sql(&format!("update people set language = '{language}'"));
        page.screen(1280, 900);
        page.open(&trial.hers);
        assert_eq!(page.attribute("html", "lang").as_deref(), Some(language));
        page.click(".choice > summary");
        let findings = page.axe();
        assert!(findings.is_empty(), "{language}: {findings:?}");
        page.picture(&format!("customer-{language}"));
        page.screen(320, 700);
        assert!(!page.is_too_wide(), "{language} on a narrow screen");
        page.picture(&format!("customer-{language}-narrow"));
    }
}

#[test]
fn nobody_is_shut_out_at_any_stage() {
    let desk = scene::desk();
    let (anna, carl) = (desk.customer("anna"), desk.customer("carl"));
    let lacks = "Steps to reproduce:\n1. Open the monthly report.\n2. Press Print.\n\nActual result: The printer gives blank pages.\n";
    desk.receives(&Letter::new(&anna.address, &"Very".repeat(60), lacks).with("Cc", &carl.address));
    desk.settled(1);
    let hers = page_of(&anna.wait_for_one());
    let page = Chromium::at(&desk);
    let look = |name: &str, path: &str| {
        page.phone();
        page.open(path);
        assert!(!page.is_too_wide(), "{name}");
        page.is_accessible(name);
        page.picture(&format!("customer-stage-{name}"));
    };
    look("asked", &hers);
    assert!(page.text(".lacking").contains("Expected result"), "{}", page.text("main"));
    desk.set(1, &["--status", "accepted", "--reason", "Seen here."]);
    look("accepted", &hers);
    page.fill("#say", &"long ".repeat(2));
    page.press(keys::TAB);
    desk.set(1, &["--status", "resolved"]);
    desk.settled(1);
    let mails = carl.wait_for("a link", |mails| mails.iter().any(|mail| mail.text().contains("/page/")));
    let mail = mails.iter().rfind(|mail| mail.text().contains("/page/")).unwrap();
    let (his, way_out) = (page_of(mail), scene::way_out(mail));
    look("on-copy", &his);
    page.dark(true);
    page.picture("customer-stage-dark");
    desk.set(1, &["--status", "verified"]);
    desk.set(1, &["--status", "closed"]);
    look("closed", &hers);
    look("gone", "/page/nothing");
    page.complaints();
    look("leave", &way_out);
}

#[test]
fn files_that_are_too_large_are_told_before_they_are_sent() {
    let trial = scene::trial();
    let page = Chromium::at(&trial.desk);
    page.open(&trial.hers);
    let large = trial.desk.folder().join("large.bin");
    fs::write(&large, vec![0; 21 << 20]).unwrap();
    page.choose_file("#say-files", &large);
    page.wait("the word of the browser", |page| {
        let said =
            page.run("return document.querySelector('#say-files').validationMessage", serde_json::json!([]));
        said == "At most 10 files, 20 MB together."
    });
    page.click("button[value=say]");
    assert_eq!(trial.desk.count("messages where kind = 'page'"), 0);
}
