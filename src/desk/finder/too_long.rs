//! What becomes of a search that takes too long: it is no error, and says what to try.

use crate::{desk::DeskError, ticket::query::Query};

/// `statement_timeout` ended a statement: PostgreSQL says so in words alone here.
pub(super) fn took_too_long(error: &DeskError) -> bool {
    match error {
        DeskError::Database(diesel::result::Error::DatabaseError(_, told)) => {
            // What was asked behind it in the same transaction fails by it.
            ["statement timeout", "current transaction is aborted"]
                .iter()
                .any(|it| told.message().contains(it))
        }
        _ => false,
    }
}

/// What to try instead.
pub(super) fn narrower(query: &Query) -> String {
    let tighter = match query.filters().next() {
        None => format!("{query} status:open"),
        Some(_) => format!("{query} after:30d"),
    };
    format!(
        "That took too long, since these words stand in very many places. Try `{tighter}`, or rarer words."
    )
}

#[cfg(test)]
mod tests {
    use diesel::result::{DatabaseErrorKind, Error};

    use super::*;

    #[test]
    fn who_was_asked_behind_the_one_that_took_too_long_says_the_same() {
        for (told, too_long) in [
            ("canceling statement due to statement timeout", true),
            ("current transaction is aborted, commands ignored until end of transaction block", true),
            ("canceling statement due to user request", false),
        ] {
            let error = Error::DatabaseError(DatabaseErrorKind::Unknown, Box::new(told.to_owned()));
            assert_eq!(took_too_long(&DeskError::Database(error)), too_long, "{told}");
        }
    }
}
