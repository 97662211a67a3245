//! Facts from outside that try to leave their place: second-order injection into
//! headers, templates, HTML and the SMTP dialogue.

use proptest::prelude::*;

use super::*;

fn hostile(text: &str) -> Context {
    let mut context = samples::full();
    context.ticket.subject = text.into();
    context.ticket.requester = text.into();
    context.ticket.assignee = Some(text.into());
    context.reader = text.into();
    context.words = Some(text.into());
    context.author = Some(text.into());
    context.attachments = vec![text.into()];
    context.trouble = Some(text.into());
    context.changes = vec![Change { what: text.into(), from: text.into(), to: text.into() }];
    let said = SaidView { who: text.into(), when: text.into(), words: text.into() };
    context.update = Some(UpdateView { because: text.into(), said: vec![said], ..UpdateView::default() });
    let row = RowView { subject: text.into(), what: text.into(), ..RowView::default() };
    context.digest = Some(DigestView { because: text.into(), rows: vec![row], ..samples::digest() });
    let quote = Understood { slot: Slot::Steps, quote: text.into(), unsure: true };
    context.gate = Some(GateView { understood: vec![quote], missing: vec![Slot::Actual] });
    context
}

fn hostile_letter(notice: Notice, text: &str) -> Letter {
    let mut letter = letter(notice, hostile(text));
    letter.to.name = text.into();
    letter.from.name = text.into();
    letter
}

#[test]
fn line_breaks_in_subject_and_names_add_no_field() {
    for text in
        ["Hi\r\nBcc: victim@victim.test\r\n\r\ninjected", "Al\nBcc: v@victim.test\n", "a\r\rBcc: v@v.test\0"]
    {
        for &notice in Notice::ALL {
            let mail = write(&hostile_letter(notice, text));
            is_a_clean_mail(&mail);
            assert!(!head(&mail).lines().any(|line| line.starts_with("Bcc")), "{}", head(&mail));
        }
    }
}

#[test]
fn an_encoded_word_in_a_subject_is_text() {
    let mail = write(&hostile_letter(Notice::Accepted, "=?utf-8?q?Hi=0D=0ABcc:_v=40victim.test?="));
    let subject = parse(&mail).subject().unwrap().to_owned();
    assert_eq!(subject, "[DG-17] = ?utf-8?q?Hi=0D=0ABcc:_v=40victim.test?=");
}

#[test]
fn template_text_and_markup_come_out_literally() {
    let text = "{{7*7}} {{this}} {{> frame}} {{#each this}} ${7*7} <%= 7*7 %> {reference} <script>x</script>";
    for &notice in Notice::ALL {
        let mail = write(&hostile_letter(notice, text));
        let html = html(&mail);
        assert!(mail.text.contains(text) || mail.subject.contains(text), "{notice}:\n{}", mail.text);
        assert!(!html.contains("<script") && html.contains("&lt;script&gt;"), "{notice}:\n{html}");
        assert!(!html.contains("49") && !mail.text.contains("49"), "{notice}");
    }
}

#[test]
fn words_keep_their_line_breaks_in_html() {
    let html = html(&write(&letter(Notice::Correspondence, samples::full())));
    assert!(
        html.contains(
            "new driver.<br>\n<br>\n&nbsp; &nbsp; lpadmin -x office<br>\n<br>\nThen print again.</p>"
        ),
        "{html}"
    );
}

#[test]
fn text_that_ends_a_transfer_elsewhere_leaves_encoded() {
    for end in ["\n.\n", "\r\n.\r\n", "\r.\r", "\r\n.\r", "\n.\r\n"] {
        let text = format!("quoted{end}MAIL FROM:<a@victim.test>{end}");
        for &notice in Notice::ALL {
            is_a_clean_mail(&write(&hostile_letter(notice, &text)));
        }
    }
}

#[test]
fn a_very_long_thread_keeps_its_first_and_newest_ids() {
    let id = |n: usize| MessageId::parse(&format!("{n}-{}@example.org", "x".repeat(400))).unwrap();
    let mut long = letter(Notice::Accepted, samples::full());
    long.references = (0..100).map(id).chain(MessageId::parse("zürich@example.org")).collect();
    long.in_reply_to = Some(id(99));
    let mail = write(&long);
    is_a_clean_mail(&mail);
    let head = head(&mail);
    assert_eq!(head.matches("x@example.org>").count(), NEWEST + 2, "{head}");
    assert!(head.contains("References: <0-x") && head.contains("<99-x") && !head.contains("<79-x"));
}
/// The first reference makes one more, In-Reply-To another.
const NEWEST: usize = 20;

#[test]
fn an_international_address_is_written_as_it_is() {
    let mut letter = letter(Notice::Accepted, samples::full());
    letter.to = NamedAddress::new("Jürgen", "jürgen@bücher.example".parse().unwrap());
    let mail = write(&letter);
    assert!(head(&mail).contains("<jürgen@xn--bcher-kva.example>"), "{}", head(&mail));
    is_a_clean_mail(&mail);
}

#[test]
fn a_date_no_mail_can_carry_is_refused() {
    let mut letter = letter(Notice::Accepted, samples::full());
    letter.date = "-001000-01-01T00:00:00Z".parse().unwrap();
    assert!(matches!(RENDERER.letter(&letter), Err(RenderError::Date(_))));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_text_spoils_a_mail(text in "\\PC*|(?s).{0,400}|[ \\r\\n.a=?<>{}\"\\\\]{0,80}", at in 0..Notice::ALL.len()) {
        let notice = Notice::ALL[at];
        let mail = RENDERER.letter(&hostile_letter(notice, &text)).unwrap();
        is_a_clean_mail(&mail);
    }
}

/// One Subject, To and From; CRLF only; no long line; no line that is a lone dot.
fn is_a_clean_mail(mail: &FinishedMail) {
    let wire = String::from_utf8(mail.bytes.clone()).unwrap();
    let without_ends = wire.replace("\r\n", "");
    assert!(!without_ends.contains(['\r', '\n', '\0']), "a bare line end in\n{wire:?}");
    assert!(wire.split("\r\n").all(|line| line.len() <= 998), "a long line in\n{wire}");
    let head = head(mail);
    for name in ["Subject: ", "To: ", "From: ", "Date: ", "Message-ID: "] {
        let count = head.split("\r\n").filter(|line| line.starts_with(name)).count();
        assert_eq!(count, 1, "{name}in\n{head}");
    }
    let message = parse(mail);
    // With a picture: the frame, the text, and a frame with the HTML and the picture.
    let parts = if wire.contains("multipart/related") { 5 } else { 3 };
    assert_eq!(message.parts.len(), parts, "the frame and its parts");
}
