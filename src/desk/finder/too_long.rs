//! What becomes of a search that takes too long: it is no error, and says what to try.

use crate::{
    desk::DeskError,
    ticket::query::{Operator, Query},
};

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
    let asks = |operators: &[Operator]| query.filters().any(|(_, it)| operators.contains(&it.operator()));
    let tighter = match () {
        () if query.filters().next().is_none() => Some("status:open"),
        () if !asks(&[Operator::Before, Operator::After]) => Some("after:30d"),
        () if !asks(&[Operator::Status]) => Some("status:open"),
        () => None,
    };
    let proposed = tighter.map(|tighter| format!("`{query} {tighter}`, or ")).unwrap_or_default();
    format!("That took too long, since these words stand in very many places. Try {proposed}rarer words.")
}

#[cfg(test)]
mod tests {
    use diesel::result::{DatabaseErrorKind, Error};

    use super::*;

    #[test]
    fn what_is_proposed_is_narrower_and_finds_something() {
        for (typed, proposed) in [
            ("fire", "Try `fire status:open`, or rarer"),
            ("fire sev:1", "Try `fire sev:1 after:30d`, or rarer"),
            ("fire before:2024", "Try `fire before:2024 status:open`, or rarer"),
            ("fire status:closed before:2024", "Try rarer words"),
        ] {
            let said = narrower(&Query::parse(typed));
            assert!(said.contains(proposed), "{said}");
        }
    }

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
