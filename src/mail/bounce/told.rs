//! What a report says in its text: whom it names as failed, and what the server
//! answered. One set of rules for all mail systems, by where an address stands.

use super::{
    codes,
    words::{ANNOUNCING, ASIDE, ASK_THERE, ELSEWHERE, RETURNED_FIELDS, RETURNED_MAIL},
};
use crate::domain::{EmailAddress, text};

/// As much of a text as is looked at, in bytes.
const MAX_SCAN_BYTES: usize = 64 * 1024;
/// The longest line looked at, in bytes.
const MAX_LINE_BYTES: usize = 1000;
/// The most addresses taken from one text.
const MAX_FOUND: usize = 100;
/// How many lines an announcement of addresses reaches.
const REACH: usize = 14;

/// The text up to where the returned mail begins.
pub(super) fn by_server(text: &str) -> &str {
    let text = text::prefix(text, MAX_SCAN_BYTES);
    let mut end = 0;
    for line in text.split_inclusive('\n') {
        let lower = text::prefix(line, 200).to_lowercase();
        let lower = lower.trim_matches(['>', ' ', '\t', '*', '\n', '\r']);
        if !text[..end].trim().is_empty() && begins_returned_mail(lower) {
            return &text[..end];
        }
        end += line.len();
    }
    text
}

/// A field of a header, or a heading: `----- Original message -----`, `Message headers
/// follow:`. A sentence is none, nor is `did not receive a copy of your message:`.
fn begins_returned_mail(lower: &str) -> bool {
    if RETURNED_FIELDS.iter().any(|name| lower.starts_with(name)) {
        return true;
    }
    let is_heading = lower.starts_with(['-', '=', '#', '_']) || lower.ends_with([':', '-', '=', '#', '_']);
    let negates = ["did not", "not be", "couldn't", "cannot", "was not", "were not", "unable"];
    is_heading
        && RETURNED_MAIL.iter().any(|words| lower.contains(words))
        && !negates.iter().any(|word| lower.contains(word))
}

/// How surely an address is one that failed, by where it stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    /// Somewhere.
    Mentioned,
    /// At the start of a line, alone, or as the recipient of a conversation.
    Listed,
    /// Within what a server answered, which may name others.
    Answered,
    /// Announced, before a refusal, or refused in the conversation.
    Refused,
}

/// The addresses that failed: those in the surest places, without `bystanders`. What
/// is only mentioned counts when nobody else is.
pub(super) fn recipients(told: &str, is_bystander: impl Fn(&EmailAddress) -> bool) -> Vec<EmailAddress> {
    let mut found = placed(told);
    found.retain(|(_, address)| !is_bystander(address));
    for place in [Place::Refused, Place::Answered, Place::Listed, Place::Mentioned] {
        let mut these: Vec<EmailAddress> = Vec::new();
        for (_, address) in found.iter().filter(|(at, _)| *at == place) {
            if !these.contains(address) {
                these.push(address.clone());
            }
        }
        let clear = place != Place::Mentioned || these.len() == 1;
        if !these.is_empty() && clear {
            return these;
        }
    }
    Vec::new()
}

fn placed(told: &str) -> Vec<(Place, EmailAddress)> {
    let mut found = Vec::new();
    let mut announced = 0;
    let mut asked: Vec<EmailAddress> = Vec::new();
    let mut is_aside = false;
    for line in told.lines() {
        let line = text::prefix(line, MAX_LINE_BYTES);
        let (named, goes_on) = if is_aside { ("", false) } else { without_aside(line) };
        is_aside = goes_on;
        let lower = line.to_lowercase();
        let content =
            lower.trim_start_matches(['>', '<', ' ', '\t', '*', '-', '|', '.', '"', '\'', ':', '(']);
        if content.is_empty() {
            announced = announced.min(REACH / 2);
            continue;
        }
        let refuses = codes::reply_code(&lower).is_some() || codes::status_code(&lower).is_some();
        if content.contains("rcpt to") {
            asked = addresses(line);
            found.extend(asked.iter().cloned().map(|address| (Place::Listed, address)));
        } else if refuses && !asked.is_empty() {
            found.extend(asked.drain(..).map(|address| (Place::Refused, address)));
        } else if content.starts_with("250") {
            asked.clear();
        }
        let announces = ANNOUNCING.iter().any(|words| lower.contains(words));
        if announces {
            announced = REACH;
        }
        // `550 unknown recipient` announces nobody, it is what a server said.
        let is_answer = refuses && content.starts_with(|c: char| c.is_ascii_digit());
        let starts = starts_with_address(content);
        let is_elsewhere = ELSEWHERE.iter().any(|words| content.starts_with(words))
            || !starts && !refuses && ASK_THERE.iter().any(|words| content.contains(words));
        if found.len() < MAX_FOUND && !is_elsewhere {
            let is_listed = match announced {
                0 => starts && ends_after_address(content) || alone(content),
                _ => starts || ends_with_address(content),
            };
            let place = match () {
                _ if is_answer => Place::Answered,
                _ if announces || starts && refuses || is_listed && announced > 0 => Place::Refused,
                _ if refuses => Place::Answered,
                _ if is_listed => Place::Listed,
                _ => Place::Mentioned,
            };
            // What follows the first belongs to the reason, but for a list of them.
            let is_reason = refuses || starts && content.split_whitespace().any(|word| !word.contains('@'));
            let most = if is_reason { 1 } else { MAX_FOUND };
            found.extend(addresses(named).into_iter().take(most).map(|address| (place, address)));
        }
        announced = announced.saturating_sub(1);
    }
    found
}

/// A line up to where it names another address than the one that failed, and whether the
/// line ends before saying which: `(expanded from <sales@example.org>)`. Of an alias,
/// the recipient that failed counts (RFC 3464 §2.3.2).
fn without_aside(line: &str) -> (&str, bool) {
    // Lower case of ASCII alone keeps the places of all letters.
    let lower = line.to_ascii_lowercase();
    let Some((at, words)) = ASIDE.iter().filter_map(|words| Some((lower.find(words)?, words))).min() else {
        return (line, false);
    };
    (&line[..at], lower[at + words.len()..].trim_matches([' ', '\t', ':']).is_empty())
}

/// Whether a refusal stands beside an address: in its line or one of the two below.
pub(super) fn refuses_somebody(told: &str) -> bool {
    let mut near = 0;
    for line in told.lines().filter(|line| !line.trim().is_empty()) {
        let line = text::prefix(line, MAX_LINE_BYTES);
        if !addresses(line).is_empty() {
            near = 3;
        }
        if near > 0 && has_code(line) {
            return true;
        }
        near = near.max(1) - 1;
    }
    false
}

/// Whether the first word of a line is an address: `<a@example.org>: no such user`.
fn starts_with_address(content: &str) -> bool {
    content
        .split(|c: char| c.is_whitespace() || ">,;:".contains(c))
        .next()
        .is_some_and(|word| word.contains('@'))
}

/// Whether more than a blank separates the address from what follows: a sentence
/// may begin with an address, too.
fn ends_after_address(content: &str) -> bool {
    let end = content.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(content.len());
    let (word, rest) = content.split_at(end);
    let mut rest = rest.trim_start_matches('>').chars();
    word.ends_with([':', ',', ';', '.'])
        || !matches!((rest.next(), rest.next()), (Some(' '), Some(c)) if c.is_alphanumeric())
}

/// Whether the last word of a line is an address: `Bob <bob@example.org>`.
fn ends_with_address(content: &str) -> bool {
    content.split_whitespace().next_back().is_some_and(|word| word.contains('@'))
}

/// Whether a line is a label and an address and nothing more: `To: a@example.org`.
fn alone(content: &str) -> bool {
    let mut words = content.split_whitespace();
    words.next_back().is_some_and(|word| word.contains('@')) && words.all(|word| word.ends_with(':'))
}

/// The addresses of a line, without what is none.
pub(super) fn addresses(line: &str) -> Vec<EmailAddress> {
    let words = line.split(|c: char| !c.is_alphanumeric() && !"@.!#$%&*+-/=?^_`~:".contains(c));
    words
        .filter(|word| word.contains('@') && word.len() <= 320)
        .filter_map(|word| {
            let word = word.trim_matches(['.', ':', '*', '!', '?', '`', '=', '「', '」', '。', '、']);
            // `smtp:a@example.org`, `dda:SMTP=a@example.org`, `a@example.org:25`, `(expanded from:`
            let word = word.rsplit_once("SMTP=").map_or(word, |(_, address)| address);
            let word = match word.split_once(':') {
                Some((before, after)) if after.contains('@') => {
                    if before.contains('@') {
                        before
                    } else {
                        after
                    }
                }
                Some((before, _)) => before,
                None => word,
            };
            let word = word.trim_end_matches("...").trim_matches('.');
            let address: EmailAddress = word.parse().ok()?;
            address.domain().contains('.').then_some(address)
        })
        .collect()
}

/// What the server answered, on one line: from the first line with a code on, as far
/// as its paragraph goes.
pub(super) fn diagnostic(told: &str) -> String {
    let mut lines = told.lines().skip_while(|line| !has_code(text::prefix(line, MAX_LINE_BYTES)));
    let mut said = String::new();
    for line in lines.by_ref().take(8) {
        let content = line.trim_start_matches([' ', '\t', '<', '"']);
        // The next recipient's.
        let is_next = !said.is_empty() && starts_with_address(content);
        if line.trim().is_empty() || is_next || said.len() > MAX_LINE_BYTES {
            break;
        }
        said.push(' ');
        said.push_str(text::prefix(line.trim(), MAX_LINE_BYTES));
    }
    said.trim_start().to_owned()
}

fn has_code(line: &str) -> bool {
    codes::status_code(line).is_some() || codes::reply_code(line).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(told: &str) -> Vec<String> {
        let bystander = |address: &EmailAddress| address.local() == "postmaster";
        recipients(told, bystander).iter().map(|address| address.as_str().to_owned()).collect()
    }

    #[test]
    fn whoever_failed_is_named_in_the_words_of_many_mail_systems() {
        for told in [
            // qmail, Postfix
            "Hi. This is the qmail-send program at mx.example.org.\n\n<bob@example.org>:\nSorry, no mailbox here. (#5.1.1)\n",
            "This is the mail system at host mx.example.net.\n\nIf you do so, please include this problem report. You can\ndelete your own text from the attached returned message.\n\n<bob@example.org>: host mx.example.org[192.0.2.1] said: 550 5.1.1 unknown (in reply to RCPT TO command)\n",
            "<bob@example.org> (expanded from <sales@example.org>): user unknown\n",
            "<bob@example.org> (expanded from\n    <sales@example.org>): 550 5.1.1 user unknown\n",
            "<bob@example.org>: 551 user not local; please try <bob@new.example>\n",
            "<bob@example.org>: user moved, my new address is bob@new.example\n",
            // IronPort
            "The following message to <bob@example.org> was undeliverable.\nThe reason for the problem:\n5.1.0 - Unknown address error 550-'5.1.1 no such user, ask hostmaster@example.org'\n",
            "The following message to <bob@example.org> was undeliverable. 550-'5.1.1 no such user, ask hostmaster@example.org'\n",
            // Sendmail
            "   ----- The following addresses had permanent fatal errors -----\n<bob@example.org>\n    (reason: 550 5.1.1 User unknown)\n\n   ----- Transcript of session follows -----\n... while talking to mx.example.org.:\n>>> RCPT To:<bob@example.org>\n<<< 550 5.1.1 <bob@example.org>... User unknown\n",
            // Exim
            "A message that you sent could not be delivered to one or more of its\nrecipients. The following address(es) failed:\n\n  bob@example.org\n    Unrouteable address\n",
            // Exchange
            "did not reach the following recipient(s):\n\nbob@example.org on Thu, 29 Apr 2010 00:00:00 -0000\n    The recipient name is not recognized\n",
            "did not reach the following recipient(s):\n\nc=US;a= ;p=IKON;o=Nexus2;dda:SMTP=bob@example.org; on Fri, 4 Oct 2002\n",
            "Delivery has failed to these recipients or groups:\n\nBob (bob@example.org)<mailto:bob@example.org>\n",
            // Domino
            "Your message\n\n  Subject: Test\n\nwas not delivered to:\n\n  bob@example.org\n\nbecause:\n\n  User bob not listed in Domino Directory\n",
            // MDaemon, a conversation
            "The following addresses did NOT receive a copy of your message:\n\n> bob@example.org\n\n RCPT To:<bob@example.org>\n 552 Message for <bob@example.org> would exceed mailbox quota\n",
            // Gmail, GMX, au, and a person's name for it
            "Your message wasn't delivered to bob@example.org because the address couldn't be found.\nContact postmaster@example.net for help, or support@example.net.\n",
            "Your mail sent on: Thu, 29 Apr 2013\n     Could not be delivered to: <bob@example.org>\n     As their mailbox is full.\n",
            "Message details:\n  MAIL FROM: alice@example.net\n  RCPT TO: bob@example.org\n",
            "You sent mail to bob@example.org. That's not a valid user here.\n",
            "Your message to bob@example.org could not be delivered.\n",
            "次の宛先に配信できませんでした\n bob@example.org\n",
            // one among a sender and a helper
            "bob@example.org\n\nFrom: alice@example.net\nFor further assistance contact help@example.net\n",
        ] {
            assert_eq!(named(told), ["bob@example.org"], "{told}");
        }
    }

    #[test]
    fn a_recipient_that_was_taken_is_not_named() {
        let told = ">>> RCPT To:<alice@example.org>\n<<< 250 ok\n>>> RCPT To:<bob@example.org>\n<<< 550 no\n";
        assert_eq!(named(told), ["bob@example.org"]);
    }

    #[test]
    fn nobody_is_named_where_several_are_only_mentioned() {
        assert_eq!(named("if mike.fox@example.org fails, try michael.fox@example.org."), [""; 0]);
        assert_eq!(named("postmaster@example.org says: 550"), [""; 0]);
    }

    #[test]
    fn the_returned_mail_is_not_the_servers_word() {
        let told = "It failed.\n\n--- Below this line is a copy of the message.\n\nTo: carol@example.org\n";
        assert_eq!(by_server(told), "It failed.\n\n");
        let told =
            "Your original message could not be delivered.\n<bob@example.org>: no\n\nReceived: from x\n";
        assert!(by_server(told).contains("bob@") && !by_server(told).contains("Received"));
    }
}
