//! Who may send when: so many connections in all, and never all of them to one
//! domain, so that one which stalls delays no other.

use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::{
    smtp::{Outcome, Trouble},
    store::pauses::SERVER,
};

/// Domains are forgotten when there are more than this, save those in use.
const REMEMBERED: usize = 1000;

/// The ways out of one mailbox.
pub(super) struct Lanes {
    connections: Arc<Semaphore>,
    /// Of these, those that may try a domain that deferred: it is likely to stall.
    probes: Arc<Semaphore>,
    each: usize,
    domains: Mutex<HashMap<String, Arc<Semaphore>>>,
    /// What deferred since mails to it were leased; they are handed back.
    closed: Mutex<HashSet<String>>,
    /// Whether any pause may be written down, so that an answer could end it.
    paused: AtomicBool,
}

/// The right to send one mail.
pub(super) struct Turn {
    _permits: [Option<OwnedSemaphorePermit>; 3],
}

impl Lanes {
    /// `connections` in all, three quarters of them for one domain, half of them for
    /// trying again what deferred; at least one each.
    pub(super) fn new(connections: usize) -> Lanes {
        Lanes {
            connections: Arc::new(Semaphore::new(connections)),
            probes: Arc::new(Semaphore::new((connections / 2).max(1))),
            each: (connections * 3 / 4).max(1),
            domains: Mutex::default(),
            closed: Mutex::default(),
            paused: AtomicBool::new(true),
        }
    }

    /// Waits for the right to send a mail to this domain.
    pub(super) async fn turn(&self, domain: &str, probe: bool) -> Turn {
        let own = self.lane(domain).acquire_owned().await.ok();
        let trying = match probe {
            true => self.probes.clone().acquire_owned().await.ok(),
            false => None,
        };
        Turn { _permits: [own, trying, self.connections.clone().acquire_owned().await.ok()] }
    }

    fn lane(&self, domain: &str) -> Arc<Semaphore> {
        let mut domains = held(&self.domains);
        if domains.len() > REMEMBERED {
            domains.retain(|_, lane| Arc::strong_count(lane) > 1 || lane.available_permits() < self.each);
        }
        let lane = domains.entry(domain.to_owned()).or_insert_with(|| Arc::new(Semaphore::new(self.each)));
        lane.clone()
    }

    /// Whether the domain, or the server, deferred meanwhile.
    pub(super) fn is_closed(&self, domain: &str) -> bool {
        let closed = held(&self.closed);
        closed.contains(domain) || closed.contains(SERVER)
    }

    /// Whether an answer may end a pause.
    pub(super) fn any_pause(&self) -> bool {
        self.paused.load(Ordering::SeqCst)
    }

    /// Pauses were found, or none.
    pub(super) fn saw_pauses(&self, any: bool) {
        self.paused.store(any, Ordering::SeqCst);
    }

    /// Closes what an outcome speaks against.
    pub(super) fn learn(&self, domain: &str, outcome: &Outcome) {
        let whose = match outcome {
            Outcome::Deferred(Trouble::Server | Trouble::Broken, _) => SERVER,
            Outcome::Deferred(Trouble::Domain, _) => domain,
            Outcome::Deferred(Trouble::Recipient, _) | Outcome::Accepted(_) | Outcome::Refused(_) => return,
        };
        held(&self.closed).insert(whose.to_owned());
        self.saw_pauses(true);
    }

    /// Opens what the database lets us try again.
    pub(super) fn open<'a>(&self, domains: impl Iterator<Item = &'a str>) {
        let mut closed = held(&self.closed);
        for domain in domains {
            closed.remove(domain);
            closed.remove(SERVER);
        }
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;

    use super::*;

    async fn waits(lanes: &Lanes, domain: &str, probe: bool) -> bool {
        timeout(Duration::from_millis(1), lanes.turn(domain, probe)).await.is_err()
    }

    #[tokio::test(start_paused = true)]
    async fn a_domain_never_takes_every_connection() {
        let lanes = Lanes::new(4);
        let _held = [
            lanes.turn("tarpit.test", false).await,
            lanes.turn("tarpit.test", false).await,
            lanes.turn("tarpit.test", false).await,
        ];
        assert!(waits(&lanes, "tarpit.test", false).await);
        assert!(!waits(&lanes, "customer.test", false).await);
        let _last = lanes.turn("customer.test", false).await;
        assert!(waits(&lanes, "other.test", false).await, "the server is asked for four at most");
    }

    #[tokio::test(start_paused = true)]
    async fn trying_what_deferred_leaves_half_for_the_others() {
        let lanes = Lanes::new(4);
        let _held = [lanes.turn("a.test", true).await, lanes.turn("b.test", true).await];
        assert!(waits(&lanes, "c.test", true).await);
        assert!(!waits(&lanes, "customer.test", false).await);
        assert!(!waits(&Lanes::new(1), "a.test", true).await, "at least one");
    }

    #[test]
    fn what_deferred_is_closed_until_it_is_leased_again() {
        let lanes = Lanes::new(1);
        lanes.learn("a.test", &Outcome::Deferred(Trouble::Domain, String::new()));
        lanes.learn("c.test", &Outcome::Deferred(Trouble::Recipient, String::new()));
        assert!(lanes.is_closed("a.test") && !lanes.is_closed("b.test") && !lanes.is_closed("c.test"));
        lanes.learn("b.test", &Outcome::Deferred(Trouble::Broken, String::new()));
        assert!(lanes.is_closed("c.test"));
        lanes.open(["c.test"].into_iter());
        assert!(lanes.is_closed("a.test") && !lanes.is_closed("c.test"));
    }
}
