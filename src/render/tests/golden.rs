//! Whole mails, as they are sent: read the difference when one changes.

use std::{fs, path::PathBuf};

use super::*;

#[test]
fn every_notice_is_its_golden_mail() {
    let stale: Vec<String> = Notice::ALL
        .iter()
        .filter(|&&notice| !matches_golden(&notice.to_string(), &write(&letter(notice, usual(notice)))))
        .map(|notice| notice.to_string())
        .collect();
    assert!(stale.is_empty(), "these mails changed: {stale:?}; if wanted, run with UPDATE_GOLDEN=1");
}

#[test]
fn the_first_ask_is_its_golden_mail_in_every_other_language() {
    for &language in &Language::ALL[1..] {
        let letter = Letter { language, ..letter(Notice::Acknowledged, usual(Notice::Acknowledged)) };
        assert!(matches_golden(&format!("acknowledged-{language}"), &write(&letter)), "{language} changed");
    }
}

#[test]
fn an_unproven_sender_gets_a_golden_mail_of_fixed_words() {
    let context = Context { neutral: true, ..usual(Notice::Acknowledged) };
    assert!(matches_golden("acknowledged-neutral", &write(&letter(Notice::Acknowledged, context))));
}

#[test]
fn who_is_on_cc_gets_a_golden_mail_with_the_ways_out() {
    let leave = Some("https://desk.example.org/leave/ticket/h-4-seal".to_owned());
    let context = Context { may_leave: true, leave: leave.clone(), ..usual(Notice::Accepted) };
    let mailto: crate::domain::EmailAddress = "support+h-4-abcdef@desk.test".parse().unwrap();
    let unsubscribe = Unsubscribe { url: leave, mailto, subject: "unsubscribe [DG-17]".into() };
    let on_cc = Letter { unsubscribe: Some(unsubscribe.clone()), ..letter(Notice::Accepted, context) };
    assert!(matches_golden("accepted-cc", &write(&on_cc)));

    // One click asks for HTTPS; a mail always does.
    let unsubscribe = Unsubscribe { url: Some("http://desk.test/leave".into()), ..unsubscribe };
    let mail = write(&Letter { unsubscribe: Some(unsubscribe), ..on_cc });
    let head = String::from_utf8_lossy(&mail.bytes).split("\r\n\r\n").next().unwrap().to_owned();
    assert!(!head.contains("List-Unsubscribe-Post") && head.contains("List-Unsubscribe: <mailto:"), "{head}");
}

#[test]
fn every_digest_is_its_golden_mail() {
    let hourly = DigestView {
        title: "Hourly digest".into(),
        period: "Sat 21 Nov 2026, 08:00 to Sat 21 Nov 2026, 09:00 (Europe/Berlin)".into(),
        before: "the hour before".into(),
        because: "severity 1, DG-12".into(),
        more: 0,
        ..samples::digest()
    };
    let quiet = DigestView {
        title: "Weekly digest".into(),
        period: "Mon 16 Nov 2026, 08:00 to Mon 23 Nov 2026, 08:00 (UTC)".into(),
        before: "the week before".into(),
        because: "product shop".into(),
        headline: "nothing changed".into(),
        figures: samples::digest()
            .figures
            .into_iter()
            .map(|it| FigureView { now: "0".into(), ..it })
            .collect(),
        rows: vec![],
        ages: vec![],
        more: 0,
        leave: None,
        ..samples::digest()
    };
    for (name, digest) in [("hourly", hourly), ("weekly-quiet", quiet)] {
        let context = Context { digest: Some(digest), ..usual(Notice::StakeholderDigest) };
        let mail = write(&letter(Notice::StakeholderDigest, context));
        assert!(matches_golden(&format!("stakeholder-digest-{name}"), &mail), "{name} changed");
    }
}

fn matches_golden(name: &str, mail: &FinishedMail) -> bool {
    let file = golden_folder().join(format!("{name}.eml"));
    let now = String::from_utf8(mail.bytes.clone()).unwrap().replace("\r\n", "\n");
    let now = without_picture(now);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&file, &now).unwrap();
    }
    fs::read_to_string(&file).is_ok_and(|golden| golden.replace("\r\n", "\n") == now)
}

/// The bytes of a picture are compared by its own tests.
fn without_picture(mail: String) -> String {
    let Some(part) = mail.find("Content-Type: image/png") else { return mail };
    let begin = part + mail[part..].find("\n\n").unwrap() + 2;
    let end = begin + mail[begin..].find("\n--").unwrap();
    format!("{}(the picture){}", &mail[..begin], &mail[end..])
}

pub(super) fn golden_folder() -> PathBuf {
    PathBuf::from("tests/golden")
}
