//! A PostgreSQL that can be stopped, killed and filled up.

use std::{
    fs,
    net::TcpStream,
    path::PathBuf,
    process::{Command, Stdio},
    sync::atomic::{AtomicUsize, Ordering},
};

use crate::helpers::{
    program::{migrate, signal},
    servers::{self, Script, server_folder, sql},
    wait_for,
};

/// Its whole file system; a run needs a tenth of it.
const DISK: &str = "300m";
/// A commit is one when we say so, also for a server that is killed right after. Small pieces of
/// write-ahead log make a full disk felt there too.
const SETTINGS: [&str; 8] = [
    "-c",
    "synchronous_commit=on",
    "-c",
    "max_wal_size=64MB",
    "-c",
    "restart_after_crash=on",
    "-c",
    "log_min_messages=fatal",
];

/// How PostgreSQL ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// `pg_ctl stop -m fast`.
    Fast,
    /// `pg_ctl stop -m immediate`.
    Immediate,
    /// `kill -9` of its first process.
    Killed,
    /// `kill -9` of one that serves the desk: the others end too, and it recovers by itself.
    Backend,
}

/// A cluster of its own, on a file system of limited size where one may be mounted.
pub struct Cluster {
    /// Where it listens.
    pub port: u16,
    /// Its disk can be filled.
    pub limited: bool,
    dir: PathBuf,
    url: String,
    next: AtomicUsize,
    _script: Script,
}

impl Cluster {
    /// Starts it, with a migrated database to copy.
    pub fn start() -> Cluster {
        let dir = server_folder("faults");
        let words = [&["--disk", DISK], &SETTINGS[..]].concat();
        let (_script, url) = Script::run_with("test-postgres.sh", &[], &dir, &words);
        let port =
            url.rsplit(['/', ':']).nth(1).and_then(|port| port.parse().ok()).expect("a URL with a port");
        let mounts = fs::read_to_string("/proc/mounts").unwrap_or_default();
        let limited = mounts.contains(&*dir.to_string_lossy());
        let cluster = Cluster { port, limited, dir, url, next: AtomicUsize::new(1), _script };
        sql(&cluster.url, "create database migrated");
        migrate(&cluster.url("migrated", port));
        cluster
    }

    /// The name of a new database with all migrations.
    pub fn fresh_database(&self) -> String {
        let name = format!("run_{}", self.next.fetch_add(1, Ordering::Relaxed));
        sql(&self.url, &format!("create database {name} template migrated"));
        name
    }

    /// The URL of a database, by the way of a port.
    pub fn url(&self, database: &str, port: u16) -> String {
        format!("postgres://postgres@127.0.0.1:{port}/{database}")
    }

    /// Ends the server, and waits until it is gone. After [`Stop::Backend`] it stays.
    pub fn stop(&self, how: Stop) {
        let Some(server) = self.server() else { return };
        match how {
            Stop::Fast => signal("INT", server),
            Stop::Immediate => signal("QUIT", server),
            Stop::Killed => signal("KILL", server),
            Stop::Backend => return self.kill_backend(),
        }
        wait_for("the end of PostgreSQL", || (!self.lives(server)).then_some(()));
    }

    fn kill_backend(&self) {
        let busy = "select pid from pg_stat_activity where application_name = 'deskgate' order by state_change desc limit 1";
        if let Ok(pid) = sql(&self.url, busy).parse() {
            let _ = std::panic::catch_unwind(|| signal("KILL", pid));
        }
    }

    /// Starts the server again, unless it runs.
    pub fn start_again(&self) {
        wait_for("PostgreSQL", || {
            if self.server().is_none_or(|server| !self.lives(server)) {
                let script = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/test-postgres.sh");
                let mut command = Command::new("bash");
                command.args([script, "start"]).arg(&self.dir);
                command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
                let _ = command.status();
            }
            self.answers().then_some(())
        });
    }

    /// Whether it takes a connection and a statement.
    fn answers(&self) -> bool {
        let mut command = Command::new("psql");
        command.args([&*self.url, "-XAtq", "-c", "select 1"]).stdout(Stdio::null()).stderr(Stdio::null());
        TcpStream::connect(("127.0.0.1", self.port)).is_ok()
            && command.status().is_ok_and(|end| end.success())
    }

    /// Leaves so many bytes on its disk. The server writes meanwhile, so it may take a few tries.
    pub fn fill(&self, leave: u64) {
        let ballast = self.dir.join("ballast");
        for _ in 0..20 {
            let mut command = Command::new("fallocate");
            command.args(["-l", &self.free().saturating_sub(leave).max(1).to_string()]).arg(&ballast);
            if command.stderr(Stdio::null()).status().is_ok_and(|end| end.success()) {
                return;
            }
        }
    }

    fn free(&self) -> u64 {
        let free = Command::new("df").args(["--output=avail", "-B1"]).arg(&self.dir).output().unwrap();
        let free = String::from_utf8_lossy(&free.stdout);
        free.lines().last().and_then(|line| line.trim().parse().ok()).unwrap_or(0)
    }

    /// Gives the disk free again, and starts the server where it gave up.
    pub fn empty(&self) {
        let _ = fs::remove_file(self.dir.join("ballast"));
        self.start_again();
    }

    /// What it logged last.
    pub fn log(&self) -> String {
        let log = fs::read_to_string(self.dir.join("server.log")).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }

    fn server(&self) -> Option<u32> {
        fs::read_to_string(self.dir.join("server.pid")).ok()?.trim().parse().ok()
    }

    /// A dead process that nobody has waited for yet (state Z) is dead.
    fn lives(&self, process: u32) -> bool {
        let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
        status.lines().any(|line| line.starts_with("State:") && !line.contains(['Z', 'X']))
    }
}

/// Rows of a database, or nothing while it is away.
pub struct Peek {
    url: String,
    runtime: tokio::runtime::Runtime,
    client: Option<tokio_postgres::Client>,
}

impl Peek {
    /// Looks into a database, past the wires.
    pub fn into(url: &str) -> Peek {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        Peek { url: url.to_owned(), runtime, client: None }
    }

    /// The first number that a statement gives.
    pub fn count(&mut self, statement: &str) -> Option<i64> {
        if self.client.as_ref().is_none_or(tokio_postgres::Client::is_closed) {
            self.client = self.runtime.block_on(connect(&self.url));
        }
        let client = self.client.as_ref()?;
        let row = self.runtime.block_on(client.query_one(statement, &[])).ok()?;
        row.try_get(0).ok()
    }
}

async fn connect(url: &str) -> Option<tokio_postgres::Client> {
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.ok()?;
    tokio::spawn(connection);
    Some(client)
}

/// Rows of a database that is there, columns with `|` between them.
pub fn rows(url: &str, statement: &str) -> Vec<String> {
    servers::sql(url, statement).lines().map(str::to_owned).collect()
}
