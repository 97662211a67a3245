//! Mails that try to be more than text.

use crate::{
    first_mail::{COMPLETE, LACKS_EXPECTED},
    helpers::{Desk, Letter},
};

#[test]
fn line_breaks_in_a_subject_or_name_add_no_field() {
    let desk = Desk::start();
    let (anna, victim) = (desk.customer("anna"), desk.customer("victim"));
    let bcc = victim.address.replace('@', "=40");
    let subject = format!("=?utf-8?q?Hi=0D=0ABcc:_{bcc}=0D=0A=0D=0Ainjected?=");
    let from = format!("=?utf-8?q?Al=0D=0ABcc=3A_{bcc}=0D=0A?= <{}>", anna.address);
    desk.receives(&Letter::new(&from, &subject, COMPLETE));

    let answer = anna.wait_for_one();
    assert_eq!(answer.header("Bcc"), None);
    assert!(answer.subject().starts_with("[DG-1] Hi"), "{}", answer.subject());
    assert!(answer.header("To").unwrap().contains(&anna.address));
    desk.settled(1);
    assert_eq!(desk.notices_to(&victim.address), [""; 0]);
    assert!(victim.mails().is_empty());
}

#[test]
fn words_that_look_like_a_template_stay_words() {
    let desk = Desk::start();
    let anna = desk.customer("anna");
    let odd = "{{7*7}} {{this}} {{#each this}} {{> partial}} ${7*7} <%= 7*7 %>";
    let body = LACKS_EXPECTED.replace("The printer gives blank pages.", odd);
    desk.receives(&Letter::new(&anna.address, "{{7*7}} on {{site.name}}", &body));

    let answer = anna.wait_for_one();
    assert_eq!(answer.subject(), "[DG-1] {{7*7}} on {{site.name}}");
    assert!(answer.text().contains(odd), "{}", answer.text());
    assert!(!answer.text().contains("49") && !answer.html().contains("49"));
    assert!(answer.html().contains("&lt;%"), "{}", answer.html());
}

#[test]
fn markup_in_a_report_is_escaped_in_every_html_part() {
    let desk = Desk::start();
    let anna = desk.customer("anna");
    let markup = "<script>alert(1)</script><img src=x onerror=alert(2)>";
    let body = LACKS_EXPECTED.replace("The printer gives blank pages.", markup);
    desk.receives(&Letter::new(&anna.address, markup, &body));

    for mail in [anna.wait_for_one(), desk.agent.wait_for_one()] {
        let html = mail.html();
        assert!(html.contains("&lt;script&gt;"), "{html}");
        assert!(!html.contains("<script") && !html.contains("<img"), "{html}");
    }
}

#[test]
fn quoted_text_with_smtp_in_it_stays_inside_the_mail() {
    let desk = Desk::start();
    let (anna, victim) = (desk.customer("anna"), desk.customer("victim"));
    let smuggled = format!(
        "Actual result: blank\n.\nMAIL FROM:<{0}>\nRCPT TO:<{0}>\nDATA\nSubject: x\n\nx\n.\n",
        victim.address
    );
    let letter =
        Letter::new(&anna.address, "Printer", &data_encoding::BASE64_MIME.encode(smuggled.as_bytes()))
            .with("Content-Transfer-Encoding", "base64");
    desk.receives(&letter);

    anna.wait_for_one();
    desk.settled(1);
    assert!(victim.mails().is_empty());
    assert!(desk.ticket(1)["messages"][0]["text"].as_str().unwrap().contains("\n.\nMAIL FROM"));
}

#[test]
fn characters_that_the_database_refuses_cost_no_ticket() {
    let desk = Desk::start();
    let anna = desk.customer("anna");
    let body = data_encoding::BASE64_MIME.encode("It says \0 and then \u{1b}[31m nothing.\n".as_bytes());
    let letter =
        Letter::new(&anna.address, "=?utf-8?q?A=00B?=", &body).with("Content-Transfer-Encoding", "base64");
    desk.receives(&letter);

    anna.wait_for_one();
    desk.settled(1);
    assert!(desk.ticket(1)["messages"][0]["text"].as_str().unwrap().contains("and then"));
}

#[test]
fn a_mail_of_two_thousand_levels_does_not_keep_the_next_one_waiting() {
    let desk = Desk::start();
    let mut body = String::new();
    for level in 0..2000 {
        body += &format!("--b{level}\r\nContent-Type: multipart/mixed; boundary=b{}\r\n\r\n", level + 1);
    }
    let mail = format!(
        "From: deep@customer.test\r\nSubject: deep\r\nContent-Type: multipart/mixed; boundary=b0\r\n\r\n{body}"
    );
    desk.support.append(mail);
    let anna = desk.customer("anna");
    desk.receives(&Letter::new(&anna.address, "Printer", COMPLETE));

    anna.wait_for_one();
    desk.settled(2);
    assert_eq!(desk.outcomes(), ["opened", "opened"]);
}

#[test]
fn a_subject_of_two_megabytes_makes_a_ticket_with_a_short_one() {
    let desk = Desk::start();
    let subject = "long ".repeat(400_000);
    desk.support.append(format!("From: long@customer.test\r\nSubject: {subject}\r\n\r\nHello\r\n"));

    desk.settled(1);
    assert_eq!(desk.outcomes(), ["opened"]);
    assert!(desk.ticket(1)["subject"].as_str().unwrap().len() < 1000);
}

#[test]
fn a_mail_over_the_limit_is_kept_as_a_visible_stub() {
    let mut desk = Desk::prepare().with("[limits]\nmail_bytes = 65536");
    desk.run();
    let anna = desk.customer("anna");
    desk.receives(&Letter::new(&anna.address, "Large", &"A line of the large one.\n".repeat(8000)));
    desk.receives(&Letter::new(&anna.address, "Small", COMPLETE));

    desk.settled(2);
    let subjects = desk.sql("select subject from tickets order by subject");
    assert_eq!(subjects, "Large\nSmall");
    assert_eq!(desk.sql("select max(size_bytes) < 65536 from inbound"), "t");
}

#[test]
fn no_body_and_no_secret_stands_in_the_log() {
    let mut desk = Desk::prepare().with("[log]\nlevel = \"trace\"");
    desk.run();
    let anna = desk.customer("anna");
    desk.receives(&Letter::new(&anna.address, "Printer", &format!("{COMPLETE}\nMy PIN is 918273.\n")));
    anna.wait_for_one();
    desk.settled(1);
    desk.stop();

    let log = desk.log();
    assert!(log.contains("ticket"), "{log}");
    assert!(!log.contains("918273"), "a body stands in the log");
    assert!(!log.contains(
        &std::fs::read_to_string(desk.folder().join("deskgate.secret")).unwrap().trim().to_owned()
    ));
}
