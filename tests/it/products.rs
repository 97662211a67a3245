//! Tickets know which product they are about.

use crate::{
    first_mail::COMPLETE,
    helpers::{Desk, Letter, postbox::Received},
};

const PRODUCTS: &str =
    "[[product]]\nname = \"shop\"\nwords = [\"cart\"]\n\n[[product]]\nname = \"billing\"\n";

fn desk() -> Desk {
    let mut desk = Desk::prepare().with(PRODUCTS);
    desk.run();
    desk
}

#[test]
fn the_subject_tells_the_product_and_staff_say_otherwise() {
    let desk = desk();
    let anna = desk.customer("anna");
    desk.receives(&Letter::new(&anna.address, "Empty cart after log-in", COMPLETE));
    let notice = desk.agent.wait_for_one();
    assert_eq!(desk.ticket(1)["product"], "shop");

    desk.receives(&Letter::reply(&desk.agent, &notice, "#product Billing\n#product garden\n"));
    let is_one = |mail: &Received| mail.text().contains("What became of your commands");
    let mails = desk.agent.wait_for("the transcript", |mails| mails.iter().any(is_one));
    let text = mails.iter().find(|mail| is_one(mail)).unwrap().text();
    assert!(text.contains("> #product Billing\nDone: product is billing"), "{text}");
    assert!(text.contains("NOT done: there is no product garden; use one of shop, billing"), "{text}");
    assert_eq!(desk.ticket(1)["product"], "billing");

    let listed = desk.cli(&["ticket", "list", "--product", "billing", "--json"]);
    assert!(listed.stdout.contains("Empty cart after log-in"), "{}", listed.stdout);
    assert_eq!(desk.cli(&["ticket", "list", "--product", "shop", "--json"]).stdout.trim(), "[]");
    let unset = desk.cli(&["ticket", "set", "1", "--product", "none"]);
    assert!(unset.stdout.contains("product is unknown"), "{}", unset.stdout);
    assert!(desk.ticket(1)["product"].is_null());
}

#[test]
fn all_mail_to_a_mailbox_may_be_about_one() {
    let mut desk = Desk::prepare()
        .with(PRODUCTS)
        .configured("name = \"support\"\n", "name = \"support\"\nproduct = \"BILLING\"\n");
    desk.run();
    let anna = desk.customer("anna");
    desk.receives(&Letter::new(&anna.address, "Empty cart after log-in", COMPLETE));
    desk.agent.wait_for_one();
    assert_eq!(desk.ticket(1)["product"], "billing");
}
