//! What is still under way in a run, and what an operator does about it.

use crate::{cluster::rows, run::Run};

impl Run<'_> {
    /// The first thing that is still under way: in the order of a mail's way, so that none slips past.
    pub fn unsettled(&mut self) -> Option<String> {
        let posted = self.post.under_way();
        if posted > 0 {
            return Some(format!("{posted} mails that no server takes"));
        }
        self.queued()
            .or_else(|| self.not_in_ledger(&self.boxes[0]))
            .or_else(|| self.not_in_ledger(&self.boxes[1]))
            .or_else(|| self.waiting())
            .or_else(|| self.queued())
    }

    fn queued(&self) -> Option<String> {
        let queued = self.site.office.queued();
        (queued > 0).then(|| format!("{queued} mails in the queue of Postfix"))
    }

    fn waiting(&self) -> Option<String> {
        let statements = [
            "select id, mailbox_id, state, attempts, failures, due_at, leased_by, leased_until, error from inbound where state <> 'done'",
            "select id, notice, recipient, state, attempts, due_at, leased_by, leased_until, last_reply from outbox where state <> 'sent'",
        ];
        statements.iter().find_map(|statement| {
            let rows = rows(&self.direct_url, statement);
            (!rows.is_empty()).then(|| format!("{} rows of: {statement}\n{}", rows.len(), rows.join("\n")))
        })
    }

    /// No fault of ours is a reason to give a mail up.
    pub fn none_failed(&self) -> Result<(), String> {
        let failed = rows(
            &self.direct_url,
            "select id, notice, recipient, attempts, last_reply from outbox where state = 'failed'",
        );
        if failed.is_empty() { Ok(()) } else { Err(format!("mails failed for good:\n{}", failed.join("\n"))) }
    }

    /// Every UID on the server has exactly one row, and every mail there is marked.
    fn not_in_ledger(&self, address: &str) -> Option<String> {
        let mut session = self.site.office.mailbox(address).imap();
        let validity = session.run("SELECT INBOX").iter().find_map(|line| {
            let (_, rest) = line.split_once("[UIDVALIDITY ")?;
            rest.split_once(']').map(|(number, _)| number.to_owned())
        })?;
        let mut uids = |which: &str| {
            let said = session.run(&format!("UID SEARCH {which}")).join(" ");
            let mut uids: Vec<i64> = said.split(' ').filter_map(|word| word.parse().ok()).collect();
            uids.sort_unstable();
            uids
        };
        let (there, unseen) = (uids("ALL"), uids("UNSEEN"));
        let ledger = format!(
            "select uid from inbound i join mailboxes m on m.id = i.mailbox_id
             where m.address = '{address}' and i.uidvalidity = {validity} order by uid"
        );
        let here: Vec<i64> =
            rows(&self.direct_url, &ledger).iter().filter_map(|uid| uid.parse().ok()).collect();
        if there != here {
            return Some(format!("in {address} are {there:?}, in the ledger {here:?}"));
        }
        (!unseen.is_empty()).then(|| format!("in {address} are not marked: {unseen:?}"))
    }

    /// What an operator does who does not want to wait: sends again what was put off, and tries again
    /// what is in quarantine.
    pub fn look_after(&mut self) {
        let later = "select id from outbox where state = 'waiting' and due_at > now() + interval '2 seconds'
                     and coalesce(leased_until, now()) <= now()";
        self.put_off += self.again("outbox", later);
        self.quarantined += self.again("inbox", "select id from inbound where state = 'quarantined'");
    }

    fn again(&mut self, what: &str, statement: &str) -> usize {
        let ids = rows(&self.direct_url, statement);
        if !ids.is_empty() {
            let mut words = vec![what, "retry"];
            words.extend(ids.iter().map(|id| &**id));
            let ran = self.nodes.command().run(&words);
            self.note(&format!("{}: {:?} {}", words.join(" "), ran.code, ran.stderr.trim()));
        }
        ids.len()
    }
}
