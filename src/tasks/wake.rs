//! Announcements of all nodes, heard once and passed on to the loops here.

use std::sync::Arc;

use anyhow::Context;
use futures::StreamExt;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::{Node, supervisor};
use crate::store::pool::{Listener, News};

/// Who listens for news of one sort. Every loop has a receiver of its own, and news
/// that came while it worked is not lost on it.
pub struct Wake {
    inbound: watch::Sender<()>,
    outbox: watch::Sender<()>,
}

impl Wake {
    /// Nobody listens yet.
    pub fn new() -> Wake {
        Wake { inbound: watch::Sender::new(()), outbox: watch::Sender::new(()) }
    }

    /// Hears of this sort of news from now on.
    pub fn listen(&self, news: News) -> watch::Receiver<()> {
        self.sender(news).subscribe()
    }

    fn sender(&self, news: News) -> &watch::Sender<()> {
        match news {
            News::Inbound => &self.inbound,
            News::Outbox => &self.outbox,
        }
    }
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
                    heard = news.next() => {
                        let news = heard.context("the connection that listens was closed")??;
                        wake.sender(news).send_replace(());
                    }
                }
            }
        }
    })
}
