//! The trace on the server after a mail was taken: decoration, never the record.

use super::{ImapError, ImapSession, name, set::sets};
use crate::settings::After;

impl ImapSession {
    /// Marks these mails as read, moves them, or leaves them, as `after` says. Mails
    /// that are gone are nobody's loss; doing it twice changes nothing.
    pub async fn finish(&mut self, uids: &[u32], after: &After) -> Result<(), ImapError> {
        for set in sets(uids) {
            match after {
                After::Nothing => {}
                After::Seen => self.flag(&set, "\\Seen").await?,
                After::Move(folder) if self.offers.has("MOVE") => {
                    self.carry("UID MOVE", &set, folder).await?;
                }
                After::Move(folder) => self.copy_and_delete(&set, folder).await?,
            }
        }
        Ok(())
    }

    /// Without MOVE: copy, mark as deleted, and take away exactly these. Without
    /// UIDPLUS they stay marked, since a plain EXPUNGE would also take away what
    /// somebody else has marked (RFC 4315 §1).
    async fn copy_and_delete(&mut self, set: &str, folder: &str) -> Result<(), ImapError> {
        self.carry("UID COPY", set, folder).await?;
        self.flag(set, "\\Deleted").await?;
        if self.offers.has("UIDPLUS") {
            let doing = self.doing("expunging mail from");
            self.talk.command(&doing, &format!("UID EXPUNGE {set}"), |_| {}).await?;
        }
        Ok(())
    }

    async fn flag(&mut self, set: &str, flag: &str) -> Result<(), ImapError> {
        let doing = self.doing("marking mail in");
        self.talk.command(&doing, &format!("UID STORE {set} +FLAGS.SILENT ({flag})"), |_| {}).await
    }

    /// Moves or copies, and makes the target folder when the server asks for it.
    async fn carry(&mut self, verb: &str, set: &str, folder: &str) -> Result<(), ImapError> {
        let doing = format!("{} to `{folder}`", self.doing("moving mail from"));
        let line = format!("{verb} {set} {}", name::folder(folder));
        let end = self.talk.ask(&doing, &line).await?;
        if !end.try_create {
            return self.talk.must_be_ok(end, &doing);
        }
        let making = format!("making the folder `{folder}` of `{}`", self.user);
        // Another session may have made it meanwhile: the second try decides.
        self.talk.ask(&making, &format!("CREATE {}", name::folder(folder))).await?;
        self.talk.ask(&making, &format!("SUBSCRIBE {}", name::folder(folder))).await?;
        self.talk.command(&doing, &line, |_| {}).await
    }
}
