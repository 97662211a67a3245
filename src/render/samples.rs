//! Facts that lead through every branch of the templates, to try them at start.

use std::{collections::BTreeMap, sync::Arc};

use super::due::{DueView, PromiseView, SeverityView};
use super::letter::{
    BetweenView, Change, CommandView, Context, GateView, ListItem, SimilarView, SiteView, TicketView,
    TranscriptLine, Understood,
};
use super::oncall::{OnCallView, ShiftView};
use super::status::{Participant, PublicEntry, PublicFile, StatusPage};
use super::welcome::WelcomeView;
use super::{
    chart::{Chart, Day},
    stakes::{AgeView, DigestView, FigureView, RowView, SaidView, UpdateView},
};
use crate::{
    domain::{Slot, Word},
    ticket::{ClosedAs, Level, Severity, Status, clock::Goal},
};

/// Nothing set; everything set; everything set for an unproven sender; a mail that
/// was too large; each severity and each reason for closing; a gate that misses all or nothing.
pub(super) fn contexts() -> Vec<Context> {
    let mut all = vec![bare(), full(), Context { neutral: true, ..full() }];
    let with_ticket = |ticket| Context { ticket, words: None, duplicate_of: None, ..full() };
    for &severity in Severity::ALL {
        all.push(with_ticket(TicketView { severity: Some(severity), ..ticket() }));
    }
    for &closed_as in ClosedAs::ALL {
        all.push(with_ticket(TicketView { closed_as: Some(closed_as), ..ticket() }));
    }
    let own = Some("In the site's own <words>.".to_owned());
    for key in ["next_update", "next_update_office", "resolution", "resolution_office"] {
        for (unit, form, count) in [
            ("minute", "one", 1),
            ("minute", "other", 30),
            ("hour", "one", 1),
            ("hour", "other", 4),
            ("day", "one", 1),
            ("day", "other", 3),
        ] {
            let promises = vec![PromiseView { key, unit, form, count }];
            let (meaning, promise) = (own.clone(), own.clone());
            all.push(Context {
                severity: SeverityView { meaning, promise, promises, ..SeverityView::default() },
                ..full()
            });
        }
    }
    let everything = Slot::ALL.iter().map(|&slot| understood(slot, slot != Slot::Steps)).collect();
    let too_large = Some(50 << 20);
    let leave = Some("https://desk.example.org/leave/ticket/h-4-seal".to_owned());
    all.push(Context { may_leave: true, leave, ..full() });
    let waiting =
        OnCallView { waits_since: Some("Sat 21 Nov 16:00 CET".into()), cancelled: true, ..oncall() };
    all.push(Context { oncall: Some(waiting), ..full() });
    all.push(Context { welcome: Some(welcome(true)), ..full() });
    all.push(Context { in_production: true, closes_after_days: None, ..full() });
    all.push(Context { site_status: Some("In our <test>".into()), ..full() });
    all.push(Context { closes_after_days: Some(1), ..full() });
    all.push(Context { too_large, gate: None, ..full() });
    all.push(Context { too_large, neutral: true, ..full() });
    all.push(Context { gate: Some(GateView { understood: everything, missing: vec![] }), ..full() });
    all.push(Context { gate: Some(GateView { understood: vec![], missing: Slot::ALL.to_vec() }), ..full() });
    all
}

/// A ticket that has everything.
pub(super) fn full() -> Context {
    Context {
        site: site(),
        ticket: ticket(),
        site_status: None,
        reader: "Alice Example".into(),
        neutral: false,
        too_large: None,
        gate: Some(GateView {
            understood: vec![understood(Slot::Steps, false), understood(Slot::Expected, true)],
            missing: vec![Slot::Actual],
        }),
        last_ask: true,
        words: Some("Please take the new driver.\n\n    lpadmin -x office\n\nThen print again.".into()),
        author: Some("Bob Agent".into()),
        yours: true,
        items: vec![
            ListItem {
                reference: "DG-12".into(),
                title: "Totals of the monthly report are wrong".into(),
                facts: "shop · 9 days old · 3 customers · 2 linked tickets".into(),
                ..ListItem::default()
            },
            ListItem { reference: "DG-7".into(), facts: "41 days old".into(), ..ListItem::default() },
        ],
        items_more: 2,
        because: Some("has 3 of 8 tickets, works on shop, last got one 1 day ago".into()),
        attachments: vec!["printer.log".into(), "screen.png".into()],
        files: Arc::default(),
        follow_up_of: Some("DG-9".into()),
        related: vec!["DG-4".into(), "DG-12".into()],
        on_copy: vec!["Carl Example <carl@example.org>".into()],
        similar: vec![
            SimilarView {
                reference: "DG-12".into(),
                subject: "The printer in the hall prints nothing".into(),
                standing: "closed as answered".into(),
                answers: vec!["printer-driver".into()],
            },
            SimilarView {
                reference: "DG-5".into(),
                subject: "Drucker druckt nicht".into(),
                standing: "accepted".into(),
                answers: vec![],
            },
        ],
        within_days: Some(14),
        release: Some("2026.11".into()),
        closes_after_days: Some(7),
        in_production: false,
        caution: Some("nothing proves that the mail comes from this address".into()),
        until: Some(jiff::civil::Date::constant(2026, 11, 28)),
        hint: Some("Who reported it says that the fix works.".into()),
        page: Some("https://desk.example.org/page/h-4-seal".into()),
        may_leave: false,
        leave: None,
        severity: SeverityView {
            name: "serious".into(),
            promises: vec![
                PromiseView { key: "next_update_office", unit: "hour", form: "other", count: 8 },
                PromiseView { key: "resolution", unit: "day", form: "one", count: 1 },
            ],
            ..SeverityView::default()
        },
        due: vec![due(Goal::FirstAnswer, true), due(Goal::Resolution, false)],
        clock: Some(due(Goal::FirstAnswer, false)),
        zone: None,
        duplicate_of: Some("DG-12".into()),
        changes: vec![
            Change { what: "Status".into(), from: "new".into(), to: "accepted".into() },
            Change { what: "Severity".into(), from: String::new(), to: "2".into() },
        ],
        oncall: Some(oncall()),
        welcome: Some(welcome(false)),
        next_update: Some("15:30 CET".into()),
        update: Some(update()),
        digest: Some(digest()),
        trouble: Some("550 5.1.1 no such mailbox".into()),
        transcript: vec![
            TranscriptLine { said: "#accept".into(), answer: "status is accepted".into(), done: true },
            TranscriptLine {
                said: "#asign bob".into(),
                answer: "there is no #asign; did you mean #assign?".into(),
                done: false,
            },
        ],
        commands: vec![CommandView { usage: "#take", what: "you work on it" }],
        between: vec![BetweenView {
            who: "Alice Example <alice@example.org>".into(),
            at: "2026-11-21 10:04 UTC".into(),
            words: "It prints again since this morning.\n\nThe second tray is still empty, though.".into(),
        }],
        by_mail: true,
        first_rating: false,
        offers: vec!["#accept".into(), "#close".into()],
    }
}

fn due(goal: Goal, over: bool) -> DueView {
    let due = jiff::Timestamp::from_second(1_795_431_600).ok();
    DueView { goal, due, over, left: jiff::SignedDuration::from_mins(90), paused_since: None }
}

/// A link to set a password.
fn welcome(asked: bool) -> WelcomeView {
    WelcomeView {
        link: "https://desk.example.org/welcome/n3K0tDq8yTzFvV7pJm1cXbR5sLwA2gHe9oUiYfQkZrM".into(),
        until: "Sat 28 Nov 2026, 10:30 CET".into(),
        asked,
    }
}

/// A night on call.
pub(super) fn oncall() -> OnCallView {
    let shift = |number, when: &str, who: &str| ShiftView { number, when: when.into(), who: who.into() };
    OnCallView {
        since: "Sat 21 Nov 02:52 CET".into(),
        called: vec!["Ann Example".into(), "Bob Agent".into()],
        next: Some("Carol Example at 03:22 CET".into()),
        passed_over: vec!["Dave Example is away".into()],
        taken_by: Some("Bob Agent".into()),
        due: Some("04:00 CET".into()),
        shifts: vec![
            shift(1, "Sat 21 Nov 22:00 to 06:00", "Ann Example"),
            shift(2, "Sun 22 Nov 06:00 to 14:00", "Bob Agent"),
            shift(3, "Sun 22 Nov 14:00 to 22:00", "Ann Example"),
        ],
        warnings: vec!["Shift 3: Ann Example has had 8 hours of rest since their last one.".into()],
        waits_since: None,
        cancelled: false,
        hands_over: Some("Ann Example".into()),
    }
}

fn update() -> UpdateView {
    let said = |who: &str, when: &str, words: &str| SaidView {
        who: who.into(),
        when: when.into(),
        words: words.into(),
    };
    UpdateView {
        because: "severity 2".into(),
        first: true,
        said: vec![
            said(
                "Alice Example",
                "21 Nov 09:10",
                "It prints blank pages.\n\nThe log-in is alice, password: [masked: password]",
            ),
            said("Bob Agent", "21 Nov 09:25", "Thank you. We can see it here, too."),
        ],
        more: true,
        leave: Some("https://desk.example.org/leave/updates/0-4-seal".into()),
    }
}

/// A day at a desk.
pub(super) fn digest() -> DigestView {
    let figure = |what: &str, now: &str, before: &str| FigureView {
        what: what.into(),
        now: now.into(),
        before: before.into(),
    };
    let row = |reference: &str, severity: &str, subject: &str, what: &str| RowView {
        reference: reference.into(),
        subject: subject.into(),
        severity: severity.into(),
        grave: severity == "Sev 1",
        what: what.into(),
    };
    let age = |severity: &str, counts: [u32; 4]| AgeView {
        severity: severity.into(),
        counts: counts.to_vec(),
        total: counts.iter().sum(),
    };
    let day = |place: u32| Day {
        label: (place + 8).to_string(),
        open: vec![u32::from(place % 5 == 3), place % 4, 3 + place / 2, place % 3],
        opened: (place * 7) % 9,
        closed: (place * 5) % 7,
    };
    DigestView {
        title: "Daily digest".into(),
        period: "Fri 20 Nov 2026, 08:00 to Sat 21 Nov 2026, 08:00 (Europe/Berlin)".into(),
        before: "the day before".into(),
        because: "all tickets".into(),
        headline: "1 open at severity 1, 3 opened, 2 closed".into(),
        figures: vec![
            figure("Opened", "3", "5"),
            figure("Closed", "2", "1"),
            figure("Open now", "12", ""),
            figure("Waiting for the customer", "4", ""),
            figure("Promises broken", "1", ""),
            figure("Promises at risk", "0", ""),
            figure("First answer, median", "25 min", "1 h 10 min"),
            figure("Resolution, median", "2 d 4 h", "–"),
        ],
        age_names: ["≤ 1 day", "≤ 7 days", "≤ 28 days", "older"].map(str::to_owned).to_vec(),
        ages: vec![
            age("Severity 1", [1, 0, 0, 0]),
            age("Severity 2", [0, 1, 0, 0]),
            age("Severity 3", [1, 2, 5, 1]),
            age("Not rated", [1, 0, 0, 0]),
        ],
        rows: vec![
            row("DG-17", "Sev 1", "The shop is down", "opened; new → accepted; severity 2 → 1"),
            row("DG-12", "Sev 3", "Printer does not print", "accepted → resolved → verified → closed (done)"),
            row("DG-18", "", "", "opened"),
        ],
        more: 2,
        chart: Some(Chart {
            series: ["Sev 1", "Sev 2", "Sev 3", "Not rated"].map(str::to_owned).to_vec(),
            days: (0..14).map(day).collect(),
        }),
        dates: (8..22).map(|day| format!("{day} Nov")).collect(),
        leave: Some("https://desk.example.org/leave/daily/0-4-seal".into()),
    }
}

fn bare() -> Context {
    Context {
        site: site(),
        ticket: TicketView { number: 17, reference: "DG-17".into(), ..TicketView::default() },
        ..Context::default()
    }
}

fn site() -> SiteView {
    SiteView { name: "Example Desk".into(), base_url: "https://desk.example.org".into() }
}

fn ticket() -> TicketView {
    TicketView {
        number: 17,
        reference: "DG-17".into(),
        subject: "Printer does not print".into(),
        status: Status::Accepted,
        status_label: String::new(),
        severity: Some(Severity::Two),
        level: Some(Level::Three),
        requester: "Alice Example <alice@example.org>".into(),
        assignee: Some("Bob Agent".into()),
        closed_as: None,
    }
}

fn understood(slot: Slot, unsure: bool) -> Understood {
    let quote = match slot {
        Slot::Steps => "I open the monthly report and press Print.",
        Slot::Actual => "The window closes, and no page comes out.",
        Slot::Expected => "Usually the report comes out on the office printer.",
    };
    Understood { slot, quote: quote.into(), unsure }
}

/// A ticket on its page in each status, for each sort of reader.
pub(super) fn status_pages() -> Vec<StatusPage> {
    let entry = |author: &str, direction, own: &str| PublicEntry {
        author: author.into(),
        direction,
        at: "2026-11-20T09:30:00Z".parse().unwrap_or_default(),
        own: own.into(),
        quoted: "> Please take the new driver.".into(),
        files: vec![
            PublicFile { name: "printer.log".into(), href: "TOKEN/file/1".into(), size_bytes: 540 },
            PublicFile { name: "screen.png".into(), href: "TOKEN/file/2".into(), size_bytes: 3 << 20 },
        ],
    };
    let entries = vec![
        entry(
            "Alice Example",
            "in",
            "The printer gives blank pages since Monday.\n\nI press Print, and nothing comes out.",
        ),
        PublicEntry {
            quoted: String::new(),
            files: vec![],
            ..entry("", "out", "We believe this is fixed. Please try the new driver.")
        },
    ];
    let people = vec![
        Participant { name: "Alice Example".into(), role: "requester" },
        Participant { name: "carl@example.org".into(), role: "cc" },
    ];
    let page = |&status: &Status| StatusPage {
        reference: "DG-17".into(),
        subject: "Printer does not print".into(),
        status,
        labels: BTreeMap::new(),
        closed_as: None,
        until: None,
        live: false,
        may_try: false,
        may_leave: false,
        thanks: false,
        entries: entries.clone(),
        people: people.clone(),
        most_files: 10,
        most_bytes: 20 << 20,
        ..StatusPage::default()
    };
    let mut all: Vec<StatusPage> = Status::ALL.iter().map(page).collect();
    let until = Some(jiff::civil::Date::constant(2026, 11, 28));
    all.push(StatusPage { until, may_try: true, thanks: true, ..page(&Status::Resolved) });
    all.push(StatusPage { until, live: true, may_try: true, ..page(&Status::Resolved) });
    all.push(StatusPage { may_leave: true, entries: vec![], subject: String::new(), ..page(&Status::New) });
    all.push(StatusPage { lacking: Slot::ALL.to_vec(), ..page(&Status::New) });
    let labels = BTreeMap::from([(Status::Resolved, "In our <test>".to_owned())]);
    all.push(StatusPage { labels, ..page(&Status::Resolved) });
    for &closed_as in ClosedAs::ALL {
        all.push(StatusPage { closed_as: Some(closed_as), ..page(&Status::Closed) });
    }
    all
}
