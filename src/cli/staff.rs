//! `deskgate staff`: who is on duty, who is away, who has how much, and how they sign in.

use std::process::ExitCode;

use anyhow::{Context, bail};
use jiff::{Timestamp, civil::Date};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader, stdin};

use super::{Config, base::Base, say};
use crate::{desk::Standing, domain::EmailAddress, settings::Staff, ticket::team};

/// The most bytes of a line that are read as a password.
const MOST_TYPED: u64 = 4096;

/// `deskgate staff`
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Everybody: on duty or not, away or not, how many open tickets.
    List(List),
    /// Who of a rota is on duty, and who comes next.
    Duty(Duty),
    /// Tell whose turn it is in a rota what is open, and who had it; the desk does so by itself whenever a turn begins.
    Handover(Handover),
    /// Say that somebody is away; leads hear which open tickets are theirs.
    Away(Away),
    /// Say that somebody is back; what was to come is taken back, too.
    Back(Back),
    /// Send somebody a link by which they set a password for the console.
    Invite(Invite),
    /// Take away the one-time codes and passkeys of somebody who has lost them; their sessions end, and they hear of it.
    DropFactors(DropFactors),
    /// Set somebody's password for the console, from standard input; their sessions end.
    Password(Password),
}

#[derive(Debug, clap::Args)]
pub struct List {
    /// As a JSON array.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub struct Duty {
    /// Only this rota.
    #[arg(long, value_name = "NAME")]
    rota: Option<String>,
    /// At this time instead of now, as 2026-12-24T18:00:00Z.
    #[arg(long, value_name = "TIME")]
    at: Option<Timestamp>,
    /// As a JSON array.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub struct Handover {
    /// The rota; may be left out where there is one only.
    rota: Option<String>,
    /// As a JSON object.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub struct Away {
    /// Who.
    who: EmailAddress,
    /// When, as 2026-12-01..2026-12-10; without it from today on.
    #[arg(default_value = "", value_parser = days)]
    days: Days,
    /// Who says so; without it the first admin, lead or agent.
    #[arg(long = "as", value_name = "EMAIL")]
    actor: Option<EmailAddress>,
}

#[derive(Debug, clap::Args)]
pub struct Back {
    /// Who.
    who: EmailAddress,
}

#[derive(Debug, clap::Args)]
pub struct Invite {
    /// Whom.
    who: EmailAddress,
    /// Print the link, too: whoever has it sets the password.
    #[arg(long)]
    print: bool,
    /// Who says so; without it the audit log says that it was done at the command line.
    #[arg(long = "as", value_name = "EMAIL")]
    actor: Option<EmailAddress>,
}

#[derive(Debug, clap::Args)]
pub struct DropFactors {
    /// Whose.
    who: EmailAddress,
    /// Which admin says so; without it the audit log says that it was done at the command line.
    #[arg(long = "as", value_name = "EMAIL")]
    actor: Option<EmailAddress>,
}

#[derive(Debug, clap::Args)]
pub struct Password {
    /// Whose.
    who: EmailAddress,
}

type Days = (Option<Date>, Option<Date>);

fn days(text: &str) -> Result<Days, String> {
    team::days(text).ok_or_else(|| format!("`{text}` names no days; write them as 2026-12-01..2026-12-10"))
}

/// Runs one of the commands.
pub async fn run(config: &Config, command: Command) -> anyhow::Result<ExitCode> {
    let base = Base::open(config).await?;
    let ended = match command {
        Command::List(arguments) => list(&base, &arguments).await,
        Command::Duty(arguments) => duty(&base, &arguments).await,
        Command::Handover(arguments) => handover(&base, &arguments).await,
        Command::Away(arguments) => away(&base, arguments).await,
        Command::Back(arguments) => back(&base, &arguments).await,
        Command::Invite(arguments) => invite(&base, &arguments).await,
        Command::DropFactors(arguments) => drop_factors(&base, &arguments).await,
        Command::Password(arguments) => password(&base, &arguments).await,
    };
    base.close().await;
    ended.map(|()| ExitCode::SUCCESS)
}

async fn list(base: &Base, arguments: &List) -> anyhow::Result<()> {
    let mut conn = base.pool.get().await?;
    let all = base.desk.standings(&mut conn, Timestamp::now()).await?;
    if arguments.json {
        let all: Vec<Value> = all.iter().map(object).collect();
        say(serde_json::to_string_pretty(&all)?);
        return Ok(());
    }
    for standing in all {
        say(line(&standing));
    }
    Ok(())
}

fn object(standing: &Standing<'_>) -> Value {
    let staff = standing.staff;
    json!({
        "name": staff.name, "address": staff.email, "role": staff.role, "away": standing.away,
        "on_duty": standing.on_duty, "open": standing.open,
        "capacity": (!staff.is_unbounded()).then_some(staff.capacity), "last_assigned_at": standing.last,
        "absences": standing.absences.iter().map(|(from, to)| json!({ "from": from, "to": to })).collect::<Vec<_>>(),
    })
}

fn line(standing: &Standing<'_>) -> String {
    let staff = standing.staff;
    let has = match staff.is_unbounded() {
        true => format!("{} open", standing.open),
        false => format!("{} of {}", standing.open, staff.capacity),
    };
    let duty = match (standing.away, standing.on_duty.as_slice()) {
        (true, _) => "away".to_owned(),
        (false, []) => String::new(),
        (false, rotas) => format!("on duty: {}", rotas.join(", ")),
    };
    let times: Vec<String> = standing
        .absences
        .iter()
        .map(|(from, to)| match to {
            Some(to) => format!("away {from} to {to}"),
            None => format!("away {from} on"),
        })
        .collect();
    let line = format!(
        "{:<32} {:<6} {has:<10} {duty} {}",
        staff.email.to_string(),
        staff.role.to_string(),
        times.join(", ")
    );
    line.trim_end().to_owned()
}

async fn duty(base: &Base, arguments: &Duty) -> anyhow::Result<()> {
    let at = arguments.at.unwrap_or_else(Timestamp::now);
    let rotas = &base.desk.settings.rotas;
    let wanted: Vec<_> = match &arguments.rota {
        None => rotas.iter().collect(),
        Some(name) => {
            let rota = base.desk.settings.rota(name);
            vec![rota.with_context(|| format!("no [[rota]] is called {name}"))?]
        }
    };
    let mut conn = base.pool.get().await?;
    let mut all = Vec::new();
    for rota in wanted {
        let on_duty = base.desk.on_duty(&mut conn, rota, at).await?;
        let next = rota.turns.handovers(at, 1).into_iter().next();
        let to = |places: &[usize]| -> Vec<&EmailAddress> {
            places.iter().filter_map(|place| rota.members.get(*place)).collect()
        };
        let next = next.map(|next| (next.at, to(&next.to)));
        if arguments.json {
            let addresses: Vec<&EmailAddress> = on_duty.iter().map(|staff| &staff.email).collect();
            let next = next.map(|(at, to)| json!({ "at": at, "to": to }));
            all.push(json!({ "rota": rota.name, "on_duty": addresses, "next": next }));
            continue;
        }
        let now = named(&on_duty);
        let next = next.map(|(at, to)| {
            let to: Vec<String> = to.iter().map(ToString::to_string).collect();
            format!("; {} takes over at {at:.0}", to.join(" and "))
        });
        say(format!("{}: {now}{}", rota.name, next.unwrap_or_default()));
    }
    if arguments.json {
        say(serde_json::to_string_pretty(&all)?);
    } else if rotas.is_empty() {
        say("There is no [[rota]]; everybody is on duty who is not away.");
    }
    Ok(())
}

async fn handover(base: &Base, arguments: &Handover) -> anyhow::Result<()> {
    let settings = &base.desk.settings;
    let rota = match (&arguments.rota, settings.rotas.as_slice()) {
        (Some(name), _) => settings.rota(name).with_context(|| format!("no [[rota]] is called {name}"))?,
        (None, [one]) => one,
        (None, []) => bail!("there is no [[rota]] in {}", settings.source),
        (None, _) => bail!("there are several rotas; name one: `deskgate staff duty` lists them"),
    };
    let mut conn = base.pool.get().await?;
    let handed = base.desk.hand_over_duty(&mut conn, rota, Timestamp::now()).await?;
    if arguments.json {
        let handed = json!({ "rota": rota.name, "told": handed.told, "before": handed.before, "tickets": handed.tickets });
        say(serde_json::to_string_pretty(&handed)?);
        return Ok(());
    }
    let told: Vec<&str> = handed.told.iter().map(EmailAddress::as_str).collect();
    say(match told.as_slice() {
        [] => format!("{}: its first turn has not begun.", rota.name),
        told => format!("{}: {} is told of {} open tickets.", rota.name, told.join(" and "), handed.tickets),
    });
    Ok(())
}

fn named(staff: &[&Staff]) -> String {
    match staff {
        [] => "nobody is on duty".to_owned(),
        several => several.iter().map(|each| each.email.as_str()).collect::<Vec<_>>().join(" and "),
    }
}

async fn away(base: &Base, arguments: Away) -> anyhow::Result<()> {
    let actor = base.actor(arguments.actor.as_ref())?;
    let staff = on_the_list(base, &arguments.who)?;
    let mut conn = base.pool.get().await?;
    let told = base.desk.go_away(&mut conn, staff, arguments.days, &actor, Timestamp::now()).await?;
    say(format!("{told}."));
    Ok(())
}

async fn back(base: &Base, arguments: &Back) -> anyhow::Result<()> {
    let staff = on_the_list(base, &arguments.who)?;
    let mut conn = base.pool.get().await?;
    say(format!("{}.", base.desk.come_back(&mut conn, staff, Timestamp::now()).await?));
    Ok(())
}

async fn invite(base: &Base, arguments: &Invite) -> anyhow::Result<()> {
    if !arguments.print && !base.desk.mails_links() {
        bail!("no link can be mailed, since `site.base_url` does not begin with https://; --print prints it");
    }
    let by = arguments.actor.as_ref().map(|named| base.actor(Some(named))).transpose()?;
    let by = by.as_ref().map(|by| &by.address);
    let mut conn = base.pool.get().await?;
    let made = base.desk.invite(&mut conn, &arguments.who, by, Timestamp::now()).await?;
    if made.mailed {
        say(format!("{} gets a mail with a link, good for a week.", arguments.who));
    }
    if arguments.print {
        say(made.link);
    }
    Ok(())
}

async fn drop_factors(base: &Base, arguments: &DropFactors) -> anyhow::Result<()> {
    let whose = &arguments.who;
    let by = arguments.actor.as_ref().map(|named| base.actor(Some(named))).transpose()?;
    let mut conn = base.pool.get().await?;
    let had = base.desk.drop_factors(&mut conn, whose, by.as_ref(), Timestamp::now()).await?;
    say(format!("{whose} has no second factor any more (had: {had}), and is signed out everywhere."));
    Ok(())
}

async fn password(base: &Base, arguments: &Password) -> anyhow::Result<()> {
    let mut typed = String::new();
    BufReader::new(stdin().take(MOST_TYPED)).read_line(&mut typed).await.context("reading the password")?;
    let typed = typed.trim_end_matches(['\r', '\n']);
    base.desk.set_password(&base.pool, &arguments.who, typed, Timestamp::now()).await?;
    say(format!("{} has a new password, and is signed out everywhere.", arguments.who));
    Ok(())
}

fn on_the_list<'a>(base: &'a Base, who: &EmailAddress) -> anyhow::Result<&'a Staff> {
    let staff = base.desk.settings.staff_by_email(who);
    staff.with_context(|| format!("{who} is not on the staff list; add a [[staff]] entry for them first"))
}
