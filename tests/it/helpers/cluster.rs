//! A PostgreSQL of one's own, to be stopped, killed, followed and promoted, and a pgbouncer.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use super::{
    program,
    servers::{Script, server_folder, sql},
};

/// A PostgreSQL cluster of one test.
pub struct Cluster {
    /// The URL of the database that is there from the beginning.
    pub url: String,
    dir: PathBuf,
    _script: Script,
}

impl Cluster {
    /// A new one. A commit is one as soon as the server, and its standby where there is one, has it.
    pub fn start() -> Cluster {
        Cluster::run(&["-c", "synchronous_commit=on"])
    }

    fn run(words: &[&str]) -> Cluster {
        let dir = server_folder("cluster");
        let (_script, url) = Script::run_with("test-postgres.sh", &[], &dir, words);
        Cluster { url, dir, _script }
    }

    /// A copy that follows this one.
    pub fn standby(&self) -> Cluster {
        Cluster::run(&["--standby-of", &self.port(), "-c", "synchronous_commit=on"])
    }

    /// The port, in digits.
    pub fn port(&self) -> String {
        let (_, rest) = self.url.rsplit_once(':').expect("the script prints a URL with a port");
        rest.split('/').next().expect("there is a first part").to_owned()
    }

    /// The URL of a new migrated database.
    pub fn database(&self, name: &str) -> String {
        sql(&self.url, &format!("create database {name}"));
        let url = self.url_of(name);
        program::migrate(&url);
        url
    }

    /// The URL of a database of this name, here or on the copy that this is.
    pub fn url_of(&self, name: &str) -> String {
        format!("{}/{name}", self.url.rsplit_once('/').expect("a URL with a database").0)
    }

    /// Waits for what is under way, then stops.
    pub fn stop(&self) {
        order("test-postgres.sh", "stop", &self.dir);
    }

    /// Kills it with all its children.
    pub fn kill(&self) {
        order("test-postgres.sh", "kill", &self.dir);
    }

    /// Starts it again on the same port.
    pub fn start_again(&self) {
        order("test-postgres.sh", "start", &self.dir);
    }

    /// Makes a standby the primary.
    pub fn promote(&self) {
        assert_eq!(sql(&self.url, "select pg_promote()"), "t");
    }
}

/// A pgbouncer of one test.
pub struct Bouncer {
    /// Where clients connect.
    pub port: u16,
    dir: PathBuf,
    _script: Script,
}

impl Bouncer {
    /// One before a PostgreSQL, in a mode such as `session`.
    pub fn before(server_port: &str, mode: &str) -> Bouncer {
        let dir = server_folder("pgbouncer");
        let (_script, port) = Script::run_with("test-pgbouncer.sh", &[], &dir, &[server_port, mode]);
        Bouncer { port: port.parse().expect("the script prints a port"), dir, _script }
    }

    /// Stops at once and starts again on the same port.
    pub fn restart(&self) {
        order("test-pgbouncer.sh", "stop", &self.dir);
        order("test-pgbouncer.sh", "start", &self.dir);
    }
}

/// Runs a script on what another run of it serves from a folder.
fn order(script: &str, word: &str, dir: &Path) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts").join(script);
    let mut command = Command::new("bash");
    command.arg(&script).arg(word).arg(dir).stdin(Stdio::null()).stdout(Stdio::null());
    // A server that it leaves behind keeps none of our pipes.
    let said = dir.join("said");
    let said_file = fs::File::create(&said).unwrap();
    let status = command.stderr(said_file).status().unwrap();
    let said = fs::read_to_string(&said).unwrap_or_default();
    assert!(status.success(), "{} {word}: {said}", script.display());
}
