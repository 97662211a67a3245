//! The processes under test, which share a configuration and a database.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{self, Child, Stdio},
    time::Duration,
};

use tempfile::TempDir;

use crate::{
    helpers::{
        program::{Ran, program, run_program, signal},
        servers, wait_for,
    },
    site::Site,
};

/// Most automatic mails in an hour to one customer; a whole run writes twice as many from one address.
pub const CAP: usize = 6;
/// Mails above this size are taken by their headers alone.
pub const MAIL_BYTES: usize = 64 << 10;
/// Connections to the mail server at a time, for each mailbox and process.
pub const CONNECTIONS: usize = 2;

/// What one says when it has started.
const WORKS: &str = " runs fetch";

/// The program as a command.
pub struct Command(PathBuf);

impl Command {
    /// Runs it with these words.
    pub fn run(&self, words: &[&str]) -> Ran {
        run_program(&[&["--config", &*self.0.to_string_lossy()], words].concat(), &[], b"")
    }
}

/// One or two desks.
pub struct Nodes {
    dir: TempDir,
    list: Vec<Node>,
}

struct Node {
    web: u16,
    child: Option<Child>,
    /// Where its log ended when it was last started.
    log_start: usize,
}

impl Nodes {
    /// So many processes, none of which runs yet.
    pub fn new(site: &Site, database_url: &str, boxes: &[String; 2], agent: &str, count: usize) -> Nodes {
        let dir = tempfile::tempdir().unwrap();
        let node = || Node { web: servers::free_port(), child: None, log_start: 0 };
        fs::write(
            dir.path().join("deskgate.toml"),
            configuration(site, dir.path(), database_url, boxes, agent),
        )
        .unwrap();
        Nodes { dir, list: (0..count).map(|_| node()).collect() }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.list.len()
    }

    /// How many run.
    pub fn running(&self) -> usize {
        self.list.iter().filter(|node| node.child.is_some()).count()
    }

    /// This one, or another when it does not run.
    pub fn one_that_runs(&self, number: usize) -> usize {
        let runs = |number: &usize| self.list[*number].child.is_some();
        Some(number).filter(runs).or_else(|| (0..self.list.len()).find(runs)).unwrap_or(number)
    }

    /// Starts those that do not run. They die with the test.
    pub fn start(&mut self) {
        for number in 0..self.list.len() {
            if self.list[number].child.is_none() {
                self.list[number].log_start = fs::read(self.log_file(number)).map_or(0, |log| log.len());
                self.list[number].child = Some(self.spawn(number));
            }
        }
    }

    fn spawn(&self, number: usize) -> Child {
        let log = fs::File::options().create(true).append(true).open(self.log_file(number)).unwrap();
        let mut command = process::Command::new("setpriv");
        command.args(["--pdeathsig", "KILL", "--", program(), "--config"]).arg(self.config_file()).arg("run");
        command.env("DESKGATE__WEB__LISTEN", format!("127.0.0.1:{}", self.list[number].web));
        command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
        command.spawn().expect("setpriv is there")
    }

    /// The process number of one, when it runs.
    pub fn process(&self, number: usize) -> Option<u32> {
        self.list[number].child.as_ref().map(Child::id)
    }

    /// Ends one without warning (SIGKILL).
    pub fn kill(&mut self, number: usize) {
        if let Some(mut child) = self.list[number].child.take() {
            let _ = child.kill();
            child.wait().unwrap();
        }
    }

    /// Asks one to stop (SIGTERM), and waits. Whether it ended in good order.
    pub fn stop(&mut self, number: usize) -> bool {
        let Some(mut child) = self.list[number].child.take() else { return true };
        if child.try_wait().unwrap().is_none() {
            signal("TERM", child.id());
        }
        wait_for("the end of deskgate after SIGTERM", || child.try_wait().unwrap()).success()
    }

    /// Whether one that was asked to stop gave up before all that it had sent was recorded.
    pub fn gave_up(&self, number: usize) -> bool {
        self.log_since_start(number).contains("did not reach a safe point")
    }

    /// Whether one of those that run has started to work.
    pub fn one_works(&self) -> bool {
        let works =
            |number: usize| self.list[number].child.is_some() && self.log_since_start(number).contains(WORKS);
        (0..self.list.len()).any(works)
    }

    fn log_since_start(&self, number: usize) -> String {
        let log = fs::read(self.log_file(number)).unwrap_or_default();
        String::from_utf8_lossy(&log[self.list[number].log_start..]).into_owned()
    }

    /// Those that ended by themselves though they had started: a desk outlasts its servers. One that
    /// cannot start without them gives up, and is started again.
    pub fn ended(&mut self) -> Vec<String> {
        let mut wrong = Vec::new();
        for number in 0..self.list.len() {
            let Some(child) = &mut self.list[number].child else { continue };
            let Some(status) = child.try_wait().unwrap() else { continue };
            self.list[number].child = None;
            let since = self.log_since_start(number);
            if since.contains(WORKS) {
                wrong.push(format!("{status}: {}", since.lines().last().unwrap_or_default()));
            }
        }
        wrong
    }

    /// Waits until every process says that it is well.
    pub fn wait_for_health(&self, patience: Duration) -> Result<(), String> {
        let end = std::time::Instant::now() + patience;
        for Node { web, .. } in &self.list {
            loop {
                let answer = servers::http_get(*web, "/healthz");
                if matches!(answer, Ok((200, _))) {
                    break;
                }
                if std::time::Instant::now() > end {
                    return Err(format!("/healthz after all is over: {answer:?}"));
                }
                std::thread::sleep(Duration::from_millis(100));
            }
        }
        Ok(())
    }

    /// A command with the same configuration.
    pub fn command(&self) -> Command {
        Command(self.config_file())
    }

    /// Keeps its folder, with the logs, and says where.
    pub fn keep(&mut self) -> String {
        self.dir.disable_cleanup(true);
        self.dir.path().display().to_string()
    }

    fn log_file(&self, number: usize) -> PathBuf {
        self.dir.path().join(format!("{number}.log"))
    }

    fn config_file(&self) -> PathBuf {
        self.dir.path().join("deskgate.toml")
    }
}

impl Drop for Nodes {
    fn drop(&mut self) {
        for number in 0..self.list.len() {
            self.kill(number);
        }
    }
}

fn configuration(site: &Site, dir: &Path, database_url: &str, boxes: &[String; 2], agent: &str) -> String {
    let mailbox = |name: &str, address: &str| {
        format!(
            r#"
[[mailbox]]
name = "{name}"
address = "{address}"
authserv_id = "mx.desk.test"
imap = {{ host = "127.0.0.1", port = {imap}, tls = "none", user = "{address}", password = "secret", poll = "2s", timeout = "3s" }}
smtp = {{ host = "127.0.0.1", port = {smtp}, tls = "none", connections = {CONNECTIONS}, timeout = "3s" }}
"#,
            imap = site.imap.port,
            smtp = site.smtp.port,
        )
    };
    format!(
        r#"[site]
name = "Example Desk"
base_url = "http://127.0.0.1:8080"
secret_file = "{dir}/deskgate.secret"

[database]
url = "{database_url}"
{support}{sales}
[[staff]]
name = "Support Agent"
email = "{agent}"
role = "agent"

[limits]
mail_bytes = {MAIL_BYTES}
automatic_per_recipient_hour = {CAP}
automatic_per_ticket_hour = 1000
notices_per_hour = 100000
"#,
        dir = dir.display(),
        support = mailbox("support", &boxes[0]),
        sales = mailbox("sales", &boxes[1]),
    )
}
