//! `[web]`: where the pages, `/healthz` and `/metrics` are served.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;

use super::kinds::{Misread, Setting, filled, list};
use super::reader::Reader;
use super::value::Value;

/// The web port.
#[derive(Clone, Debug)]
pub struct Web {
    /// Address and port it listens on.
    pub listen: SocketAddr,
    /// Reverse proxies, whose word is taken for who asks (`X-Forwarded-For`).
    pub proxies: Vec<IpAddr>,
}

impl Web {
    pub(super) fn read(t: &mut Reader<'_>) -> Web {
        let here = vec![IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)];
        Web {
            listen: t.or("listen", SocketAddr::from(([127, 0, 0, 1], 8080))),
            proxies: t.or("proxies", here),
        }
    }
}

impl Setting for IpAddr {
    fn expected() -> String {
        "an IP address, such as \"10.0.0.1\"".to_owned()
    }

    fn read(value: &Value, _: &Path) -> Result<Self, Misread> {
        filled(value)?.trim().parse().map_err(|_| Misread::Unexpected)
    }

    fn stand_in() -> Self {
        IpAddr::V4(Ipv4Addr::LOCALHOST)
    }

    fn show(&self) -> String {
        self.to_string()
    }
}

impl Setting for Vec<IpAddr> {
    fn expected() -> String {
        "a list of IP addresses in brackets".to_owned()
    }

    fn read(value: &Value, folder: &Path) -> Result<Self, Misread> {
        list(value, folder)
    }

    fn stand_in() -> Self {
        Vec::new()
    }

    fn show(&self) -> String {
        self.iter().map(IpAddr::to_string).collect::<Vec<_>>().join(", ")
    }
}
