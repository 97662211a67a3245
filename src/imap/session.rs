//! A session with one folder open.

use async_imap::imap_proto::{MailboxDatum, Response, ResponseCode, Status};
use tokio::time::{Duration, Instant, timeout};

use super::{
    ImapError,
    error::Meaning,
    login::{Offers, log_in},
    name,
    talk::{PLAIN_ANSWER_BYTES, Talk},
};
use crate::settings::{Imap, Tls};

/// What a UID takes in the answer to a SEARCH, in bytes.
const UID_BYTES: u64 = 11;
/// The longest answer to a SEARCH that we take, in bytes: six million mails.
const MAX_SEARCH_BYTES: u64 = 64 << 20;

/// The longest we wait for a good-bye.
const LOGOUT_WITHIN: Duration = Duration::from_secs(2);

/// A connection that is logged in and has its folder selected.
///
/// After an error it is of no more use: drop it and open another. A future of
/// its methods must be driven to its end; only [`ImapSession::wait`] is made to
/// be ended from outside, by its token.
#[derive(Debug)]
pub struct ImapSession {
    pub(super) talk: Talk,
    pub(super) offers: Offers,
    pub(super) folder: String,
    pub(super) user: String,
    pub(super) idle: bool,
    /// When mail was last announced.
    pub(super) last_news: Option<Instant>,
    /// The shortest time that a NOOP took: about what the way there and back takes.
    pub(super) round_trip: Option<Duration>,
}

/// What the server says of the folder when it is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Selected {
    /// UIDs mean the same mails as long as this number stays (RFC 3501 §2.3.1.1).
    pub uidvalidity: u32,
    /// The UID that the next mail will get at least, where the server tells.
    pub uid_next: Option<u32>,
    /// How many mails there are.
    pub exists: u32,
}

impl ImapSession {
    /// Connects, logs in and opens the folder.
    pub async fn open(imap: &Imap) -> Result<(ImapSession, Selected), ImapError> {
        let (session, selected, _) = Self::open_greeted(imap).await?;
        Ok((session, selected))
    }

    async fn open_greeted(imap: &Imap) -> Result<(ImapSession, Selected, String), ImapError> {
        let (talk, offers, greeting) = log_in(imap).await?;
        let idle = imap.idle && offers.has("IDLE");
        let (folder, user) = (imap.folder.clone(), imap.user.clone());
        let mut session = ImapSession { talk, offers, folder, user, idle, last_news: None, round_trip: None };
        let selected = session.select_again().await?;
        Ok((session, selected, greeting))
    }

    /// Opens the folder anew and tells its state: the UIDVALIDITY may have changed.
    pub async fn select_again(&mut self) -> Result<Selected, ImapError> {
        let doing = self.doing("opening");
        let line = format!("SELECT {}", name::folder(&self.folder));
        let (mut uidvalidity, mut uid_next, mut exists) = (None, None, 0);
        let answer = self.talk.command(&doing, &line, |response| match response {
            Response::Data { status: Status::Ok, outcome } => match outcome.code {
                Some(ResponseCode::UidValidity(number)) => uidvalidity = Some(number),
                Some(ResponseCode::UidNext(number)) => uid_next = Some(number),
                _ => {}
            },
            Response::MailboxData(MailboxDatum::Exists(number)) => exists = *number,
            _ => {}
        });
        answer.await.map_err(|error| self.not_opened(error))?;
        self.talk.news = false;
        match uidvalidity {
            Some(uidvalidity) => Ok(Selected { uidvalidity, uid_next, exists }),
            None => Err(self.talk.protocol(&doing, "the folder has no UIDVALIDITY".to_owned())),
        }
    }

    /// Every UID from `first` on, in ascending order.
    pub async fn uids_from(&mut self, first: u32) -> Result<Vec<u32>, ImapError> {
        let doing = self.doing("listing");
        let mut uids = Vec::new();
        // Mail that comes while the server searches may miss the list and is then
        // announced by EXISTS: forget the old news before asking, not after.
        self.talk.news = false;
        let line = format!("UID SEARCH UID {}:*", first.max(1));
        let bytes = PLAIN_ANSWER_BYTES + (u64::from(self.talk.exists) * UID_BYTES).min(MAX_SEARCH_BYTES);
        self.talk
            .command_within(bytes, &doing, &line, |response| {
                if let Response::MailboxData(MailboxDatum::Search(found)) = response {
                    uids.extend_from_slice(found);
                }
            })
            .await?;
        // `n:*` also names the last mail when its UID is below n (RFC 3501 §6.4.8).
        uids.retain(|&uid| uid >= first);
        uids.sort_unstable();
        uids.dedup();
        Ok(uids)
    }

    /// Says good-bye, if the server still listens.
    pub async fn close(mut self) {
        let _ = timeout(LOGOUT_WITHIN, self.talk.ask("logging out", "LOGOUT")).await;
    }

    /// An error text's "listing `INBOX` of `support`".
    pub(super) fn doing(&self, verb: &str) -> String {
        format!("{verb} `{}` of `{}`", self.folder, self.user)
    }

    fn not_opened(&self, error: ImapError) -> ImapError {
        match error {
            ImapError::Refused { server, why, .. } if matches!(Meaning::of(&why), Meaning::No) => {
                ImapError::FolderMissing { server, user: self.user.clone(), folder: self.folder.clone(), why }
            }
            other => other,
        }
    }
}

/// Opens the mailbox, looks, closes it, and says in one sentence what was found.
pub async fn probe(imap: &Imap) -> Result<String, ImapError> {
    let (session, selected, greeting) = ImapSession::open_greeted(imap).await?;
    let over = match imap.tls {
        Tls::None => "in clear",
        Tls::Starttls => "with STARTTLS",
        Tls::Implicit => "over TLS",
    };
    let can = |name| if session.offers.has(name) { "yes" } else { "no" };
    let sentence = format!(
        "{} ({greeting}) {over}: `{}` is logged in, `{}` has {} mails (UIDVALIDITY {}), IDLE {}, MOVE {}",
        session.talk.server(),
        imap.user,
        imap.folder,
        selected.exists,
        selected.uidvalidity,
        can("IDLE"),
        can("MOVE"),
    );
    session.close().await;
    Ok(sentence)
}
