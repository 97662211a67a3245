//! `deskgate ticket show`.

use jiff::{Timestamp, tz::TimeZone};
use serde_json::Value;

use super::{base::Base, say, ticket::titled, ticket_clocks};
use crate::{
    desk::{self, StoryLine, TicketView},
    domain::{TicketId, text},
};

/// `deskgate ticket show`
#[derive(Debug, clap::Args)]
pub struct Show {
    /// Its number.
    number: TicketId,
    /// As a JSON object.
    #[arg(long)]
    json: bool,
}

/// Runs `deskgate ticket show`.
pub async fn show(base: &Base, arguments: &Show) -> anyhow::Result<()> {
    let mut conn = base.pool.get().await?;
    let view = desk::show(&base.desk, &mut conn, arguments.number, Timestamp::now()).await?;
    match arguments.json {
        true => say(serde_json::to_string_pretty(&view)?),
        false => print(&view, &base.desk.story(&view), &base.desk.settings.site.zone),
    }
    Ok(())
}

fn print(view: &TicketView, story: &[StoryLine], zone: &TimeZone) {
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    say(format!("{}  {}", view.reference, titled(&view.subject)));
    let severity = view.severity.map_or("no severity".into(), |number| format!("severity {number}"));
    let level = view.level.map_or("no level".into(), |number| format!("level {number}"));
    let waiting = if view.waiting_on.is_some() { ", waiting for the customer" } else { "" };
    let incomplete = if view.gate["incomplete"] == true { ", incomplete" } else { "" };
    say(format!("  {}, {severity}, {level}{waiting}{incomplete}", view.status_label));
    if let Some(requester) = &view.requester {
        say(format!("  from {} <{}>", word(&requester["name"]), word(&requester["address"])));
    }
    if let Some(product) = &view.product {
        say(format!("  about {product}"));
    }
    if let Some(queue) = &view.queue {
        say(format!("  in the queue {queue}"));
    }
    if let Some(assignee) = &view.assignee {
        say(format!("  assigned to {assignee}"));
    }
    for clock in &view.clocks {
        say(format!("  {}", ticket_clocks::line(clock, zone)));
    }
    print_aside(view);
    if let Some(because) = &view.unassigned_because {
        say(format!("  assigned to nobody: {because}"));
    }
    let company = view.participants.iter().filter(|who| who["role"] != "requester");
    for who in company {
        say(format!("  {} {} <{}>", word(&who["role"]), word(&who["name"]), word(&who["address"])));
    }
    for slot in ["steps", "actual", "expected"] {
        if let Some(found) = view.gate.get(slot) {
            let quote = text::line(found["evidence"][0]["text"].as_str().unwrap_or_default());
            say(format!("  {slot:<9} {:<8} {quote}", word(&found["verdict"])));
        }
    }
    for message in &view.messages {
        say("");
        let author = word(&message["from"]);
        say(format!(
            "  {} {} {} {author}",
            word(&message["at"]),
            word(&message["direction"]),
            word(&message["kind"])
        ));
        for line in word(&message["own_text"]).trim().lines() {
            say(format!("  │ {line}"));
        }
        for file in message["attachments"].as_array().into_iter().flatten() {
            say(format!("  + {} ({} bytes)", word(&file["name"]), file["size"]));
        }
    }
    say("");
    for line in story {
        let by = line.at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M");
        say(format!("  {by}  {}", line.text(zone)));
        for reason in &line.why {
            say(format!("                    because: {reason}"));
        }
        if let Some(quote) = &line.quote {
            say(format!("                    “{}”", text::line(quote)));
        }
    }
}

/// What keeps it, or words about it, out of the way.
fn print_aside(view: &TicketView) {
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    if let Some(into) = view.merged_into {
        say(format!("  part of ticket {into} now"));
    }
    if view.spam {
        say("  spam: nobody outside is written to about it");
    }
    if view.snoozed {
        let until = view.snoozed_until.map_or("the customer writes".into(), |at| at.to_string());
        say(format!("  snoozed until {until}"));
    }
    for held in view.held.iter().filter(|held| held["settled_as"].is_null()) {
        say(format!("  held: words of {}: {}", word(&held["agent"]), word(&held["why"])));
        for line in word(&held["words"]).lines().chain(word(&held["commands"]).lines()) {
            say(format!("  │ {line}"));
        }
    }
}
