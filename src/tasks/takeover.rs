//! Names of processes, and what a dead one left behind.
//!
//! A lease runs out by itself. After a `kill -9` nobody should have to wait for that:
//! every node looks at the others every few seconds, and ends the leases of those that
//! are gone. On its own host it sees so at once, also of a command that never joined.

use std::{path::Path, sync::Arc, time::Duration};

use diesel_async::AsyncConnection;
use jiff::Timestamp;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use super::{
    Node,
    supervisor::{self, jittered},
    wake::Database,
};
use crate::store::{
    Conn, leases,
    nodes::{self, Seen},
};

/// The other nodes are looked at this often, or a little more often.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// After a restart or a failover of the database all locks are free and all signs of
/// life are old: nobody judges before everybody had so long to come back.
const TIME_TO_COME_BACK: Duration = Duration::from_secs(10);

/// Looks at the other nodes until `stop`.
pub fn job(node: Arc<Node>, database: Database, stop: CancellationToken) -> supervisor::Job {
    supervisor::job(move || {
        let (node, database, stop) = (node.clone(), database.clone(), stop.clone());
        async move {
            while !stop.is_cancelled() {
                if database.is_there() {
                    look(&node, database.has_been_there_for(TIME_TO_COME_BACK)).await?;
                }
                tokio::select! {
                    () = tokio::time::sleep(jittered(LOOK_EVERY)) => {}
                    () = stop.cancelled() => {}
                }
            }
            Ok(())
        }
    })
}

/// Ends the leases of nodes that are gone: those of this host whose process does not
/// run, and any whose signs of life stay out when we may `judge` that.
async fn look(node: &Node, judge: bool) -> anyhow::Result<()> {
    let mut conn = node.pool.get().await?;
    let all = nodes::all(&mut conn).await?;
    // Who holds its lock lives, whatever its name says.
    let dead =
        |other: &&Seen| other.unlocked && is_dead(&other.name, &node.name, runs) || judge && other.is_gone();
    for dead in all.iter().filter(dead) {
        // One transaction each: a lease that somebody still works on under a lock
        // holds up nobody else's.
        let buried = conn.transaction(async |conn| bury(conn, dead, Timestamp::now()).await).await?;
        if buried {
            warn!("Node {} is dead; what it held is taken over", dead.name);
        }
    }
    Ok(())
}

async fn bury(conn: &mut Conn, dead: &Seen, now: Timestamp) -> diesel::QueryResult<bool> {
    let buried = nodes::bury(conn, dead).await?;
    if buried {
        leases::release_all(conn, std::slice::from_ref(&dead.name), now).await?;
    }
    Ok(buried)
}

/// A name that no other process has or had: `host/boot-namespace:process:random`.
/// Machines may share a name, and only one of them started under this boot id (random(4));
/// containers of one machine share both, and each counts its processes from 1.
pub fn node_name() -> String {
    let random = getrandom::u32().unwrap_or_default();
    let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    let boot = boot.split('-').next().unwrap_or_default().trim();
    let namespace = std::fs::read_link("/proc/self/ns/pid").unwrap_or_default();
    let namespace: String = namespace.to_string_lossy().chars().filter(char::is_ascii_digit).collect();
    format!("{}/{boot}-{namespace}:{}:{random:08x}", host(), std::process::id())
}

/// Ends the leases of processes of this host that are gone, also of those that are not
/// among the nodes. A node that holds its lock lives.
pub async fn release_dead(conn: &mut Conn, me: &str, now: Timestamp) -> diesel::QueryResult<()> {
    let nodes = nodes::all(conn).await?;
    let lives =
        |holder: &str| nodes.iter().any(|node| !node.unlocked && leases::belongs(Some(holder), &node.name));
    let dead: Vec<String> = leases::holders(conn, now)
        .await?
        .into_iter()
        .filter(|holder| is_dead(holder, me, runs) && !lives(holder))
        .collect();
    if !dead.is_empty() {
        info!("Taking over what {} left behind", dead.join(", "));
        leases::release(conn, &dead, now).await?;
    }
    Ok(())
}

/// Whether a process of this number runs, as far as we can see: where others are
/// hidden from us (proc(5), hidepid), everybody lives.
fn runs(process: &str) -> bool {
    let proc = Path::new("/proc");
    proc.join(process).exists() || !proc.join("1").exists()
}

/// A holder on our host whose process does not run, or whose number is ours now.
fn is_dead(holder: &str, me: &str, runs: impl Fn(&str) -> bool) -> bool {
    let parts = |name: &str| {
        let mut parts = name.rsplitn(3, ':').map(str::to_owned);
        let (_, process, host) = (parts.next()?, parts.next()?, parts.next()?);
        Some((host, process))
    };
    let (Some((host, process)), Some((my_host, my_process))) = (parts(holder), parts(me)) else {
        return false;
    };
    holder != me && host == my_host && (process == my_process || !runs(&process))
}

fn host() -> String {
    nix::unistd::gethostname().ok().and_then(|name| name.into_string().ok()).unwrap_or_else(|| "node".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_processes_of_this_host_that_are_gone_are_dead() {
        let dead = |holder| is_dead(holder, "mail/b00-1:10:aaaa", |process| process == "20");
        assert!(dead("mail/b00-1:30:bbbb"), "its process does not run");
        assert!(dead("mail/b00-1:10:bbbb"), "its number is ours now, so it ended");
        for alive in ["mail/b00-1:20:bbbb", "mail/b00-1:10:aaaa", "other/b00-1:30:bbbb", "nonsense", ""] {
            assert!(!dead(alive), "{alive}");
        }
        assert!(!dead("mail/b11-1:30:bbbb"), "another machine of this name, or this one before it restarted");
        assert!(!dead("mail/b00-2:30:bbbb"), "another container of this machine");
    }

    #[test]
    fn names_differ_and_tell_the_machine() {
        assert_ne!(node_name(), node_name());
        let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").expect("Linux has one");
        assert!(node_name().contains(&format!("/{}-", &boot[..8])), "{}", node_name());
    }
}
