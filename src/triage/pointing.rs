//! Which tickets a mail points at, the strongest signal first.
//!
//! Pure: what the database knows of the ids is looked up before. The rest of the
//! evidence is in the mail itself ([`Clues`]).

use std::collections::HashMap;

use super::Signal;
use crate::{
    domain::{MessageId, TicketId},
    mail::Clues,
};

/// At most so many tickets are looked at for one mail.
const MAX_CANDIDATES: usize = 8;

/// What is known of Message-IDs, by [`MessageId::key`]; tickets newest first.
#[derive(Clone, Debug, Default)]
pub struct KnownIds {
    /// Tickets that have a mail with this id.
    pub entries: HashMap<String, Vec<TicketId>>,
    /// Tickets that have a mail which answers this id.
    pub answered: HashMap<String, Vec<TicketId>>,
}

/// The tickets that a mail points at, each once, by its strongest signal.
pub fn pointed(clues: &Clues, own_id: Option<&MessageId>, known: &KnownIds) -> Vec<(TicketId, Signal)> {
    let mut pointed: Vec<(TicketId, Signal)> = Vec::new();
    let mut point = |ticket: TicketId, signal| {
        if pointed.len() < MAX_CANDIDATES && pointed.iter().all(|(there, _)| *there != ticket) {
            pointed.push((ticket, signal));
        }
    };
    let tickets = |ids: &HashMap<String, Vec<TicketId>>, id: &MessageId| {
        ids.get(&id.key()).cloned().unwrap_or_default()
    };
    clues.reply_tags.iter().for_each(|(ticket, _)| point(*ticket, Signal::ReplyAddress));
    clues.our_ids.iter().for_each(|ticket| point(*ticket, Signal::OurMessage));
    for id in &clues.ids {
        tickets(&known.entries, id).into_iter().for_each(|ticket| point(ticket, Signal::KnownMessage));
    }
    if let Some(id) = own_id {
        tickets(&known.answered, id).into_iter().for_each(|ticket| point(ticket, Signal::AnsweredHere));
    }
    for id in &clues.ids {
        tickets(&known.answered, id).into_iter().for_each(|ticket| point(ticket, Signal::SharedMessage));
    }
    clues.subject.iter().for_each(|ticket| point(*ticket, Signal::Subject));
    clues.footer.iter().for_each(|ticket| point(*ticket, Signal::Footer));
    pointed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::PersonId;

    fn id(text: &str) -> MessageId {
        MessageId::parse(text).unwrap()
    }

    fn of(ids: &[(&str, i64)]) -> HashMap<String, Vec<TicketId>> {
        let mut map: HashMap<String, Vec<TicketId>> = HashMap::new();
        for (id, ticket) in ids {
            map.entry((*id).to_owned()).or_default().push(TicketId(*ticket));
        }
        map
    }

    #[test]
    fn the_strongest_signal_comes_first_and_each_ticket_once() {
        let clues = Clues {
            reply_tags: vec![(TicketId(1), PersonId(1))],
            our_ids: vec![TicketId(2), TicketId(1)],
            ids: vec![id("New@x"), id("old@x")],
            subject: vec![TicketId(6), TicketId(3)],
            footer: vec![TicketId(7)],
        };
        let known = KnownIds {
            entries: of(&[("old@x", 9), ("new@x", 3)]),
            answered: of(&[("old@x", 5), ("own@x", 4), ("new@x", 3)]),
        };
        use Signal::*;
        assert_eq!(
            pointed(&clues, Some(&id("OWN@x")), &known),
            [
                (TicketId(1), ReplyAddress),
                (TicketId(2), OurMessage),
                (TicketId(3), KnownMessage),
                (TicketId(9), KnownMessage),
                (TicketId(4), AnsweredHere),
                (TicketId(5), SharedMessage),
                (TicketId(6), Subject),
            ]
            .into_iter()
            .chain([(TicketId(7), Footer)])
            .collect::<Vec<_>>()
        );
    }

    #[test]
    fn a_mail_without_clues_points_nowhere() {
        assert_eq!(pointed(&Clues::default(), None, &KnownIds::default()), []);
    }
}
