//! Each value in force tells where it comes from, and no secret tells what it is.

use super::*;

/// `key = value (origin)` of the keys that begin so.
fn told(toml: &str, env: &[(&str, &str)], start: &str) -> Vec<String> {
    let settings = good(toml, env);
    let line =
        |it: &KeyValue| format!("{} = {} ({})", it.key, it.value, it.origin.describe(&settings.source));
    settings.key_values().iter().filter(|it| it.key.starts_with(start)).map(line).collect()
}

#[test]
fn a_value_of_the_file_has_its_line_and_others_are_defaults() {
    let told = told(MINIMAL, &[], "site.");
    assert_eq!(
        told[..2],
        [
            "site.name = Example Desk (deskgate.toml:2)",
            "site.base_url = http://127.0.0.1:8080 (deskgate.toml:3)"
        ]
    );
    assert!(told.contains(&"site.reference = DG (default)".to_owned()), "{told:?}");
}

#[test]
fn keys_of_an_inline_table_have_the_line_they_stand_in() {
    let told = told(MINIMAL, &[], "mailbox[0].imap.");
    assert!(told.contains(&"mailbox[0].imap.host = 127.0.0.1 (deskgate.toml:7)".to_owned()), "{told:?}");
    assert!(told.contains(&"mailbox[0].imap.idle = true (default)".to_owned()), "{told:?}");
}

#[test]
fn a_variable_is_named_also_where_it_beats_the_file() {
    let env = [("DESKGATE__SITE__NAME", "Other"), ("DESKGATE__MAILBOX__SUPPORT__REPLY_TAG", "false")];
    assert_eq!(
        told(MINIMAL, &env, "site.name"),
        ["site.name = Other (environment variable DESKGATE__SITE__NAME)"]
    );
    assert_eq!(
        told(MINIMAL, &env, "mailbox[0].reply_tag"),
        ["mailbox[0].reply_tag = false (environment variable DESKGATE__MAILBOX__SUPPORT__REPLY_TAG)"]
    );
}

#[test]
fn of_a_secret_is_told_that_it_is_set_and_where() {
    assert_eq!(
        told(MINIMAL, &[], "mailbox[0].imap.password"),
        ["mailbox[0].imap.password = set (not shown) (deskgate.toml:7)"]
    );
    let by_name = MINIMAL.replace("password = \"secret\"", "password_env = \"IMAP_PASSWORD\"");
    assert_eq!(
        told(&by_name, &[("IMAP_PASSWORD", "hunter2")], "mailbox[0].imap.password"),
        ["mailbox[0].imap.password_env = IMAP_PASSWORD (deskgate.toml:7)"]
    );
    let env = [("DESKGATE__DATABASE__URL", "postgres://me:hunter2@db/x")];
    assert_eq!(
        told(MINIMAL, &env, "database.url"),
        ["database.url = set (not shown) (environment variable DESKGATE__DATABASE__URL)"]
    );
}

#[test]
fn a_key_knows_its_table_and_its_name() {
    let settings = good(MINIMAL, &[]);
    let port = settings.key_values().iter().find(|it| it.key == "mailbox[0].imap.port").unwrap();
    assert_eq!((port.table(), port.name()), ("mailbox[0].imap", "port"));
}
