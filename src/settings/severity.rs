//! `[severity]`: which severities there are and what each promises.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::calendar::{Calendars, OFFICE};
use super::kinds::{Misread, Setting, filled};
use super::mailbox::Mailbox;
use super::reader::Reader;
use super::value::Value;
use super::when;
use crate::ticket::{
    Severity,
    calendar::Calendar,
    policy::{Policy, Preset, Targets, Warn},
};
use crate::triage::Rule;

/// The severities of this desk.
#[derive(Clone, Debug)]
pub struct Severities {
    /// What each promises, the worst first.
    policies: Vec<Policy>,
    /// By which one a ticket is timed until somebody has said how bad it is.
    unrated: Severity,
    /// Which new tickets have a severity at once; the first that fits counts.
    pub when: Vec<Rule>,
}

/// A target that takes longer by its calendar is a mistake.
const LONGEST: SignedDuration = SignedDuration::from_hours(10 * 366 * 24);

impl Severities {
    pub(super) fn read(t: &mut Reader<'_>, calendars: &Calendars, mailboxes: &[Mailbox]) -> Severities {
        let preset = t.or("preset", Preset::Three);
        let unrated = number(t, "unrated").unwrap_or(Severity::Two);
        let office = calendars.get(OFFICE).cloned().unwrap_or_default();
        let always = calendars.get("always").cloned().unwrap_or_default();
        let mut policies: Vec<Policy> = preset
            .given()
            .iter()
            .map(|given| given.policy(if given.always { &always } else { &office }))
            .collect();
        let mut seen = Vec::new();
        t.each("policy", |t| {
            let severity = number(t, "number").unwrap_or_else(|| {
                t.missing("number", "it takes the number of a severity, from 1 to 4");
                Severity::One
            });
            if seen.contains(&severity) {
                let key = t.name("number");
                t.refuse(
                    "number",
                    format!("`{key}` is {severity}, and so is an earlier policy's; each comes once"),
                );
            }
            seen.push(severity);
            let at = policies.iter().position(|policy| policy.severity == severity).unwrap_or_else(|| {
                policies.push(Policy::bare(severity, office.clone()));
                policies.len() - 1
            });
            if let Some(policy) = policies.get_mut(at) {
                read_policy(t, policy, calendars);
            }
        });
        policies.sort_by_key(|policy| policy.severity);
        let mut severities = Severities { policies, unrated, when: Vec::new() };
        if !severities.has(unrated) {
            let (key, known) = (t.name("unrated"), severities.known());
            t.refuse("unrated", format!("`{key}` is {unrated}; expected one of {known}"));
        }
        severities.when = when::read_all(t, &severities, mailboxes);
        severities
    }

    /// Whether this desk uses a severity.
    pub fn has(&self, severity: Severity) -> bool {
        self.policies.iter().any(|policy| policy.severity == severity)
    }

    /// What a severity promises; that of `unrated` where nobody has said, or where the number is gone
    /// from the configuration.
    pub fn policy(&self, severity: Option<Severity>) -> &Policy {
        let of = |wanted| self.policies.iter().find(|policy| policy.severity == wanted);
        let found = severity.and_then(of).or_else(|| of(self.unrated)).or_else(|| self.policies.first());
        found.expect("each preset has severities")
    }

    /// All policies, the worst severity first.
    pub fn policies(&self) -> &[Policy] {
        &self.policies
    }

    /// The numbers it uses, for people: `1, 2, 3`.
    pub fn known(&self) -> String {
        let numbers: Vec<String> = self.policies.iter().map(|policy| policy.severity.to_string()).collect();
        numbers.join(", ")
    }
}

/// A severity by its number, where the key is there.
pub(super) fn number(t: &mut Reader<'_>, key: &'static str) -> Option<Severity> {
    // Asking makes the key known, whether it is there or not.
    let there = t.has(key);
    let number: u8 = t.number(key, 2, 1..=4);
    number.to_string().parse().ok().filter(|_| there)
}

fn read_policy(t: &mut Reader<'_>, policy: &mut Policy, calendars: &Calendars) {
    policy.name = t.or("name", policy.name.clone());
    policy.meaning = t.optional("meaning");
    policy.promise = t.optional("promise");
    if let Some(name) = t.optional::<String>("calendar") {
        match calendars.get(&name) {
            Some(calendar) => policy.calendar = calendar.clone(),
            None => {
                let (key, known) = (t.name("calendar"), calendars.known());
                t.refuse(
                    "calendar",
                    format!("`{key}` is `{name}`, which is no [[calendar]]; there are {known}"),
                );
            }
        }
    }
    policy.targets = Targets {
        first_answer: target(t, "first_answer", policy.targets.first_answer, &policy.calendar),
        next_update: target(t, "next_update", policy.targets.next_update, &policy.calendar),
        resolution: target(t, "resolution", policy.targets.resolution, &policy.calendar),
    };
    policy.warn = t.or("warn_at", policy.warn);
    refuse_early_warning(t, policy);
    policy.escalate = t.or("escalate", policy.escalate.clone());
    let every = Duration::try_from(policy.escalate_every).unwrap_or_default();
    policy.escalate_every = signed(t.duration("escalate_every", every, Duration::from_secs(1)));
}

/// Who is warned so long before the end that the time has not begun is warned of every ticket.
fn refuse_early_warning(t: &mut Reader<'_>, policy: &Policy) {
    let Warn::Before(before) = policy.warn else { return };
    let Targets { first_answer, next_update, resolution } = policy.targets;
    let targets = [("first_answer", first_answer), ("next_update", next_update), ("resolution", resolution)];
    let early = targets.into_iter().find(|(_, target)| target.is_some_and(|target| before >= target));
    if let Some((name, target)) = early {
        let (key, before, target) = (t.name("warn_at"), Length(Some(before)).show(), Length(target).show());
        t.refuse(
            "warn_at",
            format!(
                "`{key}` is {before}, and `{name}` of this policy is {target}: every ticket would be warned of when it is \
                 opened; give less than {target}, or a share such as \"80%\""
            ),
        );
    }
}

fn target(
    t: &mut Reader<'_>,
    key: &'static str,
    given: Option<SignedDuration>,
    calendar: &Arc<Calendar>,
) -> Option<SignedDuration> {
    let Length(target) = t.or(key, Length(given));
    let target = target?;
    let start = Timestamp::UNIX_EPOCH;
    let too_long = calendar.add_working(start, target).duration_since(start) > LONGEST;
    if target <= SignedDuration::ZERO || too_long {
        let (key_name, shown) = (t.name(key), Length(Some(target)).show());
        let why =
            if too_long { "would take more than ten years by its calendar" } else { "is no time at all" };
        t.refuse(
            key,
            format!("`{key_name}` is {shown}, which {why}; give a time that can be kept, or \"none\""),
        );
    }
    Some(target)
}

fn signed(length: Duration) -> SignedDuration {
    SignedDuration::try_from(length).unwrap_or(SignedDuration::MAX)
}

/// A length of working time, or none.
struct Length(Option<SignedDuration>);

impl Setting for Length {
    fn expected() -> String {
        "a length of working time such as \"30m\" or \"8h\", or \"none\"".to_owned()
    }

    fn read(value: &Value, folder: &Path) -> Result<Self, Misread> {
        if filled(value)?.trim().eq_ignore_ascii_case("none") {
            return Ok(Length(None));
        }
        Duration::read(value, folder).map(|length| Length(Some(signed(length))))
    }

    fn stand_in() -> Self {
        Length(None)
    }

    fn show(&self) -> String {
        let length = self.0.and_then(|length| Duration::try_from(length).ok());
        length.map_or("none".to_owned(), |length| length.show())
    }
}

impl Setting for Warn {
    fn expected() -> String {
        "a share such as \"80%\", or working time before the end such as \"30m\"".to_owned()
    }

    fn read(value: &Value, folder: &Path) -> Result<Self, Misread> {
        let text = filled(value)?.trim();
        match text.strip_suffix('%') {
            Some(percent) => {
                let percent = percent.trim_end().parse().ok().filter(|percent| (1..=99).contains(percent));
                percent.map(Warn::Share).ok_or_else(|| {
                    Misread::Because(format!(
                        "`{}` is no share; write one from \"1%\" to \"99%\"",
                        crate::domain::text::line(text)
                    ))
                })
            }
            None => Duration::read(value, folder).map(|length| Warn::Before(signed(length))),
        }
    }

    fn stand_in() -> Self {
        Warn::Share(80)
    }

    fn show(&self) -> String {
        match self {
            Warn::Share(percent) => format!("{percent}%"),
            Warn::Before(length) => Length(Some(*length)).show(),
        }
    }
}
