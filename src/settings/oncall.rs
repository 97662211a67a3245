//! `[oncall]`: who is called for the worst tickets, and what they owe.

use std::net::IpAddr;
use std::path::Path;
use std::time::Duration;

use jiff::tz::TimeZone;

use super::kinds::{Misread, Setting, filled};
use super::reader::Reader;
use super::secret::Secret;
use super::value::Value;
use crate::ticket::Severity;

/// How long a chain may be: more would not be called within a day.
const MOST_STEPS: usize = 50;

/// Paging, promised updates and shifts.
#[derive(Clone, Debug)]
pub struct OnCall {
    /// Who is called, one after the other: addresses of staff.
    pub chain: Vec<String>,
    /// The severities for which all this is done.
    pub severities: Vec<Severity>,
    /// The next step of the chain is called when nobody answers for so long.
    pub escalate_every: Duration,
    /// Stakeholders are promised news this often; zero promises nothing.
    pub updates_every: Duration,
    /// Who owes the news is reminded so long before.
    pub remind_before: Duration,
    /// A plan of shifts is proposed after so long.
    pub shifts_after: Duration,
    /// The length of a shift: 4, 6, 8 or 12.
    pub shift_hours: u8,
    /// Where shifts, and the times in mails about all this, are meant.
    pub zone: TimeZone,
    /// Where pagers are told.
    pub webhook: Option<Webhook>,
}

/// A pager that takes HTTP POST.
#[derive(Clone, Debug)]
pub struct Webhook {
    /// Where.
    pub url: String,
    /// What the signature is made with.
    pub secret: Secret,
    /// How long an answer may take.
    pub timeout: Duration,
}

impl OnCall {
    pub(super) fn read(t: &mut Reader<'_>) -> OnCall {
        OnCall {
            chain: t.or("chain", Steps(Vec::new())).0,
            severities: t.or("severities", Severities(vec![Severity::One])).0,
            escalate_every: t.duration("escalate_every", Duration::from_mins(10), Duration::from_secs(1)),
            updates_every: t.duration("updates_every", Duration::from_hours(1), Duration::ZERO),
            remind_before: t.duration("remind_before", Duration::from_mins(10), Duration::ZERO),
            shifts_after: t.duration("shifts_after", Duration::from_hours(24), Duration::from_secs(1)),
            shift_hours: shift_hours(t),
            zone: t.or("zone", Zone(TimeZone::UTC)).0,
            webhook: t.table("webhook", Webhook::read),
        }
    }

    /// Whether tickets of this severity are such that all this is done for them.
    pub fn covers(&self, severity: Option<Severity>) -> bool {
        severity.is_some_and(|severity| self.severities.contains(&severity))
    }
}

impl Webhook {
    fn read(t: &mut Reader<'_>) -> Webhook {
        let url: String = t.required("url");
        if let Err(why) = usable(&url)
            && !t.refused("url")
        {
            t.refuse("url", format!("`{}` is the text \"{url}\"; {why}", t.name("url")));
        }
        let secret = t.kept_secret(["secret", "secret_file", "secret_env"]).unwrap_or_else(|| {
            t.missing("secret", "requests are signed with it, so that the pager can tell ours; make one with \"openssl rand -base64 32\"");
            Secret::stand_in()
        });
        Webhook {
            url,
            secret,
            timeout: t.duration("timeout", Duration::from_secs(10), Duration::from_secs(1)),
        }
    }
}

/// What we write is nobody else's to read on the way.
fn usable(url: &str) -> Result<(), &'static str> {
    let plain = url.strip_prefix("http://");
    let rest = url.strip_prefix("https://").or(plain).ok_or("expected a URL that begins with https://")?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.is_empty()
        || url.contains(|c: char| c.is_whitespace() || c.is_control())
        || url.contains('#')
    {
        return Err("expected a URL such as \"https://pager.example.org/hook\"");
    }
    if authority.contains('@') {
        return Err("a user and password in a URL end up in logs; the signature is the proof");
    }
    let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host).trim_matches(['[', ']']);
    let here =
        host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
    match plain.is_some() && !here {
        true => Err("only https:// is safe on the way; http:// goes to this machine alone"),
        false => Ok(()),
    }
}

fn shift_hours(t: &mut Reader<'_>) -> u8 {
    let hours = t.number("shift_hours", 8, 4..=12);
    if 24 % hours != 0 {
        t.refuse(
            "shift_hours",
            format!("`{}` is {hours}; expected 4, 6, 8 or 12: what divides a day", t.name("shift_hours")),
        );
    }
    hours
}

/// A list of names or addresses.
struct Steps(Vec<String>);

impl Setting for Steps {
    fn expected() -> String {
        "a list in brackets of addresses of staff, such as [\"ann@example.org\", \"bob@example.org\"]"
            .to_owned()
    }

    fn read(value: &Value, folder: &Path) -> Result<Self, Misread> {
        let steps: Vec<String> = match value {
            Value::List(items) => {
                items.iter().map(|item| String::read(&item.value, folder)).collect::<Result<_, _>>()?
            }
            Value::Variable(text) => {
                text.split(',').map(|step| step.trim().to_owned()).filter(|step| !step.is_empty()).collect()
            }
            _ => return Err(Misread::Unexpected),
        };
        match steps.len() {
            0..=MOST_STEPS => Ok(Steps(steps)),
            many => Err(Misread::Because(format!("it has {many} steps; {MOST_STEPS} are enough"))),
        }
    }

    fn stand_in() -> Self {
        Steps(Vec::new())
    }

    fn show(&self) -> String {
        self.0.join(", ")
    }
}

/// A list of severities, as numbers or words.
struct Severities(Vec<Severity>);

impl Setting for Severities {
    fn expected() -> String {
        "a list in brackets of severities, such as [1]".to_owned()
    }

    fn read(value: &Value, folder: &Path) -> Result<Self, Misread> {
        let one = |value: &Value| match value {
            Value::Number(number) => number.to_string().parse().map_err(|_| Misread::Unexpected),
            other => Severity::read(other, folder),
        };
        match value {
            Value::List(items) => {
                items.iter().map(|item| one(&item.value)).collect::<Result<_, _>>().map(Severities)
            }
            Value::Variable(text) => {
                let words = text.split(',').map(str::trim).filter(|word| !word.is_empty());
                words
                    .map(|word| one(&Value::Variable(word.to_owned())))
                    .collect::<Result<_, _>>()
                    .map(Severities)
            }
            _ => Err(Misread::Unexpected),
        }
    }

    fn stand_in() -> Self {
        Severities(Vec::new())
    }

    fn show(&self) -> String {
        self.0.iter().map(Severity::to_string).collect::<Vec<_>>().join(", ")
    }
}

/// A time zone by its name.
struct Zone(TimeZone);

impl Setting for Zone {
    fn expected() -> String {
        "the name of a time zone, such as \"Europe/Berlin\"".to_owned()
    }

    fn read(value: &Value, _: &Path) -> Result<Self, Misread> {
        TimeZone::get(filled(value)?.trim()).map(Zone).map_err(|_| Misread::Unexpected)
    }

    fn stand_in() -> Self {
        Zone(TimeZone::UTC)
    }

    fn show(&self) -> String {
        self.0.iana_name().unwrap_or("UTC").to_owned()
    }
}
