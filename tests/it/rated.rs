//! Tickets that have a severity from their first mail on.

use crate::{
    helpers::Letter,
    oncall::{events, mail_about, with_watch},
};

#[test]
fn a_mail_that_the_site_rates_calls_people_at_once_and_asks_in_parallel() {
    let (desk, [ann, ..]) = with_watch("");
    let rule = "[[severity.when]]\nnumber = 1\nmailboxes = [\"support\"]\nfrom = [\"@customer.test\"]\nwords = [\"production down\"]\n";
    let mut desk = desk.with(rule);
    desk.run();
    let anna = desk.customer("anna");
    desk.receives(&Letter::new(&anna.address, "PRODUCTION DOWN", "The shop shows an error page.\n"));
    desk.settled(1);

    let page = mail_about(&ann, "SEV 1 [DG-1] PRODUCTION DOWN");
    assert!(page.text().contains("> The shop shows an error page."), "{}", page.text());
    let ask = mail_about(&anna, "PRODUCTION DOWN");
    assert!(ask.text().contains("Steps to reproduce"), "{}", ask.text());
    let notice = mail_about(&desk.agent, "PRODUCTION DOWN").text();
    assert!(notice.contains("Severity:  1\n") && notice.contains("Due:       First answer"), "{notice}");
    let boss = desk.mailbox("boss", "desk.test");
    assert!(mail_about(&boss, "PRODUCTION DOWN").text().contains("everity"), "stakeholders hear of it");

    let ticket = desk.ticket(1);
    assert_eq!(ticket["severity"], 1);
    let why = &events(&desk, "severity")[0]["detail"]["reason"];
    assert_eq!(why, "Its severity is 1 by the first of [[severity.when]].");
    assert!(events(&desk, "opened")[0]["detail"]["why"].to_string().contains("[[severity.when]]"));
    // The clocks are those of severity 1: half an hour, day and night.
    let due = desk.sql("select clocks.due_at - t.created_at from clocks join tickets t on t.id = ticket_id where goal = 'first-answer'");
    assert_eq!(due, "00:30:00");

    // The same words of somebody whom the site did not name rate nothing.
    let mallory = desk.mailbox("mallory", "other.test");
    desk.receives(&Letter::new(&mallory.address, "Production down", "#sev 1\nEverything is down.\n"));
    let forged = Letter::new(&anna.address, "Production down", "Everything is down again.\n");
    desk.receives_judged(&forged, Some("dmarc=fail header.from=customer.test"));
    desk.settled(3);
    assert_eq!(desk.sql("select count(*) from tickets where severity is not null"), "1");
    assert_eq!(desk.notices_to(&ann.address), ["page"]);
}

#[test]
fn a_product_owner_rates_a_ticket_as_they_open_it() {
    let (desk, [ann, ..]) = with_watch("");
    let eva = desk.mailbox("eva", "desk.test");
    let mut desk =
        desk.with(&format!("[[stakeholder]]\nemail = \"{}\"\nproduct_owner = true\n", eva.address));
    desk.run();
    desk.receives(&Letter::new(
        &eva.address,
        "Cart empties itself",
        "#sev 2\nThe cart loses what was in it.\n",
    ));
    // Only by their own mail.
    let forged = Letter::new(&eva.address, "Shop is down", "#sev 1\nStop everything.\n");
    desk.receives_judged(&forged, Some("dmarc=none header.from=desk.test"));
    // This desk has three severities.
    desk.receives(&Letter::new(&eva.address, "A typing mistake", "#sev 4\nThere is an e too many.\n"));
    desk.settled(3);
    let rated =
        desk.sql("select string_agg(coalesce(severity::text, '-'), ' ' order by subject) from tickets");
    assert_eq!(rated, "- 2 -");
    assert!(desk.notices_to(&ann.address).is_empty());
}
