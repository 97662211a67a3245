//! Secrets that are known by their shape, whatever stands before them.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};
use data_encoding::BASE64;

use super::{Found, Secret, is_inside_a_word};
use crate::domain::text::prefix as first_bytes;

/// How a token of a known issuer begins, and the fewest characters that follow.
const ISSUERS: &[(&str, usize)] = &[
    ("AKIA", 16),
    ("ASIA", 16),
    ("AIza", 30),
    ("ya29.", 20),
    ("ghp_", 30),
    ("gho_", 30),
    ("ghu_", 30),
    ("ghs_", 30),
    ("ghr_", 30),
    ("github_pat_", 20),
    ("glpat-", 16),
    ("xoxa-", 10),
    ("xoxb-", 10),
    ("xoxp-", 10),
    ("xoxr-", 10),
    ("xoxs-", 10),
    ("xapp-", 10),
    ("sk_live_", 10),
    ("sk_test_", 10),
    ("rk_live_", 10),
    ("rk_test_", 10),
    ("whsec_", 16),
    ("sk-", 20),
    ("SG.", 30),
    ("npm_", 30),
    ("pypi-", 40),
    ("hf_", 30),
    ("shpat_", 20),
    ("dop_v1_", 30),
    ("eyJ", 20),
    ("hooks.slack.com/services/", 20),
];

/// The ways in which a secret announces itself, letter case aside; those of issuers come behind them.
const OTHERS: [&str; 4] = ["-----BEGIN ", "://", "bearer ", "basic "];

static STARTS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let all = OTHERS.into_iter().chain(ISSUERS.iter().map(|(start, _)| *start));
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .match_kind(MatchKind::LeftmostLongest)
        .build(all)
        .expect("a few short words make an automaton")
});

/// Finds keys, tokens and credentials.
pub(super) fn find(text: &str, found: &mut Vec<Found>) {
    // So far everything was looked at: what a start reaches over holds no other start.
    let mut done = 0;
    for start in STARTS.find_iter(text) {
        if start.start() < done {
            continue;
        }
        let secret = match start.pattern().as_usize() {
            0 => private_key(text, start.start()),
            1 => credentials(text, start.end()),
            2 => bearer(text, start.end()),
            3 => basic(text, start.end()),
            issuer => match issued(text, start.start(), ISSUERS[issuer - OTHERS.len()]) {
                Issued::Secret(secret) => Some(secret),
                // Nor does anything begin in there.
                Issued::Words(end) => {
                    done = end;
                    None
                }
                Issued::Nothing => None,
            },
        };
        if let Some((range, _)) = &secret {
            done = range.end;
        }
        found.extend(secret);
    }
}

/// From the line that begins it to the line that ends it, or all the rest: half a key is a secret, too (RFC 7468).
fn private_key(text: &str, start: usize) -> Option<Found> {
    let head = first_bytes(&text[start..], 80);
    if !head.lines().next().unwrap_or_default().contains("PRIVATE KEY") {
        return None;
    }
    let end = match text[start..].find("-----END ") {
        Some(at) => {
            let last = start + at;
            last + first_bytes(&text[last..], 80).lines().next().map_or(0, str::len)
        }
        None => text.len(),
    };
    Some((start..end, Secret::PrivateKey))
}

/// `user:password@` behind `://` (RFC 3986 §3.2.1).
fn credentials(text: &str, start: usize) -> Option<Found> {
    let rest = &text[start..];
    let ends = |c: char| c.is_whitespace() || matches!(c, '/' | '?' | '#' | '"' | '\'' | '<' | '>');
    let authority = &rest[..rest.find(ends).unwrap_or(rest.len())];
    let (user, _) = authority.rsplit_once('@')?;
    let (_, password) = user.split_once(':')?;
    (!password.is_empty()).then(|| (start..start + user.len(), Secret::Credentials))
}

/// `Bearer` and a token (RFC 6750 §2.1), which no word of a language is.
fn bearer(text: &str, start: usize) -> Option<Found> {
    let end = start + token_length(&text[start..]);
    let token = &text[start..end];
    let random = token.len() >= 8 && token.bytes().any(|byte| byte.is_ascii_digit());
    (random || token.len() >= 24).then_some((start..end, Secret::Token))
}

/// `Basic` and something that reads as user and password (RFC 7617).
fn basic(text: &str, start: usize) -> Option<Found> {
    let end = start + token_length(&text[start..]);
    let plain = BASE64.decode(&text.as_bytes()[start..end]).ok()?;
    plain.contains(&b':').then_some((start..end, Secret::Credentials))
}

/// What became of a beginning that looks like an issuer's.
enum Issued {
    Secret(Found),
    /// Letters without a digit, up to here.
    Words(usize),
    Nothing,
}

fn issued(text: &str, start: usize, (prefix, least): (&str, usize)) -> Issued {
    // The letter case of a prefix counts, a host's does not.
    let as_issued = text[start..].starts_with(prefix) || prefix.contains('/');
    if !as_issued || is_inside_a_word(text[..start].chars().next_back()) {
        return Issued::Nothing;
    }
    let begin = start + prefix.len();
    let rest = &text[begin..];
    let length = if prefix.contains('/') { path_length(rest) } else { token_length(rest) };
    if !rest[..length].bytes().any(|byte| byte.is_ascii_digit()) {
        return Issued::Words(begin + length);
    }
    match length >= least {
        true => Issued::Secret((start..begin + length, Secret::Token)),
        false => Issued::Nothing,
    }
}

/// The characters of a token (RFC 7235 §2.1, token68, without what ends a sentence).
fn token_length(text: &str) -> usize {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '~' | '+' | '/' | '=');
    text[..text.find(|c| !is_part(c)).unwrap_or(text.len())].trim_end_matches('.').len()
}

fn path_length(text: &str) -> usize {
    text.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '/' | '-' | '_')).unwrap_or(text.len())
}
