//! People on Cc leave a ticket: by a reply, by the page behind their link, by one click.

use crate::{
    first_mail::COMPLETE,
    helpers::{
        Desk, Letter, Postbox,
        postbox::Received,
        servers::{http_answer, http_post},
    },
};

/// Anna's accepted ticket with Carl on Cc, and the mail that Carl got.
fn with_carl() -> (Desk, Postbox, Postbox, Received) {
    let desk = Desk::prepare();
    let mut desk = desk.configured("base_url = \"http://127.0.0.1", "base_url = \"https://desk.example.org");
    desk.run();
    let (anna, carl) = (desk.customer("anna"), desk.customer("carl"));
    desk.receives(&Letter::new(&anna.address, "Printer", COMPLETE).with("Cc", &carl.address));
    desk.settled(1);
    desk.set(1, &["--status", "accepted"]);
    let accepted = carl.wait_for_one();
    (desk, anna, carl, accepted)
}

/// The path of the address in List-Unsubscribe.
pub fn way_out(mail: &Received) -> String {
    let field = mail.header("List-Unsubscribe").expect("a way out");
    let url =
        field.split(['<', '>']).find(|part| part.starts_with("https://")).expect("an address on the web");
    url.splitn(4, '/').nth(3).map(|path| format!("/{path}")).unwrap()
}

fn on_cc(desk: &Desk) -> usize {
    desk.count("participants where role = 'cc' and removed_at is null")
}

#[test]
fn who_is_on_cc_has_a_way_out_in_the_mail_and_the_requester_has_none() {
    let (desk, anna, carl, accepted) = with_carl();
    assert_eq!(accepted.header("List-Unsubscribe-Post").as_deref(), Some("List-Unsubscribe=One-Click"));
    let field = accepted.header("List-Unsubscribe").unwrap();
    assert!(field.starts_with("<https://desk.example.org"), "{field}");
    assert!(field.contains("mailto:") && field.ends_with("?subject=unsubscribe>"), "{field}");
    assert!(accepted.text().contains("reply with “unsubscribe”"), "{}", accepted.text());
    let own = anna.wait_for_mails(2).remove(1);
    assert_eq!((own.header("List-Unsubscribe"), own.header("List-Unsubscribe-Post")), (None, None));
    assert!(!own.text().contains("unsubscribe"), "{}", own.text());
    drop((desk, carl));
}

#[test]
fn opening_the_link_changes_nothing_and_one_click_leaves_for_good() {
    let (desk, anna, carl, accepted) = with_carl();
    let path = way_out(&accepted);
    for _ in 0..3 {
        let answer = http_answer(desk.web, &path).unwrap();
        assert!(
            answer.starts_with("HTTP/1.1 200")
                && answer.contains("<button name=\"leave\" value=\"yes\">Leave</button>"),
            "{answer}"
        );
        for header in ["x-robots-tag: noindex", "cache-control: no-store", "referrer-policy: no-referrer"] {
            assert!(answer.to_lowercase().contains(header), "{header}:\n{answer}");
        }
        assert!(answer.contains("style-src 'sha256-") && answer.contains("default-src 'none'"), "{answer}");
        assert!(!answer.contains("<script"), "{answer}");
    }
    // Whoever posts to every address that it finds has not clicked.
    assert_eq!(http_post(desk.web, &path, "x=1").unwrap().0, 200);
    assert_eq!(on_cc(&desk), 1);

    let (status, done) = http_post(desk.web, &path, "List-Unsubscribe=One-Click").unwrap();
    assert!(status == 200 && done.contains("You have left"), "{done}");
    assert_eq!(on_cc(&desk), 0);
    assert_eq!(http_post(desk.web, &path, "List-Unsubscribe=One-Click").unwrap().0, 200);
    assert_eq!(desk.count("journal where event = 'left'"), 1, "once");
    assert_eq!(desk.sql("select removed_by from participants where role = 'cc'"), carl.address);
    let told = carl.wait_for_mails(2).remove(1);
    assert!(told.text().contains("You no longer take part in DG-1"), "{}", told.text());
    assert_eq!(told.header("List-Unsubscribe"), None);

    // No later Cc of Anna's brings Carl back, and nothing more is sent there.
    let accepted = anna.wait_for_mails(2).remove(1);
    desk.receives(&Letter::reply(&anna, &accepted, "Carl should know.\n").with("Cc", &carl.address));
    desk.settled(2);
    desk.set(1, &["--status", "resolved"]);
    assert_eq!(desk.notices_to(&carl.address), ["accepted", "left"]);
}

#[test]
fn a_reply_with_one_word_leaves_and_a_second_one_opens_nothing() {
    let (desk, anna, carl, accepted) = with_carl();
    desk.receives(&Letter::reply(&carl, &accepted, "Unsubscribe please\n\nCarl\n"));
    desk.settled(2);
    assert_eq!((on_cc(&desk), desk.notices_to(&carl.address).last().unwrap().as_str()), (0, "left"));
    assert_eq!(desk.notices_to(&desk.agent.address), ["staff-new"], "nobody has to look at it");
    desk.receives(&Letter::reply(&carl, &accepted, "stop\n"));
    desk.settled(3);
    assert_eq!(
        (desk.count("tickets"), desk.outcomes()),
        (1, ["opened", "joined", "noted"].map(String::from).into())
    );

    // What Anna writes is about her ticket.
    let hers = anna.wait_for_mails(2).remove(1);
    desk.receives(&Letter::reply(&anna, &hers, "stop\n"));
    desk.settled(4);
    assert_eq!(desk.notices_to(&desk.agent.address), ["staff-new", "staff-reply"]);
    assert_eq!(desk.count("participants where removed_at is null"), 1);
}

#[test]
fn a_forged_reply_leaves_nothing() {
    let (desk, _anna, carl, accepted) = with_carl();
    let forged = Letter::new(&carl.address, "Re: [DG-1] Printer", "unsubscribe\n")
        .with("In-Reply-To", &accepted.message_id());
    desk.receives_judged(&forged, Some("dmarc=fail header.from=customer.test"));
    desk.receives_judged(&forged.with("Message-ID", "<forged-2@customer.test>"), None);
    desk.settled(3);
    assert_eq!(on_cc(&desk), 1);
}

#[test]
fn a_link_that_leads_nowhere_is_one_and_the_same_page() {
    let (desk, anna, _carl, accepted) = with_carl();
    let path = way_out(&accepted);
    let (head, token) = path.rsplit_once('/').unwrap();
    let mut changed = token.to_owned();
    let last = if changed.pop() == Some('a') { 'q' } else { 'a' };
    changed.push(last);
    let wrong = [
        format!("{head}/{changed}"),
        format!("{head}/1-1"),
        format!("{head}/x"),
        format!("/leave/page/{token}"),
        format!("/leave/nothing/{token}"),
    ];
    let mut bodies = Vec::new();
    for path in &wrong {
        let (status, body) = desk.get(path);
        assert_eq!(status, 404, "{path}: {body}");
        bodies.push(body);
        assert_eq!(http_post(desk.web, path, "leave=yes").unwrap().0, 404, "{path}");
    }
    bodies.dedup();
    assert_eq!(bodies.len(), 1);
    assert_eq!(on_cc(&desk), 1);
    drop(anna);
}

#[test]
fn without_https_people_leave_by_mail() {
    let desk = Desk::start();
    let (anna, carl) = (desk.customer("anna"), desk.customer("carl"));
    desk.receives(&Letter::new(&anna.address, "Printer", COMPLETE).with("Cc", &carl.address));
    desk.settled(1);
    desk.set(1, &["--status", "accepted"]);
    let accepted = carl.wait_for_one();
    let field = accepted.header("List-Unsubscribe").unwrap();
    assert!(field.starts_with("<mailto:"), "{field}");
    assert_eq!(accepted.header("List-Unsubscribe-Post"), None);
    assert!(!accepted.text().contains("http"), "{}", accepted.text());
    // What a mail program sends from that field.
    let address = field.trim_start_matches("<mailto:").split('?').next().unwrap().to_owned();
    desk.receives(&Letter::new(&carl.address, "unsubscribe", "").to(&address));
    desk.settled(2);
    assert_eq!(on_cc(&desk), 0);
}
