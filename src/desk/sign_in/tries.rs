//! How often somebody may try. Three counts are kept in the database, so that they hold for all nodes and through
//! restarts: with one address from one network, from one network, and with one address.
//!
//! Somebody who guesses at an address from elsewhere fills the third count only, and that one does not hold for
//! networks from which its owner has signed in before: nobody is kept out by a stranger's guesses. Passkeys, another
//! site's word and a link by mail are not counted here at all.

use std::time::Duration;

use diesel_async::AsyncConnection;
use jiff::Timestamp;

use super::Caller;
use crate::{
    desk::{Deed, Desk, DeskError},
    domain::Word,
    store::{self, Conn, Moment, sign_in_tries::Whose},
};

/// So many in so long.
struct Bound {
    most: usize,
    within: Duration,
}

/// With one address from one network: who mistypes comes through.
const HERE: Bound = Bound { most: 5, within: Duration::from_mins(15) };
/// From one network: an office where some mistype.
const NETWORK: Bound = Bound { most: 30, within: Duration::from_mins(15) };
/// With one address from everywhere: guesses from many machines.
const ADDRESS: Bound = Bound { most: 50, within: Duration::from_hours(1) };
/// A network is somebody's own for so long after they signed in from it.
const OWN: Duration = Duration::from_hours(90 * 24);
/// Tries are forgotten after so long.
const KEPT: Duration = Duration::from_hours(24);

impl Desk {
    /// Counts a try before it is looked at, so that many at once are no more than one after another. `Some` is until
    /// when no more are looked at; such a one is not counted.
    pub(super) async fn begin_try(
        &self,
        conn: &mut Conn,
        address: &str,
        caller: &Caller,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, DeskError> {
        let network = caller.network.as_str();
        conn.transaction(async |conn| {
            store::sign_in_tries::hold(conn, address, network).await?;
            store::sign_in_tries::sweep(conn, now - KEPT).await?;
            let signed_in = Deed::SignedIn.as_str();
            let own = store::audit::did_from(conn, address, signed_in, network, now - OWN).await?;
            let counts = [
                (Whose::Both(address, network), HERE, true),
                (Whose::Network(network), NETWORK, true),
                (Whose::Address(address), ADDRESS, !own),
            ];
            let mut free = None;
            for (whose, bound, counted) in counts {
                let most = i64::try_from(bound.most).expect("it is a small number");
                let newest = store::sign_in_tries::since(conn, whose, now - bound.within, most).await?;
                free = free.max(free_at(&newest, &bound).filter(|_| counted));
            }
            if free.is_none() {
                store::sign_in_tries::add(conn, address, network, now).await?;
            }
            Ok(free)
        })
        .await
    }
}

/// When the next try is looked at, where that is not now: when the oldest of those that fill the bound is too old to
/// count. `newest` are as many as the bound at most, within its time, the newest first.
fn free_at(newest: &[Moment], bound: &Bound) -> Option<Timestamp> {
    let oldest = newest.get(bound.most - 1)?;
    Some(oldest.to_jiff() + bound.within)
}

#[cfg(test)]
mod tests {
    use jiff_diesel::ToDiesel as _;

    use super::*;

    fn at(minutes: &[i64]) -> Vec<Moment> {
        let at = |minute: &i64| Timestamp::from_second(minute * 60).unwrap().to_diesel();
        minutes.iter().map(at).collect()
    }

    #[test]
    fn a_full_bound_is_free_when_its_oldest_try_is_too_old() {
        let bound = Bound { most: 3, within: Duration::from_mins(15) };
        assert_eq!(free_at(&at(&[]), &bound), None);
        assert_eq!(free_at(&at(&[101, 100]), &bound), None);
        assert_eq!(free_at(&at(&[102, 101, 100]), &bound), Some(Timestamp::from_second(115 * 60).unwrap()));
    }
}
