//! Without a URL there is a private PostgreSQL, for as long as somebody uses it.

use std::{fs, path::Path, thread};

use tempfile::TempDir;

use crate::helpers::{
    program::{Ran, SMALLEST},
    run_program,
};

/// A configuration that names no database.
fn folder() -> TempDir {
    let dir = tempfile::Builder::new().prefix("dg-private-").tempdir().unwrap();
    // PostgreSQL runs as a user of its own where the tests run as root.
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
    fs::write(dir.path().join("deskgate.toml"), format!("{SMALLEST}\n[database]\ndata_dir = \"db\"\n"))
        .unwrap();
    dir
}

fn deskgate(dir: &Path, words: &[&str], input: &[u8]) -> Ran {
    let config = dir.join("deskgate.toml");
    run_program(&[&["--config", config.to_str().unwrap()], words].concat(), &[], input)
}

fn is_up(dir: &Path) -> bool {
    dir.join("db/cluster/postmaster.pid").exists()
}

#[test]
fn a_command_makes_starts_and_stops_the_cluster_and_the_next_finds_the_data() {
    let dir = folder();
    let ran = deskgate(dir.path(), &["migrate"], b"");
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(ran.stdout.contains("Ran migration"), "{}", ran.stdout);
    assert!(dir.path().join("db/cluster/PG_VERSION").exists());
    assert!(!is_up(dir.path()), "who leaves last stops it");

    let ran =
        deskgate(dir.path(), &["ingest"], b"From: anna@customer.test\r\nSubject: kept\r\n\r\nHello\r\n");
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let ran = deskgate(dir.path(), &["ticket", "list"], b"");
    assert!(ran.stdout.contains("kept"), "{}{}", ran.stdout, ran.stderr);
    assert!(!is_up(dir.path()));
}

#[test]
fn two_commands_at_once_share_it() {
    let dir = folder();
    thread::scope(|scope| {
        let mail = |number| {
            format!("From: anna@customer.test\r\nSubject: number {number}\r\n\r\nHello {number}\r\n")
        };
        let dir = dir.path();
        let runs: Vec<_> = (1..=3)
            .map(|number| scope.spawn(move || deskgate(dir, &["ingest"], mail(number).as_bytes())))
            .collect();
        for run in runs {
            let ran = run.join().unwrap();
            assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        }
    });
    assert!(!is_up(dir.path()), "who leaves last stops it");
    let list = deskgate(dir.path(), &["ticket", "list", "--json"], b"");
    let list: serde_json::Value = serde_json::from_str(&list.stdout).unwrap();
    assert_eq!(list.as_array().unwrap().len(), 3);
}
