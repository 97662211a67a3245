//! The loops that keep a desk going, each supervised on its own.
//!
//! * `fetch`: one for each mailbox; raw bytes into the ledger, nothing else.
//! * `process`: reads raw mails and takes them in.
//! * `deliver`: lease, send, record.
//! * `pager`: what pagers are to be told, beside `deliver`.
//! * `clock`: what is due by time alone.
//!
//! Beside these, each process keeps one connection on which it hears the others and is
//! seen by them (`wake`), and looks for nodes that are gone (`takeover`).
//!
//! A loop that fails is started again after a growing pause; it touches nobody
//! else. Waking up is a hint, polling is the guarantee: each loop looks at its
//! table whenever it is called and every few seconds besides. All stop at a safe
//! point when asked.
#![expect(clippy::disallowed_methods, reason = "this floor reads the clock and hands it down as `now`")]

mod clock;
mod deliver;
mod fetch;
mod pager;
mod process;
mod supervisor;
mod takeover;
mod wake;

use std::{collections::HashMap, sync::Arc, time::Duration};

use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tracing::{error, warn};

use crate::{
    desk::Desk,
    domain::{MailboxId, Word, words::word},
    settings::Settings,
    store::Pool,
    verify::Verifier,
};

pub use process::process_one;
pub use takeover::node_name;
use wake::Wake;

/// How long loops may take to reach a safe point when we are asked to stop.
const GRACE: Duration = Duration::from_secs(20);

/// A part of the work that a process may take on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Mailboxes into the ledger.
    Fetch,
    /// The ledger into tickets.
    Process,
    /// The outbox to the mail servers.
    Deliver,
    /// What is due by time.
    Clock,
    /// The web port.
    Web,
}

word!(Role, "role", {
    Fetch => "fetch",
    Process => "process",
    Deliver => "deliver",
    Clock => "clock",
    Web => "web",
});

/// One running process among those that share a database.
pub struct Node {
    /// The use cases.
    pub desk: Arc<Desk>,
    /// The database.
    pub pool: Pool,
    /// Its URL, for the connection that listens.
    pub database_url: String,
    /// A name that no other process has, for leases.
    pub name: String,
    /// For the mailboxes whose senders we check ourselves.
    pub verifiers: Verifiers,
}

/// Our own checks of senders, by the names of their mailboxes.
pub struct Verifiers(HashMap<String, Arc<Verifier>>);

impl Verifiers {
    /// Prepares those that the configuration asks for. One that cannot be prepared is
    /// told and proves nobody; `deskgate check` says the same.
    pub fn new(settings: &Settings) -> Verifiers {
        let mut verifiers = HashMap::new();
        for mailbox in &settings.mailboxes {
            match mailbox.verify.as_ref().map(Verifier::new) {
                Some(Ok(verifier)) => drop(verifiers.insert(mailbox.name.clone(), Arc::new(verifier))),
                Some(Err(error)) => error!(
                    mailbox = %mailbox.name,
                    "Senders of `{}` cannot be checked and stay unproven: {error}", mailbox.name
                ),
                None => {}
            }
        }
        Verifiers(verifiers)
    }

    fn of(&self, desk: &Desk, mailbox: MailboxId) -> Option<Arc<Verifier>> {
        if self.0.is_empty() {
            return None;
        }
        self.0.get(&desk.name_of(mailbox)?).cloned()
    }

    /// How long the check of one mail may take at most.
    fn time_limit(&self) -> Duration {
        self.0.values().map(|verifier| verifier.time_limit()).max().unwrap_or_default()
    }
}

/// Runs these roles until `stop`, and returns when every loop has ended.
pub async fn run(node: Arc<Node>, roles: &[Role], stop: CancellationToken) {
    if let Err(error) = take_over(&node).await {
        warn!("Looking for what dead processes left behind: {error:#}; their leases run out by themselves");
    }
    let tasks = TaskTracker::new();
    let wake = Arc::new(Wake::new());
    let start = |name: String, job: supervisor::Job| {
        tasks.spawn(supervisor::supervise(name, job, wake.database(), stop.clone()));
    };
    let (left, mut database) = (CancellationToken::new(), wake.database());
    let presence = tokio::spawn(presence(node.clone(), wake.clone(), roles, left.clone()));
    // Whoever holds a lease is among the nodes first, for the others to see.
    tokio::select! {
        () = database.came_back() => {}
        () = stop.cancelled() => {}
    }
    start("takeover".into(), takeover::job(node.clone(), wake.database(), stop.clone()));
    for role in roles {
        match role {
            Role::Fetch => {
                for mailbox in node.desk.settings.mailboxes.iter().filter(|mailbox| mailbox.imap.is_some()) {
                    let name = mailbox.name.clone();
                    start(
                        format!("fetch {name}"),
                        fetch::job(node.clone(), wake.clone(), name, stop.clone()),
                    );
                }
            }
            Role::Process => {
                for number in 1..=node.desk.settings.limits.workers {
                    let job = process::job(node.clone(), wake.clone(), number, stop.clone());
                    start(format!("process {number}"), job);
                }
            }
            Role::Deliver => {
                if node.desk.settings.oncall.webhook.is_some() {
                    start("pager".into(), pager::job(node.clone(), wake.clone(), stop.clone()));
                }
                for mailbox in &node.desk.settings.mailboxes {
                    let name = mailbox.name.clone();
                    let job = deliver::job(node.clone(), wake.clone(), name.clone(), stop.clone());
                    start(format!("deliver {name}"), job);
                }
            }
            Role::Clock => start("clock".into(), clock::job(node.clone(), stop.clone())),
            // The web port is served by `cli`, beside these loops.
            Role::Web => {}
        }
    }
    tasks.close();
    stop.cancelled().await;
    if tokio::time::timeout(GRACE, tasks.wait()).await.is_err() {
        warn!(
            "{} loops did not reach a safe point within {GRACE:?}; what they hold on lease is taken over later",
            tasks.len()
        );
    }
    // Only now: whoever still works is alive.
    left.cancel();
    if let Err(died) = presence.await {
        warn!("Leaving the nodes of this database: {died}");
    }
}

/// Keeps this node among the others until `left`.
fn presence(
    node: Arc<Node>,
    wake: Arc<Wake>,
    roles: &[Role],
    left: CancellationToken,
) -> impl Future<Output = ()> + Send + use<> {
    let roles: Vec<&str> = roles.iter().map(|role| role.as_str()).collect();
    let job = wake::job(node, wake.clone(), roles.join(", "), left.clone());
    supervisor::supervise("wake".into(), job, wake.database(), left)
}

async fn take_over(node: &Node) -> anyhow::Result<()> {
    let mut conn = node.pool.get().await?;
    Ok(takeover::release_dead(&mut conn, &node.name, jiff::Timestamp::now()).await?)
}
