//! `[[stakeholder]]`: who is told how things stand without working on them.

use jiff::tz::TimeZone;

use super::{mailbox::Mailbox, people::somebody, product::Product, reader::Reader};
use crate::{
    domain::{EmailAddress, Word, words::word},
    ticket::{Cadence, Topic, digest::Hours},
};

/// What the word `digest` in `wants` stands for.
const DIGEST: &str = "digest";

/// How a want is written, for messages.
pub(super) const FORMS: &str = "\"sev1\" to \"sev4\", \"all\", \"product:NAME\", \"customer:DOMAIN\", each with \"hourly\", \
                     \"daily\" or \"weekly\" behind it where not each change is wanted, and \"digest\"";

/// Somebody who is told how things stand without working on them.
#[derive(Clone, Debug)]
pub struct Stakeholder {
    /// Their name, where it is given.
    pub name: Option<String>,
    /// Where notices go.
    pub email: EmailAddress,
    /// Which notices.
    pub wants: Vec<Want>,
    /// When they read digests.
    pub hours: Hours,
    /// Whether they speak for the product: they are asked what customers cannot
    /// be.
    pub product_owner: bool,
}

/// What a stakeholder wants to hear of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Want {
    /// Which tickets.
    pub topic: Topic,
    /// How often.
    pub cadence: Cadence,
}

impl Stakeholder {
    pub(super) fn read_all(
        t: &mut Reader<'_>,
        mailboxes: &[Mailbox],
        products: &[Product],
        zone: &TimeZone,
    ) -> Vec<Stakeholder> {
        let mut seen: Vec<EmailAddress> = Vec::new();
        t.each("stakeholder", |t| {
            let digest = t.or("digest", Often::Daily).cadence();
            let stakeholder = Stakeholder {
                name: t.optional("name"),
                email: t.required("email"),
                wants: wants(t, digest, products),
                hours: hours(t, zone),
                product_owner: t.or("product_owner", false),
            };
            somebody(t, &stakeholder.email, &mut seen, mailboxes);
            if stakeholder.wants.is_empty() && !stakeholder.product_owner {
                let name = t.name("wants");
                t.refuse(
                    "wants",
                    format!(
                        "`{name}` names no notice, so this stakeholder would never hear of anything; list some of {FORMS}"
                    ),
                );
            }
            stakeholder
        })
    }
}

fn wants(t: &mut Reader<'_>, digest: Cadence, products: &[Product]) -> Vec<Want> {
    let mut wants: Vec<Want> = Vec::new();
    for text in t.or("wants", Vec::<String>::new()) {
        match want(&text, digest) {
            Some(want) => {
                if let Topic::Product(named) = &want.topic
                    && !products.iter().any(|product| product.name.eq_ignore_ascii_case(named))
                {
                    let name = t.name("wants");
                    t.refuse(
                        "wants",
                        format!("`{name}`: there is no product `{named}`; add a [[product]] of this name"),
                    );
                }
                // Said twice is said once.
                if !wants.contains(&want) {
                    wants.push(want);
                }
            }
            None => {
                let name = t.name("wants");
                t.refuse("wants", format!("`{name}`: `{text}` is nothing to hear of; use some of {FORMS}"));
            }
        }
    }
    wants
}

/// `sev1`, `product:shop weekly`, `digest`.
fn want(text: &str, digest: Cadence) -> Option<Want> {
    let text = text.trim();
    if text.eq_ignore_ascii_case(DIGEST) {
        return Some(Want { topic: Topic::All, cadence: digest });
    }
    let (topic, cadence) =
        match text.rsplit_once(' ').map(|(topic, cadence)| (topic, Cadence::from_word(cadence))) {
            Some((topic, Ok(cadence))) => (topic, cadence),
            _ => (text, Cadence::Immediate),
        };
    Some(Want { topic: Topic::read(topic)?, cadence })
}

fn hours(t: &mut Reader<'_>, zone: &TimeZone) -> Hours {
    let standard = Hours::default();
    Hours {
        at: t.or("digest_at", standard.at),
        on: t.or("digest_on", standard.on),
        zone: t.or("zone", zone.clone()),
    }
}

/// How often a digest comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Often {
    Hourly,
    Daily,
    Weekly,
}

word!(Often, "cadence of a digest", {
    Hourly => "hourly",
    Daily => "daily",
    Weekly => "weekly",
});

impl Often {
    fn cadence(self) -> Cadence {
        match self {
            Often::Hourly => Cadence::Hourly,
            Often::Daily => Cadence::Daily,
            Often::Weekly => Cadence::Weekly,
        }
    }
}
