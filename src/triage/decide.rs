//! The rules, in the order in which they speak.

use jiff::Timestamp;

use super::{
    Answer, Ask, Author, Candidate, Deed, Facts, Joining, Opening, Plan, Policy, Role, Signal, Trial,
};
use crate::{
    domain::{Forward, InboundMail, Kind, Oversized, Proof, text},
    report::{self, Outcome, Verdict},
    ticket::{
        Source, Status,
        rights::{self, Actor, Evidence, Marks, Wish},
    },
};

/// Decides about one mail. Pure: the same arguments give the same plan.
pub fn decide(mail: &InboundMail, verdict: &Verdict, facts: &Facts, policy: &Policy, now: Timestamp) -> Plan {
    let mut why = vec![format!("Kind {}: {}", mail.kind, mail.kind_why)];
    if !mail.proof_why.is_empty() {
        why.push(format!("{}: {}.", proven(&mail.proof), mail.proof_why));
    }
    why.extend(mail.oversized.map(too_large));
    let case = Case { mail, verdict, facts, policy, now };
    let deed = case.deed(&mut why);
    Plan { deed, why }
}

/// Decides about a mail that a proven member of staff passes on, where it would make a
/// ticket. Nobody else says who wrote it: it is answered as an unproven mail is.
pub fn decide_passed_on(
    mail: &InboundMail,
    by: &str,
    verdict: &Verdict,
    facts: &Facts,
    policy: &Policy,
    now: Timestamp,
) -> Plan {
    let author = mail.author().map(|author| author.address.as_str()).unwrap_or_default();
    let mut why = vec![format!("{by} is on the staff list and proven, and passes on a mail of {author}.")];
    let case = Case { mail, verdict, facts, policy, now };
    let answer = case.answer(&mut why);
    Plan { deed: Deed::Open(case.opening(answer, &mut why)), why }
}

/// What words bring that somebody sends by the page of a ticket, behind a link that was made for them alone: as much as
/// a reply, which a reply address was made for, brings. What they say of a fix they say by the page's buttons.
pub fn decide_by_page(
    mail: &InboundMail,
    verdict: &Verdict,
    candidate: &Candidate,
    author: Author,
    policy: &Policy,
    now: Timestamp,
) -> Joining {
    let facts = Facts { author, ..Facts::default() };
    let case = Case { mail, verdict, facts: &facts, policy, now };
    let fills = case.fills(candidate);
    Joining {
        confirms: case.confirms(candidate),
        ask: case.ask(candidate, &fills, &mut Vec::new()),
        fills,
        cc_take_part: false,
        ..case.joining(candidate, Role::Customer)
    }
}

/// What would be done with a mail on an empty desk: for `deskgate inspect`.
pub fn would(mail: &InboundMail, verdict: &Verdict, policy: &Policy, now: Timestamp) -> Plan {
    decide(mail, verdict, &Facts::default(), policy, now)
}

/// What is decided about.
pub(super) struct Case<'a> {
    pub mail: &'a InboundMail,
    pub verdict: &'a Verdict,
    pub facts: &'a Facts,
    pub policy: &'a Policy,
    pub now: Timestamp,
}

impl Case<'_> {
    fn deed(&self, why: &mut Vec<String>) -> Deed {
        if let Some((ticket, message)) = self.facts.duplicate {
            why.push(format!("The same mail is already part of ticket {ticket}; it came twice."));
            return Deed::Duplicate { ticket, message };
        }
        match (self.by_kind(why), &self.facts.wanted) {
            (Deed::SetAside, Some(by)) => {
                why.push(format!(
                    "{by} wants it taken in all the same: a ticket is made of it, and nobody is answered."
                ));
                Deed::Open(self.opening(Answer::Nothing, why))
            }
            (deed, _) => deed,
        }
    }

    fn by_kind(&self, why: &mut Vec<String>) -> Deed {
        match self.mail.kind {
            Kind::Own => {
                why.push("It is a mail of ours that came back; answering it would make a loop.".into());
                Deed::SetAside
            }
            Kind::Bounce => self.bounce(why),
            _ if self.facts.blocked.is_some() && self.facts.wanted.is_none() => self.blocked(why),
            Kind::AutoReply => self.auto_reply(why),
            Kind::Human | Kind::List | Kind::Alert | Kind::Malformed => {
                self.answer_to_us(why).unwrap_or_else(|| self.threaded(why))
            }
        }
    }

    /// What a person answers to a list, plan or digest that was sent to them alone. Without proof it is a mail like
    /// any other; to get no more of them takes only the address that was made for them.
    fn answer_to_us(&self, why: &mut Vec<String>) -> Option<Deed> {
        let answered = self.facts.answered?;
        let points_at = format!("It answers our {} to its author, which is about no ticket", answered.notice);
        let by_address = Marks { token: answered.leaves, ..marks(self.mail) }.evidence();
        if answered.leaves && rights::may(Actor::Stakeholder, by_address, Wish::Leave).is_ok() {
            why.push(format!("{points_at}: they get no more, as it asks."));
            return Some(Deed::Answer(answered));
        }
        if self.mail.proven_author().is_none() {
            why.push(format!("{points_at}, but nothing proves the author: nothing of it is done."));
            return None;
        }
        why.push(format!("{points_at}: what it says is done."));
        Some(Deed::Answer(answered))
    }

    /// Staff want to hear nothing more from this sender.
    fn blocked(&self, why: &mut Vec<String>) -> Deed {
        let who = self.facts.blocked.as_deref().unwrap_or_default();
        why.push(format!("{who}: it is kept here and makes no ticket; `deskgate block list` has all."));
        Deed::SetAside
    }

    fn bounce(&self, why: &mut Vec<String>) -> Deed {
        match &self.facts.returned {
            Some(returned) => {
                why.push(format!(
                    "It reports on our mail to {} about ticket {}.",
                    text::mask(&returned.recipient),
                    returned.ticket
                ));
                Deed::Bounced(returned.clone())
            }
            None => {
                why.push("It is about no mail of ours that we know; a bounce never opens a ticket.".into());
                Deed::SetAside
            }
        }
    }

    /// A machine that answers for a person is kept with the ticket it answers,
    /// out of the customer's sight, and changes nothing.
    fn auto_reply(&self, why: &mut Vec<String>) -> Deed {
        let ours = |c: &&Candidate| {
            matches!(c.signal, Signal::ReplyAddress | Signal::OurMessage | Signal::KnownMessage)
        };
        if let Some(candidate) = self.facts.candidates.iter().find(ours) {
            why.push(format!("{}: kept there among staff, nothing changes.", found(candidate)));
            return Deed::Join(self.joining(candidate, Role::Machine));
        }
        if let Some(answered) = self.facts.answered {
            why.push(format!(
                "It answers our {}, which is about no ticket; nothing is done.",
                answered.notice
            ));
            return Deed::SetAside;
        }
        why.push("It answers no ticket; it opens one quietly, so that nothing is lost.".into());
        Deed::Open(self.opening(Answer::Nothing, why))
    }

    fn threaded(&self, why: &mut Vec<String>) -> Deed {
        for candidate in &self.facts.candidates {
            if self.has_left(candidate) {
                why.push(format!(
                    "{}, which the author has left already: nothing changes.",
                    found(candidate)
                ));
                return Deed::Join(self.joining(candidate, Role::Machine));
            }
            match self.right_to_join(candidate) {
                Ok((role, proof)) => {
                    why.push(format!("{}, and {proof}.", found(candidate)));
                    return self.join(candidate, role, why);
                }
                Err(not) => {
                    why.push(format!("{}, but {not}: not joined, staff see the hint.", found(candidate)))
                }
            }
        }
        why.extend(self.kept_forward());
        let answer = self.answer(why);
        Deed::Open(self.opening(answer, why))
    }

    /// Why a forward of staff stays theirs. What customers pass on always does.
    fn kept_forward(&self) -> Option<String> {
        let by_staff = self.facts.author.staff && self.mail.proven_author().is_some();
        match self.mail.forward.as_ref().filter(|_| by_staff)? {
            Forward::Mail(_) => Some(
                "It passes on a mail of one of us or of a machine: it stays with who passes it on.".into(),
            ),
            Forward::Unclear(why) => {
                Some(format!("It looks like a forward, but {why}: it stays with who passes it on."))
            }
        }
    }

    /// Who may add to a ticket ([`rights`]; a signal is no evidence), and what vouches for them.
    fn right_to_join(&self, candidate: &Candidate) -> Result<(Role, &'static str), String> {
        let staff = self.facts.author.staff;
        let (actor, evidence) = (self.actor(candidate), self.evidence(candidate));
        rights::may(actor, evidence, Wish::Say).map_err(|denied| denied.to_string())?;
        let ours = matches!(candidate.signal, Signal::ReplyAddress | Signal::OurMessage);
        if staff && self.mail.forwarded().is_some() && !ours {
            return Err("it passes on a mail of somebody else, whose words may name any ticket".into());
        }
        if actor.is_staff() {
            return Ok((Role::Staff, "the author is on the staff list"));
        }
        let vouches = match evidence {
            Evidence::Token => "the reply address was made for this author",
            Evidence::OurMessage => {
                "the author takes part in it, and no server is configured that could prove more"
            }
            _ => "the author takes part in it and is proven",
        };
        Ok((Role::Customer, vouches))
    }

    /// Who the author is to the ticket: who takes part in it speaks as its customer, also when they are one of us.
    pub(super) fn actor(&self, candidate: &Candidate) -> Actor {
        match candidate {
            Candidate { participant: true, requester: true, .. } => Actor::Requester,
            Candidate { participant: true, .. } => Actor::Participant,
            _ if self.facts.author.staff => Actor::Agent,
            _ => Actor::Stranger,
        }
    }

    /// What vouches for the author where the mail points at this ticket.
    pub(super) fn evidence(&self, candidate: &Candidate) -> Evidence {
        let marks = Marks {
            token: candidate.holds_token,
            // Only an id that we signed and sent: anybody knows the id of a mail of their own.
            our_message: candidate.signal == Signal::OurMessage && !self.policy.trusts_a_server,
            ..marks(self.mail)
        };
        marks.evidence()
    }

    fn join(&self, candidate: &Candidate, role: Role, why: &mut Vec<String>) -> Deed {
        let role = if self.mail.kind == Kind::Alert { Role::Machine } else { role };
        let customer = role == Role::Customer;
        if customer && self.leaves(candidate) {
            why.push("It asks for no more mails and says nothing else: the author leaves the ticket.".into());
            return Deed::Join(Joining {
                leaves: true,
                cc_take_part: false,
                ..self.joining(candidate, role)
            });
        }
        // Words that were handed on may be another person's thanks.
        let thanks = !self.mail.body.handed_on && report::outcome(&self.mail.body.own) == Outcome::Works;
        if candidate.status == Status::Closed && customer && thanks {
            why.push(
                "The ticket is closed and stays so: the mail only says thanks, or that it works.".into(),
            );
        } else if candidate.spam && customer {
            why.push("Staff took the ticket for spam: it stays closed, and they read the mail.".into());
        } else if candidate.status == Status::Closed && customer {
            if !candidate.reopens || !self.within_reopen_window(candidate) {
                let ended = match candidate.reopens {
                    true => "was closed longer ago than it can be reopened",
                    false => "is closed, and the workflow opens none again by its customer's word",
                };
                why.push(format!("Ticket {} {ended}; a new one continues it.", candidate.ticket));
                let answer = self.answer(why);
                let mut opening = self.opening(answer, why);
                opening.follow_up_of = Some(candidate.ticket);
                return Deed::Open(opening);
            }
            why.push("The ticket is closed and opens again.".into());
        }
        let mut joining = self.joining(candidate, role);
        joining.tell_staff = role == Role::Machine;
        if customer {
            joining.reopen = candidate.status == Status::Closed && !thanks && !candidate.spam;
            joining.fills = self.fills(candidate);
            joining.confirms = self.confirms(candidate);
            joining.vouches = candidate.requester && self.is_certain(candidate);
            joining.trial = self.trial(candidate, why);
            joining.ask = self.ask(candidate, &joining.fills, why);
        }
        Deed::Join(joining)
    }

    fn joining(&self, candidate: &Candidate, role: Role) -> Joining {
        Joining {
            ticket: candidate.ticket,
            role,
            reopen: false,
            leaves: false,
            trial: Trial::Nothing,
            fills: Vec::new(),
            confirms: Vec::new(),
            vouches: false,
            ask: Ask::Leave,
            cc_take_part: role == Role::Customer && candidate.requester && self.names_others(),
            tell_staff: false,
        }
    }

    fn within_reopen_window(&self, candidate: &Candidate) -> bool {
        candidate
            .closed_at
            .is_none_or(|at| self.now.duration_since(at).unsigned_abs() <= self.policy.reopen_for)
    }

    fn opening(&self, answer: Answer, why: &mut Vec<String>) -> Opening {
        let source = self.source();
        why.push(format!("It opens a new ticket, source {source}."));
        Opening {
            source,
            related: self.facts.candidates.iter().map(|candidate| candidate.ticket).collect(),
            follow_up_of: None,
            answer,
            cc_take_part: self.names_others(),
        }
    }

    /// Whom a proven requester names may take part; anybody can write a Cc field.
    fn names_others(&self) -> bool {
        let may = rights::may(Actor::Requester, marks(self.mail).evidence(), Wish::BringIn);
        may.is_ok() && self.mail.kind == Kind::Human
    }

    pub(super) fn source(&self) -> Source {
        match self.mail.kind {
            Kind::Alert => Source::System,
            Kind::List => Source::SecurityList,
            _ if self.facts.author.product_owner && self.mail.proven_author().is_some() => {
                Source::ProductOwner
            }
            _ => Source::Customer,
        }
    }
}

/// What vouches for the author, whatever the mail points at.
pub(super) fn marks(mail: &InboundMail) -> Marks {
    Marks {
        forged: matches!(mail.proof, Proof::Fail { .. }),
        proven: mail.proven_author().is_some(),
        handed_on: mail.body.handed_on,
        ..Marks::default()
    }
}

fn proven(proof: &Proof) -> &'static str {
    match proof {
        Proof::Pass { .. } => "The author is proven",
        Proof::None => "The author is not proven",
        Proof::Fail { .. } => "The author is forged",
    }
}

fn too_large(oversized: Oversized) -> String {
    let Oversized { size_bytes, limit_bytes } = oversized;
    format!("Only its header was taken: it has {size_bytes} bytes, and the desk takes {limit_bytes} at most.")
}

fn found(candidate: &Candidate) -> String {
    let how = candidate.signal.describe();
    match candidate.continues {
        None => format!("It points at ticket {}: {how}", candidate.ticket),
        Some(old) => format!("It points at ticket {old}, which {} continues: {how}", candidate.ticket),
    }
}
