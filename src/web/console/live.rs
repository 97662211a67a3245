//! `/live`: what happens to tickets, told to open pages at once (server-sent events).
//!
//! One connection to the database listens for each node; what it hears is fanned out to the streams. An event names a
//! ticket, who did something, and one word; no words of a mail. A reader who falls behind is told `lost`, and loads
//! anew; so is everybody after the connection was away. A stream ends with its session, and when we stop.

use std::{
    collections::HashMap,
    convert::Infallible,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{
    Router,
    extract::{FromRequestParts, Request, State},
    http::StatusCode,
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
    routing::get,
};
use futures::{Stream, stream};
use tokio::{
    sync::broadcast::{self, error::RecvError},
    time::{Instant, interval_at, sleep},
};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use super::{denial::Denial, guard::Signed};
use crate::{
    store::live::{HERE, Heard, Listener},
    web::Site,
};

/// So many events a stream may be behind.
const ROOM: usize = 256;

/// A browser opens six connections to one host by HTTP/1.1; what is left over is for pages.
const MOST_STREAMS: usize = 4;

/// A stream looks so often whether its session still stands.
const LOOK_EVERY: Duration = Duration::from_secs(15);

/// Before the next try to connect.
const AGAIN: Duration = Duration::from_millis(500);

/// What all streams hear.
#[derive(Clone, Debug)]
enum News {
    Of(Arc<Heard>),
    /// Something was missed.
    Lost,
}

/// Those who listen at this node.
pub struct Live {
    url: String,
    news: broadcast::Sender<News>,
    /// How many streams each session has.
    streams: Mutex<HashMap<String, usize>>,
    over: CancellationToken,
}

impl Live {
    /// Nobody listens yet; `url` is the database's.
    pub fn new(url: &str) -> Live {
        let over = CancellationToken::new();
        Live { url: url.to_owned(), news: broadcast::Sender::new(ROOM), streams: Mutex::default(), over }
    }

    /// Listens until `stop`, and ends every stream then.
    pub(in crate::web) async fn listen(&self, stop: &CancellationToken) {
        let mut away = false;
        while !stop.is_cancelled() {
            let heard = tokio::select! {
                heard = self.pass_on(&mut away) => heard,
                () = stop.cancelled() => break,
            };
            if let Err(error) = heard
                && !away
            {
                away = true;
                warn!("Live news wait until the database is back: {error:#}");
            }
            tokio::select! {
                () = sleep(AGAIN) => {}
                () = stop.cancelled() => break,
            }
        }
        self.over.cancel();
    }

    async fn pass_on(&self, away: &mut bool) -> anyhow::Result<()> {
        let mut listener = Listener::open(&self.url).await?;
        if std::mem::take(away) {
            info!("Live news go on");
        }
        // Whatever happened while nobody listened is seen by loading anew.
        let _ = self.news.send(News::Lost);
        while let Some(heard) = listener.next().await {
            // Nobody listens: it is news to nobody.
            let _ = self.news.send(News::Of(Arc::new(heard?)));
        }
        anyhow::bail!("the connection that listens was closed")
    }

    /// A place for one more stream of a session; `None` when it has enough.
    fn place(self: &Arc<Live>, session: &str) -> Option<Place> {
        let mut streams = self.streams.lock().unwrap_or_else(PoisonError::into_inner);
        let count = streams.entry(session.to_owned()).or_default();
        if *count >= MOST_STREAMS {
            return None;
        }
        *count += 1;
        Some(Place { live: self.clone(), session: session.to_owned() })
    }
}

/// One stream's place; given back when it is dropped.
struct Place {
    live: Arc<Live>,
    session: String,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut streams = self.live.streams.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = streams.get_mut(&self.session) {
            *count -= 1;
            if *count == 0 {
                streams.remove(&self.session);
            }
        }
    }
}

/// Its address.
pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new().route("/live", get(stream_of))
}

/// Somebody listens. What their browser sent is kept, so that the session can be looked at again.
async fn stream_of(
    State(site): State<Arc<Site>>,
    signed: Signed,
    request: Request,
) -> Result<Response, Denial> {
    let Some(place) = site.live.place(&signed.session.csrf) else {
        // A browser that is told this does not ask again; the page is loaded by hand then.
        return Ok(StatusCode::NO_CONTENT.into_response());
    };
    let events = Reader {
        heard: site.live.news.subscribe(),
        looks: interval_at(Instant::now() + LOOK_EVERY, LOOK_EVERY),
        request: Request::from_parts(request.into_parts().0, ()),
        site,
        _place: place,
    };
    Ok(Sse::new(events.stream()).keep_alive(KeepAlive::new().interval(LOOK_EVERY)).into_response())
}

/// One stream.
struct Reader {
    site: Arc<Site>,
    request: Request<()>,
    heard: broadcast::Receiver<News>,
    looks: tokio::time::Interval,
    _place: Place,
}

impl Reader {
    fn stream(self) -> impl Stream<Item = Result<Event, Infallible>> {
        stream::unfold(self, async |mut reader| {
            let event = reader.next().await?;
            Some((Ok(event), reader))
        })
    }

    /// The next event; `None` at the end.
    async fn next(&mut self) -> Option<Event> {
        let over = self.site.live.over.clone();
        loop {
            tokio::select! {
                () = over.cancelled() => return None,
                news = self.heard.recv() => match news {
                    Ok(News::Of(heard)) => return Some(event_of(&heard)),
                    Ok(News::Lost) | Err(RecvError::Lagged(_)) => return Some(Event::default().event("lost").data("{}")),
                    Err(RecvError::Closed) => return None,
                },
                _ = self.looks.tick() => {
                    if self.is_over().await {
                        return None;
                    }
                }
            }
        }
    }

    /// Whether the session is over. While the database is away nobody knows, and nothing is told either.
    async fn is_over(&mut self) -> bool {
        let (mut parts, ()) = std::mem::replace(&mut self.request, Request::new(())).into_parts();
        let signed = Signed::from_request_parts(&mut parts, &self.site).await;
        self.request = Request::from_parts(parts, ());
        matches!(signed, Err(Denial::SignIn(_)))
    }
}

fn event_of(heard: &Heard) -> Event {
    let name = if heard.what == HERE { "here" } else { "ticket" };
    let data = serde_json::json!({ "id": heard.id, "by": heard.by, "what": heard.what });
    Event::default().event(name).data(data.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_has_only_so_many_streams_and_gives_them_back() {
        let live = Arc::new(Live::new("postgres://nowhere"));
        let places: Vec<_> = (0..MOST_STREAMS).map(|_| live.place("one").unwrap()).collect();
        assert!(live.place("one").is_none());
        assert!(live.place("another").is_some());
        drop(places);
        assert!(live.place("one").is_some());
        assert!(live.streams.lock().unwrap().is_empty(), "whoever left is forgotten");
    }
}
