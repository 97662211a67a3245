//! The configuration, as the program tells about it.

use crate::helpers::{Desk, program::SMALLEST, run_program};

#[test]
fn init_writes_a_sample_once_and_never_over_another_file() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("deskgate.toml");
    let path = path.to_str().unwrap();
    let ran = run_program(&["--config", path, "init"], &[], b"");
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(ran.stdout.contains("deskgate check"), "{}", ran.stdout);
    let sample = std::fs::read_to_string(path).unwrap();
    assert!(sample.contains("[[mailbox]]") && sample.contains("#authserv_id"));
    use std::os::unix::fs::PermissionsExt;
    assert_eq!(
        std::fs::metadata(path).unwrap().permissions().mode() & 0o777,
        0o600,
        "it will hold passwords"
    );

    std::fs::write(path, "mine").unwrap();
    let ran = run_program(&["--config", path, "init"], &[], b"");
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.contains("move an old one away"), "{}", ran.stderr);
    assert_eq!(std::fs::read_to_string(path).unwrap(), "mine");
}

#[test]
fn the_sample_is_a_configuration() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("deskgate.toml");
    let path = path.to_str().unwrap();
    run_program(&["--config", path, "init"], &[], b"");
    let ran = run_program(
        &["--config", path, "check"],
        &[("DESKGATE__DATABASE__URL", "postgres://127.0.0.1:1/none")],
        b"",
    );
    assert!(ran.stdout.starts_with("ok    configuration"), "{}{}", ran.stdout, ran.stderr);
}

#[test]
fn a_mistyped_key_is_told_with_its_line_and_the_nearest_known_one() {
    let desk = Desk::prepare().configured("reply_tag", "replytag");
    for words in [&["ticket", "list"][..], &["run"], &["migrate"], &["inbox", "list"]] {
        let ran = desk.cli(words);
        assert_eq!(ran.code, Some(1), "{words:?}");
        assert!(ran.stderr.contains("did you mean `reply_tag`"), "{}", ran.stderr);
        assert!(ran.stderr.contains("deskgate.toml:13"), "{}", ran.stderr);
    }
}

#[test]
fn a_variable_beats_the_file_and_a_wrong_one_is_named() {
    let desk = Desk::prepare();
    let ran = desk.cli_with_variables(&["ticket", "list"], &[("DESKGATE__LIMITS__WORKERS", "many")]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.contains("DESKGATE__LIMITS__WORKERS"), "{}", ran.stderr);
    let ran = desk.cli_with_variables(&["ticket", "list"], &[("DESKGATE__LIMIT__WORKERS", "2")]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.contains("limits"), "{}", ran.stderr);
    let ran = desk.cli_with_variables(&["check"], &[("DESKGATE__MAILBOX__SUPPORT__IMAP__PASSWORD", "wrong")]);
    assert!(ran.stdout.contains("FAIL  support: imap"), "{}", ran.stdout);
}

#[test]
fn without_any_configuration_the_way_to_one_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let missing = dir.path().join("none.toml");
    let ran = run_program(&["--config", missing.to_str().unwrap(), "ticket", "list"], &[], b"");
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.contains("none.toml") && ran.stderr.contains("deskgate init"), "{}", ran.stderr);
}

#[test]
fn arguments_that_make_no_sense_end_with_2() {
    let dir = tempfile::tempdir().unwrap();
    let config = dir.path().join("deskgate.toml");
    std::fs::write(&config, SMALLEST).unwrap();
    let config = config.to_str().unwrap();
    for words in [
        &["tikcet", "list"][..],
        &["ticket", "set", "one"],
        &["ticket", "list", "--severity", "high"],
        &["run", "--role", "eat"],
    ] {
        let ran = run_program(&[&["--config", config], words].concat(), &[], b"");
        assert_eq!(ran.code, Some(2), "{words:?}: {}", ran.stderr);
    }
    // What statuses there are, the configuration says.
    let ran = run_program(&["--config", config, "ticket", "list", "--status", "open"], &[], b"");
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.contains("there is no status `open`; there are new, accepted,"), "{}", ran.stderr);
}

#[test]
fn the_secret_is_made_once_for_its_owner_alone() {
    let desk = Desk::prepare();
    let secret = desk.folder().join("deskgate.secret");
    assert!(!secret.exists());
    desk.cli(&["ticket", "list"]);
    let first = std::fs::read(&secret).unwrap();
    assert!(first.len() >= 32);
    use std::os::unix::fs::PermissionsExt;
    assert_eq!(std::fs::metadata(&secret).unwrap().permissions().mode() & 0o777, 0o600);
    desk.cli(&["ticket", "list"]);
    assert_eq!(std::fs::read(&secret).unwrap(), first);
}

#[test]
fn config_show_says_what_is_in_force_and_where_it_comes_from() {
    let desk = Desk::prepare();
    let shown = desk.cli_with_variables(&["config", "show", "limits"], &[("DESKGATE__LIMITS__WORKERS", "3")]);
    assert_eq!(shown.code, Some(0), "{}", shown.stderr);
    let workers = shown.stdout.lines().find(|line| line.starts_with("limits.workers")).unwrap();
    assert!(
        workers.contains(" 3 ") && workers.ends_with("environment variable DESKGATE__LIMITS__WORKERS"),
        "{workers}"
    );
    assert!(shown.stdout.lines().any(|line| line.ends_with("  default")), "{}", shown.stdout);

    let all = desk.json(&["config", "show", "--json"]);
    let of = |key: &str| all.as_array().unwrap().iter().find(|it| it["key"] == key).unwrap().clone();
    assert!(of("site.name")["from"].as_str().unwrap().ends_with("deskgate.toml:2"), "{}", of("site.name"));
    assert_eq!(of("mailbox[0].imap.password")["value"], "set (not shown)");
    assert_eq!(desk.cli(&["config", "show", "nosuch"]).stdout, "No key begins with `nosuch`.\n");
}
