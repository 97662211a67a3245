//! The servers of one test process.

use std::{
    collections::HashMap,
    fs,
    io::{self, BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        Mutex, OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
};

use super::{
    Postbox,
    dialogue::{self, Dialogue},
    program,
};

/// A real Dovecot and a real Postfix on ports of their own.
pub struct PostOffice {
    pub(super) dir: PathBuf,
    /// IMAP, plain and with STARTTLS.
    pub imap: u16,
    /// IMAP over TLS.
    pub imaps: u16,
    /// Local delivery into the mailboxes.
    pub lmtp: u16,
    /// Postfix, which takes mail for every test domain and vouches for the sender's domain.
    pub smtp: u16,
    _script: Script,
}

impl PostOffice {
    /// The one post office of this process, started by whoever comes first.
    pub fn start() -> &'static PostOffice {
        static ONE: OnceLock<PostOffice> = OnceLock::new();
        ONE.get_or_init(|| PostOffice::open(server_folder("post")))
    }

    /// A post office of one's own, to be stopped or to show a bad certificate. It stays until the
    /// process ends.
    pub fn own(certificate: Certificate) -> &'static PostOffice {
        let dir = server_folder("post");
        certificate.make(&dir.join("tls"));
        Box::leak(Box::new(PostOffice::open(dir)))
    }

    fn open(dir: PathBuf) -> PostOffice {
        let (_script, _ready) = Script::run("post-office.sh", &["run"], &dir);
        let ports = fs::read_to_string(dir.join("ports")).expect("the script writes its ports");
        let ports: HashMap<&str, u16> = ports
            .lines()
            .filter_map(|line| line.split_once('='))
            .map(|(k, v)| (k, v.parse().unwrap()))
            .collect();
        PostOffice {
            imap: ports["IMAP_PORT"],
            imaps: ports["IMAPS_PORT"],
            lmtp: ports["LMTP_PORT"],
            smtp: ports["SMTP_PORT"],
            dir,
            _script,
        }
    }

    /// Stops Dovecot.
    pub fn stop_dovecot(&self) {
        let pid = fs::read_to_string(self.dir.join("dovecot/run/master.pid")).expect("it runs");
        run("kill", &[pid.trim()]);
        super::wait_for("the end of Dovecot", || {
            let gone = !self.dir.join("dovecot/run/master.pid").exists();
            (gone && TcpStream::connect(("127.0.0.1", self.imap)).is_err()).then_some(())
        });
    }

    /// Starts it again, with more settings when there are some.
    pub fn start_dovecot(&self, settings: &str) {
        let conf = self.dir.join("dovecot/dovecot.conf");
        let more = fs::read_to_string(&conf).unwrap() + settings;
        fs::write(&conf, more).unwrap();
        run("/usr/sbin/dovecot", &["-c", &conf.to_string_lossy()]);
        super::wait_for("Dovecot", || TcpStream::connect(("127.0.0.1", self.imap)).ok());
    }

    /// What Dovecot wrote into its log.
    pub fn dovecot_log(&self) -> String {
        fs::read_to_string(self.dir.join("log/dovecot.log")).unwrap_or_default()
    }

    /// The certificate authority behind the TLS ports, as PEM. The name is `localhost`, the address 127.0.0.1.
    pub fn ca_file(&self) -> PathBuf {
        self.dir.join("tls/ca.pem")
    }

    /// The mailbox of an address; it exists from the first delivery or log-in on.
    pub fn mailbox(&'static self, address: &str) -> Postbox {
        Postbox::new(self, address)
    }

    /// Hands a mail to Postfix, which puts its Authentication-Results on top, and waits until it is delivered or put off:
    /// of two mails that are on their way together either may arrive first.
    pub fn send(&self, from: &str, to: &str, mail: &[u8]) {
        let taken = self.transfer(from, to, mail).unwrap();
        let (_, id) =
            taken.trim_end().rsplit_once("queued as ").expect("Postfix says what it calls the mail");
        let queues = ["incoming", "active"].map(|queue| self.dir.join("postfix/spool").join(queue));
        super::wait_for("a mail to leave Postfix", || {
            let has_it =
                |queue: &PathBuf| queue.join(id).try_exists().expect("the queues can be looked into");
            (!queues.iter().any(has_it)).then_some(())
        });
    }

    /// Hands a mail to Postfix, which may be away, and waits for nothing.
    pub fn try_send(&self, from: &str, to: &str, mail: &[u8]) -> io::Result<()> {
        self.transfer(from, to, mail).map(drop)
    }

    fn transfer(&self, from: &str, to: &str, mail: &[u8]) -> io::Result<String> {
        Dialogue::open(self.smtp)?.transfer("EHLO", from, to, mail)
    }

    /// Hands a mail to Dovecot, past Postfix: nobody vouches for it.
    pub fn deliver(&self, from: &str, to: &str, mail: &[u8]) {
        self.try_deliver(from, to, mail).unwrap();
    }

    /// The same where Dovecot may be away.
    pub fn try_deliver(&self, from: &str, to: &str, mail: &[u8]) -> io::Result<()> {
        Dialogue::open(self.lmtp)?.transfer("LHLO", from, to, mail).map(drop)
    }

    pub(super) fn maildir(&self, local: &str, domain: &str) -> PathBuf {
        self.dir.join("mail").join(domain).join(local).join("Maildir")
    }
}

/// What the certificate of a post office says.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Certificate {
    /// `localhost`, valid.
    Good,
    /// `localhost`, until yesterday.
    Expired,
    /// Another host.
    OtherHost,
}

impl Certificate {
    /// Makes the files that the script would make, where it would make a good one.
    fn make(self, dir: &Path) {
        let (host, days) = match self {
            Certificate::Good => return,
            Certificate::Expired => ("localhost", "-1"),
            Certificate::OtherHost => ("mail.example.org", "365"),
        };
        fs::create_dir_all(dir).unwrap();
        let lines = format!(
            "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 365 -subj '/CN=Tests' -keyout ca.key -out ca.pem && \
             openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN={host} -keyout key.pem -out request.pem && \
             printf 'subjectAltName=DNS:{host}\\nbasicConstraints=CA:FALSE\\n' >extensions && \
             openssl x509 -req -in request.pem -CA ca.pem -CAkey ca.key -CAcreateserial -days {days} -extfile extensions -out cert.pem"
        );
        let out = Command::new("sh").args(["-ec", &lines]).current_dir(dir).output().unwrap();
        assert!(out.status.success(), "openssl: {}", String::from_utf8_lossy(&out.stderr));
    }
}

/// Runs a program that must succeed; a daemon it leaves behind keeps none of our pipes.
fn run(program: &str, words: &[&str]) {
    let mut command = Command::new(program);
    command.args(words).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let status = command.status().unwrap();
    assert!(status.success(), "{program} {words:?}: {status}");
}

/// A PostgreSQL cluster of this process.
pub struct Postgres {
    url: String,
    template: OnceLock<()>,
    next: AtomicUsize,
    one_at_a_time: Mutex<()>,
    _script: Script,
}

impl Postgres {
    /// The one cluster of this process, started by whoever comes first.
    pub fn start() -> &'static Postgres {
        static ONE: OnceLock<Postgres> = OnceLock::new();
        ONE.get_or_init(|| {
            let (_script, url) = Script::run("test-postgres.sh", &[], &server_folder("postgres"));
            Postgres {
                url,
                template: OnceLock::new(),
                next: AtomicUsize::new(1),
                one_at_a_time: Mutex::new(()),
                _script,
            }
        })
    }

    /// The URL of a new database with all migrations, a copy of one that was migrated once.
    pub fn fresh_database(&self) -> String {
        self.template.get_or_init(|| {
            let url = self.create("migrated", "");
            program::migrate(&url);
        });
        self.create(&self.fresh_name(), "template migrated")
    }

    /// The URL of a new database with nothing in it.
    pub fn empty_database(&self) -> String {
        self.create(&self.fresh_name(), "")
    }

    /// The port, in digits.
    pub fn port(&self) -> String {
        let (_, rest) = self.url.rsplit_once(':').expect("the script prints a URL with a port");
        rest.split('/').next().expect("there is a first part").to_owned()
    }

    /// Lets nobody into a database and throws out who is there.
    pub fn shut(&self, database_url: &str) {
        let name = database_url.rsplit_once('/').expect("a database").1;
        sql(&self.url, &format!("alter database {name} with allow_connections false"));
        sql(
            &self.url,
            &format!("select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'"),
        );
    }

    /// Lets people in again.
    pub fn open(&self, database_url: &str) {
        let name = database_url.rsplit_once('/').expect("a database").1;
        sql(&self.url, &format!("alter database {name} with allow_connections true"));
    }

    fn fresh_name(&self) -> String {
        format!("test_{}", self.next.fetch_add(1, Ordering::Relaxed))
    }

    fn create(&self, name: &str, how: &str) -> String {
        let _guard = self.one_at_a_time.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        sql(&self.url, &format!("create database {name} {how}"));
        let (server, _postgres) = self.url.rsplit_once('/').expect("the script prints a URL with a database");
        format!("{server}/{name}")
    }
}

/// Runs one statement with psql and returns its rows, columns with `|` between them.
pub fn sql(url: &str, statement: &str) -> String {
    let out =
        Command::new("psql").args([url, "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", statement]).output().unwrap();
    assert!(out.status.success(), "{statement}: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).unwrap().trim_end().to_owned()
}

/// A script that serves until its standard input ends, which is when this process ends, however it does.
pub struct Script {
    _child: Child,
}

impl Script {
    /// Starts it and waits for its first line, which it prints when the server answers.
    fn run(name: &str, words: &[&str], dir: &Path) -> (Script, String) {
        Script::run_with(name, words, dir, &[])
    }

    /// The same with more words behind the folder.
    pub fn run_with(name: &str, words: &[&str], dir: &Path, more: &[&str]) -> (Script, String) {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts").join(name);
        let mut child = Command::new("bash")
            .arg(&script)
            .args(words)
            .arg(dir)
            .args(more)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("bash is there");
        let mut first = String::new();
        BufReader::new(child.stdout.as_mut().expect("it is piped")).read_line(&mut first).unwrap();
        assert!(first.ends_with('\n'), "{} did not start; what it says stands above", script.display());
        (Script { _child: child }, first.trim_end().to_owned())
    }
}

/// A new folder that other users may pass through; the script that serves from it removes it.
pub fn server_folder(name: &str) -> PathBuf {
    let dir = tempfile::Builder::new().prefix(&format!("dg-{name}-")).tempdir().unwrap().keep();
    fs::set_permissions(&dir, fs::Permissions::from_mode(0o755)).unwrap();
    dir
}

/// A connection to a port of this machine that gives up after [`super::PATIENCE`].
pub(super) fn connect(port: u16) -> TcpStream {
    dialogue::try_connect(port).unwrap()
}

/// A port nobody listens on at this moment.
pub fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port()
}

/// A plain GET: status and body.
pub fn http_get(port: u16, path: &str) -> std::io::Result<(u16, String)> {
    let answer = http_answer(port, path)?;
    let status = answer.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or_default();
    let body = answer.split_once("\r\n\r\n").map(|(_, body)| body.to_owned()).unwrap_or_default();
    Ok((status, body))
}

/// A plain GET: the whole answer as it came.
pub fn http_answer(port: u16, path: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(super::PATIENCE))?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

/// Any request, with header lines of its own: status, the header as it came in lower case, and the body's bytes.
pub fn http_send(port: u16, start: &str, headers: &[(&str, &str)], body: &[u8]) -> (u16, String, Vec<u8>) {
    let mut stream = connect(port);
    let lines: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let head = format!("{start} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n{lines}");
    write!(stream, "{head}Content-Length: {}\r\n\r\n", body.len()).unwrap();
    // Whoever is refused early may find that nobody reads on.
    let _ = stream.write_all(body);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap_or(answer.len());
    let head = String::from_utf8_lossy(&answer[..end]).to_lowercase();
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or_default();
    (status, head, answer.get(end + 4..).unwrap_or_default().to_vec())
}

/// A form that is sent by POST: status, and the whole answer as it came.
pub fn http_post(port: u16, path: &str, form: &str) -> std::io::Result<(u16, String)> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(super::PATIENCE))?;
    write!(
        stream,
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
        form.len()
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let status = answer.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or_default();
    Ok((status, answer))
}
