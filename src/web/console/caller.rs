//! From where somebody asks.

use std::{
    convert::Infallible,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{HeaderMap, header, request::Parts},
};

use crate::{desk::Caller, web::Site};

/// Who knocks: their network and their browser.
pub struct Knock(pub Caller);

impl FromRequestParts<Arc<Site>> for Knock {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, site: &Arc<Site>) -> Result<Knock, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let peer = peer.map_or(Ipv4Addr::UNSPECIFIED.into(), |ConnectInfo(peer)| peer.ip());
        let agent = parts.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
        let address = address(peer, &parts.headers, &site.desk.settings.web.proxies);
        Ok(Knock(Caller::new(address, agent.unwrap_or_default())))
    }
}

/// The address of the reader: what the last of our own proxies saw. What stands before it in the header anybody can
/// have written.
fn address(peer: IpAddr, headers: &HeaderMap, proxies: &[IpAddr]) -> IpAddr {
    let mut from = peer.to_canonical();
    let lines: Vec<&str> =
        headers.get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok()).collect();
    for hop in lines.iter().rev().flat_map(|line| line.rsplit(',')) {
        match hop.trim().parse::<IpAddr>() {
            Ok(before) if proxies.contains(&from) => from = before.to_canonical(),
            _ => break,
        }
    }
    from
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_proxies_are_believed() {
        let proxies: Vec<IpAddr> = vec!["127.0.0.1".parse().unwrap(), "10.0.0.1".parse().unwrap()];
        let of = |peer: &str, lines: &[&str]| {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append("x-forwarded-for", line.parse().unwrap());
            }
            address(peer.parse().unwrap(), &headers, &proxies).to_string()
        };
        assert_eq!(of("192.0.2.1", &["198.51.100.7"]), "192.0.2.1", "no proxy of ours");
        assert_eq!(of("127.0.0.1", &[]), "127.0.0.1");
        assert_eq!(of("127.0.0.1", &["198.51.100.7"]), "198.51.100.7");
        assert_eq!(of("127.0.0.1", &["203.0.113.9, 198.51.100.7"]), "198.51.100.7", "the first may be a lie");
        assert_eq!(of("127.0.0.1", &["203.0.113.9", "198.51.100.7, 10.0.0.1"]), "198.51.100.7");
        assert_eq!(of("::ffff:127.0.0.1", &["2001:db8::1"]), "2001:db8::1");
        assert_eq!(of("127.0.0.1", &["unknown"]), "127.0.0.1");
    }
}
