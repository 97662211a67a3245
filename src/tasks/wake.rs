//! Announcements of all nodes, heard once and passed on to the loops here.

use std::sync::Arc;

use anyhow::Context;
use futures::StreamExt;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::{Node, supervisor};
use crate::store::pool::{Listener, News};

/// The loops that can be woken.
#[derive(Default)]
pub struct Wake {
    /// Raw mails wait.
    pub inbound: Notify,
    /// Finished mails wait.
    pub outbox: Notify,
}

/// Listens until `stop`.
pub fn job(node: Arc<Node>, wake: Arc<Wake>, stop: CancellationToken) -> supervisor::Job {
    supervisor::job(move || {
        let (node, wake, stop) = (node.clone(), wake.clone(), stop.clone());
        async move {
            let mut listener =
                Listener::open(&node.database_url).await.context("listening for announcements")?;
            let mut news = std::pin::pin!(listener.news());
            loop {
                tokio::select! {
                    () = stop.cancelled() => return Ok(()),
                    heard = news.next() => match heard.context("the connection that listens was closed")?? {
                        // notify_one keeps one permit, so that a call is not lost
                        // on a loop that is just about to wait. A loop that finds
                        // work calls its neighbour.
                        News::Inbound => wake.inbound.notify_one(),
                        News::Outbox => wake.outbox.notify_one(),
                    },
                }
            }
        }
    })
}
