//! `[oncall]`: who is called for the worst tickets, and what they owe.

use std::net::IpAddr;
use std::path::Path;
use std::time::Duration;

use super::kinds::{Misread, Setting, list};
use super::people::Staff;
use super::reader::Reader;
use super::rota::Roster;
use super::secret::Secret;
use super::value::Value;
use crate::ticket::Severity;

/// How long a chain may be: more would not be called within a day.
const MOST_STEPS: usize = 50;

/// Paging, promised updates and shifts.
#[derive(Clone, Debug)]
pub struct OnCall {
    /// Who is called, one after the other: addresses of staff, or names of rotas for who is on duty then.
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
    pub(super) fn read(t: &mut Reader<'_>, staff: &[Staff], rotas: &[Roster]) -> OnCall {
        OnCall {
            chain: chain(t, staff, rotas),
            severities: t.or("severities", Severities(vec![Severity::One])).0,
            escalate_every: t.duration("escalate_every", Duration::from_mins(10), Duration::from_secs(1)),
            updates_every: t.duration("updates_every", Duration::from_hours(1), Duration::ZERO),
            remind_before: t.duration("remind_before", Duration::from_mins(10), Duration::ZERO),
            shifts_after: t.duration("shifts_after", Duration::from_hours(24), Duration::from_secs(1)),
            shift_hours: shift_hours(t),
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
pub(super) fn usable(url: &str) -> Result<(), &'static str> {
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

/// Who is misspelt would never be called.
fn chain(t: &mut Reader<'_>, staff: &[Staff], rotas: &[Roster]) -> Vec<String> {
    let chain: Vec<String> = t.or("chain", Vec::new());
    let known = |step: &&String| {
        let step = step.trim();
        staff.iter().any(|staff| staff.email.as_str().eq_ignore_ascii_case(step))
            || rotas.iter().any(|rota| rota.name.eq_ignore_ascii_case(step))
    };
    let name = t.name("chain");
    if let Some(stranger) = chain.iter().find(|step| !known(step)) {
        t.refuse("chain", format!("`{name}` has \"{stranger}\", which is neither the address of a [[staff]] entry nor the name of a [[rota]]"));
    }
    if chain.len() > MOST_STEPS {
        t.refuse("chain", format!("`{name}` has {} steps; {MOST_STEPS} are enough", chain.len()));
    }
    chain
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

/// A list of severities, as numbers or words.
struct Severities(Vec<Severity>);

impl Setting for Severities {
    fn expected() -> String {
        "a list in brackets of severities, such as [1]".to_owned()
    }

    fn read(value: &Value, folder: &Path) -> Result<Self, Misread> {
        list::<OneSeverity>(value, folder).map(|all| Severities(all.into_iter().map(|one| one.0).collect()))
    }

    fn stand_in() -> Self {
        Severities(Vec::new())
    }

    fn show(&self) -> String {
        self.0.iter().map(Severity::to_string).collect::<Vec<_>>().join(", ")
    }
}

/// One of them; in a file mostly a bare number.
struct OneSeverity(Severity);

impl Setting for OneSeverity {
    fn expected() -> String {
        Severity::expected()
    }

    fn read(value: &Value, folder: &Path) -> Result<Self, Misread> {
        match value {
            Value::Number(number) => {
                number.to_string().parse().map(OneSeverity).map_err(|_| Misread::Unexpected)
            }
            other => Severity::read(other, folder).map(OneSeverity),
        }
    }

    fn stand_in() -> Self {
        OneSeverity(Severity::One)
    }

    fn show(&self) -> String {
        self.0.to_string()
    }
}
