//! The client's address in the Received line of our own server (RFC 5321 §4.4).
//!
//! Lines stand newest first, and everything below the line that our server wrote is the
//! sender's own. So the walk ends at the first line that is not certainly our own
//! delivery (LMTP), whatever that line says. In it the client chooses the name it greets
//! with, which some servers copy as it is: a line in which that name could be taken for
//! what the server saw is refused.

use std::net::IpAddr;

/// What Postfix tells about the connection behind the client's name and address.
const ABOUT_TLS: [&str; 3] =
    ["using TLS", "No client certificate requested", "Client did not present a certificate"];

/// The address of the client in the topmost line that is no delivery of our own, where
/// the server named `by` wrote that line:
/// `from greeting (name [192.0.2.1]) by mx.example.org with ESMTPS id …`.
pub(super) fn client(lines: impl Iterator<Item = impl AsRef<str>>, by: &str) -> Option<IpAddr> {
    for line in lines {
        let (from, server) = split(line.as_ref(), by)?;
        if !is_delivery(server) {
            return seen(from).filter(is_public);
        }
    }
    None
}

/// What stands before the word `by`, and behind the name of our server. The word must
/// stand once: a greeting of several words may have another.
fn split<'l>(line: &'l str, by: &str) -> Option<(&'l str, &'l str)> {
    let mut words = words(line).filter(|(_, word)| word.eq_ignore_ascii_case("by"));
    let (at, _) = words.next().filter(|_| words.next().is_none())?;
    let server = line[at + 2..].trim_start();
    let end = server.find(|c: char| c.is_whitespace() || ";(".contains(c)).unwrap_or(server.len());
    let (host, rest) = server.split_at(end);
    host.trim_end_matches('.').eq_ignore_ascii_case(by).then(|| (line[..at].trim(), rest))
}

/// The words of a line and where they begin.
fn words(line: &str) -> impl Iterator<Item = (usize, &str)> {
    line.split(char::is_whitespace).scan(0, |at, word| {
        let start = *at;
        *at += word.len() + line[start + word.len()..].chars().next().map_or(0, char::len_utf8);
        Some((start, word))
    })
}

/// A server that hands over by LMTP takes nothing from outside in that way.
fn is_delivery(server: &str) -> bool {
    let mut words = server.split_whitespace().skip_while(|word| !word.eq_ignore_ascii_case("with"));
    words.nth(1).is_some_and(|protocol| ["LMTP", "LMTPS"].iter().any(|p| protocol.eq_ignore_ascii_case(p)))
}

/// The address in the first comment behind the greeting, where nothing else could be it.
fn seen(from: &str) -> Option<IpAddr> {
    let rest = from.get(..4).filter(|word| word.eq_ignore_ascii_case("from")).map(|_| &from[4..])?;
    let (greeting, comments) = rest.split_once('(')?;
    let greeting = greeting.strip_prefix(char::is_whitespace)?.trim();
    if greeting.is_empty() || greeting.contains(|c: char| c.is_whitespace() || ")\"\\".contains(c)) {
        return None;
    }
    let (first, others) =
        comments.split_once("])").map_or_else(|| comments.split_once("] (may be forged))"), Some)?;
    if !is_about_tls(others) {
        return None;
    }
    let (name, address) = first.split_once('[')?;
    let is_name = |c: char| c.is_alphanumeric() || "-._".contains(c);
    let name = name.trim();
    if !name.chars().all(is_name)
        || ["helo", "ehlo", "lhlo"].iter().any(|word| name.eq_ignore_ascii_case(word))
    {
        return None;
    }
    let six = address.get(..5).filter(|tag| tag.eq_ignore_ascii_case("IPv6:")).map(|_| &address[5..]);
    six.unwrap_or(address).parse().ok()
}

/// Whether there is nothing else than what the server says of the encryption.
fn is_about_tls(comments: &str) -> bool {
    let mut rest = comments.trim();
    while let Some(inside) = rest.strip_prefix('(') {
        let Some(end) = end_of(inside) else { return false };
        if !ABOUT_TLS.iter().any(|start| inside.starts_with(start))
            || inside[..end].contains(['[', '"', '\\'])
        {
            return false;
        }
        rest = inside[end + 1..].trim();
    }
    rest.is_empty()
}

/// Where the parenthesis is that ends a comment.
fn end_of(inside: &str) -> Option<usize> {
    let mut depth = 1;
    inside.char_indices().find_map(|(at, c)| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        (depth == 0).then_some(at)
    })
}

/// An address that a stranger can have. Behind a proxy or a filter our server sees
/// that one, and not the client.
fn is_public(address: &IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(four) => {
            let [a, b, ..] = four.octets();
            let is_shared = a == 100 && (64..128).contains(&b);
            !(four.is_loopback()
                || four.is_private()
                || four.is_link_local()
                || four.is_multicast()
                || a == 0
                || is_shared)
        }
        IpAddr::V6(six) => {
            !(six.is_loopback()
                || six.is_unspecified()
                || six.is_multicast()
                || six.is_unique_local()
                || six.is_unicast_link_local())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(lines: &[&str]) -> Option<String> {
        client(lines.iter(), "mx.desk.test").map(|ip| ip.to_string())
    }

    const TLS: &str = "(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)\r\n\t key-exchange X25519 \
        server-signature RSA-PSS (2048 bits) server-digest SHA256)\r\n\t(No client certificate requested)\r\n\t";
    /// What a sender writes below the lines of our server.
    const FORGED: &str =
        "from y (y [198.51.100.7]) by mx.desk.test with ESMTP; Sat, 21 Nov 2026 09:00:00 +0100";

    #[test]
    fn the_client_is_who_our_server_saw() {
        let date = "; Sat, 21 Nov 2026 10:00:00 +0100 (CET)";
        let postfix = "from mail.c.test (mail.c.test [192.0.2.1])\r\n\t";
        for line in [
            format!(
                "{postfix}by mx.desk.test (Postfix) with ESMTP id 4F2X\r\n\tfor <support@desk.test>{date}"
            ),
            format!(
                "{postfix}{TLS}by mx.desk.test (Postfix) with ESMTPS id 4F2X\r\n\tfor <support@desk.test>{date}"
            ),
            format!(
                "from mail.c.test ([192.0.2.1])\r\n\tby mx.desk.test with esmtps (TLS1.3) (Exim 4.96)\r\n\tid 1abc{date}"
            ),
            format!(
                "from mail.c.test (mail.c.test [192.0.2.1] (may be forged))\r\n\tby MX.desk.test. (8.17.1/8.17.1) with ESMTPS id x{date}"
            ),
            format!("from [198.51.100.9] (unknown [192.0.2.1]) by mx.desk.test with SMTP{date}"),
        ] {
            assert_eq!(of(&[&line, FORGED]).as_deref(), Some("192.0.2.1"), "{line}");
        }
        for tag in ["IPv6", "IPV6", "ipv6"] {
            let line = format!("from x (unknown [{tag}:2001:db8::1]) by mx.desk.test with SMTP");
            assert_eq!(of(&[&line]).as_deref(), Some("2001:db8::1"));
        }
    }

    #[test]
    fn a_line_that_is_not_understood_ends_the_walk() {
        for line in [
            // Exim and qmail without the client's address in brackets of its own, Exchange without any.
            "from [203.0.113.6] (helo=[192.0.2.1])\r\n\tby mx.desk.test with esmtp (Exim 4.96)",
            "from evil.test ([203.0.113.6] helo=[192.0.2.1]) by mx.desk.test with esmtp (Exim 4.96)",
            "from unknown (HELO [192.0.2.1]) (203.0.113.6)\r\n  by mx.desk.test with SMTP",
            "from evil.test (203.0.113.6) by mx.desk.test (10.0.0.1) with Microsoft SMTP Server id 15.1.2507.6",
            "from x ([192.0.2.1]) (203.0.113.6) by mx.desk.test (10.0.0.1) with Microsoft SMTP Server id 15.1",
            // Greetings of several words.
            "from x (y [192.0.2.1]) (unknown [203.0.113.6]) by mx.desk.test (Postfix) with ESMTP id 1",
            "from x (y [192.0.2.1]) (using TLS (unknown [203.0.113.6]) by mx.desk.test (Postfix) with ESMTP id 1",
            "from x by mx.desk.test with LMTP (unknown [203.0.113.6]) by mx.desk.test (Postfix) with ESMTP id 1",
            "from x y (unknown [192.0.2.1]) by mx.desk.test with ESMTP id 1",
            "from evil.test (evil.test [203.0.113.6]) (Client CN \"[192.0.2.1]\") by mx.desk.test with ESMTPS",
            // Another server, nobody, nothing.
            "from a (a [192.0.2.1]) by mx.evil.test with ESMTP",
            "by mx.desk.test (Postfix, from userid 1000) id 1",
            "from a by mx.desk.test",
            "(qmail 1234 invoked by uid 89); 21 Nov 2026 10:00:00 -0000",
            "é by",
            "",
        ] {
            assert_eq!(of(&[line, FORGED]), None, "{line}");
        }
    }

    #[test]
    fn our_own_delivery_is_gone_past_and_nothing_else() {
        let delivered = "from mx.desk.test\r\n\tby mx.desk.test with LMTP\r\n\tid 1 (envelope-from <a@b.test>)\r\n\tfor <s@desk.test>";
        let taken = "from mail.c.test (mail.c.test [192.0.2.1]) by mx.desk.test (Postfix) with ESMTP id 4";
        assert_eq!(of(&[delivered, taken, FORGED]).as_deref(), Some("192.0.2.1"));
        let elsewhere = delivered.replace("by mx.desk.test", "by store.desk.test");
        assert_eq!(of(&[&elsewhere, taken]), None);
    }

    #[test]
    fn an_address_of_our_own_network_says_nothing_of_the_client() {
        for address in [
            "127.0.0.1",
            "10.0.0.1",
            "172.17.0.1",
            "192.168.1.1",
            "100.64.0.1",
            "169.254.1.1",
            "IPv6:::1",
            "IPv6:fd00::1",
            "IPv6:::ffff:10.0.0.1",
        ] {
            let line =
                format!("from localhost (localhost [{address}]) by mx.desk.test (Postfix) with ESMTP id 5");
            assert_eq!(of(&[&line, FORGED]), None, "{address}");
        }
    }
}
