//! People on Cc: who takes part, what they hear, and who takes them out.

use crate::{
    first_mail::COMPLETE,
    helpers::{Desk, Letter, Postbox},
};

/// Anna's ticket with Carl on Cc.
fn with_carl() -> (Desk, Postbox, Postbox) {
    let desk = Desk::start();
    let (anna, carl) = (desk.customer("anna"), desk.customer("carl"));
    let cc = format!("Cheap Watches <{}>, no-reply@c.test, users-request@lists.c.test", carl.address);
    desk.receives(&Letter::new(&anna.address, "Printer", COMPLETE).with("Cc", &cc));
    desk.settled(1);
    (desk, anna, carl)
}

fn taking_part(desk: &Desk) -> Vec<String> {
    let ticket = desk.ticket(1);
    let line = |who: &serde_json::Value| {
        format!("{} {}", who["role"].as_str().unwrap(), who["address"].as_str().unwrap())
    };
    ticket["participants"].as_array().unwrap().iter().map(line).collect()
}

#[test]
fn who_is_named_takes_part_without_a_name_and_machines_do_not() {
    let (desk, anna, carl) = with_carl();
    assert_eq!(taking_part(&desk), [format!("requester {}", anna.address), format!("cc {}", carl.address)]);
    assert_eq!(
        desk.ticket(1)["participants"][1]["name"],
        "",
        "a name beside somebody else's address is no name"
    );
    let shown = desk.cli(&["ticket", "show", "1"]).stdout;
    assert!(shown.contains(&format!("cc  <{}>", carl.address)), "{shown}");
    let notice = desk.agent.wait_for_one();
    assert!(notice.text().contains(&format!("On copy:   {}\n", carl.address)), "{}", notice.text());
    assert!(notice.html().contains(">On copy</th>"), "{}", notice.html());
    let event = desk.sql("select detail->>'by' from journal where event = 'brought-in'");
    assert_eq!(event, anna.address);
}

#[test]
fn only_the_requester_brings_others_in() {
    let (desk, _anna, carl) = with_carl();
    desk.set(1, &["--status", "accepted"]);
    let accepted = carl.wait_for_one();
    let dora = desk.customer("dora");
    desk.receives(&Letter::reply(&carl, &accepted, "Dora sees it, too.\n").with("Cc", &dora.address));
    desk.settled(2);
    assert_eq!(desk.outcomes(), ["opened", "joined"]);
    assert!(!taking_part(&desk).iter().any(|line| line.contains(&dora.address)));
}

#[test]
fn whom_staff_take_out_hears_no_more_and_no_cc_brings_them_back() {
    let (desk, anna, carl) = with_carl();
    assert!(desk.set(1, &["--remove-participant", &carl.address]).contains("takes part no longer"));
    desk.set(1, &["--status", "accepted"]);
    let accepted = anna.wait_for_mails(2).remove(1);
    desk.receives(&Letter::reply(&anna, &accepted, "Carl should know.\n").with("Cc", &carl.address));
    desk.settled(2);
    assert_eq!(desk.count("journal where event = 'brought-in'"), 1, "only the first time");
    assert_eq!(taking_part(&desk), [format!("requester {}", anna.address)]);
    assert_eq!(desk.notices_to(&carl.address), [""; 0]);

    let again = desk.cli(&["ticket", "set", "1", "--remove-participant", &carl.address]);
    assert!(again.code == Some(1) && again.stderr.contains("is not on Cc of ticket 1"), "{}", again.stderr);
    let requester = desk.cli(&["ticket", "set", "1", "--remove-participant", &anna.address]);
    assert_eq!(requester.code, Some(1), "{}", requester.stdout);
    desk.set(1, &["--add-participant", &carl.address]);
    assert_eq!(taking_part(&desk).len(), 2);
    let own = desk.cli(&["ticket", "set", "1", "--add-participant", &desk.support.address]);
    assert!(own.code == Some(1) && own.stderr.contains("one of our own"), "{}", own.stderr);
}

#[test]
fn a_crowd_on_cc_is_cut_and_the_journal_says_so() {
    let desk = Desk::start();
    let anna = desk.customer("anna");
    let crowd: Vec<String> = (0..40).map(|number| format!("p{number}@crowd.test")).collect();
    desk.receives(&Letter::new(&anna.address, "Printer", COMPLETE).with("Cc", &crowd.join(",\n ")));
    desk.settled(1);
    assert_eq!(taking_part(&desk).len(), 30);
    assert_eq!(desk.sql("select detail->>'left_out' from journal where event = 'brought-in'"), "11");
}

#[test]
fn who_answers_their_own_tickets_makes_us_write_to_nobody_else() {
    let mut desk = Desk::prepare().with("[limits]\nautomatic_per_recipient_hour = 2");
    desk.run();
    let (mallory, victim) = (desk.customer("mallory"), desk.customer("victim"));
    const TICKETS: usize = 4;
    for number in 1..=TICKETS {
        desk.receives(&Letter::new(&mallory.address, &format!("Watches {number}"), COMPLETE));
        desk.settled(number);
        desk.set(u32::try_from(number).unwrap(), &["--status", "closed", "--reason", "Spam."]);
    }
    let again = |number: usize| {
        let subject = format!("Re: [DG-{number}] Watches");
        Letter::new(&mallory.address, &subject, "It is still broken, look at it again please.\n")
            .with("Cc", &victim.address)
    };
    for number in 1..=TICKETS {
        desk.receives(&again(number));
    }
    desk.settled(2 * TICKETS);
    assert_eq!(desk.count("journal where event = 'brought-in'"), TICKETS);
    assert_eq!(desk.notices_to(&victim.address), [""; 0], "nothing about the mail that names them");

    for number in 1..=TICKETS {
        desk.set(u32::try_from(number).unwrap(), &["--status", "closed"]);
        desk.receives(&again(number).with("X-Again", "yes"));
    }
    desk.settled(3 * TICKETS);
    let reopened = desk.notices_to(&victim.address).iter().filter(|notice| *notice == "reopened").count();
    assert!(reopened < 2, "beyond the cap: {:?}", desk.notices_to(&victim.address));
}
