//! `deskgate ticket list`.

use anyhow::Context;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{base::Base, say, ticket::titled};
use crate::{
    desk::Desk,
    domain::{EmailAddress, reference},
    store::tickets::{self, Filter},
    ticket::Severity,
};

/// `deskgate ticket list`
#[derive(Debug, clap::Args)]
pub struct List {
    /// Those that a query asks for, as in the console: "status:open sev:1 -is:snoozed"; what is due first comes first.
    #[arg(long, value_name = "QUERY", conflicts_with_all = ["status", "severity", "assignee", "product", "queue", "waiting", "breaching", "snoozed", "all"])]
    query: Option<String>,
    /// Only those new, accepted, resolved, verified or closed, or in a status of the site's own.
    #[arg(long, value_name = "NAME")]
    status: Option<String>,
    /// Only those of this severity, 1 to 4.
    #[arg(long)]
    severity: Option<Severity>,
    /// Only those of this member of staff.
    #[arg(long, value_name = "EMAIL")]
    assignee: Option<EmailAddress>,
    /// Only those about this product.
    #[arg(long, value_name = "NAME")]
    product: Option<String>,
    /// Only those in this queue.
    #[arg(long, value_name = "NAME")]
    queue: Option<String>,
    /// Only those that wait for the customer.
    #[arg(long)]
    waiting: bool,
    /// Only those of which something promised is over or soon will be, the most pressing first.
    #[arg(long)]
    breaching: bool,
    /// Only those that are snoozed, which are else shown only with --all or --breaching.
    #[arg(long)]
    snoozed: bool,
    /// Also those that are snoozed.
    #[arg(long, conflicts_with = "snoozed")]
    all: bool,
    /// At most so many.
    #[arg(long, default_value_t = 50)]
    limit: u32,
    /// As a JSON array.
    #[arg(long)]
    json: bool,
}

impl List {
    /// What is snoozed is out of the way, but no excuse for a promise that is over.
    fn snoozed(&self) -> Option<bool> {
        match (self.snoozed, self.all || self.breaching) {
            (true, _) => Some(true),
            (false, true) => None,
            (false, false) => Some(false),
        }
    }
}

/// Runs `deskgate ticket list`.
pub async fn list(base: &Base, arguments: &List) -> anyhow::Result<()> {
    if let Some(query) = &arguments.query {
        return super::search::list(base, query, arguments.limit, arguments.json).await;
    }
    let mut conn = base.pool.get().await?;
    let assignee = match &arguments.assignee {
        None => None,
        Some(address) => {
            let person = crate::store::people::by_address(&conn, address).await?;
            Some(person.with_context(|| format!("no ticket was ever assigned to {address}"))?.id)
        }
    };
    let pressing = match arguments.breaching {
        true => crate::store::clocks::pressing(&mut conn, Timestamp::now()).await?,
        false => Vec::new(),
    };
    let workflow = &base.desk.settings.workflow;
    let goal = arguments.status.as_deref().map(|name| workflow.goal(name)).transpose()?;
    let filter = Filter {
        status: goal.as_ref().map(|(_, means)| *means),
        status_name: goal.map(|(goal, _)| workflow.kept(&goal)).unwrap_or_default(),
        severity: arguments.severity,
        assignee,
        waiting: arguments.waiting.then_some(true),
        among: arguments.breaching.then(|| pressing.clone()),
        product: arguments.product.clone(),
        queue: arguments.queue.clone(),
        snoozed: arguments.snoozed(),
    };
    let mut rows = tickets::list(&mut conn, &filter, i64::from(arguments.limit)).await?;
    rows.sort_by_key(|(ticket, _)| pressing.iter().position(|id| *id == ticket.id));
    let prefix = &base.desk.settings.site.reference;
    if arguments.json {
        let all: Vec<Value> =
            rows.iter().map(|(ticket, requester)| line(&base.desk, ticket, requester.as_ref())).collect();
        say(serde_json::to_string_pretty(&all)?);
        return Ok(());
    }
    if rows.is_empty() {
        say("No tickets.");
    }
    for (ticket, requester) in rows {
        let severity = ticket.severity().map_or("–".into(), |severity| format!("sev {severity}"));
        let waiting = match (ticket.waiting_for_customer, ticket.incomplete) {
            (true, _) => " (waiting for the customer)",
            (false, true) => " (incomplete)",
            (false, false) => "",
        };
        let who = requester.map_or("nobody".into(), |person| person.address);
        let reference = reference::reference(prefix, ticket.id);
        let status = base.desk.state_of(&ticket).shown();
        say(format!(
            "{reference:<8} {status:<9} {severity:<6} {who:<32} {}{waiting}{}",
            titled(&ticket.subject),
            aside(&ticket)
        ));
    }
    if filter.snoozed == Some(false) {
        let hidden = tickets::count(&mut conn, &Filter { snoozed: Some(true), ..filter }).await?;
        if hidden > 0 {
            say(format!("{hidden} more snoozed; --snoozed lists them, --all lists all."));
        }
    }
    Ok(())
}

/// That a ticket is out of the way, and until when.
fn aside(ticket: &tickets::Ticket) -> String {
    match (ticket.snoozed_at, ticket.snoozed_until) {
        (None, _) => String::new(),
        (Some(_), None) => " (snoozed)".to_owned(),
        (Some(_), Some(until)) => {
            format!(" (snoozed until {})", until.to_jiff().strftime("%Y-%m-%d %H:%M UTC"))
        }
    }
}

fn line(desk: &Desk, ticket: &tickets::Ticket, requester: Option<&crate::store::people::Person>) -> Value {
    let (prefix, state) = (&desk.settings.site.reference, desk.state_of(ticket));
    json!({
        "id": ticket.id, "reference": reference::reference(prefix, ticket.id), "subject": ticket.subject,
        "status": ticket.status.0, "status_name": state.name, "status_label": state.shown(), "severity": ticket.severity().map(|severity| severity.number()),
        "level": ticket.level().map(|level| level.number()), "source": ticket.source.0,
        "product": ticket.product, "queue": ticket.queue,
        "requester": requester.map(|person| json!({ "name": person.name, "address": person.address })),
        "waiting_on": ticket.waiting_for_customer.then_some("customer"),
        "incomplete": ticket.incomplete, "snoozed": ticket.snoozed_at.is_some(),
        "snoozed_until": ticket.snoozed_until.map(|at| at.to_jiff()),
        "created_at": ticket.created_at.to_jiff(), "changed_at": ticket.changed_at.to_jiff(),
    })
}
