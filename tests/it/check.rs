//! `deskgate check`: every part in one line.

use crate::helpers::{Desk, servers::free_port};

fn lines(desk: &Desk) -> (Option<i32>, Vec<String>, String) {
    let ran = desk.cli(&["check"]);
    (ran.code, ran.stdout.lines().map(str::to_owned).collect(), ran.stderr)
}

fn line<'a>(lines: &'a [String], part: &str) -> &'a str {
    let found = lines.iter().find(|line| line.get(6..).is_some_and(|rest| rest.starts_with(part)));
    found.unwrap_or_else(|| panic!("no line about {part}: {lines:#?}"))
}

#[test]
fn a_desk_in_order_has_a_good_line_for_every_part() {
    let desk = Desk::prepare();
    let (code, lines, _) = lines(&desk);
    assert_eq!(code, Some(0), "{lines:#?}");
    for part in [
        "configuration",
        "secret",
        "templates",
        "database",
        "similar tickets",
        "support: imap",
        "support: smtp",
    ] {
        assert!(line(&lines, part).starts_with("ok    "), "{lines:#?}");
    }
    assert!(line(&lines, "on call").starts_with("note  on call: [oncall] chain is empty"), "{lines:#?}");
    assert_eq!(lines.len(), 8, "{lines:#?}");
    assert!(line(&lines, "support: imap").contains("Dovecot"), "{lines:#?}");
    assert_eq!(desk.count("mailboxes"), 0, "checking changes nothing");
}

#[test]
fn a_wrong_password_is_one_bad_line_and_shows_no_secret() {
    let desk = Desk::prepare().configured("password = \"secret\"", "password = \"hunter2hunter2\"");
    let (code, lines, stderr) = lines(&desk);
    assert_eq!(code, Some(1));
    assert!(line(&lines, "support: imap").starts_with("FAIL  support: imap: login-refused: "), "{lines:#?}");
    assert!(line(&lines, "support: smtp").starts_with("ok    "), "the others are told, too: {lines:#?}");
    assert!(!format!("{lines:?}{stderr}").contains("hunter2"));
}

#[test]
fn servers_that_are_not_there_are_named() {
    let desk = Desk::prepare();
    let (imap, smtp, database) = (free_port(), free_port(), free_port());
    let ports = [
        ("DESKGATE__MAILBOX__SUPPORT__IMAP__PORT", imap.to_string()),
        ("DESKGATE__MAILBOX__SUPPORT__SMTP__PORT", smtp.to_string()),
        ("DESKGATE__DATABASE__URL", format!("postgres://nobody:hunter2@127.0.0.1:{database}/nothing")),
    ];
    let ports: Vec<(&str, &str)> = ports.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let ran = desk.cli_with_variables(&["check"], &ports);
    let lines: Vec<String> = ran.stdout.lines().map(str::to_owned).collect();
    assert_eq!(ran.code, Some(1));
    assert!(line(&lines, "support: imap").contains(&imap.to_string()), "{lines:#?}");
    assert!(line(&lines, "support: smtp").contains(&smtp.to_string()), "{lines:#?}");
    assert!(line(&lines, "database").starts_with("FAIL  "), "{lines:#?}");
    assert!(!format!("{lines:?}{}", ran.stderr).contains("hunter2"), "{lines:#?}");
    assert_eq!(lines.len(), 7, "one line each: {lines:#?}");
}

#[test]
fn a_desk_that_trusts_no_server_is_told_what_that_means() {
    let desk = Desk::prepare().configured("authserv_id = \"mx.desk.test\"\n", "");
    let (code, lines, _) = lines(&desk);
    assert_eq!(code, Some(0));
    assert!(line(&lines, "support: proof").starts_with("note  "), "{lines:#?}");
}

#[test]
fn a_template_of_the_site_that_does_not_render_is_found() {
    let desk = Desk::prepare();
    let folder = desk.folder().join("templates/mail/acknowledged");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("en.txt.hbs"), "Hello {{#if}} {{nothing.like.this").unwrap();
    std::fs::write(desk.folder().join("templates/mail/acknowledged.txt.hbs"), "Hello {{#if}} {{nothing")
        .unwrap();
    let templates = desk.folder().join("templates");
    let desk = desk.configured("[site]\n", &format!("[site]\ntemplates = \"{}\"\n", templates.display()));
    let (code, lines, _) = lines(&desk);
    assert_eq!(code, Some(1), "{lines:#?}");
    assert!(line(&lines, "templates").starts_with("FAIL  "), "{lines:#?}");
}
