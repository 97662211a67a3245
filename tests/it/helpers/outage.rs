//! Servers of a post office that end, and come back.

use std::{
    fs,
    net::TcpStream,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Command, ExitStatus, Stdio},
};

use super::{PostOffice, wait_for};

/// How a server ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// It is asked to (SIGTERM).
    Asked,
    /// It and all its processes are killed (SIGKILL).
    Killed,
}

impl PostOffice {
    /// Ends Postfix at once, and what it is at work on with it.
    pub fn stop_postfix(&self, how: End) {
        end_group(&self.dir.join("postfix/master.pid"), how);
        wait_for("the end of Postfix", || {
            TcpStream::connect(("127.0.0.1", self.smtp)).is_err().then_some(())
        });
    }

    /// Starts it again, with more settings when there are some.
    pub fn start_postfix(&self, settings: &str) {
        let conf = self.dir.join("postfix/main.cf");
        let more = fs::read_to_string(&conf).unwrap() + settings;
        fs::write(&conf, more).unwrap();
        let dir = self.dir.to_string_lossy();
        // What was killed leaves its lock to the system for a moment.
        wait_for("Postfix", || {
            let script = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/post-office.sh");
            let _ = as_root("/bin/bash", &[script, "postfix-as-root", &dir]);
            TcpStream::connect(("127.0.0.1", self.smtp)).ok()
        });
    }

    /// Ends Dovecot without a word to its clients.
    pub fn kill_dovecot(&self) {
        let pid = self.dir.join("dovecot/run/master.pid");
        end_group(&pid, End::Killed);
        wait_for("the end of Dovecot", || {
            TcpStream::connect(("127.0.0.1", self.imap)).is_err().then_some(())
        });
        let _ = fs::remove_file(pid);
    }

    /// How many mails Postfix has taken and not yet delivered; one that moves meanwhile may count twice.
    pub fn queued(&self) -> usize {
        let spool = self.dir.join("postfix/spool");
        // In this order none is missed: one that was put off may be taken up again, but not at once.
        ["deferred", "maildrop", "incoming", "active", "deferred"]
            .iter()
            .map(|queue| count(&spool.join(queue)))
            .sum()
    }
}

/// Sends a signal to a server and the processes it started.
fn end_group(pid_file: &Path, how: End) {
    let pid = fs::read_to_string(pid_file).expect("it runs");
    let signal = if how == End::Killed { "-KILL" } else { "-TERM" };
    let _ = as_root("kill", &[signal, "--", &format!("-{}", pid.trim())]);
}

/// Runs a program as root, by sudo where that is needed.
pub fn as_root(program: &str, words: &[&str]) -> ExitStatus {
    let mut command = match nix::unistd::geteuid().is_root() {
        true => Command::new(program),
        false => Command::new("sudo"),
    };
    if !nix::unistd::geteuid().is_root() {
        command.arg(program);
    }
    command.args(words).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().unwrap()
}

/// The whole mails below a folder. Postfix makes a file executable when it has taken the mail; one
/// that is not was left behind by a process that was killed before.
fn count(folder: &Path) -> usize {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let whole =
        |entry: &fs::DirEntry| entry.metadata().is_ok_and(|file| file.permissions().mode() & 0o100 != 0);
    entries
        .map(|entry| if entry.path().is_dir() { count(&entry.path()) } else { usize::from(whole(&entry)) })
        .sum()
}
