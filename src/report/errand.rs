//! Whether a mail is a problem report at all, or an order, a question, a thank-you.

use super::{
    rules::is_technical,
    signals::{Read, Weight},
};
use crate::domain::Slot;

/// A mail of more sentences that carry matter is no short question.
const MOST_QUESTIONS: usize = 3;

/// Trouble, a report's headings, or steps and expectation together make a report;
/// another errand with little trouble, or a mere question, makes none; a mail without words is nothing.
pub(super) fn is_problem_report(own: &str, body: &[Read], subject: &[Read]) -> bool {
    let all = || body.iter().chain(subject);
    if all().next().is_none() {
        return false;
    }
    if body.iter().any(|read| read.signals.iter().any(|signal| signal.weight == Weight::Heading)) {
        return true;
    }
    let tells = |slot| body.iter().any(|read| read.weight(slot) == Some(Weight::Strong));
    if tells(Slot::Steps) && tells(Slot::Expected) {
        return true;
    }
    let errands: usize = all().map(|read| read.errands).sum();
    let troubles: usize = all().map(|read| read.troubles).sum();
    if troubles == 0 && !tells(Slot::Steps) && !tells(Slot::Expected) && only_asks(body) {
        return false;
    }
    if troubles > 0 && is_technical(own) {
        return true;
    }
    errands == 0 || troubles > 2 * errands || tells(Slot::Steps) && troubles > errands
}

/// "Do you ship to Norway?": a few sentences, and all that carry matter are questions.
fn only_asks(body: &[Read]) -> bool {
    let matter: Vec<&Read> = body.iter().filter(|read| read.substantial).collect();
    (1..=MOST_QUESTIONS).contains(&matter.len()) && matter.iter().all(|read| read.asks)
}

#[cfg(test)]
mod tests {
    use crate::{domain::InboundMail, report::gate};

    fn is_report(own: &str) -> bool {
        let mut mail = InboundMail::default();
        mail.body.own = own.to_owned();
        gate(&mail).problem_report
    }

    #[test]
    fn trouble_among_names_of_code_is_a_report_whatever_else_it_speaks_of() {
        assert!(is_report("readContract() fails on the quotation of order_7 with a discount."));
        assert!(!is_report("Please send us a quotation with your discount; the old one has an error."));
    }
}
