//! The program as a command: words in, exit code and words out.

use std::{
    fs,
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

/// How a command ended.
#[derive(Debug)]
pub struct Ran {
    /// The exit code; `None` when a signal ended it.
    pub code: Option<i32>,
    /// What it printed.
    pub stdout: String,
    /// What it said beside that.
    pub stderr: String,
}

/// Runs `deskgate migrate` on a database.
pub fn migrate(database_url: &str) {
    let dir = tempfile::tempdir().unwrap();
    let config = dir.path().join("deskgate.toml");
    fs::write(&config, SMALLEST).unwrap();
    let ran = run_program(
        &["--config", &config.to_string_lossy(), "migrate"],
        &[("DESKGATE__DATABASE__URL", database_url)],
        b"",
    );
    assert_eq!(ran.code, Some(0), "deskgate migrate: {}", ran.stderr);
}

/// The least that is a configuration.
pub const SMALLEST: &str = r#"[site]
name = "Example Desk"
base_url = "http://127.0.0.1:8080"

[[mailbox]]
name = "support"
address = "support@desk.test"
smtp = { host = "127.0.0.1", port = 1, tls = "none" }
"#;

/// Runs the program with these words and variables, and something on standard input.
pub fn run_program(words: &[&str], variables: &[(&str, &str)], input: &[u8]) -> Ran {
    let mut command = Command::new(program());
    command.args(words).envs(variables.iter().copied());
    finished(command, input)
}

/// Runs the program in a folder.
pub fn run_program_in(folder: &Path, words: &[&str], input: &[u8]) -> Ran {
    let mut command = Command::new(program());
    command.current_dir(folder).args(words);
    finished(command, input)
}

fn finished(mut command: Command, input: &[u8]) -> Ran {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // A program that never reads its input closes it; that is no fault.
    let _ = child.stdin.take().expect("it is piped").write_all(input);
    let out = child.wait_with_output().unwrap();
    Ran {
        code: out.status.code(),
        stdout: String::from_utf8_lossy(&out.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&out.stderr).into_owned(),
    }
}

/// The program under test.
pub fn program() -> &'static str {
    env!("CARGO_BIN_EXE_deskgate")
}

/// Sends a signal to a process of ours, by the shell, which every system has.
pub fn signal(name: &str, process: u32) {
    let status = Command::new("sh").args(["-c", &format!("kill -{name} {process}")]).status().unwrap();
    assert!(status.success(), "no signal {name} for process {process}");
}
