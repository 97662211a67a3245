//! The client's address in a Received line (RFC 5321 §4.4).

use std::net::IpAddr;

/// The address of the client, where the line was written by the server named `by`:
/// `from helo (name [192.0.2.1]) by mx.example.org with ESMTPS id …`.
pub(super) fn client(line: &str, by: &str) -> Option<IpAddr> {
    let (from, rest) = split_by(line)?;
    let host =
        rest.split(|c: char| c.is_whitespace() || c == ';' || c == '(').find(|word| !word.is_empty())?;
    if !host.trim_end_matches('.').eq_ignore_ascii_case(by) {
        return None;
    }
    // What the client says of itself stands before the parenthesis.
    let seen = from.rsplit_once('(').map_or(from, |(_, seen)| seen);
    let address = seen.rsplit_once('[')?.1.split(']').next()?;
    address.trim_start_matches("IPv6:").parse().ok()
}

/// What stands before and behind the word `by`.
fn split_by(line: &str) -> Option<(&str, &str)> {
    let line = line.trim_start();
    let is_from = line.get(..4).is_some_and(|word| word.eq_ignore_ascii_case("from"));
    let mut depth = 0i32;
    for (at, c) in line.char_indices().filter(|_| is_from) {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            c if depth == 0 && c.is_whitespace() => {
                let word = line[at..].trim_start();
                let (head, rest) = (word.get(..2)?, word.get(2..)?);
                if head.eq_ignore_ascii_case("by") && rest.starts_with(char::is_whitespace) {
                    return Some((&line[..at], rest));
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_client_is_who_our_server_saw() {
        let of = |line: &str| client(line, "mx.desk.test").map(|ip| ip.to_string());
        let seen = "from mail.c.test (mail.c.test [192.0.2.1])\r\n\tby mx.desk.test (Postfix) with ESMTPS id 1;\r\n Mon";
        assert_eq!(of(seen).as_deref(), Some("192.0.2.1"));
        assert_eq!(
            of("from x (unknown [IPv6:2001:db8::1]) by MX.desk.test. with SMTP").as_deref(),
            Some("2001:db8::1")
        );
        // What the client calls itself is its own invention.
        assert_eq!(
            of("from [198.51.100.9] (unknown [192.0.2.1]) by mx.desk.test with SMTP").as_deref(),
            Some("192.0.2.1")
        );
        assert_eq!(of("from by (by mx.desk.test [198.51.100.9]) by mx.evil.test with SMTP"), None);
        for other in [
            "from a (a [192.0.2.1]) by mx.evil.test",
            "by mx.desk.test with LMTP id 1",
            "",
            "from a by mx.desk.test",
            "é by",
        ] {
            assert_eq!(of(other), None, "{other}");
        }
    }
}
