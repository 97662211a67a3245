//! One mailbox, seen from outside: put mails in, read what came.

use std::{
    cell::OnceCell,
    fs,
    io::{BufRead, BufReader, Write},
    net::TcpStream,
    path::{Path, PathBuf},
};

use mail_parser::{Message, MessageParser};

use super::{PostOffice, servers, wait_for};

/// The mailbox of one address.
pub struct Postbox {
    office: &'static PostOffice,
    /// Whose it is.
    pub address: String,
    maildir: PathBuf,
}

impl Postbox {
    pub(super) fn new(office: &'static PostOffice, address: &str) -> Self {
        let (local, domain) = address.split_once('@').expect("a whole address");
        Postbox { office, address: address.to_owned(), maildir: office.maildir(local, domain) }
    }

    /// Delivers a mail as a mail server does (LMTP): Return-Path, Delivered-To and Received are put on top.
    pub fn deliver(&self, mail: impl AsRef<[u8]>) {
        self.office.deliver("", &self.address, mail.as_ref());
    }

    /// Puts a mail in byte for byte (IMAP APPEND); its UID.
    pub fn append(&self, mail: impl AsRef<[u8]>) -> u32 {
        self.imap().append("INBOX", mail.as_ref())
    }

    /// A session as the owner.
    pub fn imap(&self) -> Imap {
        Imap::log_in(self.office.imap, &self.address)
    }

    /// What is in the INBOX, oldest first.
    pub fn mails(&self) -> Vec<Received> {
        self.mails_in("INBOX")
    }

    /// What is in a folder, oldest first.
    pub fn mails_in(&self, folder: &str) -> Vec<Received> {
        let base =
            if folder == "INBOX" { self.maildir.clone() } else { self.maildir.join(format!(".{folder}")) };
        // A reader of the mailbox may move a file from new to cur meanwhile; then look again.
        wait_for("a quiet moment of the mailbox", || {
            let mut mails = Vec::new();
            for place in ["new", "cur"] {
                for path in files(&base.join(place)) {
                    mails.push(Received { raw: fs::read(&path).ok()?, path, parsed: OnceCell::new() });
                }
            }
            mails.sort_by_key(Received::arrival);
            Some(mails)
        })
    }

    /// Waits until at least this many mails are there.
    pub fn wait_for_mails(&self, count: usize) -> Vec<Received> {
        self.wait_for(&format!("{count} mails"), |mails| mails.len() >= count)
    }

    /// Waits until the mails in the INBOX are as they should be; `what` names it when they never are.
    pub fn wait_for(&self, what: &str, mut is_so: impl FnMut(&[Received]) -> bool) -> Vec<Received> {
        wait_for(&format!("{what} for {}", self.address), || Some(self.mails()).filter(|mails| is_so(mails)))
    }

    /// The one mail that is there, waited for.
    pub fn wait_for_one(&self) -> Received {
        self.wait_for_mails(1).into_iter().next().expect("there is one")
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect()
}

/// A mail found in a mailbox.
pub struct Received {
    /// The bytes as they lie there (Dovecot keeps lines with a bare LF).
    pub raw: Vec<u8>,
    path: PathBuf,
    parsed: OnceCell<Message<'static>>,
}

impl Received {
    /// The mail, taken apart.
    pub fn message(&self) -> &Message<'static> {
        self.parsed.get_or_init(|| MessageParser::default().parse(&self.raw).expect("a mail").into_owned())
    }

    /// The subject, decoded.
    pub fn subject(&self) -> &str {
        self.message().subject().unwrap_or_default()
    }

    /// The first header of this name, as it stands there, unfolded.
    pub fn header(&self, name: &str) -> Option<String> {
        let value = self.message().header_raw(name)?;
        Some(value.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// The Message-ID with its angle brackets, as an In-Reply-To takes it.
    pub fn message_id(&self) -> String {
        self.header("Message-ID").expect("our mails have one")
    }

    /// The plain text, decoded, lines ending with `\n`.
    pub fn text(&self) -> String {
        self.message().body_text(0).unwrap_or_default().replace("\r\n", "\n")
    }

    /// The HTML, decoded.
    pub fn html(&self) -> String {
        self.message().body_html(0).unwrap_or_default().into_owned()
    }

    /// It carries the flag `\Seen`.
    pub fn is_seen(&self) -> bool {
        self.file_name().rsplit_once(":2,").is_some_and(|(_, flags)| flags.contains('S'))
    }

    /// When it set out, in seconds and microseconds: when Postfix took it, since on a busy machine one mail overtakes
    /// another on its way from there; else when it was delivered, with which names in a Maildir start.
    fn arrival(&self) -> (u64, u64) {
        if let Some(taken) = self.taken_by_postfix() {
            return taken;
        }
        let name = self.file_name();
        let (seconds, rest) = name.split_once('.').unwrap_or((&name, ""));
        let micros: String =
            rest.strip_prefix('M').unwrap_or(rest).chars().take_while(char::is_ascii_digit).collect();
        (seconds.parse().unwrap_or(0), micros.parse().unwrap_or(0))
    }

    /// The time in the queue ID: a number of base 52, microseconds in the last four digits, and behind a `z` the inode
    /// (`enable_long_queue_ids` in postconf(5)).
    fn taken_by_postfix(&self) -> Option<(u64, u64)> {
        const DIGITS: &str = "0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz";
        let mail = String::from_utf8_lossy(&self.raw).replace("\n\t", " ");
        let mut head = mail.lines().take_while(|line| !line.is_empty());
        let received =
            head.find(|line| line.starts_with("Received: ") && line.contains("(Postfix) with "))?;
        let id = received.split_once(" id ")?.1.split([' ', ';']).next()?;
        let (time, _inode) = id.rsplit_once('z')?;
        let (seconds, micros) = time.split_at_checked(time.len().checked_sub(4)?)?;
        let number = |digits: &str| {
            digits.chars().try_fold(0, |sum, digit| Some(sum * 52 + DIGITS.find(digit)? as u64))
        };
        Some((number(seconds)?, number(micros)?))
    }

    fn file_name(&self) -> String {
        self.path.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }
}

/// The few words of IMAP (RFC 3501) that scenarios need to prepare a mailbox or to look at its flags.
pub struct Imap(BufReader<TcpStream>);

impl Imap {
    /// A session on the plain port.
    pub fn log_in(port: u16, user: &str) -> Self {
        let mut session = Imap(BufReader::new(servers::connect(port)));
        session.line();
        session.run(&format!("LOGIN \"{user}\" secret"));
        session
    }

    /// Runs one command and returns what the server said before its OK; anything else fails the test.
    pub fn run(&mut self, command: &str) -> Vec<String> {
        self.say(&format!("a {command}\r\n"));
        let mut said = Vec::new();
        loop {
            let line = self.line();
            match line.strip_prefix("a ") {
                Some(end) => {
                    assert!(end.starts_with("OK"), "{command}: {line}");
                    said.push(line);
                    return said;
                }
                None => said.push(line),
            }
        }
    }

    /// Puts a mail into a folder, byte for byte; its UID (RFC 4315).
    pub fn append(&mut self, folder: &str, mail: &[u8]) -> u32 {
        self.say(&format!("a APPEND {folder} {{{}}}\r\n", mail.len()));
        let go = self.line();
        assert!(go.starts_with('+'), "APPEND: {go}");
        self.0.get_mut().write_all(mail).unwrap();
        self.say("\r\n");
        loop {
            let line = self.line();
            if let Some(end) = line.strip_prefix("a ") {
                let uid = end.split_once("[APPENDUID ").and_then(|(_, rest)| rest.split([' ', ']']).nth(1));
                return uid.and_then(|uid| uid.parse().ok()).unwrap_or_else(|| panic!("APPEND: {line}"));
            }
        }
    }

    fn say(&mut self, text: &str) {
        self.0.get_mut().write_all(text.as_bytes()).unwrap();
    }

    fn line(&mut self) -> String {
        let mut line = Vec::new();
        self.0.read_until(b'\n', &mut line).unwrap();
        assert!(!line.is_empty(), "the IMAP server hung up");
        String::from_utf8_lossy(&line).trim_end().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_queue_id_of_postfix_tells_when_a_mail_set_out() {
        let received = |head: &str| Received {
            raw: format!(
                "Return-Path: <a@b.test>\n{head}Subject: x\n\nReceived: by c (Postfix) with ESMTP id 1z2;\n"
            )
            .into(),
            path: PathBuf::from("1763817864.M592547P1.host"),
            parsed: OnceCell::new(),
        };
        let taken = received(
            "Received: from a\n\tby b (Postfix) with ESMTP id 4dDyQm2BJHz9sWd\n\tfor <c@d.test>; Sun\n",
        );
        let (seconds, micros) = taken.arrival();
        assert!(
            (1_763_000_000..1_765_000_000).contains(&seconds) && micros < 1_000_000,
            "{seconds} {micros}"
        );
        assert_eq!(received("Received: by d with LMTP\n\tid x; Sun\n").arrival(), (1_763_817_864, 592_547));
    }
}
