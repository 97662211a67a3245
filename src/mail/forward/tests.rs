//! Whose mail was passed on.

use proptest::prelude::*;

use super::super::read;
use super::*;
use crate::domain::growth::assert_linear;

fn of(raw: &str) -> Option<Forward> {
    read(raw.as_bytes(), &Ours::nobody()).forward
}

fn text_mail(subject: &str, body: &str) -> Option<Forward> {
    of(&format!(
        "From: agent@desk.test\nSubject: {subject}\nContent-Type: text/plain; charset=utf-8\n\n{body}"
    ))
}

#[track_caller]
fn forwarded(found: Option<Forward>) -> Forwarded {
    match found {
        Some(Forward::Mail(forwarded)) => *forwarded,
        other => panic!("no forward: {other:?}"),
    }
}

const GMAIL: &str = "Can you take this?\n\n---------- Forwarded message ---------\nFrom: Anna Example <anna@c.test>\n\
    Date: Fri, Nov 20, 2026 at 9:12 AM\nSubject: Printer prints\nblank pages\nTo: Agent <agent@desk.test>\n\n\n\
    It prints blank pages.\n\nAnna\n";

#[test]
fn the_author_the_subject_and_the_words_of_each_are_told_apart() {
    let Forwarded { mail, note } = forwarded(text_mail("Fwd: Printer", GMAIL));
    assert_eq!(mail.author().unwrap(), &NamedAddress::new("Anna Example", "anna@c.test".parse().unwrap()));
    assert_eq!(mail.subject, "Printer prints blank pages");
    assert_eq!(mail.text, "It prints blank pages.\n\nAnna");
    assert_eq!(note, "Can you take this?");
    assert_eq!(mail.proof, Proof::None);
}

#[test]
fn the_programs_and_languages_of_fifteen() {
    // Outlook, Apple Mail, Thunderbird, Gmail, Yandex; what they put above the mail.
    for (subject, block) in [
        ("FW: x", "From: Anna Example [mailto:anna@c.test]\nSent: Friday\nTo: agent@desk.test\nSubject: x"),
        ("WG: x", "Von: Anna Example <anna@c.test>\nGesendet: Freitag\nAn: agent@desk.test\nBetreff: x"),
        (
            "x",
            "Anfang der weitergeleiteten Nachricht:\n\n> Von: Anna Example <anna@c.test>\n> Betreff: x\n> Datum: 20. November\n> An: agent@desk.test",
        ),
        (
            "x",
            "-------- Weitergeleitete Nachricht --------\nBetreff: \tx\nDatum: \tFri\nVon: \tAnna Example <anna@c.test>\nAn: \tagent@desk.test",
        ),
        ("TR: x", "De : Anna Example <anna@c.test>\nEnvoyé : vendredi\nÀ : agent@desk.test\nObjet : x"),
        ("RV: x", "De: Anna Example <anna@c.test>\nEnviado el: viernes\nPara: agent@desk.test\nAsunto: x"),
        ("ENC: x", "De: Anna Example <anna@c.test>\nEnviada em: sexta\nPara: agent@desk.test\nAssunto: x"),
        ("I: x", "Da: Anna Example <anna@c.test>\nInviato: venerdì\nA: agent@desk.test\nOggetto: x"),
        (
            "x",
            "---------- Doorgestuurd bericht ---------\nVan: Anna Example <anna@c.test>\nDate: vr 20 nov\nSubject: x\nTo: agent@desk.test",
        ),
        ("PD: x", "Od: Anna Example <anna@c.test>\nWysłano: piątek\nDo: agent@desk.test\nTemat: x"),
        (
            "VB: x",
            "Från: Anna Example <anna@c.test>\nSkickat: den 20 november\nTill: agent@desk.test\nÄmne: x",
        ),
        ("VS: x", "Fra: Anna Example <anna@c.test>\nSendt: 20. november\nTil: agent@desk.test\nEmne: x"),
        (
            "VL: x",
            "Lähettäjä: Anna Example <anna@c.test>\nLähetetty: perjantai\nVastaanottaja: agent@desk.test\nAihe: x",
        ),
        ("FW: x", "Od: Anna Example <anna@c.test>\nOdesláno: pátek\nKomu: agent@desk.test\nPředmět: x"),
        ("FW: x", "Feladó: Anna Example <anna@c.test>\nElküldve: péntek\nCímzett: agent@desk.test\nTárgy: x"),
        ("ILT: x", "Kimden: Anna Example <anna@c.test>\nGönderildi: Cuma\nKime: agent@desk.test\nKonu: x"),
        (
            "x",
            "-------- Пересылаемое сообщение --------\nОт кого: Anna Example <anna@c.test>\nКому: agent@desk.test\nТема: x",
        ),
        (
            "FW: x",
            "差出人: Anna Example <anna@c.test>\n送信日時: 2026年11月20日\n宛先: agent@desk.test\n件名: x",
        ),
        (
            "转发: x",
            "发件人： Anna Example <anna@c.test>\n发送时间： 2026年11月20日\n收件人： agent@desk.test\n主题： x",
        ),
        (
            "FW: x",
            "보낸 사람: Anna Example <anna@c.test>\n보낸 날짜: 2026년\n받는 사람: agent@desk.test\n제목: x",
        ),
        ("FW: x", "*From:* Anna Example <anna@c.test>\n*Sent:* Friday\n*To:* agent@desk.test\n*Subject:* x"),
        (
            "FW: x",
            "From: Anna Example <anna@c.test<mailto:anna@c.test>>\n\nSent: Friday\n\nTo: agent@desk.test\nSubject: x",
        ),
    ] {
        let Forwarded { mail, note } =
            forwarded(text_mail(subject, &format!("Please see below.\n\n{block}\n\nIt prints nothing.\n")));
        let author = mail.author().unwrap();
        assert_eq!(
            (author.address.as_str(), author.name.as_str()),
            ("anna@c.test", "Anna Example"),
            "{block}"
        );
        assert_eq!((mail.subject.as_str(), note.as_str()), ("x", "Please see below."), "{block}");
        assert_eq!(mail.text.trim(), "It prints nothing.", "{block}");
    }
}

#[test]
fn an_answer_above_such_a_block_is_no_forward() {
    let block =
        "From: Anna <anna@c.test>\nSent: Friday\nTo: agent@desk.test\nSubject: x\n\nIt prints nothing.\n";
    assert_eq!(text_mail("RE: x", &format!("Try the upper tray.\n\n{block}")), None);
    assert_eq!(text_mail("x", &format!("Hello\n\n-----Original Message-----\n{block}")), None);
    assert_eq!(text_mail("VS: x", &format!("Ok.\n\n{}", block.replace("From", "Lähettäjä"))), None);
    assert_eq!(text_mail("Fwd: x", "From: here\nTo be or not to be: that is the question.\n"), None);
}

#[test]
fn where_the_author_cannot_be_told_it_is_unclear() {
    for from in ["Anna Example", "Anna <anna@c.test>, Ben <ben@c.test>", "anna@c..test", ""] {
        let body = GMAIL.replace("Anna Example <anna@c.test>", from);
        assert!(matches!(text_mail("Fwd: x", &body), Some(Forward::Unclear(_))), "{from:?}");
    }
}

fn with_attached(inner: &[&str], file: &str) -> String {
    let parts: String =
        inner.iter().map(|mail| format!("--b\nContent-Type: message/rfc822\n\n{mail}\n")).collect();
    format!(
        "From: agent@desk.test\nSubject: see this\nContent-Type: multipart/mixed; boundary=b\n\n\
         --b\n\nPlease take it.\n{parts}{file}--b--\n"
    )
}

const ANNA: &str =
    "From: Anna <anna@c.test>\nMessage-ID: <1@c.test>\nSubject: Printer\n\nIt prints nothing.\n";

#[test]
fn an_attached_mail_is_whose_it_says() {
    let raw = with_attached(&[ANNA], "--b\nContent-Type: image/png\n\npng\n");
    let Forwarded { mail, note } = forwarded(of(&raw));
    assert_eq!(mail.author().unwrap().address.as_str(), "anna@c.test");
    assert_eq!(
        (mail.subject.as_str(), mail.text.trim(), note.as_str()),
        ("Printer", "It prints nothing.", "Please take it.")
    );
    assert_eq!(mail.message_id.unwrap().as_str(), "1@c.test");
    assert_eq!(mail.attachments.len(), 2, "nothing that was sent is lost");
}

#[test]
fn verdicts_inside_an_attached_mail_are_worth_nothing() {
    let ours = Ours { authserv_id: Some("mx.desk.test".to_owned()), ..Ours::nobody() };
    let anna = format!("Authentication-Results: mx.desk.test; dmarc=pass header.from=c.test\n{ANNA}");
    let found = read(with_attached(&[&anna], "").as_bytes(), &ours).forward;
    assert!(forwarded(found).mail.proven_author().is_none());
}

#[test]
fn several_attached_mails_or_one_of_a_machine_are_unclear() {
    assert!(matches!(of(&with_attached(&[ANNA, ANNA], "")), Some(Forward::Unclear(_))));
    let bounce = "From: MAILER-DAEMON@x.test\nSubject: Undelivered mail returned\n\nIt failed.\n";
    assert!(matches!(of(&with_attached(&[bounce], "")), Some(Forward::Unclear(_))));
    assert_eq!(text_mail("Printer", "It prints nothing.\n"), None);
}

#[test]
fn forwards_of_forwards_are_read_once_and_in_no_time() {
    let mut mail = ANNA.to_owned();
    for depth in 0..30 {
        mail = with_attached(&[&mail], "")
            .replace("boundary=b", &format!("boundary=b{depth}"))
            .replace("--b\n", &format!("--b{depth}\n"));
    }
    let _ = of(&mail);
    let long = |n| format!("{}{}", "From: a@b.test\n".repeat(n), "To: x\n".repeat(n));
    assert_linear(long, 2_500, |text| text_mail("Fwd: x", text));
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(pieces in prop::collection::vec(prop_oneof![
        Just("From: "), Just("> "), Just("*"), Just("\n"), Just("a@b.test"), Just("<"), Just("Subject: x\n"), Just("Date: y\n"),
        Just("-- Forwarded message --\n"), Just("Von："), Just("é"),
    ], 0..40)) {
        let _ = text_mail("Fwd: x", &pieces.concat());
    }
}

#[test]
fn a_forward_that_others_put_into_an_answer_is_none() {
    let quoted = GMAIL.lines().map(|line| format!("> {line}\n")).collect::<String>();
    let wrote = "On Fri, 20 Nov 2026 at 10:00, Mallory <mallory@stranger.test> wrote:\n";
    for subject in ["Re: Offer", "Offer", "AW: Offer"] {
        assert_eq!(text_mail(subject, &format!("No, thank you.\n\n{wrote}{quoted}")), None, "{subject}");
        assert_eq!(text_mail(subject, &format!("No, thank you.\n\n{quoted}")), None, "{subject}");
        assert_eq!(text_mail(subject, &format!("No, thank you.\n\n{wrote}\n{GMAIL}")), None, "{subject}");
    }
    assert_eq!(text_mail("Re: Offer", GMAIL), None, "an answer");
    let answers = "In-Reply-To: <1@c.test>\n";
    assert_eq!(of(&format!("From: a@desk.test\n{answers}Subject: x\n\n{GMAIL}")), None);
    forwarded(of(&format!("From: a@desk.test\n{answers}Subject: Fwd: x\n\n{GMAIL}")));
    let attached = with_attached(&[ANNA], "").replace("Subject: see this", "Subject: Re: this");
    assert_eq!(of(&attached), None);
}
