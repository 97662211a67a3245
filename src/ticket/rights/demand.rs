//! What each wish asks of whom, and which evidence is enough for it: the table behind [`may`](super::may).

use super::{Actor, Denied, Evidence, Wish};

/// What is asked of somebody.
#[derive(Clone, Copy)]
pub(super) enum Demand {
    /// Nothing.
    Anything,
    /// Something vouches for a person from outside.
    Vouched,
    /// The same, and the words are surely theirs.
    VouchedWords,
    /// The same by a proven domain or by something that only they got.
    Departure,
    /// The domain of a person from outside is proven.
    Proven,
    /// The link to the page.
    Link,
    /// Something vouches for a member of staff.
    Colleague,
    /// What a command by mail needs, or to be inside.
    Command,
    /// A proven domain and words that are surely theirs, or to be inside.
    OwnWords,
    /// What a command by mail needs, or a page's button: what can only bother the person themselves.
    OwnWish,
    /// To be inside.
    Inside,
    /// A proven domain or to be inside, for programs.
    Program,
}

/// What is asked of whom for which wish; who never may hears why.
pub(super) fn demand(actor: Actor, wish: Wish) -> Result<Demand, Denied> {
    match actor {
        Actor::Stranger => Err(match wish {
            Wish::Say | Wish::Move | Wish::BringIn | Wish::Leave | Wish::ReadPage => Denied::NoPart,
            _ => Denied::NotStaff,
        }),
        Actor::Participant | Actor::Requester => match wish {
            Wish::Say => Ok(Demand::Vouched),
            Wish::Move => Ok(Demand::VouchedWords),
            Wish::Leave if actor == Actor::Requester => Err(Denied::OwnTicket),
            Wish::Leave => Ok(Demand::Departure),
            // The past is not for those who came later.
            Wish::BringIn | Wish::ReadPage if actor == Actor::Participant => Err(Denied::NotTheRequester),
            Wish::BringIn => Ok(Demand::Proven),
            Wish::ReadPage => Ok(Demand::Link),
            _ => Err(Denied::NotStaff),
        },
        Actor::Agent | Actor::Lead | Actor::Admin => match wish {
            Wish::Say => Ok(Demand::Colleague),
            Wish::ReadPage => Ok(Demand::Inside),
            Wish::Block | Wish::Plan | Wish::Operate if actor == Actor::Agent => Err(Denied::NotLead),
            Wish::Accounts | Wish::Audit if actor != Actor::Admin => Err(Denied::NotAdmin),
            // No mail is evidence enough.
            Wish::Accounts | Wish::Audit => Ok(Demand::Inside),
            _ => Ok(Demand::Command),
        },
        Actor::Stakeholder | Actor::ProductOwner => match wish {
            Wish::Say | Wish::BringIn | Wish::ReadPage => Err(Denied::NoPart),
            Wish::Leave => Ok(Demand::Departure),
            Wish::Subscribe => Ok(Demand::OwnWish),
            // They have no token of a ticket that their mail opens.
            Wish::Severity if actor == Actor::ProductOwner => Ok(Demand::OwnWords),
            Wish::Move | Wish::Order if actor == Actor::ProductOwner => Ok(Demand::Command),
            _ => Err(Denied::NotStaff),
        },
        Actor::Machine => match wish {
            Wish::Say => Ok(Demand::Anything),
            Wish::Move => Ok(Demand::Program),
            _ => Err(Denied::NotAPerson),
        },
        Actor::Clock => match wish {
            Wish::Move => Ok(Demand::Inside),
            _ => Err(Denied::NotAPerson),
        },
    }
}

/// Whether the evidence is enough. Forged is never.
pub(super) fn reaches(evidence: Evidence, demand: Demand) -> Result<(), Denied> {
    use Evidence::*;
    match (demand, evidence) {
        (_, Forged) => Err(Denied::Forged),
        (Demand::Anything, _) => Ok(()),

        (Demand::Vouched, OurMessage | Domain | HandedOn | Token | TokenAndDomain | PageLink) => Ok(()),
        (Demand::VouchedWords, OurMessage | Domain | Token | TokenAndDomain | PageLink) => Ok(()),
        (Demand::Proven, Domain | HandedOn | TokenAndDomain) => Ok(()),
        (Demand::Link, PageLink) => Ok(()),
        (Demand::Link, _) => Err(Denied::NoLink),
        (Demand::Departure, Domain | Token | TokenAndDomain | PageLink) => Ok(()),
        (Demand::VouchedWords | Demand::Departure, HandedOn) => Err(Denied::HandedOn),
        (Demand::Vouched | Demand::VouchedWords | Demand::Departure | Demand::Proven, Inside) => {
            Err(Denied::NotInside)
        }
        (Demand::Vouched | Demand::VouchedWords | Demand::Departure, Nothing)
        | (Demand::Departure, OurMessage) => Err(Denied::NothingProven),
        (Demand::Proven, PageLink) => Err(Denied::OnlyALink),
        (Demand::Proven, Nothing | OurMessage | Token) => Err(Denied::Unproven),

        (Demand::Colleague, Domain | HandedOn | Token | TokenAndDomain | Inside) => Ok(()),
        (Demand::Colleague, Nothing | OurMessage) => Err(Denied::NothingProven),
        (Demand::OwnWish, PageLink) => Ok(()),
        (Demand::OwnWords, Domain) => Ok(()),
        (Demand::Command | Demand::OwnWish | Demand::OwnWords, TokenAndDomain | Inside) => Ok(()),
        (Demand::Command | Demand::OwnWish | Demand::OwnWords, Nothing | OurMessage | Token) => {
            Err(Denied::Unproven)
        }
        (Demand::Command | Demand::OwnWish | Demand::OwnWords, HandedOn) => Err(Denied::HandedOn),
        (Demand::Command | Demand::OwnWish, Domain) => Err(Denied::NoToken),
        (
            Demand::Colleague | Demand::Command | Demand::OwnWords | Demand::Inside | Demand::Program,
            PageLink,
        ) => Err(Denied::OnlyALink),

        (Demand::Inside | Demand::Program, Inside) => Ok(()),
        (Demand::Program, Domain | TokenAndDomain) => Ok(()),
        (Demand::Inside, Nothing | OurMessage | Domain | HandedOn | Token | TokenAndDomain) => {
            Err(Denied::NotInside)
        }
        (Demand::Program, Nothing | OurMessage | HandedOn | Token) => Err(Denied::Unproven),
    }
}
