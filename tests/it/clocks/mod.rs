//! What is promised about tickets: warnings and breaches, each once; pauses apart; another severity midway.

mod faults;

use std::{fs, path::Path};

use deskgate::{render::Renderer, settings, store::Pool};
use jiff::Timestamp;
use serde_json::Value;

use crate::{
    first_mail::{COMPLETE, LACKS_EXPECTED},
    helpers::{Desk, Letter, Postbox, wait_for},
};

/// Four hours for an answer, six from word to word and ten for a fix, day and night; a warning at three quarters.
const POLICY: &str = "[[severity.policy]]\nnumber = 2\ncalendar = \"always\"\nfirst_answer = \"4h\"\n\
                      next_update = \"6h\"\nresolution = \"10h\"\nwarn_at = \"75%\"\nescalate_every = \"1h\"\n";

/// A desk with this policy, a lead, and a ticket of Anna's.
struct Shop {
    desk: Desk,
    lead: Postbox,
    anna: Postbox,
}

impl Shop {
    fn open(body: &str) -> Shop {
        let mut desk = Desk::prepare();
        let lead = desk.mailbox("lead", "desk.test");
        desk = desk.with(&format!(
            "{POLICY}[[staff]]\nname = \"Lea Lead\"\nemail = \"{}\"\nrole = \"lead\"\nnotify = false\nzone = \"Asia/Tokyo\"",
            lead.address
        ));
        desk.run();
        let anna = desk.customer("anna");
        desk.receives(&Letter::new(&anna.address, "Printer gives blank pages", body));
        desk.settled(1);
        Shop { desk, lead, anna }
    }

    /// So much time passes: whatever clocks look at becomes older. Then what is due is done, twice.
    fn pass(&self, time: &str) {
        older(&self.desk, time, "true");
        fire(&self.desk);
        fire(&self.desk);
    }

    /// `due` or `breached`, and which clock, as the journal has them.
    fn told(&self) -> Vec<String> {
        let rows = self.desk.sql(
            "select event || ' ' || (detail ->> 'clock') from journal where event in ('due-soon', 'breached') order by id",
        );
        rows.lines().map(str::to_owned).collect()
    }

    fn clock(&self, goal: &str) -> Value {
        let ticket = self.desk.ticket(1);
        let found = ticket["clocks"].as_array().unwrap().iter().find(|clock| clock["goal"] == goal);
        found.cloned().unwrap_or(Value::Null)
    }

    fn hours(&self, goal: &str, key: &str) -> f64 {
        let seconds = self.clock(goal)[key].as_f64().unwrap();
        (seconds / 360.0).round() / 10.0
    }

    fn notices(&self, who: &Postbox, notice: &str) -> usize {
        self.desk.notices_to(&who.address).iter().filter(|each| *each == notice).count()
    }
}

/// Moves everything that the clocks of some tickets (`%` stands for the number) look at into the past, at once.
pub fn older(desk: &Desk, time: &str, which: &str) {
    let statements = [
        ("tickets", "id", &["created_at", "changed_at", "last_asked_at"][..]),
        ("ticket_standings", "ticket_id", &["since"]),
        ("messages", "ticket_id", &["created_at"]),
        ("clocks", "ticket_id", &["started_at", "due_at", "paused_since", "met_at", "breached_at"]),
        ("timers", "ticket_id", &["due_at"]),
    ]
    .map(|(table, id, columns)| {
        let set: Vec<String> =
            columns.iter().map(|column| format!("{column} = {column} - interval '{time}'")).collect();
        let ours = if table == "timers" { " and kind = 'clocks'" } else { "" };
        format!("update {table} set {} where {}{ours}", set.join(", "), which.replace('%', id))
    });
    desk.sql(&statements.join("; "));
}

/// Does what is due now, as any node would.
pub fn fire(desk: &Desk) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let settings = settings::load(Some(&desk.config_file()), []).unwrap();
        let key = settings.site.signing_key().unwrap();
        let pool = Pool::new(&desk.database_url, 1).await.unwrap();
        let desk = deskgate::desk::Desk::new(settings, key, Renderer::load(None).unwrap());
        let mut conn = pool.get().await.unwrap();
        desk.fire_due(&mut conn, Timestamp::now()).await.unwrap();
    });
}

#[test]
fn a_warning_a_breach_and_each_step_come_once() {
    let shop = Shop::open(COMPLETE);
    let agent = &shop.desk.agent;
    shop.desk.set(1, &["--assignee", &agent.address]);
    shop.pass("2 hours");
    assert_eq!(shop.told(), [""; 0]);
    shop.pass("1 hour 5 minutes");
    assert_eq!(shop.told(), ["due-soon first-answer"]);
    assert_eq!((shop.notices(agent, "staff-due"), shop.notices(&shop.lead, "staff-due")), (1, 0));
    let pressing = shop.desk.json(&["ticket", "list", "--breaching", "--json"]);
    assert_eq!(pressing.as_array().unwrap().len(), 1);

    shop.pass("1 hour");
    assert_eq!(shop.told(), ["due-soon first-answer", "breached first-answer"]);
    assert_eq!((shop.notices(agent, "staff-breached"), shop.notices(&shop.lead, "staff-breached")), (1, 0));
    assert_eq!(shop.clock("first-answer")["state"], "breached");
    // The lead is next, then everybody who gets notices.
    shop.pass("1 hour");
    assert_eq!((shop.notices(agent, "staff-breached"), shop.notices(&shop.lead, "staff-breached")), (1, 1));
    shop.pass("1 hour");
    assert_eq!((shop.notices(agent, "staff-breached"), shop.notices(&shop.lead, "staff-breached")), (2, 1));

    // Late is kept, too, and ends it; but what was broken stays known.
    shop.desk.set(1, &["--status", "accepted", "--severity", "2"]);
    shop.pass("1 minute");
    assert_eq!(shop.clock("first-answer")["state"], "met-late");
    assert_eq!(shop.notices(agent, "staff-breached"), 2);
    assert_eq!(shop.desk.json(&["ticket", "list", "--breaching", "--json"]).as_array().unwrap().len(), 0);

    shop.desk.settled(1);
    let mail = shop.lead.wait_for_one();
    assert!(
        mail.subject().contains("First answer overdue") || mail.subject().contains("first answer overdue"),
        "{}",
        mail.subject()
    );
    assert!(mail.text().contains("JST"), "in the zone of the reader: {}", mail.text());
    assert!(mail.text().contains("Due:       First answer was due"), "{}", mail.text());
    assert_eq!(mail.header("Auto-Submitted").as_deref(), Some("auto-generated"));
}

#[test]
fn a_reply_that_asks_nothing_pauses_nothing_and_staff_can_say_that_they_wait() {
    let shop = Shop::open(COMPLETE);
    let agent = shop.desk.agent.address.clone();
    let waiting = || shop.desk.ticket(1)["waiting_on"] == "customer";
    let reply = |words: &str| {
        let ran = shop.desk.cli(&["ticket", "reply", "1", words, "--as", &agent]);
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    };
    reply("We look at it now.");
    assert!(!waiting());
    assert_eq!(shop.clock("resolution")["state"], "running");
    assert_eq!(
        shop.desk.set(1, &["--waits", "true"]),
        "Ticket 1: it waits for the customer, and the clocks pause. No mail is queued.\n"
    );
    assert!(waiting());
    assert_eq!(shop.clock("resolution")["state"], "paused");
    reply("Thank you.");
    assert!(waiting(), "words that ask nothing end no waiting either");
    shop.desk.set(1, &["--waits", "false"]);
    assert_eq!(shop.clock("resolution")["state"], "running");
}

#[test]
fn waiting_for_the_customer_pauses_the_fix_and_is_counted_apart() {
    let shop = Shop::open(LACKS_EXPECTED);
    let agent = shop.desk.agent.address.clone();
    shop.pass("2 hours");
    // The desk asked by itself: that is no answer.
    assert_eq!(shop.clock("first-answer")["state"], "running");
    assert_eq!(
        (shop.clock("resolution")["state"].as_str(), shop.hours("resolution", "paused_seconds")),
        (Some("paused"), 2.0)
    );
    assert!(shop.clock("resolution")["due_at"].is_null());

    shop.desk
        .set(1, &["--status", "accepted", "--reason", "Seen here, too.", "--severity", "2", "--as", &agent]);
    assert_eq!(shop.clock("first-answer")["state"], "met");
    shop.pass("3 hours");
    assert_eq!(shop.hours("resolution", "left_seconds"), 7.0, "it runs since nobody waits for Anna");
    let asked = shop.desk.cli(&["ticket", "reply", "1", "Which driver is it?", "--as", &agent]);
    assert_eq!(asked.code, Some(0), "{}", asked.stderr);
    shop.pass("40 hours");
    assert_eq!(
        (shop.hours("resolution", "left_seconds"), shop.hours("resolution", "paused_seconds")),
        (7.0, 42.0)
    );
    assert_eq!(shop.hours("next-update", "left_seconds"), 6.0);
    assert_eq!(shop.told(), [""; 0]);

    shop.desk.settled(1);
    let mails = shop.anna.wait_for("the reply", |all| all.len() == 3);
    shop.desk.receives(&Letter::reply(&shop.anna, &mails[2], "It is version 1.2."));
    shop.desk.settled(2);
    shop.pass("3 hours");
    assert_eq!(
        (shop.clock("resolution")["state"].as_str(), shop.hours("resolution", "left_seconds")),
        (Some("running"), 4.0)
    );
    assert_eq!(shop.told(), [""; 0]);
    shop.pass("1 hour 50 minutes");
    assert_eq!(shop.told(), ["due-soon next-update", "due-soon resolution"]);
    let shown = shop.desk.cli(&["ticket", "show", "1"]).stdout;
    assert!(shown.contains("waited for the customer 42 hours"), "{shown}");
    let explained = shop.desk.cli(&["ticket", "clocks", "1"]).stdout;
    assert!(explained.contains("severity 2, round the clock"), "{explained}");
    assert!(explained.contains("accepted, waiting for the customer"), "{explained}");

    // A word of ours begins the next update anew.
    shop.desk.set(1, &["--severity", "1", "--as", &agent]);
    shop.pass("1 minute");
    assert_eq!(shop.clock("next-update")["target_seconds"], 3600);
}

#[test]
fn another_severity_counts_from_the_start() {
    let shop = Shop::open(COMPLETE);
    shop.pass("2 hours");
    assert_eq!(shop.told(), [""; 0]);
    // Severity 1 wanted an answer within half an hour.
    shop.desk.set(1, &["--severity", "1"]);
    shop.pass("1 minute");
    assert_eq!(shop.told(), ["breached first-answer"]);
    assert_eq!(shop.clock("first-answer")["target_seconds"], 1800);
    // By the other policy nothing is over, and it is told anew when it is.
    shop.desk.set(1, &["--severity", "2", "--reason", "There is a workaround."]);
    shop.pass("1 minute");
    assert_eq!(shop.clock("first-answer")["state"], "running");
    shop.pass("2 hours");
    assert_eq!(shop.told(), ["breached first-answer", "breached first-answer"]);
}

#[test]
fn a_resolved_ticket_owes_nothing_and_a_reopened_one_begins_anew() {
    let shop = Shop::open(COMPLETE);
    shop.desk.set(1, &["--status", "accepted", "--severity", "2"]);
    shop.pass("2 hours");
    shop.desk.set(1, &["--status", "resolved"]);
    shop.pass("50 hours");
    assert_eq!((shop.told(), shop.clock("resolution")["state"].as_str()), (vec![], Some("met")));
    assert_eq!(shop.clock("next-update"), Value::Null);
    // The fix fails: the clock goes on where it stood.
    shop.desk.set(1, &["--status", "accepted"]);
    shop.pass("1 hour");
    assert_eq!(
        (shop.hours("resolution", "left_seconds"), shop.hours("resolution", "paused_seconds")),
        (7.0, 50.0)
    );
    for status in ["resolved", "verified", "closed", "accepted"] {
        shop.desk.set(1, &["--status", status]);
    }
    shop.pass("1 hour");
    assert_eq!(
        (shop.hours("first-answer", "left_seconds"), shop.hours("resolution", "left_seconds")),
        (3.0, 9.0)
    );
}

#[test]
fn another_configuration_counts_from_the_next_start() {
    let mut shop = Shop::open(COMPLETE);
    shop.pass("2 hours");
    assert_eq!(shop.hours("first-answer", "left_seconds"), 2.0);
    shop.desk.stop();
    let config = fs::read_to_string(shop.desk.config_file()).unwrap();
    let stricter = config.replace("first_answer = \"4h\"", "first_answer = \"1h\"");
    assert_ne!(config, stricter);
    write(&shop.desk.config_file(), &stricter);
    shop.desk.run();
    wait_for("what is over by the new target", || (shop.told() == ["breached first-answer"]).then_some(()));
    assert_eq!(shop.desk.sql("select target_seconds from clocks where goal = 'first-answer'"), "3600");
}

#[test]
fn a_promise_that_is_new_counts_for_tickets_whose_other_promises_are_kept() {
    let mut desk = Desk::prepare()
        .with("[[severity.policy]]\nnumber = 2\ncalendar = \"always\"\nnext_update = \"none\"");
    desk.run();
    desk.receives(&Letter::new(&desk.customer("anna").address, "Printer gives blank pages", COMPLETE));
    desk.settled(1);
    desk.set(1, &["--status", "accepted", "--severity", "2"]);
    let kept = "select count(*) from clocks where met_at is not null";
    wait_for("the answer to be kept", || (desk.sql(kept) == "1").then_some(()));
    desk.stop();
    older(&desk, "2 hours", "true");
    let config = fs::read_to_string(desk.config_file()).unwrap();
    write(
        &desk.config_file(),
        &config.replace("next_update = \"none\"", "next_update = \"none\"\nresolution = \"1h\""),
    );
    desk.run();
    let told = "select count(*) from journal where event = 'breached' and detail ->> 'clock' = 'resolution'";
    wait_for("the new promise", || (desk.sql(told) == "1").then_some(()));
}

fn write(file: &Path, text: &str) {
    fs::write(file, text).unwrap();
}

#[test]
fn the_customer_reads_what_a_severity_promises_in_their_language() {
    let shop = Shop::open(COMPLETE);
    shop.desk.set(1, &["--status", "accepted", "--severity", "2"]);
    shop.desk.set(1, &["--severity", "1"]);
    shop.desk.settled(1);
    let mails = shop.anna.wait_for("three mails", |all| all.len() == 3);
    assert!(
        mails[1].text().contains("we never leave you without news for more than 6 hours."),
        "{}",
        mails[1].text()
    );
    assert!(mails[1].text().contains("a fix for you to try within 10 hours."), "{}", mails[1].text());
    assert!(mails[2].text().contains("for more than 1 hour."), "{}", mails[2].text());
}
