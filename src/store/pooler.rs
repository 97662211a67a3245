//! A pooler between us and PostgreSQL: whether each of our connections has a session
//! of its own.
//!
//! LISTEN and the locks that tell which nodes live last as long as a session. pgbouncer
//! gives us one in its session mode; in the other modes it lends us any session
//! for a transaction, and both would be lost without a word.

use super::{StoreError, connect};

/// Every session is used by one connection, or not; asked so often, for a pooler need
/// not lend out the same one each time.
const ROUNDS: usize = 3;

/// Refuses a pooler that lends out sessions by the transaction.
///
/// # Errors
/// [`StoreError::SharedSessions`]; [`StoreError::Unreachable`] when there is no connection.
pub async fn refuse_shared_sessions(url: &str) -> Result<(), StoreError> {
    let (one, other) = (connect::bare(url).await?, connect::bare(url).await?);
    let (mut ones, mut others) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        ones.push(session(&one).await?);
        others.push(session(&other).await?);
    }
    match is_shared(&ones, &others) {
        true => Err(StoreError::SharedSessions),
        false => Ok(()),
    }
}

/// The process of the server that answers. Asked without a prepared statement, which
/// a lent session would not know.
async fn session(client: &tokio_postgres::Client) -> Result<String, StoreError> {
    let answer = client
        .simple_query("SELECT pg_backend_pid()")
        .await
        .map_err(|error| StoreError::Unreachable(error.to_string()))?;
    let row = answer.iter().find_map(|message| match message {
        tokio_postgres::SimpleQueryMessage::Row(row) => row.get(0),
        _ => None,
    });
    Ok(row.unwrap_or_default().to_owned())
}

/// One connection met two sessions, or both met the same one.
fn is_shared(ones: &[String], others: &[String]) -> bool {
    let changes = |sessions: &[String]| sessions.windows(2).any(|pair| pair[0] != pair[1]);
    changes(ones) || changes(others) || ones.first() == others.first()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_of_ones_own_are_told_from_lent_ones() {
        let pids = |pids: &[&str]| pids.iter().map(|pid| (*pid).to_owned()).collect::<Vec<_>>();
        assert!(!is_shared(&pids(&["1", "1"]), &pids(&["2", "2"])));
        assert!(is_shared(&pids(&["1", "1"]), &pids(&["1", "1"])));
        assert!(is_shared(&pids(&["1", "2"]), &pids(&["2", "1"])));
        assert!(is_shared(&pids(&["1", "1"]), &pids(&["2", "3"])));
    }
}
