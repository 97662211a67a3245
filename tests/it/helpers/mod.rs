//! What the scenarios stand on: real servers, a mailbox to look into, the real program.
//!
//! [`PostOffice`] and [`Postgres`] are started once for a test process, by the scripts that the demo
//! uses, and end with it, also when it is killed. Each [`Desk`] has a support address and a
//! database of its own, so scenarios run side by side.

#![allow(dead_code, unused_imports, reason = "each scenario uses its part")]

pub mod browser;
pub mod cluster;
pub mod desk;
mod dialogue;
pub mod identity;
pub mod letter;
pub mod names;
pub mod outage;
pub mod postbox;
pub mod program;
pub mod relay;
pub mod routes;
pub mod script;
pub mod servers;
pub mod wire;

use std::{
    thread,
    time::{Duration, Instant},
};

pub use browser::Browser;
pub use cluster::{Bouncer, Cluster};
pub use desk::Desk;
pub use letter::Letter;
pub use names::Names;
pub use postbox::Postbox;
pub use program::run_program;
pub use relay::{Manner, Relay};
pub use servers::{Certificate, PostOffice, Postgres};
pub use wire::Wire;

/// How long a condition may take to come true. Generous: the machine may be busy.
pub const PATIENCE: Duration = Duration::from_secs(90);

/// Asks every 20 ms until there is an answer; after [`PATIENCE`] the test fails with `what`.
pub fn wait_for<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + PATIENCE;
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(Instant::now() < end, "waited {PATIENCE:?} in vain: {what}");
        thread::sleep(Duration::from_millis(20));
    }
}
