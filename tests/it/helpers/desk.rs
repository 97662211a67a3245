//! The real program, with a configuration, a database and a mailbox of its own.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicUsize, Ordering},
    time::{Duration, Instant},
};

use tempfile::TempDir;

use super::{
    Letter, PATIENCE, PostOffice, Postbox, Postgres,
    program::{Ran, program, run_program, signal},
    servers, wait_for,
};

/// A desk, running or not.
pub struct Desk {
    /// Its support mailbox; nobody else's in this process.
    pub support: Postbox,
    /// The mailbox of its one member of staff.
    pub agent: Postbox,
    /// Its database.
    pub database_url: String,
    /// The port of /healthz and /metrics.
    pub web: u16,
    office: &'static PostOffice,
    number: usize,
    dir: TempDir,
    processes: Vec<Child>,
}

impl Desk {
    /// A desk that runs and is healthy.
    pub fn start() -> Desk {
        let mut desk = Desk::prepare();
        desk.run();
        desk
    }

    /// A desk with its configuration and a migrated database, not running yet.
    pub fn prepare() -> Desk {
        Desk::prepare_at(PostOffice::start())
    }

    /// The same with mailboxes in a post office of one's own.
    pub fn prepare_at(office: &'static PostOffice) -> Desk {
        static NEXT: AtomicUsize = AtomicUsize::new(1);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let desk = Desk {
            support: office.mailbox(&format!("support-{number}@desk.test")),
            agent: office.mailbox(&format!("agent-{number}@desk.test")),
            database_url: Postgres::start().fresh_database(),
            web: servers::free_port(),
            office,
            number,
            dir: tempfile::tempdir().unwrap(),
            processes: Vec::new(),
        };
        fs::write(desk.config_file(), configuration(&desk)).unwrap();
        desk
    }

    /// Lets it use another database; `seen_by_tests` is the URL by which the tests look at it.
    pub fn on(mut self, url: &str, seen_by_tests: &str) -> Desk {
        let first = std::mem::replace(&mut self.database_url, seen_by_tests.to_owned());
        self.configured(&format!("url = \"{first}\""), &format!("url = \"{url}\""))
    }

    /// Changes the configuration of a desk that does not run yet: text for text, once each.
    pub fn configured(self, from: &str, to: &str) -> Desk {
        let config = fs::read_to_string(self.config_file()).unwrap();
        assert!(config.contains(from), "the configuration has no {from:?}:\n{config}");
        fs::write(self.config_file(), config.replacen(from, to, 1)).unwrap();
        self
    }

    /// Adds tables to the configuration, as TOML.
    pub fn with(self, tables: &str) -> Desk {
        let config = fs::read_to_string(self.config_file()).unwrap();
        fs::write(self.config_file(), format!("{config}\n{tables}\n")).unwrap();
        self
    }

    /// A customer's mailbox that only this desk writes to: `anna` is `anna-<n>@customer.test`.
    pub fn customer(&self, name: &str) -> Postbox {
        self.mailbox(name, "customer.test")
    }

    /// A mailbox in another domain that only this desk writes to: `boss-<n>@<domain>`.
    pub fn mailbox(&self, name: &str, domain: &str) -> Postbox {
        self.office.mailbox(&format!("{name}-{}@{domain}", self.number))
    }

    /// The mailbox of an address, whoever else writes to it.
    pub fn plain_mailbox(&self, address: &str) -> Postbox {
        self.office.mailbox(address)
    }

    /// Takes a letter through Postfix, which vouches for the sender's domain: to the address in its To.
    pub fn receives(&self, letter: &Letter) {
        self.office.send(
            &letter.from,
            letter.to.as_deref().unwrap_or(&self.support.address),
            &letter.bytes(),
        );
    }

    /// Takes a letter past Postfix with a verdict of its own about the sender, or none.
    pub fn receives_judged(&self, letter: &Letter, verdict: Option<&str>) {
        let results = verdict.map(|verdict| format!("Authentication-Results: mx.desk.test; {verdict}\r\n"));
        let mail = [results.unwrap_or_default().into_bytes(), letter.bytes()].concat();
        self.office.deliver(&letter.from, letter.to.as_deref().unwrap_or(&self.support.address), &mail);
    }

    /// Waits until so many mails came in, all are processed, and every mail owed for them has left.
    pub fn settled(&self, mails: usize) {
        let wanted = format!("{mails}|0|0");
        let mut last = String::new();
        let end = Instant::now() + 2 * PATIENCE;
        while last != wanted {
            assert!(
                Instant::now() < end,
                "mails in, waiting, and to be sent were {last}, not {wanted}:\n{}",
                self.sql("select id, state, outcome, error from inbound union all select id, state, notice || ' to ' || recipient, last_reply from outbox")
            );
            std::thread::sleep(Duration::from_millis(20));
            last = self.sql(
                "select count(*), count(*) filter (where state = 'waiting'), (select count(*) from outbox where state = 'waiting') from inbound",
            );
        }
    }

    /// The notices that were written to an address so far, in order.
    pub fn notices_to(&self, address: &str) -> Vec<String> {
        let rows = self.sql(&format!("select notice from outbox where recipient = '{address}' order by id"));
        rows.lines().map(str::to_owned).collect()
    }

    /// What became of each mail that came in, in order.
    pub fn outcomes(&self) -> Vec<String> {
        let rows = self.sql("select outcome from inbound order by id");
        rows.lines().map(str::to_owned).collect()
    }

    /// How many rows a table has.
    pub fn count(&self, table: &str) -> usize {
        self.sql(&format!("select count(*) from {table}")).parse().unwrap()
    }

    /// Everything about a ticket.
    pub fn ticket(&self, number: u32) -> serde_json::Value {
        self.json(&["ticket", "show", &number.to_string(), "--json"])
    }

    /// Runs `deskgate ticket set` as the agent; it must succeed.
    pub fn set(&self, number: u32, words: &[&str]) -> String {
        let number = number.to_string();
        let ran = self.cli(&[&["ticket", "set", &number], words].concat());
        assert_eq!(ran.code, Some(0), "ticket set {words:?}: {}", ran.stderr);
        ran.stdout
    }

    /// Nobody can use its database any more, until [`Desk::database_comes_back`].
    pub fn database_goes_away(&self) {
        Postgres::start().shut(&self.database_url);
    }

    /// It can be used again.
    pub fn database_comes_back(&self) {
        Postgres::start().open(&self.database_url);
    }

    /// Starts the program and waits for /healthz. It dies with the test that started it.
    pub fn run(&mut self) {
        self.start_process(&["run"], self.web);
        self.wait_for_health(200);
    }

    /// Starts one more process with the same configuration, but another web port, which is returned.
    pub fn run_beside(&mut self) -> u16 {
        let web = servers::free_port();
        self.start_process(&["run"], web);
        wait_for("/healthz of the second process", || {
            servers::http_get(web, "/healthz").ok().filter(|(status, _)| *status == 200)
        });
        web
    }

    /// Starts the program with some roles only, and does not wait.
    pub fn run_roles(&mut self, roles: &str) {
        self.start_process(&["run", "--role", roles], self.web);
    }

    /// Starts one more process that does only what is due by time, with environment variables, and does not wait.
    pub fn run_clock(&mut self, variables: &[(&str, &str)]) {
        let web = servers::free_port();
        self.start_process_with(&["run", "--role", "clock"], web, variables);
    }

    /// Starts the program without waiting for it to be healthy.
    pub fn run_sick(&mut self) {
        self.start_process(&["run"], self.web);
    }

    /// Waits until /healthz answers with a status; its body.
    pub fn wait_for_health(&mut self, wanted: u16) -> serde_json::Value {
        let (log, web) = (self.log_file(), self.web);
        let body = wait_for("/healthz", || {
            for process in &mut self.processes {
                let ended = process.try_wait().unwrap();
                assert!(
                    ended.is_none(),
                    "deskgate ended: {ended:?}\n{}",
                    fs::read_to_string(&log).unwrap_or_default()
                );
            }
            servers::http_get(web, "/healthz")
                .ok()
                .filter(|(status, _)| *status == wanted)
                .map(|(_, body)| body)
        });
        serde_json::from_str(&body).unwrap()
    }

    fn start_process(&mut self, words: &[&str], web: u16) {
        self.start_process_with(words, web, &[]);
    }

    fn start_process_with(&mut self, words: &[&str], web: u16, variables: &[(&str, &str)]) {
        let log = fs::File::options().create(true).append(true).open(self.log_file()).unwrap();
        let mut command = Command::new("setpriv");
        command
            .args(["--pdeathsig", "KILL", "--", program(), "--config"])
            .arg(self.config_file())
            .args(words);
        command.env("DESKGATE__WEB__LISTEN", format!("127.0.0.1:{web}"));
        command.envs(variables.iter().copied());
        command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
        self.processes.push(command.spawn().expect("setpriv is there"));
    }

    /// Runs a command of the program against this desk.
    pub fn cli(&self, words: &[&str]) -> Ran {
        self.cli_with_input(words, b"")
    }

    /// The same, with something on standard input.
    pub fn cli_with_input(&self, words: &[&str], input: &[u8]) -> Ran {
        let config = self.config_file();
        run_program(&[&["--config", &*config.to_string_lossy()], words].concat(), &[], input)
    }

    /// The same with environment variables.
    pub fn cli_with_variables(&self, words: &[&str], variables: &[(&str, &str)]) -> Ran {
        let config = self.config_file();
        run_program(&[&["--config", &*config.to_string_lossy()], words].concat(), variables, b"")
    }

    /// What a command that must succeed prints, byte for byte.
    pub fn cli_bytes(&self, words: &[&str]) -> Vec<u8> {
        let out =
            Command::new(program()).arg("--config").arg(self.config_file()).args(words).output().unwrap();
        assert!(out.status.success(), "{words:?}: {}", String::from_utf8_lossy(&out.stderr));
        out.stdout
    }

    /// Runs a command that must succeed and print one JSON value.
    pub fn json(&self, words: &[&str]) -> serde_json::Value {
        let ran = self.cli(words);
        assert_eq!(ran.code, Some(0), "{words:?}: {}", ran.stderr);
        serde_json::from_str(&ran.stdout)
            .unwrap_or_else(|error| panic!("{words:?}: {error} in {}", ran.stdout))
    }

    /// Rows of its database, columns with `|` between them.
    pub fn sql(&self, statement: &str) -> String {
        servers::sql(&self.database_url, statement)
    }

    /// Status and body of a page.
    pub fn get(&self, path: &str) -> (u16, String) {
        servers::http_get(self.web, path).unwrap()
    }

    /// What it logged so far.
    pub fn log(&self) -> String {
        fs::read_to_string(self.log_file()).unwrap_or_default()
    }

    /// Asks it to stop (SIGTERM) and expects that it does so in good order.
    pub fn stop(&mut self) {
        assert!(!self.processes.is_empty(), "it runs");
        for mut process in std::mem::take(&mut self.processes) {
            signal("TERM", process.id());
            let status = wait_for("the end of deskgate after SIGTERM", || process.try_wait().unwrap());
            assert!(status.success(), "deskgate ended with {status}:\n{}", self.log());
        }
    }

    /// Ends it without warning (SIGKILL).
    pub fn kill(&mut self) {
        for mut process in std::mem::take(&mut self.processes) {
            process.kill().unwrap();
            process.wait().unwrap();
        }
    }

    /// Ends one of several processes without warning, the first being 0; its process id.
    pub fn kill_one(&mut self, number: usize) -> u32 {
        let mut process = self.processes.remove(number);
        process.kill().unwrap();
        process.wait().unwrap();
        process.id()
    }

    /// The processes that it consists of, the first one first.
    pub fn process_ids(&self) -> Vec<u32> {
        self.processes.iter().map(Child::id).collect()
    }

    /// A folder for the files of the test, removed with the desk.
    pub fn folder(&self) -> &Path {
        self.dir.path()
    }

    /// The configuration file.
    pub fn config_file(&self) -> PathBuf {
        self.dir.path().join("deskgate.toml")
    }

    fn log_file(&self) -> PathBuf {
        self.dir.path().join("deskgate.log")
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.kill();
        if std::thread::panicking() {
            eprintln!("--- log of {}\n{}", self.support.address, self.log());
        }
    }
}

fn configuration(desk: &Desk) -> String {
    format!(
        r#"[site]
name = "Example Desk"
base_url = "http://127.0.0.1:{web}"
secret_file = "{dir}/deskgate.secret"

[database]
url = "{database_url}"

[[mailbox]]
name = "support"
address = "{address}"
authserv_id = "mx.desk.test"
reply_tag = true
imap = {{ host = "127.0.0.1", port = {imap}, tls = "none", user = "{address}", password = "secret", folder = "INBOX", after = "seen", poll = "60s" }}
smtp = {{ host = "127.0.0.1", port = {smtp}, tls = "none" }}

[[staff]]
name = "Support Agent"
email = "{agent}"
role = "agent"

[web]
listen = "127.0.0.1:{web}"
"#,
        web = desk.web,
        dir = desk.dir.path().display(),
        database_url = desk.database_url,
        address = desk.support.address,
        agent = desk.agent.address,
        imap = desk.office.imap,
        smtp = desk.office.smtp,
    )
}
