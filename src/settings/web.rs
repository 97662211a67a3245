//! `[web]`: where the pages, `/healthz` and `/metrics` are served.

use std::net::SocketAddr;

use super::reader::Reader;

/// The web port.
#[derive(Clone, Debug)]
pub struct Web {
    /// Address and port it listens on.
    pub listen: SocketAddr,
}

impl Web {
    pub(super) fn read(t: &mut Reader<'_>) -> Web {
        Web { listen: t.or("listen", SocketAddr::from(([127, 0, 0, 1], 8080))) }
    }
}
