//! What the pages share that look after the desk itself: who acts, what they may, and what a deed came to.

use axum::response::Response;
use jiff::Timestamp;
use serde::Serialize;

use super::{denial::Denial, guard::Signed, said};
use crate::{
    desk::DeskError,
    domain::{NamedAddress, Word, text},
    store::{outgoing::MOST_COUNTED, pool::Loan},
    ticket::rights::Wish,
    web::Site,
};

/// Who acts.
pub(super) fn me(signed: &Signed) -> NamedAddress {
    let staff = &signed.session.staff;
    NamedAddress::new(&staff.name, staff.email.clone())
}

/// Whether whoever is signed in may have a wish: what they may not is not offered.
pub(super) fn may(site: &Site, signed: &Signed, wish: Wish) -> bool {
    site.desk.allows(&signed.session.staff.email, wish).is_ok()
}

/// Refuses what whoever is signed in may not.
///
/// # Errors
/// [`Denial::Forbidden`] with what stands against it.
pub(super) fn demand(site: &Site, signed: &Signed, wish: Wish) -> Result<(), Denial> {
    let asked = site.desk.allows(&signed.session.staff.email, wish);
    asked.map_err(|error| Denial::Forbidden(sentence(&error.to_string())))
}

/// What every deed on these pages needs: a connection, who acts, and when it is.
pub(super) struct Acts<'a> {
    /// The database.
    pub conn: Loan<'a>,
    /// Who acts.
    pub me: NamedAddress,
    /// Now.
    pub now: Timestamp,
}

/// Begins a deed, if whoever is signed in may have this wish.
///
/// # Errors
/// [`Denial::Forbidden`] with what stands against it, or the database's.
pub(super) async fn begin<'a>(site: &'a Site, signed: &Signed, wish: Wish) -> Result<Acts<'a>, Denial> {
    demand(site, signed, wish)?;
    Ok(Acts { conn: site.pool.get().await?, me: me(signed), now: Timestamp::now() })
}

/// Goes on to a path, where it is told what a deed came to, or why it was not done.
///
/// # Errors
/// What is our own fault.
pub(super) fn told<T>(
    path: &str,
    done: Result<T, DeskError>,
    say: impl FnOnce(T) -> String,
) -> Result<Response, Denial> {
    match done {
        Ok(done) => Ok(said::done(path, &say(done))),
        Err(
            error @ (DeskError::Database(_)
            | DeskError::Unreachable(_)
            | DeskError::Render(_)
            | DeskError::Panicked(_)),
        ) => Err(error.into()),
        Err(error) => Ok(said::refused(path, &sentence(&error.to_string()))),
    }
}

/// A sentence as it stands alone.
pub(super) fn sentence(text: &str) -> String {
    let mut signs = text.trim().chars();
    let first: String = signs.next().into_iter().flat_map(char::to_uppercase).collect();
    let rest = signs.as_str();
    let end = if first.is_empty() || rest.ends_with(['.', '?', '!']) { "" } else { "." };
    format!("{first}{rest}{end}")
}

/// A tab above a list.
#[derive(Serialize)]
pub(super) struct Tab {
    /// Its word, in the section of the page.
    pub key: String,
    /// Where it leads.
    pub href: String,
    /// It is the one that is shown.
    pub current: bool,
    /// How many there are; empty where nobody counts.
    pub count: String,
}

/// A tab for each word of a kind.
pub(super) fn tabs<W: Word>(path: &str, key: &str, shown: W, count: impl Fn(W) -> Option<i64>) -> Vec<Tab> {
    let tab = |&word: &W| Tab {
        key: word.as_str().to_owned(),
        href: format!("{path}?{key}={}", word.as_str()),
        current: word.as_str() == shown.as_str(),
        count: count(word).filter(|count| *count > 0).map(counted).unwrap_or_default(),
    };
    W::ALL.iter().map(tab).collect()
}

/// A number that is counted no farther than [`MOST_COUNTED`].
fn counted(count: i64) -> String {
    if count > MOST_COUNTED { format!("{MOST_COUNTED}+") } else { count.to_string() }
}

/// A number of bytes, for people.
pub(super) fn bytes(count: i64) -> String {
    match count {
        ..1024 => format!("{count} bytes"),
        1024..1_048_576 => format!("{} KB", count / 1024),
        _ => format!("{} MB", count / 1_048_576),
    }
}

/// What a text says, as one safe line that is not too long.
pub(super) fn short(text: &str, most: usize) -> String {
    let line = text::line(text);
    match line.char_indices().nth(most) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line,
    }
}

/// A list of pages: the rows of one, and whether there are more behind them.
pub(super) fn cut<T>(mut rows: Vec<T>, most: i64) -> (Vec<T>, bool) {
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let more = rows.len() > most;
    rows.truncate(most);
    (rows, more)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_begins_and_ends_like_one() {
        assert_eq!(sentence("mail 7 is not there"), "Mail 7 is not there.");
        assert_eq!(sentence("did you mean it?"), "Did you mean it?");
        assert_eq!(sentence("éa"), "Éa.");
        assert_eq!(sentence(""), "");
    }

    #[test]
    fn what_is_long_is_cut_between_signs() {
        assert_eq!(short("über alles\nund", 4), "über…");
        assert_eq!(short("kurz", 4), "kurz");
        assert_eq!(cut(vec![1, 2, 3], 2), (vec![1, 2], true));
        assert_eq!(cut(vec![1, 2], 2), (vec![1, 2], false));
    }

    #[test]
    fn what_is_many_is_not_counted_to_its_end() {
        assert_eq!([7, 1000, 1001].map(counted), ["7", "1000", "1000+"]);
    }

    #[test]
    fn bytes_are_told_in_their_unit() {
        assert_eq!([500, 2048, 5 << 20].map(bytes), ["500 bytes", "2 KB", "5 MB"]);
    }
}
