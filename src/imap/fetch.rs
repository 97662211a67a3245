//! Bodies, sizes and headers, read without a trace on the server.
//!
//! Ask [`ImapSession::sizes`] first, cut the answer with [`batches`], and take
//! batch after batch from [`ImapSession::fetch_ahead`]: memory is bounded by the
//! batch, and the server works on the next one while this one is read. A server that
//! sends far more than it announced is cut off by the byte budget of the command.

use std::collections::{BTreeMap, HashSet, VecDeque};

use async_imap::imap_proto::{AttributeValue, MessageSection, RequestId, Response, SectionPath};
use jiff::{Timestamp, fmt::strtime};

use super::{ImapError, ImapSession, set::sets, talk::PLAIN_ANSWER_BYTES};

/// What a batch may have beyond its announced bytes, per byte: some servers guess
/// RFC822.SIZE.
const SIZE_SLACK: u64 = 2;
/// What a batch may have beyond that, in bytes: the attributes of each mail, and
/// what the server tells beside the answer.
const BESIDE: u64 = 1 << 20;

/// Batches that the server is asked for before the first of them is read.
const UNDER_WAY: usize = 2;

/// How much of a mail's header is read by [`ImapSession::header`].
const MAX_HEADER_BYTES: u32 = 256 << 10;

/// One mail as the server handed it over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    /// Its UID, under the folder's present UIDVALIDITY.
    pub uid: u32,
    /// When the server received it (INTERNALDATE), where that can be read.
    pub received: Option<Timestamp>,
    /// The raw bytes.
    pub bytes: Vec<u8>,
}

/// What a batch gave. A UID in neither list has vanished from the folder.
#[derive(Debug, Default)]
pub struct Batch {
    /// The mails, by ascending UID.
    pub mails: Vec<Fetched>,
    /// Mails that the server has and does not hand over, with its reason.
    pub refused: Vec<(u32, String)>,
}

/// Cuts `(uid, size)` pairs into runs of at most `max_mails` and `max_bytes`; a mail
/// larger than that stands alone.
pub fn batches(
    mut sizes: &[(u32, u64)],
    max_mails: usize,
    max_bytes: u64,
) -> impl Iterator<Item = &[(u32, u64)]> {
    std::iter::from_fn(move || {
        let mut bytes = 0u64;
        let fitting = sizes.iter().take(max_mails).take_while(|(_, size)| {
            bytes = bytes.saturating_add(*size);
            bytes <= max_bytes
        });
        let count = fitting.count().max(1).min(sizes.len());
        let (batch, rest) = sizes.split_at(count);
        sizes = rest;
        (!batch.is_empty()).then_some(batch)
    })
}

impl ImapSession {
    /// The size in bytes of each of these mails, by ascending UID; a mail that
    /// vanished is not in the answer.
    pub async fn sizes(&mut self, uids: &[u32]) -> Result<Vec<(u32, u64)>, ImapError> {
        let doing = self.doing("sizing mail in");
        let mut sizes = BTreeMap::new();
        for set in sets(uids) {
            self.talk
                .command(&doing, &format!("UID FETCH {set} (UID RFC822.SIZE)"), |response| {
                    let Response::Fetch(_, attributes) = response else { return };
                    if let (Some(uid), Some(size)) = (uid_of(attributes), size_of(attributes)) {
                        sizes.insert(uid, size);
                    }
                })
                .await?;
        }
        keep(uids, &mut sizes);
        Ok(sizes.into_iter().collect())
    }

    /// The whole mails of one batch, as [`batches`] cut it.
    pub async fn fetch(&mut self, batch: &[(u32, u64)]) -> Result<Batch, ImapError> {
        let mut ahead = self.fetch_ahead(vec![batch.to_vec()]);
        let mut all = Batch::default();
        while let Some(got) = ahead.next().await? {
            all.mails.extend(got.mails);
            all.refused.extend(got.refused);
        }
        Ok(all)
    }

    /// The mails of these batches, in turn. Until the last one was taken the session
    /// is of no use for anything else.
    pub fn fetch_ahead(&mut self, batches: Vec<Vec<(u32, u64)>>) -> Ahead<'_> {
        Ahead { session: self, waiting: batches.into(), under_way: VecDeque::new(), came: BTreeMap::new() }
    }

    /// Only the header of one mail, for mails too large to take; at most 256 KiB.
    pub async fn header(&mut self, uid: u32) -> Result<Option<Fetched>, ImapError> {
        let query = format!("BODY.PEEK[HEADER]<0.{MAX_HEADER_BYTES}>");
        let mails = self.fetch_part(&[uid], &query, PLAIN_ANSWER_BYTES).await?;
        Ok(mails.into_iter().next())
    }

    async fn fetch_part(&mut self, uids: &[u32], part: &str, bytes: u64) -> Result<Vec<Fetched>, ImapError> {
        let doing = self.doing("fetching mail from");
        let mut mails = BTreeMap::new();
        for set in sets(uids) {
            let line = format!("UID FETCH {set} (UID INTERNALDATE {part})");
            self.talk.command_within(bytes, &doing, &line, |response| collect(response, &mut mails)).await?;
        }
        keep(uids, &mut mails);
        Ok(mails.into_values().collect())
    }
}

/// Batches on their way: the next one is asked for before this one is read, so that
/// neither the server nor the line waits for us in between.
pub struct Ahead<'a> {
    session: &'a mut ImapSession,
    waiting: VecDeque<Vec<(u32, u64)>>,
    under_way: VecDeque<Asked>,
    /// Mails of batches under way: those of a later one may come among an earlier's.
    came: BTreeMap<u32, Fetched>,
}

struct Asked {
    batch: Vec<(u32, u64)>,
    /// One command for each set that the batch needs.
    tags: Vec<RequestId>,
}

impl Asked {
    fn uids(&self) -> impl Iterator<Item = u32> + '_ {
        self.batch.iter().map(|&(uid, _)| uid)
    }
}

impl Ahead<'_> {
    /// The next batch; `None` after the last. When the server refuses one, its mails
    /// are tried each alone at the end, so that one never keeps back another.
    pub async fn next(&mut self) -> Result<Option<Batch>, ImapError> {
        while self.under_way.len() < UNDER_WAY
            && let Some(batch) = self.waiting.pop_front()
        {
            let asked = self.ask(batch).await?;
            self.under_way.push_back(asked);
        }
        let Some(asked) = self.under_way.front() else { return Ok(None) };
        let doing = self.session.doing("fetching mail from");
        let (came, mut refused) = (&mut self.came, None);
        for tag in &asked.tags {
            let end = self.session.talk.end_of(tag, &doing, |response| collect(response, came)).await?;
            if !end.is_ok() {
                refused = Some(end.text().to_owned());
            }
        }
        let batch = self.under_way.pop_front().map(|asked| asked.batch).unwrap_or_default();
        let mut got = Batch::default();
        got.mails.extend(batch.iter().filter_map(|(uid, _)| self.came.remove(uid)));
        let still: Vec<u32> = self.under_way.iter().flat_map(Asked::uids).collect();
        keep(&still, &mut self.came);
        match (refused, batch.as_slice()) {
            (None, _) => {}
            (Some(why), &[(uid, _)]) => got.refused.push((uid, why)),
            (Some(_), _) => {
                let had: HashSet<u32> = got.mails.iter().map(|mail| mail.uid).collect();
                self.waiting
                    .extend(batch.into_iter().filter(|(uid, _)| !had.contains(uid)).map(|one| vec![one]));
            }
        }
        Ok(Some(got))
    }

    /// Asks for nothing more; what is under way still comes.
    pub fn stop(&mut self) {
        self.waiting.clear();
    }

    /// The UIDs of the batch that is being read, to know after an error where it came.
    pub fn being_read(&self) -> Vec<u32> {
        self.under_way.front().into_iter().flat_map(Asked::uids).collect()
    }

    async fn ask(&mut self, batch: Vec<(u32, u64)>) -> Result<Asked, ImapError> {
        let uids: Vec<u32> = batch.iter().map(|&(uid, _)| uid).collect();
        let announced = batch.iter().fold(0u64, |sum, (_, size)| sum.saturating_add(*size));
        let bytes = announced.saturating_mul(SIZE_SLACK).saturating_add(BESIDE);
        let doing = self.session.doing("fetching mail from");
        let mut tags = Vec::new();
        for set in sets(&uids) {
            let line = format!("UID FETCH {set} (UID INTERNALDATE BODY.PEEK[])");
            tags.push(self.session.talk.send(bytes, &doing, &line).await?);
        }
        Ok(Asked { batch, tags })
    }
}

/// A mail that a response brings.
fn collect(response: &Response<'_>, mails: &mut BTreeMap<u32, Fetched>) {
    if let Response::Fetch(_, attributes) = response
        && let Some(mail) = mail_of(attributes)
    {
        mails.insert(mail.uid, mail);
    }
}

/// Forgets what a server tells about mails that it was not asked for.
fn keep<T>(uids: &[u32], answers: &mut BTreeMap<u32, T>) {
    let asked: HashSet<u32> = uids.iter().copied().collect();
    answers.retain(|uid, _| asked.contains(uid));
}

/// A mail out of one FETCH answer; `None` for one that only tells flags. A body of
/// NIL is an empty mail, not a vanished one.
fn mail_of(attributes: &[AttributeValue<'_>]) -> Option<Fetched> {
    let uid = uid_of(attributes)?;
    let bytes = attributes.iter().find_map(|each| match each {
        AttributeValue::BodySection {
            section: None | Some(SectionPath::Full(MessageSection::Header)),
            data,
            ..
        } => Some(data.as_deref().unwrap_or_default().to_vec()),
        _ => None,
    })?;
    let received = attributes.iter().find_map(|each| match each {
        AttributeValue::InternalDate(date) => internal_date(date),
        _ => None,
    });
    Some(Fetched { uid, received, bytes })
}

fn uid_of(attributes: &[AttributeValue<'_>]) -> Option<u32> {
    attributes.iter().find_map(|each| match each {
        AttributeValue::Uid(uid) => Some(*uid),
        _ => None,
    })
}

fn size_of(attributes: &[AttributeValue<'_>]) -> Option<u64> {
    attributes.iter().find_map(|each| match each {
        AttributeValue::Rfc822Size(size) => Some(u64::from(*size)),
        _ => None,
    })
}

/// Reads `" 1-Nov-2026 08:05:00 +0100"` (RFC 3501 §9, `date-time`).
fn internal_date(text: &str) -> Option<Timestamp> {
    strtime::parse("%d-%b-%Y %H:%M:%S %z", text.trim()).ok()?.to_timestamp().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn internal_dates_are_read_with_their_zone() {
        let read = |text| internal_date(text).map(|time| time.to_string());
        assert_eq!(read(" 1-Nov-2026 08:05:00 +0100").as_deref(), Some("2026-11-01T07:05:00Z"));
        assert_eq!(read("21-Nov-2026 11:22:36 -0000").as_deref(), Some("2026-11-21T11:22:36Z"));
        assert_eq!(read("31-Feb-2026 08:05:00 +0100"), None);
        assert_eq!(read("yesterday"), None);
    }

    #[test]
    fn batches_keep_to_both_bounds_and_lose_nothing() {
        let sizes = [(1, 40), (2, 40), (3, 40), (4, 500), (5, 1), (6, 1), (7, 1), (8, 1)];
        let uids: Vec<Vec<u32>> =
            batches(&sizes, 3, 100).map(|batch| batch.iter().map(|&(uid, _)| uid).collect()).collect();
        assert_eq!(uids, [vec![1, 2], vec![3], vec![4], vec![5, 6, 7], vec![8]]);
        assert_eq!(batches(&[], 3, 100).count(), 0);
        assert_eq!(batches(&sizes, 0, 0).count(), 8);
    }

    #[test]
    fn an_answer_about_flags_is_no_mail() {
        let flags = [AttributeValue::Uid(7), AttributeValue::Flags(vec!["\\Seen".into()])];
        assert_eq!(mail_of(&flags), None);
        let nil =
            [AttributeValue::Uid(7), AttributeValue::BodySection { section: None, index: None, data: None }];
        assert_eq!(mail_of(&nil), Some(Fetched { uid: 7, received: None, bytes: vec![] }));
    }
}
