//! The texts are the product here: each mistake is tested with its whole text.

mod files;
mod origins;
mod sample;
mod secrets;
mod severity;
mod sign_in;
mod team;
mod texts;
mod variables;
mod workflow;

use std::collections::BTreeMap;
use std::time::Duration;

use super::*;
use crate::domain::Language;
use crate::ticket::{Cadence, Severity, Topic};

/// The smallest configuration that works; line numbers below count from it.
const MINIMAL: &str = r#"[site]
name = "Example Desk"
base_url = "http://127.0.0.1:8080"
[[mailbox]]
name = "support"
address = "support@desk.test"
imap = { host = "127.0.0.1", tls = "none", user = "support", password = "secret" }
smtp = { host = "127.0.0.1", tls = "none" }
"#;

const EXAMPLE: &str = r#"
[site]
name = "Example Desk"
base_url = "http://127.0.0.1:8080"
secret_file = "deskgate.secret"      # made on first start, 0600; also secret or secret_env

[database]
url = "postgres://deskgate@127.0.0.1:5432/deskgate"   # without url: a private cluster of the installed PostgreSQL in data_dir
data_dir = "var/postgres"

[[mailbox]]
name = "support"
address = "support@desk.test"
authserv_id = "mx.desk.test"         # whose Authentication-Results we believe; none = nobody's
reply_tag = true                     # support+<token>@ as Reply-To; off where the provider has no plus addresses
imap = { host = "127.0.0.1", port = 10143, tls = "none", user = "support", password = "secret", folder = "INBOX", after = "seen", poll = "60s" }
smtp = { host = "127.0.0.1", port = 10025, tls = "none" }   # user, password, password_file, password_env as above

[[staff]]
name = "Support Agent"
email = "agent@desk.test"
role = "agent"                       # agent | lead | admin

[[stakeholder]]
email = "boss@desk.test"
wants = ["sev1", "sev2", "digest"]

[web]
listen = "127.0.0.1:8080"
"#;

fn read_with(toml: &str, env: &[(&str, &str)]) -> Result<Settings, SettingsError> {
    let variables = env.iter().map(|(name, text)| (name.to_string(), text.to_string())).collect();
    read(toml, "deskgate.toml", PathBuf::from("/etc/desk"), variables)
}

fn good(toml: &str, env: &[(&str, &str)]) -> Settings {
    read_with(toml, env).unwrap_or_else(|error| panic!("{error}"))
}

/// The mistakes, a line each, without the heading.
fn mistakes(toml: &str, env: &[(&str, &str)]) -> Vec<String> {
    match read_with(toml, env) {
        Err(SettingsError::Mistakes(mistakes)) => mistakes.lines().collect(),
        other => panic!("{other:?}"),
    }
}

fn only_mistake(toml: &str, env: &[(&str, &str)]) -> String {
    let mut all = mistakes(toml, env);
    assert_eq!(all.len(), 1, "{all:#?}");
    all.remove(0)
}

/// The mistake after one change of the smallest configuration.
fn changed(from: &str, to: &str) -> String {
    assert!(MINIMAL.contains(from), "{from}");
    only_mistake(&MINIMAL.replace(from, to), &[])
}

fn added(toml: &str) -> String {
    only_mistake(&format!("{MINIMAL}{toml}"), &[])
}

#[test]
fn the_example_of_the_interface_is_read() {
    let settings = good(EXAMPLE, &[]);
    let mailbox = settings.mailbox("support").unwrap();
    let imap = mailbox.imap.as_ref().unwrap();
    assert_eq!((imap.host.as_str(), imap.port, imap.tls), ("127.0.0.1", 10143, Tls::None));
    assert_eq!((imap.after.clone(), imap.poll), (After::Seen, Duration::from_secs(60)));
    assert_eq!(imap.password.expose(), "secret");
    assert_eq!((mailbox.smtp.port, mailbox.smtp.user.as_deref()), (10025, None));
    assert_eq!(mailbox.authserv_id.as_deref(), Some("mx.desk.test"));
    assert_eq!(settings.site.secret, SecretSource::File("/etc/desk/deskgate.secret".into()));
    assert_eq!(settings.database.data_dir, Path::new("/etc/desk/var/postgres"));
    assert_eq!(
        settings.stakeholders[0].wants,
        [
            Want { topic: Topic::Severity(Severity::One), cadence: Cadence::Immediate },
            Want { topic: Topic::Severity(Severity::Two), cadence: Cadence::Immediate },
            Want { topic: Topic::All, cadence: Cadence::Daily },
        ]
    );
    assert_eq!(settings.web.listen.port(), 8080);
    let agent = "agent@desk.test".parse().unwrap();
    assert_eq!(settings.staff_by_email(&agent).unwrap().role, Role::Agent);
    assert_eq!(settings.our_addresses(), ["support@desk.test".parse().unwrap()]);
}

#[test]
fn what_is_not_said_has_its_default() {
    let settings = good(MINIMAL, &[]);
    assert_eq!((settings.site.reference.as_str(), settings.site.language), ("DG", Language::En));
    assert_eq!(settings.site.reopen_for, Duration::from_hours(14 * 24));
    assert!(settings.database.url.is_none());
    let imap = settings.mailboxes[0].imap.as_ref().unwrap();
    assert_eq!((imap.port, imap.folder.as_str(), imap.idle), (143, "INBOX", true));
    assert_eq!(settings.mailboxes[0].smtp.port, 25);
    assert_eq!(settings.limits.mail_bytes, 50 * 1024 * 1024);
    assert_eq!(settings.limits.automatic_per_recipient_hour, 10);
    assert_eq!((settings.log.format, settings.log.level.as_str()), (LogFormat::Text, "info"));
}

#[test]
fn ports_follow_tls() {
    let with = |tls: &str| {
        let toml = MINIMAL.replace("tls = \"none\"", &format!("tls = \"{tls}\""));
        let mailbox = good(&toml, &[]).mailboxes.remove(0);
        (mailbox.imap.unwrap().port, mailbox.smtp.port)
    };
    assert_eq!(with("tls"), (993, 465));
    assert_eq!(with("starttls"), (143, 587));
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic(toml: String, variable in "DESKGATE__[A-Z0-9_]{0,20}", text: String) {
        let _ = read_with(&toml, &[(&variable, &text)]);
        let _ = read_with(EXAMPLE, &[(&variable, &text)]);
    }

    #[test]
    fn no_value_makes_it_panic(value in "[-\"'{}\\[\\]a-z0-9.:=, ]{0,12}", line in 0usize..30) {
        let mut lines: Vec<String> = EXAMPLE.lines().map(str::to_owned).collect();
        let at = line % lines.len();
        let key = lines[at].split('=').next().unwrap_or_default().to_owned();
        lines[at] = format!("{key}= {value}");
        let _ = read_with(&lines.join("\n"), &[]);
    }
}
