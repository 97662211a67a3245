//! `deskgate ticket clocks`: what is promised of a ticket, and why its clocks stand as they do.

use jiff::{SignedDuration, Timestamp, tz::TimeZone};

use super::{base::Base, say};
use crate::{
    desk::{ClockLine, Explained},
    domain::TicketId,
    render::{in_words, in_zone},
    ticket::policy::Policy,
};

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Its number.
    number: TicketId,
    /// As a JSON object.
    #[arg(long)]
    json: bool,
}

pub async fn run(base: &Base, arguments: &Arguments) -> anyhow::Result<()> {
    let mut conn = base.pool.get().await?;
    let explained = base.desk.explain_clocks(&mut conn, arguments.number, Timestamp::now()).await?;
    if arguments.json {
        say(serde_json::to_string_pretty(&explained)?);
        return Ok(());
    }
    let settings = &base.desk.settings;
    let policy = settings.severity.policy(Some(explained.severity));
    say(format!("Ticket {}: {}", arguments.number, by_which(&explained, policy)));
    for clock in &explained.clocks {
        say(format!("  {}", line(clock, &settings.site.zone)));
        say(format!(
            "    {} of working time from {}",
            in_words(SignedDuration::from_secs(clock.target_seconds)),
            in_zone(clock.started_at, &settings.site.zone)
        ));
    }
    say("How it stood:");
    for standing in &explained.history {
        let waiting = if standing.waiting_for_customer { ", waiting for the customer" } else { "" };
        say(format!("  {}  {}{waiting}", in_zone(standing.since, &settings.site.zone), standing.status));
    }
    if !explained.words.is_empty() {
        say("Words of ours to the customer:");
    }
    for word in &explained.words {
        say(format!("  {}", in_zone(*word, &settings.site.zone)));
    }
    Ok(())
}

fn by_which(explained: &Explained, policy: &Policy) -> String {
    let hours = match policy.calendar.is_always() {
        true => "round the clock".to_owned(),
        false => format!("by working hours in {}", policy.calendar.zone().iana_name().unwrap_or("UTC")),
    };
    match explained.rated {
        true => format!("severity {}, {hours}", explained.severity),
        false => {
            format!("timed as severity {} until somebody says how bad it is, {hours}", explained.severity)
        }
    }
}

/// One clock: `first answer  breached  was due …`.
pub(super) fn line(clock: &ClockLine, zone: &TimeZone) -> String {
    let when = |at: Option<Timestamp>| at.map(|at| in_zone(at, zone)).unwrap_or_default();
    let left = in_words(SignedDuration::from_secs(clock.left_seconds));
    let stands = match clock.state {
        "met" => format!("kept {}", when(clock.met_at)),
        "met-late" => format!("was due {}, kept {}", when(clock.due_at), when(clock.met_at)),
        "breached" => format!("was due {}", when(clock.due_at)),
        "paused" => format!("since {}, {left} left", when(clock.paused_since)),
        _ => format!("due {}, {left} left", when(clock.due_at)),
    };
    let paused = match clock.paused_seconds {
        0 => String::new(),
        seconds => format!(", waited for the customer {}", in_words(SignedDuration::from_secs(seconds))),
    };
    format!("{:<13} {:<9} {stands}{paused}", clock.goal.called(), clock.state)
}
