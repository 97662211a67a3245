//! Whole mails, compared with those in `tests/golden`, and what they say.
//!
//! A mail is a pure function of its letter, so the comparison is exact. After a
//! wanted change: `UPDATE_GOLDEN=1 cargo test render`, then read the difference.

mod asks;
mod golden;
mod hostile;
mod usual;

use std::{fs, path::PathBuf, sync::LazyLock};

use mail_parser::{Message, MessageParser};

use self::usual::usual;
use super::*;
use crate::{
    domain::{InboundMail, MessageId, NamedAddress, Severed, Slot},
    ticket::{ClosedAs, Status},
};

static RENDERER: LazyLock<Renderer> = LazyLock::new(|| Renderer::load(None).unwrap());

/// What [`Renderer::load`] and its books rely on.
#[test]
fn every_built_in_notice_and_page_works_in_every_language() {
    Renderer::load(None).unwrap().try_everything().unwrap();
}

fn letter(notice: Notice, context: Context) -> Letter {
    let named = |name, address: &str| NamedAddress::new(name, address.parse().unwrap());
    Letter {
        notice,
        language: Language::En,
        from: named("Example Desk", "support@desk.test"),
        to: named("Alice Example", "alice@example.org"),
        reply_to: Some("support+h-4-abcdef@desk.test".parse().unwrap()),
        envelope_from: None,
        message_id: MessageId::parse("dg.h.1.seal@desk.test").unwrap(),
        in_reply_to: MessageId::parse("2@example.org"),
        references: vec![MessageId::parse("1@example.org").unwrap()],
        unsubscribe: None,
        date: "2026-11-21T09:30:00Z".parse().unwrap(),
        context,
    }
}

fn write(letter: &Letter) -> FinishedMail {
    RENDERER.letter(letter).unwrap()
}

fn parse(mail: &FinishedMail) -> Message<'_> {
    MessageParser::default().parse(&mail.bytes).unwrap()
}

fn html(mail: &FinishedMail) -> String {
    parse(mail).body_html(0).unwrap().replace("\r\n", "\n")
}

#[test]
fn what_people_wrote_is_escaped_on_the_page_and_nothing_runs_there() {
    let evil = "<script>alert(1)</script>\"'{{x}}";
    for mut page in samples::status_pages() {
        page.subject = evil.into();
        for entry in &mut page.entries {
            (entry.author, entry.own, entry.quoted) = (evil.into(), evil.into(), evil.into());
            entry.files = vec![PublicFile { name: evil.into(), href: "TOKEN/file/1".into(), size_bytes: 1 }];
        }
        page.people[0].name = evil.into();
        let html = RENDERER.page("Example Desk", Language::En, &Page::Status(Box::new(page))).unwrap();
        assert!(!html.contains("<script") && !html.contains("<link"), "{html}");
        assert!(html.contains("&lt;script&gt;alert(1)"), "{html}");
    }
}

#[test]
fn words_that_are_given_back_are_escaped() {
    let unsent = || Some(Unsent { words: "</textarea><script>".into(), act: "fails" });
    for page in [Page::Later(unsent()), Page::Refused(unsent())] {
        let html = RENDERER.page("Example Desk", Language::De, &page).unwrap();
        assert!(html.contains(">&lt;/textarea&gt;&lt;script&gt;</textarea>"), "{html}");
        assert!(html.contains("value=\"fails\"") && html.contains("Was Sie geschrieben haben"), "{html}");
    }
}

#[test]
fn what_ended_without_a_fix_never_stood_where_one_is_tried() {
    for (why, steps) in [(ClosedAs::Done, 5), (ClosedAs::Answered, 2), (ClosedAs::Declined, 2)] {
        let page = StatusPage { status: Status::Closed, closed_as: Some(why), ..StatusPage::default() };
        let html = RENDERER.page("Example Desk", Language::En, &Page::Status(Box::new(page))).unwrap();
        let (_, after) = html.split_once("<ol class=\"steps\">").unwrap();
        assert_eq!(after.split_once("</ol>").unwrap().0.matches("<li").count(), steps, "{why}");
    }
}

#[test]
fn customers_read_what_the_site_calls_a_status() {
    let site_status = Some("Im <Test>".to_owned());
    for notice in [Notice::Accepted, Notice::Resolved, Notice::Reopened, Notice::Closed] {
        let mut letter = letter(notice, Context { site_status: site_status.clone(), ..samples::full() });
        letter.language = Language::De;
        let mail = write(&letter);
        assert!(mail.text.contains("\n\nAktueller Stand: Im <Test>\n\n"), "{}", mail.text);
        assert!(html(&mail).contains(">Aktueller Stand: Im &lt;Test&gt;</p>"), "{}", html(&mail));
    }
    let staff = write(&letter(Notice::StaffReply, Context { site_status, ..samples::full() }));
    assert!(!staff.text.contains("Im <Test>"), "{}", staff.text);
}

// ---- golden mails ----

#[test]
fn a_mail_that_was_too_large_is_to_be_sent_again_in_every_language() {
    for neutral in [false, true] {
        for &language in Language::ALL {
            let context = Context { neutral, too_large: Some(50 << 20), gate: None, ..samples::full() };
            let mail = write(&Letter { language, ..letter(Notice::Acknowledged, context) });
            assert!(
                mail.text.contains("50 MB") && html(&mail).contains("50 MB"),
                "{language}: {}",
                mail.text
            );
        }
    }
    let context = Context { too_large: Some(100 << 10), gate: None, ..samples::full() };
    let text = write(&letter(Notice::Acknowledged, context)).text;
    assert!(text.contains("larger than we can take (100 kB at most)"), "{text}");
}

#[test]
fn the_picture_of_a_digest_is_in_the_mail_and_its_figures_are_in_the_text() {
    let mail = write(&letter(Notice::StakeholderDigest, usual(Notice::StakeholderDigest)));
    let parsed = parse(&mail);
    let picture = parsed.attachments().next().unwrap();
    assert!(picture.contents().starts_with(b"\x89PNG"));
    let id = mail_parser::MimeHeaders::content_id(picture).unwrap();
    let html = html(&mail);
    assert!(html.contains(&format!("<img src=\"cid:{id}\"")), "{id}: {html}");
    assert!(
        html.contains(
            "alt=\"Chart of the last 14 days. Open now: 12 (Sev 1: 1, Sev 2: 1, Sev 3: 9, Not rated: 1)"
        ),
        "{html}"
    );
    for line in ["21 Nov      1      1      9          1       1       2", "Opened: 3 (5 in the day before)"]
    {
        assert!(mail.text.contains(line), "{line:?} is not in\n{}", mail.text);
    }
    assert!(mail.bytes.len() < 100_000, "{}", mail.bytes.len());
}

// ---- what a mail says ----

#[test]
fn headers_thread_the_mail_and_say_that_no_person_wrote_it() {
    let mail = write(&letter(Notice::Acknowledged, usual(Notice::Acknowledged)));
    let head = head(&mail);
    for line in [
        "Date: Sat, 21 Nov 2026 09:30:00 +0000",
        "Message-ID: <dg.h.1.seal@desk.test>",
        "Subject: [DG-17] Printer does not print",
        "Reply-To: support+h-4-abcdef@desk.test",
        "In-Reply-To: <2@example.org>",
        "References: <1@example.org>\r\n <2@example.org>",
        "Auto-Submitted: auto-replied",
        "X-Auto-Response-Suppress: All",
        "Content-Language: en",
    ] {
        assert!(head.contains(&format!("{line}\r\n")), "{line} is not in\n{head}");
    }
    assert!(!head.contains("Precedence"));
}

#[test]
fn an_agents_answer_is_not_an_automatic_mail() {
    let head = head(&write(&letter(Notice::Correspondence, samples::full())));
    assert!(!head.contains("Auto-Submitted") && !head.contains("Suppress"), "{head}");
    assert!(head_of(Notice::Accepted).contains("Auto-Submitted: auto-generated\r\n"));
}

#[test]
fn staff_read_english_and_customers_their_language() {
    let de = |notice| write(&Letter { language: Language::De, ..letter(notice, samples::full()) });
    assert!(de(Notice::Accepted).text.starts_with("Guten Tag Alice Example,"));
    assert!(head(&de(Notice::Accepted)).contains("Content-Language: de\r\n"));
    assert!(de(Notice::StaffNew).text.contains("A new ticket"));
    assert!(head(&de(Notice::StaffNew)).contains("Content-Language: en\r\n"));
}

#[test]
fn a_complete_report_is_asked_nothing() {
    for gate in [None, Some(GateView::default())] {
        let context = Context { gate, ..usual(Notice::Acknowledged) };
        let text = write(&letter(Notice::Acknowledged, context)).text;
        assert!(!text.contains("What would help us") && !text.contains("Steps to reproduce:"), "{text}");
    }
}

#[test]
fn only_missing_facts_get_an_empty_heading() {
    let text = write(&letter(Notice::Acknowledged, usual(Notice::Acknowledged))).text;
    assert!(text.contains("\nActual result:\n"), "{text}");
    assert!(text.contains("expected – is that right?"), "{text}");
    assert!(!text.contains("Steps to reproduce:"), "{text}");
}

#[test]
fn a_neutral_mail_repeats_nothing_of_the_senders() {
    for &notice in Notice::ALL.iter().filter(|notice| notice.audience() == Audience::Requester) {
        let context = Context { neutral: true, ..samples::full() };
        let mail = write(&letter(notice, context));
        let all = format!("{}\n{}\n{}", head(&mail), mail.text, html(&mail));
        for theirs in ["Alice", "Printer does not", "monthly report", "printer.log"] {
            assert!(!all.contains(theirs), "{notice} repeats {theirs:?}:\n{all}");
        }
    }
}

#[test]
fn two_blank_lines_stand_only_where_somebody_is_to_write() {
    for &notice in Notice::ALL {
        for context in samples::contexts() {
            let text = write(&letter(notice, context)).text;
            let gaps = text.matches("\n\n\n").count();
            assert_eq!(gaps, text.matches(":\n\n\n").count(), "{notice}:\n{text}");
        }
    }
}

#[test]
fn the_empty_headings_are_headings_that_the_gate_reads() {
    let missing = GateView { understood: vec![], missing: Slot::ALL.to_vec() };
    for &language in Language::ALL {
        let context = Context { gate: Some(missing.clone()), ..usual(Notice::Acknowledged) };
        let text = write(&Letter { language, ..letter(Notice::Acknowledged, context) }).text;
        let headings: Vec<&str> = text.split("\n").filter(|line| line.ends_with([':', '：'])).collect();
        let filled: String = headings[headings.len() - 3..]
            .iter()
            .zip(["Alpha beta gamma.", "Delta epsilon zeta.", "Eta theta iota."])
            .map(|(heading, words)| format!("{heading}\n{words}\n\n"))
            .collect();
        let mail = InboundMail {
            body: Severed { own: filled.clone(), ..Severed::default() },
            text: filled.clone(),
            ..InboundMail::default()
        };
        let verdict = crate::report::gate(&mail);
        for &slot in Slot::ALL {
            assert!(verdict.of(slot).present, "{language}, {slot}: {verdict:?}\n{filled}");
        }
    }
}

// ---- templates and overrides ----

fn overriding(path: &str, content: &str) -> (tempfile::TempDir, anyhow::Result<Renderer>) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(path);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, content).unwrap();
    let loaded = Renderer::load(Some(folder.path()));
    (folder, loaded)
}

#[test]
fn a_site_replaces_one_template_and_keeps_the_others() {
    let (_folder, renderer) = overriding("mail/accepted/body.txt.hbs", "Ours: {{ticket.reference}}");
    let mail = renderer.unwrap().letter(&letter(Notice::Accepted, samples::full())).unwrap();
    assert_eq!(mail.text, "Ours: DG-17\n");
    assert!(html(&mail).contains("We have taken on your report"));
}

#[test]
fn a_broken_template_is_named_with_its_line() {
    let broken = [
        ("mail/accepted/body.txt.hbs", "fine\n{{ticket.colour}}", "line 2"),
        ("mail/accepted/body.html.hbs", "fine\n{{#if reader}}", "mail/accepted/body.html.hbs"),
        ("mail/accepted/body.txt.hbs", "{{word \"accepted.intor\"}}", "accepted.intor"),
        ("mail/partials/severity.html.hbs", "a\nb\n{{nothing}}", "mail/partials/severity.html.hbs, line 3"),
        ("mail/acepted/body.txt.hbs", "", "replaces no template"),
        ("words/de.toml", "[common]\ngreeting = \"Hallo\"", "words/de.toml"),
        ("words/de.toml", "[common\n", "words/de.toml"),
        ("mail/accepted/body.txt.hbs", "{{#if reeder}}x{{/if}}", "reeder"),
        ("mail/accepted/body.txt.hbs", "{{> fotter}}", "fotter"),
        ("notes.hbs", "", "holds no templates"),
    ];
    for (path, content, wanted) in broken {
        let why = format!("{:#}", overriding(path, content).1.err().expect("a broken template is refused"));
        assert!(why.contains(wanted), "{path}: {why}");
    }
}

#[test]
fn every_file_has_a_name_to_list() {
    let names = RENDERER.templates();
    assert!(names.contains(&"mail/accepted/body.html.hbs".to_owned()));
    assert!(names.contains(&"words/zh.toml".to_owned()));
}

fn head(mail: &FinishedMail) -> String {
    let wire = String::from_utf8(mail.bytes.clone()).unwrap();
    let (head, _) = wire.split_once("\r\n\r\n").unwrap();
    format!("{head}\r\n")
}

fn head_of(notice: Notice) -> String {
    head(&write(&letter(notice, samples::full())))
}

/// `SAMPLES=folder cargo test samples -- --ignored` writes texts and pages to look at.
#[test]
#[ignore = "for the eye"]
fn write_samples_to_look_at() {
    let folder = PathBuf::from(std::env::var("SAMPLES").expect("SAMPLES names a folder"));
    for &notice in Notice::ALL {
        for &language in Language::ALL.iter().filter(|&&language| language == language_of(notice, language)) {
            let mail = write(&Letter { language, ..letter(notice, usual(notice)) });
            fs::write(folder.join(format!("{notice}-{language}.txt")), &mail.text).unwrap();
            fs::write(folder.join(format!("{notice}-{language}.html")), html(&mail)).unwrap();
        }
    }
    for &language in Language::ALL {
        for (number, page) in samples::status_pages().into_iter().enumerate() {
            let html = RENDERER.page("Example Desk", language, &Page::Status(Box::new(page))).unwrap();
            fs::write(folder.join(format!("page-{number}-{language}.html")), html).unwrap();
        }
        let named = Named { reference: "DG-17".into(), subject: "Printer does not print".into() };
        let pages =
            [("leave", Page::Leave(named.clone())), ("left", Page::Left(named)), ("gone", Page::Gone)];
        for (name, page) in pages {
            let html = RENDERER.page("Example Desk", language, &page).unwrap();
            fs::write(folder.join(format!("page-{name}-{language}.html")), html).unwrap();
        }
    }
}
