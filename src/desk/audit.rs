//! What is kept of who signed in, changed what they sign in with, or did something to the desk itself.

use jiff::Timestamp;

use super::{Caller, Desk, DeskError};
use crate::{
    domain::{EmailAddress, Word, words::word},
    store::{self, Conn, audit::NewLine},
};

/// Who did something at the command line where nobody was named.
pub const OPERATOR: &str = "operator";

/// Something that is kept for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Somebody signed in.
    SignedIn,
    /// A password, a code or a passkey was wrong.
    SignInFailed,
    /// Too many were wrong; no more are looked at for a while.
    SignInRefused,
    /// Somebody signed out.
    SignedOut,
    /// Somebody ended a session, their own on another device or a colleague's.
    SessionEnded,
    /// Somebody was sent a link to set a password.
    Invited,
    /// Somebody asked for a link because they forgot their password.
    LinkAsked,
    /// A password was set.
    PasswordSet,
    /// One-time codes are asked for from now on.
    CodesOn,
    /// One-time codes are asked for no longer.
    CodesOff,
    /// Somebody's second factors were taken away, since they lost them.
    FactorsTaken,
    /// A mail was put through the pipeline again.
    MailRetried,
    /// A ticket was made of a mail that could not be read.
    MailKept,
    /// A mail was put away.
    MailDiscarded,
    /// A mail that was set aside was taken in after all.
    MailTaken,
    /// A mail of ours was sent again.
    MailSentAgain,
    /// A pause was ended.
    PauseEnded,
    /// A known answer was kept.
    AnswerKept,
    /// A known answer was taken away.
    AnswerRemoved,
    /// Stored mail was read anew by the gate.
    GateReplayed,
    /// New recovery codes were made.
    RecoveryCodesMade,
    /// A passkey was added.
    PasskeyAdded,
    /// A passkey was removed.
    PasskeyRemoved,
}

word!(Deed, "deed", {
    SignedIn => "signed-in",
    SignInFailed => "sign-in-failed",
    SignInRefused => "sign-in-refused",
    SignedOut => "signed-out",
    SessionEnded => "session-ended",
    Invited => "invited",
    LinkAsked => "link-asked",
    PasswordSet => "password-set",
    CodesOn => "codes-on",
    CodesOff => "codes-off",
    FactorsTaken => "factors-taken",
    MailRetried => "mail-retried",
    MailKept => "mail-kept",
    MailDiscarded => "mail-discarded",
    MailTaken => "mail-taken",
    MailSentAgain => "mail-sent-again",
    PauseEnded => "pause-ended",
    AnswerKept => "answer-kept",
    AnswerRemoved => "answer-removed",
    GateReplayed => "gate-replayed",
    RecoveryCodesMade => "recovery-codes-made",
    PasskeyAdded => "passkey-added",
    PasskeyRemoved => "passkey-removed",
});

impl Desk {
    /// Keeps a deed of somebody who is signed in or named at the command line: what they did, and to whom or what, as people
    /// name it (an address, "mail 17"). It is kept in the transaction at hand.
    ///
    /// # Errors
    /// The database's.
    pub async fn audit(
        &self,
        conn: &mut Conn,
        actor: &EmailAddress,
        deed: Deed,
        about: &str,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let line = NewLine { actor: actor.as_str(), deed: deed.as_str(), about, network: "" };
        Ok(store::audit::add(conn, &line, now).await?)
    }

    /// The same at the command line, where perhaps nobody says who they are.
    pub(super) async fn audit_command(
        &self,
        conn: &mut Conn,
        actor: Option<&EmailAddress>,
        deed: Deed,
        about: &str,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let actor = actor.map_or(OPERATOR, EmailAddress::as_str);
        let line = NewLine { actor, deed: deed.as_str(), about, network: "" };
        Ok(store::audit::add(conn, &line, now).await?)
    }

    /// The same with where they were.
    pub(super) async fn audit_from(
        &self,
        conn: &mut Conn,
        actor: &EmailAddress,
        deed: Deed,
        about: &str,
        caller: &Caller,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let line = NewLine { actor: actor.as_str(), deed: deed.as_str(), about, network: &caller.network };
        Ok(store::audit::add(conn, &line, now).await?)
    }
}
