//! What staff say to the desk: lines that begin with `#` among their own words.
//!
//! ```text
//! #accept
//! #sev 2 there is a workaround
//! #assign bob
//! ```
//!
//! A new command is a row of [`ALL`], a variant of [`Command`], and an arm where it is carried out.
//!
//! Pure: what a line means, not whether its author may say it. A mistake says what was expected, and which command
//! is the nearest.

mod list;
mod moves;
mod offers;
#[cfg(test)]
mod tests;

pub use list::{ALL, Entry};
pub use moves::{Move, moves};
pub use offers::offers;

use super::{
    Cadence, ClosedAs, Level, OnCall, Overrule, Severity, Status,
    rights::Wish,
    snooze::Until,
    team::TeamWord,
    workflow::{Goal, Refused, Workflow},
};
use crate::domain::{EmailAddress, Sender, TicketId};

/// More are not read: nobody needs them, and each costs mail.
pub const MOST_LINES: usize = 20;

/// The longest line that is read, in bytes: mail programs make one of a whole paragraph.
const LONGEST: usize = 8000;

/// So much of a longer one is shown.
const SHOWN: usize = 200;

/// Something to be done to the ticket that a mail is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Another status. Words that the customer may read go with it.
    Move(Status, Option<ClosedAs>, Option<String>),
    /// The same, to the status that has this name and meaning where several have the meaning.
    To(String, Status, Option<ClosedAs>, Option<String>),
    /// Another severity, and why.
    Severity(Severity, Option<String>),
    /// Another triage level.
    Level(Level),
    /// Whether the next word is the customer's.
    Wait(bool),
    /// What it is about: the name of a product, or none.
    Product(String),
    /// Whose work it is: the name of a queue, or none.
    Queue(String),
    /// Something about the author's own time.
    Team(TeamWord),
    /// Somebody is to work on it; a name, a part of one, an address, nobody, or whom the desk chooses.
    Assign(String),
    /// The author works on it.
    Take,
    /// The gate read it wrongly, or somebody is to be asked.
    Gate(Overrule),
    /// Something about being on call for it.
    OnCall(OnCall),
    /// A known answer goes to the customer.
    Answer(KnownAnswer),
    /// It is in production, by the release of this name.
    Release(String),
    /// The author, or somebody else, is told how it goes on, so often.
    Subscribe(Option<EmailAddress>, Cadence),
    /// The author, or somebody else, is told of it no more.
    Unsubscribe(Option<EmailAddress>),
    /// Words that stay among staff: these, or all of the mail.
    Note(Option<String>),
    /// The words are to go to the customer although somebody else was faster: those of this mail, or those that were held.
    Send,
    /// It doubles another ticket. Words that the customer may read go with it.
    Duplicate(TicketId, Option<String>),
    /// Its thread becomes part of another ticket. Words that the customer may read go with it.
    Merge(TicketId, Option<String>),
    /// The mail that the notice is about becomes a ticket of its own, with this subject.
    Split(Option<String>),
    /// It has to do with another ticket.
    Link(TicketId),
    /// It has not.
    Unlink(TicketId),
    /// It is closed, and nobody outside hears of it again.
    Spam,
    /// It was no spam, and stands where it stood before.
    NoSpam,
    /// Mail from a sender, or from the requester, is set aside from now on.
    Block(Option<Sender>),
    /// The same taken back.
    Unblock(Option<Sender>),
    /// It is out of the way until then.
    Snooze(Until),
    /// It is out of the way no longer.
    Awake,
    /// Tell me the commands.
    Help,
}

/// A known answer that is to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownAnswer {
    /// Its name.
    pub name: String,
    /// The ticket is closed as answered with it.
    pub close: bool,
    /// Words to go below it.
    pub words: Option<String>,
}

/// Whether a known answer may be called so: up to 40 of a-z, 0-9 and `-`.
pub fn is_answer_name(name: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=40).contains(&name.len()) && !name.starts_with('-') && name.bytes().all(fits)
}

impl Command {
    /// What its author wants, as far as rights go.
    pub fn wish(&self) -> Wish {
        match self {
            Command::Move(..) | Command::To(..) => Wish::Move,
            Command::Severity(..) => Wish::Severity,
            Command::Level(_) | Command::Wait(_) | Command::Product(_) | Command::Queue(_) => Wish::Facts,
            Command::Assign(_) => Wish::Assign,
            Command::Team(TeamWord::Away(..) | TeamWord::Back) => Wish::Away,
            Command::Team(TeamWord::Work(..)) => Wish::Note,
            Command::Take => Wish::Take,
            Command::OnCall(OnCall::Update(_)) => Wish::Reply,
            Command::OnCall(OnCall::Plan(_)) => Wish::Plan,
            Command::OnCall(_) => Wish::Acknowledge,
            Command::Gate(_) => Wish::Gate,
            Command::Subscribe(None, _) | Command::Unsubscribe(None) => Wish::Subscribe,
            Command::Subscribe(Some(_), _) | Command::Unsubscribe(Some(_)) => Wish::SubscribeOthers,
            Command::Send | Command::Answer(_) => Wish::Reply,
            Command::Release(_) => Wish::Release,
            Command::Duplicate(..) | Command::Merge(..) | Command::Split(_) => Wish::Merge,
            Command::Link(_) | Command::Unlink(_) => Wish::Merge,
            Command::Block(Some(Sender::Domain(_))) | Command::Unblock(Some(Sender::Domain(_))) => {
                Wish::Block
            }
            Command::Spam | Command::NoSpam | Command::Block(_) | Command::Unblock(_) => Wish::Spam,
            Command::Snooze(_) | Command::Awake => Wish::Snooze,
            Command::Note(_) | Command::Help => Wish::Note,
        }
    }

    /// Whether it says something about the ticket that a move in the same mail takes along: the mail that a customer
    /// gets for `#accept` says how severe it is, wherever `#sev` stands.
    pub fn is_fact(&self) -> bool {
        matches!(self.wish(), Wish::Severity | Wish::Facts | Wish::Assign | Wish::Take)
    }

    /// Whether the mail that it owes the customer has room for words, and none of its own.
    pub fn takes_words(&self) -> bool {
        use Status::{Accepted, Closed, Resolved};
        match self {
            Command::Move(to, _, None) | Command::To(_, to, _, None) => {
                matches!(to, Accepted | Resolved | Closed)
            }
            Command::Duplicate(_, None) | Command::Merge(_, None) => true,
            Command::Gate(overrule) => matches!(overrule, Overrule::Ask(_)),
            _ => false,
        }
    }

    /// The same with words for the customer.
    pub fn with_words(self, words: &str) -> Command {
        let words = || Some(words.to_owned());
        match self {
            Command::Move(to, closed_as, None) => Command::Move(to, closed_as, words()),
            Command::To(name, to, closed_as, None) => Command::To(name, to, closed_as, words()),
            Command::Duplicate(of, None) => Command::Duplicate(of, words()),
            Command::Merge(into, None) => Command::Merge(into, words()),
            other => other,
        }
    }

    /// The same with the words of a form, which stand where it has room for any: for the customer, or why.
    pub fn saying(self, words: &str) -> Command {
        match self {
            Command::Severity(severity, None) => Command::Severity(severity, Some(words.to_owned())),
            other => other.with_words(words),
        }
    }

    /// Whether a customer reads its own words.
    pub fn has_words(&self) -> bool {
        match self {
            Command::Move(_, _, words) | Command::To(_, _, _, words) | Command::Severity(_, words) => {
                words.is_some()
            }
            Command::Duplicate(_, words) | Command::Merge(_, words) => words.is_some(),
            Command::Answer(_) => true,
            _ => false,
        }
    }

    /// Whether the customer is written to.
    pub fn writes_to_customer(&self) -> bool {
        match self {
            Command::Move(to, ..) | Command::To(_, to, ..) => *to != Status::Verified,
            Command::Severity(..) | Command::Duplicate(..) | Command::Merge(..) | Command::Split(_) => true,
            Command::Answer(_) | Command::Release(_) => true,
            Command::Gate(overrule) => matches!(overrule, Overrule::Ask(_)),
            _ => false,
        }
    }

    /// Whether the words beside it are for staff.
    pub fn keeps_words_inside(&self) -> bool {
        matches!(self, Command::Note(None) | Command::Spam | Command::Block(_))
    }
}

/// What staff say in a mail.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// The commands, in order.
    pub lines: Vec<Line>,
    /// Everything else.
    pub words: String,
}

/// A line that begins with `#`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// As it was written.
    pub said: String,
    /// What it means.
    pub means: Result<Command, Mistake>,
}

/// A line that means nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Mistake {
    /// No command of this name.
    #[error("there is no #{word}{}", nearest.map(|it| format!("; did you mean #{it}?")).unwrap_or_else(|| "; #help lists the commands".into()))]
    Unknown {
        /// What was written.
        word: String,
        /// The command that looks most like it.
        nearest: Option<&'static str>,
    },
    /// No status of this name.
    #[error(transparent)]
    NoStatus(Refused),
    /// What has to stand behind the command does not.
    #[error("#{0} goes like this: {1}")]
    Usage(&'static str, &'static str),
    /// A mail has only so many commands.
    #[error("a mail has at most {MOST_LINES} commands; this one was not read")]
    TooMany,
    /// A command is no letter.
    #[error(
        "a command has at most {LONGEST} bytes, and this one more; put the words for the customer below it"
    )]
    TooLong,
}

/// Commands and words of somebody's own text: a command is a line that begins with `#` and a letter. A note goes on to
/// the next empty line: mail programs break long lines, and what is behind the break is meant for staff, too. Statuses
/// are called as in the workflow.
pub fn read(own: &str, workflow: &Workflow) -> Said {
    let (mut lines, mut words) = (Vec::new(), Vec::new());
    let (mut gap, mut in_note) = (true, false);
    for line in own.lines() {
        in_note &= !line.trim().is_empty();
        if is_command(line) {
            // The blank lines around a command are one.
            gap = words.last().is_none_or(|above: &&str| above.trim().is_empty());
            lines.extend(next_line(line.trim(), lines.len(), workflow));
            in_note = lines.last_mut().and_then(Line::note).is_some();
        } else if let Some(note) = lines.last_mut().filter(|_| in_note).and_then(Line::note) {
            note.push('\n');
            note.push_str(line.trim());
        } else if !(gap && line.trim().is_empty()) {
            gap = false;
            words.push(line);
        }
    }
    Said { lines, words: words.join("\n").trim_end().to_owned() }
}

impl Line {
    /// The words of a note that has some.
    fn note(&mut self) -> Option<&mut String> {
        match &mut self.means {
            Ok(Command::Note(words)) => words.as_mut(),
            _ => None,
        }
    }
}

fn is_command(line: &str) -> bool {
    line.trim().strip_prefix('#').is_some_and(|it| it.starts_with(char::is_alphabetic))
}

/// The first line that is one too many is kept with its mistake, those behind it are not.
fn next_line(line: &str, count: usize, workflow: &Workflow) -> Option<Line> {
    let too_long = line.len() > LONGEST;
    let means = match count {
        ..MOST_LINES if too_long => Err(Mistake::TooLong),
        ..MOST_LINES => command(line, workflow),
        MOST_LINES => Err(Mistake::TooMany),
        _ => return None,
    };
    let said = if too_long { crate::domain::text::prefix(line, SHOWN) } else { line };
    Some(Line { said: said.to_owned(), means })
}

fn command(line: &str, workflow: &Workflow) -> Result<Command, Mistake> {
    let (word, rest) = split(line.trim_start_matches('#'));
    let word = word.trim_end_matches(':').to_lowercase();
    let Some(entry) = ALL.iter().find(|entry| entry.name == word) else {
        return Err(Mistake::Unknown { nearest: nearest(&word), word });
    };
    match (entry.read)(rest).ok_or(Mistake::Usage(entry.name, entry.usage))? {
        Command::To(name, _, _, words) => to_status(&name, words, workflow),
        command => Ok(command),
    }
}

/// Finds out which status is meant. One of the five words, and the only status that means one of them, go by their
/// meaning. Behind the name of one in which tickets are closed there may be the reason for it.
fn to_status(name: &str, words: Option<String>, workflow: &Workflow) -> Result<Command, Mistake> {
    let (goal, means) = workflow.goal(name).map_err(Mistake::NoStatus)?;
    let (closed_as, words) = match (means, words) {
        (Status::Closed, Some(words)) => list::closing(&words),
        (_, words) => (None, words),
    };
    Ok(match goal {
        Goal::Named(name) if workflow.has_several(means) => Command::To(name, means, closed_as, words),
        Goal::Named(_) | Goal::Means(_) => Command::Move(means, closed_as, words),
    })
}

fn split(text: &str) -> (&str, &str) {
    let (first, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    (first, rest.trim())
}

/// A slip of the keys is close to what was meant: one in three letters at most.
fn nearest(word: &str) -> Option<&'static str> {
    let word = crate::domain::text::prefix(word, 40);
    let near = |name: &&'static str| strsim::damerau_levenshtein(word, name) <= name.len().max(3) / 3;
    let starts = |name: &&'static str| word.len() >= 3 && (name.starts_with(word) || word.starts_with(*name));
    let names = || ALL.iter().map(|entry| entry.name);
    names()
        .filter(near)
        .min_by_key(|name| strsim::damerau_levenshtein(word, name))
        .or_else(|| names().find(starts))
}
