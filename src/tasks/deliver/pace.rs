//! How long to wait before the next try (RFC 5321 §4.5.4.1 asks for growing pauses).

use std::time::Duration;

use crate::tasks::supervisor::jittered;

/// Pauses of a server that is away, in seconds: an operator who restarts it sees mail
/// leave within seconds. One connection a minute is no burden to anybody.
const SERVER: [u64; 7] = [1, 2, 5, 10, 20, 30, 60];
/// Pauses of a domain that defers.
const DOMAIN: [u64; 9] = [30, 60, 120, 300, 900, 1800, 3600, 7200, 14_400];
/// Pauses of one mail. From the third on they are longer than its domain's, so that
/// another mail is the one that is tried first: it may be this one that stalls the server.
const MAIL: [u64; 8] = [2, 30, 300, 900, 1800, 3600, 7200, 14_400];
/// A mail that was deferred this often, over more than four days, has failed.
pub(super) const TRIES: i32 = 32;

/// Before a server is asked again.
pub(super) fn of_server(deferrals: i32) -> Duration {
    jittered(step(&SERVER, deferrals))
}

/// Before a domain is tried again.
pub(super) fn of_domain(deferrals: i32) -> Duration {
    jittered(step(&DOMAIN, deferrals))
}

/// Before a mail is tried again.
pub(super) fn of_mail(attempts: i32) -> Duration {
    step(&MAIL, attempts)
}

fn step(pauses: &[u64], number: i32) -> Duration {
    let at = usize::try_from(number - 1).unwrap_or(0);
    Duration::from_secs(pauses.get(at).or(pauses.last()).copied().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_the_tries_span_at_least_four_days() {
        assert!(SERVER.is_sorted() && DOMAIN.is_sorted() && MAIL.is_sorted());
        let seconds = |number| of_mail(number).as_secs();
        assert_eq!((seconds(0), seconds(1), seconds(8), seconds(99)), (2, 2, 14_400, 14_400));
        // RFC 5321 §4.5.4.1: "the give-up time generally needs to be at least 4-5 days".
        let total: u64 = (1..TRIES).map(seconds).sum();
        assert!(total >= 4 * 86_400, "{total}");
    }

    #[test]
    fn a_mail_that_stalls_its_domain_lets_another_go_first() {
        for (tried, _) in (3..).zip(&DOMAIN[2..7]) {
            assert!(of_mail(tried) > of_domain(tried), "after {tried} tries");
        }
    }

    #[test]
    fn a_server_that_comes_back_is_found_within_seconds() {
        assert!((1..=3).map(of_server).sum::<Duration>() <= Duration::from_secs(8));
        assert!((1..100).all(|deferrals| of_server(deferrals) <= Duration::from_secs(60)));
    }
}
