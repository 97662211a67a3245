//! The commands one by one: how each is called, goes, is explained and read.

use super::{Command, KnownAnswer, is_answer_name, split};
use crate::{
    domain::{EmailAddress, Sender, Slot, TicketId, Word},
    ticket::{
        Cadence, ClosedAs, Overrule, Status, oncall,
        snooze::Until,
        team::{self, TeamWord},
    },
};

/// A command as people know it.
pub struct Entry {
    /// Its name, which stands behind the `#`.
    pub name: &'static str,
    /// How it goes.
    pub usage: &'static str,
    /// What it does, as `#help` tells it.
    pub what: &'static str,
    /// What the rest of its line makes of it; `None` when that does not go.
    pub read: fn(&str) -> Option<Command>,
}

/// All commands, in the order in which `#help` lists them.
pub const ALL: &[Entry] = &[
    Entry {
        name: "accept",
        usage: "#accept [why]",
        what: "take it on; say why when the report is incomplete",
        read: |rest| towards(Status::Accepted, rest),
    },
    Entry {
        name: "complete",
        usage: "#complete [steps] [actual] [expected]",
        what: "the report has these, or all: nobody is asked for them",
        read: |rest| Some(Command::Gate(Overrule::Complete(slots(rest)?))),
    },
    Entry {
        name: "ask",
        usage: "#ask [steps] [actual] [expected]",
        what: "ask the customer for these, or for what is missing",
        read: |rest| Some(Command::Gate(Overrule::Ask(slots(rest)?))),
    },
    Entry {
        name: "no-report",
        usage: "#no-report",
        what: "it is no problem report, and lacks nothing",
        read: |_| Some(Command::Gate(Overrule::NoReport)),
    },
    Entry {
        name: "resolve",
        usage: "#resolve [words for the customer]",
        what: "the fix can be tried",
        read: |rest| towards(Status::Resolved, rest),
    },
    Entry {
        name: "verify",
        usage: "#verify [why]",
        what: "the fix works, as the customer said elsewhere",
        read: |rest| towards(Status::Verified, rest),
    },
    Entry {
        name: "close",
        usage: "#close [answered|duplicate|declined|done] [words for the customer]",
        what: "it is over",
        read: |rest| Some(close(rest)),
    },
    Entry {
        name: "reopen",
        usage: "#reopen [why]",
        what: "it is not over, or still fails",
        read: |rest| towards(Status::Accepted, rest),
    },
    Entry {
        name: "status",
        usage: "#status name [words]",
        what: "another status, by its name; `deskgate workflow` lists them",
        read: status,
    },
    Entry {
        name: "sev",
        usage: "#sev 1|2|3|4 [why]",
        what: "how bad it is; say why when you lower it",
        read: |rest| {
            let (severity, why) = split(rest);
            Some(Command::Severity(severity.parse().ok()?, words(why)))
        },
    },
    Entry {
        name: "level",
        usage: "#level 1|2|3",
        what: "who is able to help",
        read: |rest| Some(Command::Level(split(rest).0.parse().ok()?)),
    },
    Entry {
        name: "wait",
        usage: "#wait [off]",
        what: "the next word is the customer's, and the clocks pause until it comes",
        read: |rest| match rest.trim() {
            "" => Some(Command::Wait(true)),
            "off" => Some(Command::Wait(false)),
            _ => None,
        },
    },
    Entry {
        name: "product",
        usage: "#product name|none",
        what: "what it is about",
        read: |rest| Some(Command::Product(words(rest)?)),
    },
    Entry {
        name: "queue",
        usage: "#queue name|none",
        what: "whose work it is",
        read: |rest| Some(Command::Queue(words(rest)?)),
    },
    Entry {
        name: "assign",
        usage: "#assign name|address|nobody|auto",
        what: "who works on it; auto lets the desk choose somebody else",
        read: |rest| Some(Command::Assign(words(rest)?)),
    },
    Entry { name: "take", usage: "#take", what: "you work on it", read: |_| Some(Command::Take) },
    Entry {
        name: "ack",
        usage: "#ack",
        what: "you have it, and nobody else is called",
        read: |rest| on_call("ack", rest),
    },
    Entry {
        name: "unack",
        usage: "#unack",
        what: "you have it no longer, and the next are called",
        read: |rest| on_call("unack", rest),
    },
    Entry {
        name: "page",
        usage: "#page name|address",
        what: "call somebody else",
        read: |rest| on_call("page", rest),
    },
    Entry {
        name: "update",
        usage: "#update words",
        what: "news of a severe fault for the customer and the stakeholders",
        read: |rest| on_call("update", rest),
    },
    Entry {
        name: "confirm",
        usage: "#confirm",
        what: "the proposed shifts stand",
        read: |rest| on_call("confirm", rest),
    },
    Entry {
        name: "decline",
        usage: "#decline",
        what: "there are to be no shifts",
        read: |rest| on_call("decline", rest),
    },
    Entry {
        name: "shift",
        usage: "#shift number name",
        what: "a shift is somebody else's: #shift 4 carol",
        read: |rest| on_call("shift", rest),
    },
    Entry {
        name: "swap",
        usage: "#swap number name|number",
        what: "two shifts change hands: #swap 3 bob, #swap 3 5",
        read: |rest| on_call("swap", rest),
    },
    Entry {
        name: "answer",
        usage: "#answer name [close] [words]",
        what: "send a known answer; close it as answered with it",
        read: answer,
    },
    Entry {
        name: "release",
        usage: "#release name",
        what: "it is in production; the customer is asked for a last look",
        read: |rest| Some(Command::Release(words(rest)?)),
    },
    Entry {
        name: "work",
        usage: "#work 1h 30m [maintenance|feature] [words]",
        what: "you worked so long on it",
        read: |rest| Some(Command::Team(team::work(rest)?)),
    },
    Entry {
        name: "away",
        usage: "#away [first day..last day]",
        what: "you are away, as in #away 2026-12-01..2026-12-10; without days from today on",
        read: |rest| Some(Command::Team(team::away(rest)?)),
    },
    Entry {
        name: "back",
        usage: "#back",
        what: "you are no longer away",
        read: |_| Some(Command::Team(TeamWord::Back)),
    },
    Entry {
        name: "subscribe",
        usage: "#subscribe [address] [hourly|daily|weekly]",
        what: "tell you, or somebody else, how it goes on: each change, or in a digest",
        read: subscribe,
    },
    Entry {
        name: "unsubscribe",
        usage: "#unsubscribe [address]",
        what: "tell you, or somebody else, of it no more",
        read: |rest| match subscribe(rest)? {
            Command::Subscribe(who, Cadence::Immediate) => Some(Command::Unsubscribe(who)),
            _ => None,
        },
    },
    Entry {
        name: "note",
        usage: "#note [words]",
        what: "these words up to an empty line, or alone all of the mail, stay among staff",
        read: |rest| Some(Command::Note(words(rest))),
    },
    Entry {
        name: "send",
        usage: "#send",
        what: "your words go to the customer although somebody else was faster; alone, those that were held",
        read: |_| Some(Command::Send),
    },
    Entry {
        name: "duplicate",
        usage: "#duplicate NUMBER [words for the customer]",
        what: "it is over: another ticket is about the same",
        read: |rest| numbered(rest).map(|(of, words)| Command::Duplicate(of, words)),
    },
    Entry {
        name: "merge",
        usage: "#merge NUMBER [words for the customer]",
        what: "its thread becomes part of another ticket of the same people, and later answers join that",
        read: |rest| numbered(rest).map(|(into, words)| Command::Merge(into, words)),
    },
    Entry {
        name: "split",
        usage: "#split [subject]",
        what: "the mail that this notice is about becomes a ticket of its own",
        read: |rest| Some(Command::Split(words(rest))),
    },
    Entry {
        name: "link",
        usage: "#link NUMBER",
        what: "it has to do with another ticket; staff see it",
        read: |rest| only_number(rest).map(Command::Link),
    },
    Entry {
        name: "unlink",
        usage: "#unlink NUMBER",
        what: "it has nothing to do with it",
        read: |rest| only_number(rest).map(Command::Unlink),
    },
    Entry {
        name: "snooze",
        usage: "#snooze 12h|3d|2w|2026-12-01|until reply|off",
        what: "out of the way until then, or until the customer writes; off brings it back",
        read: |rest| match rest {
            "off" => Some(Command::Awake),
            _ => Until::read(rest).map(Command::Snooze),
        },
    },
    Entry {
        name: "spam",
        usage: "#spam [off]",
        what: "close it; nobody outside is written to about it; off takes that back",
        read: |rest| match rest {
            "" => Some(Command::Spam),
            "off" => Some(Command::NoSpam),
            _ => None,
        },
    },
    Entry {
        name: "block",
        usage: "#block [address|@domain]",
        what: "set aside what comes from there from now on; alone, from whose ticket it is",
        read: |rest| sender(rest).map(Command::Block),
    },
    Entry {
        name: "unblock",
        usage: "#unblock [address|@domain]",
        what: "take it in again",
        read: |rest| sender(rest).map(Command::Unblock),
    },
    Entry { name: "help", usage: "#help", what: "this list", read: |_| Some(Command::Help) },
];

fn on_call(name: &str, rest: &str) -> Option<Command> {
    oncall::command(name, rest).map(Command::OnCall)
}

fn towards(status: Status, rest: &str) -> Option<Command> {
    Some(Command::Move(status, None, words(rest)))
}

/// `#answer reset-password close Write again if it fails.`
fn answer(rest: &str) -> Option<Command> {
    let (name, behind) = split(rest);
    let name = name.to_lowercase();
    let (first, behind_first) = split(behind);
    let close = first.eq_ignore_ascii_case("close");
    let words = words(if close { behind_first } else { behind });
    is_answer_name(&name).then_some(Command::Answer(KnownAnswer { name, close, words }))
}

/// An address and a cadence, in either order, or one of them, or none.
fn subscribe(rest: &str) -> Option<Command> {
    let (mut who, mut cadence) = (None, None);
    for word in rest.split_whitespace() {
        match word.parse::<Cadence>() {
            Ok(named) if cadence.is_none() => cadence = Some(named),
            Err(_) if who.is_none() => who = Some(word.parse::<EmailAddress>().ok()?),
            _ => return None,
        }
    }
    Some(Command::Subscribe(who, cadence.unwrap_or(Cadence::Immediate)))
}

fn close(rest: &str) -> Command {
    let (closed_as, words) = closing(rest);
    Command::Move(Status::Closed, closed_as, words)
}

/// The reason may stand first: `#close duplicate`.
pub(super) fn closing(rest: &str) -> (Option<ClosedAs>, Option<String>) {
    let (first, behind) = split(rest);
    match first.to_lowercase().parse() {
        Ok(closed_as) => (Some(closed_as), words(behind)),
        Err(_) => (None, words(rest)),
    }
}

/// What the name means is found out by the site's workflow.
fn status(rest: &str) -> Option<Command> {
    let (name, behind) = split(rest);
    Some(Command::To(words(name)?, Status::New, None, words(behind)))
}

/// `steps, actual`: each once, in the order in which a person would be asked.
fn slots(text: &str) -> Option<Vec<Slot>> {
    let words = text.split([' ', ',', '\t']).filter(|word| !word.is_empty());
    let named: Vec<Slot> = words.map(|word| Slot::from_word(word).ok()).collect::<Option<_>>()?;
    Some(Slot::ALL.iter().copied().filter(|slot| named.contains(slot)).collect())
}

/// `17`, `#17` or `DG-17`.
fn number(word: &str) -> Option<TicketId> {
    let bare = word.strip_prefix('#').unwrap_or(word);
    let digits = match bare.rsplit_once('-') {
        Some((prefix, digits)) if prefix.starts_with(char::is_alphabetic) => digits,
        Some(_) => return None,
        None => bare,
    };
    let only_digits = digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|id| only_digits && *id != TicketId(0))
}

fn numbered(rest: &str) -> Option<(TicketId, Option<String>)> {
    let (first, behind) = split(rest);
    Some((number(first.trim_end_matches([',', ':', '.']))?, words(behind)))
}

fn only_number(rest: &str) -> Option<TicketId> {
    numbered(rest).filter(|(_, behind)| behind.is_none()).map(|(id, _)| id)
}

/// Somebody, or nobody in particular; `None` when it is neither.
fn sender(rest: &str) -> Option<Option<Sender>> {
    if rest.is_empty() { Some(None) } else { rest.parse().ok().map(Some) }
}

fn words(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}
