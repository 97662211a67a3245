//! The facts as templates see them: cleaned, shortened, and silenced where the
//! sender is unproven.

use jiff::tz::TimeZone;
use serde::Serialize;

use super::date;
use super::due::{self, DueView, SeverityView};
use super::letter::{
    BetweenView, Change, CommandView, Context, GateView, ListItem, SimilarView, SiteView, TicketView,
    TranscriptLine, Understood,
};
use super::oncall::OnCallView;
use super::stakes::{DigestView, PictureView, UpdateView};
use super::welcome::WelcomeView;
use crate::{
    domain::{
        Language,
        text::{clean, line},
    },
    ticket::{Audience, Notice, clock::Goal},
};

/// Longest quotation of the sender's words in an acknowledgement, in characters.
const QUOTE_CHARS: usize = 200;
/// Longest text shown in a notice to staff, in characters; the ticket has it all.
const STAFF_CHARS: usize = 4000;

/// What a template may name. Fields that are not set are there and empty.
#[derive(Debug, Serialize)]
pub(super) struct View {
    language: Language,
    notice: Notice,
    /// Whether a customer reads it.
    customer: bool,
    site: SiteView,
    ticket: TicketView,
    /// The subject without tags and reply prefixes; may be empty.
    title: String,
    site_status: Option<String>,
    reader: String,
    neutral: bool,
    too_large: Option<String>,
    /// Empty where nothing is to be said about it.
    gate: GateView,
    /// The sender is thanked for what is there: they are asked for more.
    thanks: bool,
    last_ask: bool,
    words: Option<String>,
    author: Option<String>,
    yours: bool,
    items: Vec<ListItem>,
    items_more: usize,
    because: Option<String>,
    attachments: Vec<String>,
    follow_up_of: Option<String>,
    related: Vec<String>,
    on_copy: Vec<String>,
    similar: Vec<SimilarView>,
    within_days: Option<u64>,
    release: Option<String>,
    closes_after_days: Option<u64>,
    closes_form: &'static str,
    in_production: bool,
    caution: Option<String>,
    until: Option<String>,
    hint: Option<String>,
    page: Option<String>,
    may_leave: bool,
    leave: Option<String>,
    severity: SeverityView,
    /// `first` where the ticket had none before, else `again`.
    rating: &'static str,
    /// What is promised and not kept yet, a sentence each.
    due: Vec<String>,
    clock: Option<ClockText>,
    duplicate_of: Option<String>,
    changes: Vec<Change>,
    /// Whether a stakeholder reads it.
    stakeholder: bool,
    update: Option<UpdateView>,
    digest: Option<DigestView>,
    /// The picture of a digest.
    picture: Option<PictureView>,
    trouble: Option<String>,
    oncall: OnCallView,
    welcome: WelcomeView,
    next_update: Option<String>,
    transcript: Vec<TranscriptLine>,
    commands: Vec<CommandView>,
    between: Vec<BetweenView>,
    by_mail: bool,
    /// Commands worth knowing, with commas between them.
    offers: String,
    /// Whether somebody on call reads it, who answers what it asks.
    on_call: bool,
}

/// The promise that a notice is about.
#[derive(Debug, Serialize)]
struct ClockText {
    /// `first answer`.
    what: String,
    /// When it is or was due, in the zone of the reader.
    when: Option<String>,
    /// Working time that is left.
    left: String,
    /// How it is kept.
    hint: &'static str,
}

impl ClockText {
    fn of(clock: &DueView, zone: &TimeZone) -> ClockText {
        let hint = match clock.goal {
            Goal::FirstAnswer => {
                "A word of yours to the customer keeps it, and so does taking the ticket on."
            }
            Goal::NextUpdate => "Any word of yours to the customer keeps it and begins the time anew.",
            Goal::Resolution => {
                "It is kept when the ticket is resolved, and pauses while the customer has the next word."
            }
        };
        ClockText {
            what: clock.goal.called().to_lowercase(),
            when: clock.due.map(|at| due::when(at, zone)),
            left: due::length(clock.left),
            hint,
        }
    }
}

impl View {
    /// The facts for one notice. `neutral` counts for customers only: staff have
    /// to see what came.
    pub(super) fn new(notice: Notice, language: Language, facts: &Context) -> View {
        let customer = notice.audience() == Audience::Requester;
        let zone = facts.zone.clone().unwrap_or(TimeZone::UTC);
        let mut view = View {
            language,
            notice,
            customer,
            site: SiteView { name: line(&facts.site.name), base_url: line(&facts.site.base_url) },
            ticket: ticket(&facts.ticket),
            title: bare_subject(&facts.ticket.subject, &facts.ticket.reference),
            site_status: optional_line(&facts.site_status).filter(|_| customer),
            reader: line(&facts.reader),
            neutral: facts.neutral && customer,
            too_large: facts.too_large.map(amount),
            gate: facts.gate.as_ref().map(gate).unwrap_or_default(),
            thanks: false,
            last_ask: facts.last_ask && notice == Notice::AskedAgain,
            words: facts.words.as_deref().and_then(body),
            author: optional_line(&facts.author),
            yours: facts.yours,
            items: facts.items.iter().zip(1..).map(listed).collect(),
            items_more: facts.items_more,
            because: optional_line(&facts.because),
            attachments: facts.attachments.iter().map(|name| line(name)).collect(),
            follow_up_of: optional_line(&facts.follow_up_of),
            related: facts.related.iter().map(|reference| line(reference)).collect(),
            on_copy: facts.on_copy.iter().map(|who| line(who)).collect(),
            similar: facts.similar.iter().filter(|_| !customer).map(similar).collect(),
            within_days: facts.within_days,
            release: optional_line(&facts.release),
            closes_after_days: facts.closes_after_days,
            closes_form: if facts.closes_after_days == Some(1) { "one" } else { "other" },
            in_production: facts.in_production,
            caution: optional_line(&facts.caution),
            until: facts.until.map(|day| date::long(day, language)),
            hint: optional_line(&facts.hint),
            page: optional_line(&facts.page),
            may_leave: facts.may_leave,
            leave: optional_line(&facts.leave),
            severity: severity(&facts.severity),
            rating: if facts.first_rating { "first" } else { "again" },
            due: facts.due.iter().map(|due| due::sentence(due, &zone)).collect(),
            clock: facts.clock.as_ref().map(|clock| ClockText::of(clock, &zone)),
            duplicate_of: optional_line(&facts.duplicate_of),
            changes: facts.changes.iter().map(change).collect(),
            stakeholder: matches!(notice, Notice::StakeholderUpdate | Notice::StakeholderDigest),
            update: facts.update.as_ref().map(UpdateView::cleaned),
            digest: facts.digest.as_ref().map(DigestView::cleaned),
            picture: None,
            trouble: facts.trouble.as_deref().and_then(body),
            oncall: facts.oncall.as_ref().map(OnCallView::cleaned).unwrap_or_default(),
            welcome: facts.welcome.clone().unwrap_or_default(),
            next_update: optional_line(&facts.next_update),
            transcript: facts.transcript.iter().map(transcribed).collect(),
            commands: facts.commands.clone(),
            between: facts.between.iter().map(between).collect(),
            by_mail: facts.by_mail && !customer,
            offers: facts.offers.join(", "),
            on_call: notice.audience() == Audience::OnCall,
        };
        let sure = view.gate.understood.iter().any(|each| !each.unsure);
        // The reply was thanked for already.
        view.thanks = sure && !view.gate.missing.is_empty() && notice != Notice::AskedAgain;
        // Words that come back to who wrote them come back whole.
        if !customer && notice != Notice::StaffHeld {
            view.words = view.words.map(|words| shortened(&words, STAFF_CHARS));
        }
        if view.neutral {
            view.silence();
        }
        view
    }

    /// The same with the picture of its digest, which is in the mail by this Content-ID.
    pub(super) fn with_picture(self, id: &str) -> View {
        View { picture: self.digest.as_ref().and_then(|digest| digest.picture(id)), ..self }
    }

    /// Whether nothing of the sender's may be repeated.
    pub(super) fn neutral(&self) -> bool {
        self.neutral
    }

    /// Drops whatever the sender said. The words of a notice to a customer are
    /// staff's own, save where they could only be the customer's.
    fn silence(&mut self) {
        self.title.clear();
        self.reader.clear();
        self.ticket.subject.clear();
        self.ticket.requester.clear();
        self.gate = GateView::default();
        self.attachments.clear();
        self.follow_up_of = None;
        self.page = None;
        self.may_leave = false;
        self.leave = None;
        if self.notice.is_for_the_requester_alone() {
            self.words = None;
        }
    }
}

fn similar(similar: &SimilarView) -> SimilarView {
    SimilarView { reference: line(&similar.reference), subject: line(&similar.subject), ..similar.clone() }
}

fn ticket(ticket: &TicketView) -> TicketView {
    TicketView {
        reference: line(&ticket.reference),
        subject: line(&ticket.subject),
        requester: line(&ticket.requester),
        assignee: optional_line(&ticket.assignee),
        status_label: match line(&ticket.status_label) {
            empty if empty.is_empty() => ticket.status.to_string(),
            label => label,
        },
        ..ticket.clone()
    }
}

fn severity(severity: &SeverityView) -> SeverityView {
    SeverityView {
        name: line(&severity.name),
        meaning: optional_line(&severity.meaning),
        promise: optional_line(&severity.promise),
        promises: severity.promises.clone(),
    }
}

fn gate(gate: &GateView) -> GateView {
    let understood = gate.understood.iter().filter_map(|each| {
        let quote = shortened(&body(&each.quote)?, QUOTE_CHARS);
        Some(Understood { quote, ..each.clone() })
    });
    GateView { understood: understood.collect(), missing: gate.missing.clone() }
}

fn transcribed(transcript: &TranscriptLine) -> TranscriptLine {
    let said = shortened(&line(&transcript.said), QUOTE_CHARS);
    TranscriptLine { said, answer: line(&transcript.answer), done: transcript.done }
}

fn between(between: &BetweenView) -> BetweenView {
    let words = shortened(&body(&between.words).unwrap_or_default(), STAFF_CHARS);
    BetweenView { who: line(&between.who), at: line(&between.at), words }
}

fn listed((item, place): (&ListItem, usize)) -> ListItem {
    ListItem { place, reference: line(&item.reference), title: line(&item.title), facts: line(&item.facts) }
}

fn change(change: &Change) -> Change {
    Change { what: line(&change.what), from: line(&change.from), to: line(&change.to) }
}

/// So many bytes, for people; never more than there are.
fn amount(bytes: u64) -> String {
    match bytes >> 20 {
        0 => format!("{} kB", bytes >> 10),
        megabytes => format!("{megabytes} MB"),
    }
}

fn optional_line(text: &Option<String>) -> Option<String> {
    text.as_deref().map(line).filter(|text| !text.is_empty())
}

/// Several lines, without blank ones at both ends; nothing when nothing is left.
fn body(text: &str) -> Option<String> {
    let text = clean(text);
    let inner = text.trim_end().trim_start_matches('\n');
    (!inner.trim().is_empty()).then(|| inner.to_owned())
}

fn shortened(text: &str, chars: usize) -> String {
    match text.char_indices().nth(chars) {
        None => text.to_owned(),
        Some((cut, _)) => format!("{}…", text[..cut].trim_end()),
    }
}

/// A subject without our tag and without reply and forward prefixes, in any
/// order and number, so that neither ever doubles.
pub(super) fn bare_subject(subject: &str, reference: &str) -> String {
    const PREFIXES: [&str; 22] = [
        "re", "aw", "sv", "vs", "antw", "antwort", "rif", "res", "ref", "odp", "rép", "rép.", "回复", "答复",
        "返信", "fw", "fwd", "wg", "tr", "rv", "enc", "转发",
    ];
    let tag = format!("[{reference}]");
    let line = line(subject);
    let mut rest = line.as_str();
    loop {
        rest = rest.trim_start();
        if let Some(head) = rest.get(..tag.len())
            && head.eq_ignore_ascii_case(&tag)
        {
            rest = &rest[tag.len()..];
            continue;
        }
        let Some((head, tail)) = rest.split_once([':', '：']) else { break };
        if !PREFIXES.contains(&head.trim_end().to_lowercase().as_str()) {
            break;
        }
        rest = tail;
    }
    rest.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tag_and_reply_prefixes_never_double() {
        for subject in [
            "Printer does not print",
            "[DG-17] Printer does not print",
            "Re: [DG-17] Printer does not print",
            "AW: Re: [dg-17] WG: Printer does not print",
            "[DG-17] Re: [DG-17] Re : Printer does not print",
            "回复：[DG-17] Printer does not print",
        ] {
            assert_eq!(bare_subject(subject, "DG-17"), "Printer does not print", "{subject:?}");
        }
    }

    #[test]
    fn other_tags_and_colons_belong_to_the_subject() {
        for subject in ["[DG-18] Printer", "Error: no paper", "Release: [DG-17] printer", ""] {
            assert_eq!(bare_subject(subject, "DG-17"), subject);
        }
    }

    #[test]
    fn a_long_quotation_is_cut_between_characters() {
        let cut = shortened(&"ä".repeat(500), QUOTE_CHARS);
        assert_eq!(cut.chars().count(), QUOTE_CHARS + 1);
        assert!(cut.ends_with('…'));
    }
}
