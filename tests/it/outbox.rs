//! Mails on their way out: servers that are away, servers that refuse.

use crate::{
    first_mail::COMPLETE,
    helpers::{Desk, Letter, Manner, PostOffice, Relay, Wire, wait_for},
};

/// A desk whose way out is a wire.
fn desk_behind(wire: &Wire) -> Desk {
    let smtp = format!("smtp = {{ host = \"127.0.0.1\", port = {}", PostOffice::start().smtp);
    let through = format!("smtp = {{ host = \"127.0.0.1\", port = {}", wire.port);
    let mut desk = Desk::prepare().configured(&smtp, &through);
    desk.run();
    desk
}

#[test]
fn mail_waits_for_a_server_that_is_away_and_leaves_once_when_it_is_back() {
    let wire = Wire::to(PostOffice::start().smtp);
    wire.cut();
    let desk = desk_behind(&wire);
    let anna = desk.customer("anna");
    desk.receives(&Letter::new(&anna.address, "Printer", COMPLETE));
    wait_for("a first try", || (desk.count("send_pauses where deferrals >= 3") == 1).then_some(()));
    assert_eq!(desk.ticket(1)["status"], "new", "the ticket does not wait");
    let waiting = desk.json(&["outbox", "list", "--state", "waiting", "--json"]);
    let waiting = waiting.as_array().unwrap();
    assert_eq!(waiting.len(), 2);
    for line in waiting {
        let why = line["waits_for"].as_str().unwrap();
        assert!(why.starts_with("the mail server takes nothing: cannot reach"), "{why}");
        assert!(line["next_try_at"].as_str().unwrap() > line["created_at"].as_str().unwrap(), "{line}");
    }
    let message_id = desk.sql("select header_id from outbox where notice = 'acknowledged'");

    let health = desk.get("/healthz");
    assert!(
        health.0 == 503 && health.1.contains("takes no mail, and what is to be sent waits"),
        "{health:?}"
    );

    // Nobody says so to the desk: it looks again within seconds.
    wire.mend();
    desk.settled(1);
    let answer = anna.wait_for_one();
    assert_eq!(answer.message_id(), format!("<{message_id}>"), "fixed before the first try");
    assert_eq!(anna.mails().len(), 1);
    assert_eq!(desk.sql("select max(attempts) from outbox"), "1", "what was never offered was not tried");
    assert_eq!(desk.count("send_pauses"), 0);
}

/// A desk that only delivers, by a server of the test's own.
fn courier(relay: &Relay, smtp: &str, tables: &str) -> Desk {
    let own = format!("smtp = {{ host = \"127.0.0.1\", port = {}", PostOffice::start().smtp);
    let other = format!("smtp = {{ host = \"127.0.0.1\", port = {}{smtp}", relay.port);
    let mut desk = Desk::prepare().configured(&own, &other).with(tables);
    assert_eq!(desk.cli(&["outbox", "list"]).code, Some(0), "it migrates");
    desk.sql("insert into mailboxes (name, source, address) values ('support', '', 'support@desk.test')");
    desk.run_roles("deliver,clock,web");
    desk.wait_for_health(200);
    desk
}

/// Queues so many mails of one notice, each about a ticket of its own.
fn queue(desk: &Desk, many: usize, notice: &str, domain: &str) {
    desk.sql(&format!(
        "with opened as (insert into tickets (mailbox_id, subject, source, language, created_at, changed_at) \
         select 1, 'x', 'customer', 'en', now(), now() from generate_series(1, {many}) returning id) \
         insert into outbox (mailbox_id, ticket_id, notice, automatic, recipient, envelope_from, header_id, bytes, due_at, created_at) \
         select 1, id, '{notice}', '{notice}' <> 'correspondence', 'c' || id || '@{domain}', 'support@desk.test', id || '@desk.test', \
         convert_to('Message-ID: <' || id || '@desk.test>' || E'\\r\\n\\r\\nHello\\r\\n', 'UTF8'), now(), now() from opened; \
         select pg_notify('deskgate_outbox', '')"
    ));
}

fn sent(desk: &Desk, domain: &str) -> usize {
    desk.count(&format!("outbox where state = 'sent' and recipient like '%@{domain}'"))
}

fn all_sent(desk: &Desk, domain: &str, many: usize) {
    wait_for(&format!("{many} mails to {domain}"), || (sent(desk, domain) == many).then_some(()));
}

/// Waits for the pause of a domain, which then does not end by itself.
fn pause_stays(desk: &Desk, domain: &str) {
    wait_for("the pause", || {
        (desk.count(&format!("send_pauses where domain = '{domain}'")) == 1).then_some(())
    });
    desk.sql(&format!("update send_pauses set until = now() + interval '1 hour' where domain = '{domain}'"));
}

/// The pause of a domain ends now.
fn pause_ends(desk: &Desk, domain: &str) {
    desk.sql(&format!("update send_pauses set until = now() where domain = '{domain}'"));
    desk.sql("select pg_notify('deskgate_outbox', '')");
}

#[test]
fn a_domain_that_defers_pauses_as_a_whole_and_delays_no_other() {
    let relay = Relay::start();
    relay.treats("@slow.test", Manner::Say("451 4.7.1 greylisted, come back later"));
    let mut desk = courier(&relay, "", "");
    queue(&desk, 20, "accepted", "slow.test");
    pause_stays(&desk, "slow.test");
    queue(&desk, 20, "accepted", "customer.test");
    all_sent(&desk, "customer.test", 20);
    wait_for("all are handed back", || {
        (desk.count("outbox where leased_until is not null") == 0).then_some(())
    });
    // Those that were on their way at the same moment, and no more.
    let tried = relay.tried("@slow.test");
    assert!((1..=3).contains(&tried), "{tried} were tried");
    let list = desk.json(&["outbox", "list", "--state", "waiting", "--json"]);
    let why = list[0]["waits_for"].as_str().unwrap();
    assert_eq!(
        (list.as_array().unwrap().len(), why),
        (20, "its domain defers mail: 451 4.7.1 greylisted, come back later")
    );

    // A restart knows of it, and new mail to it waits with the others.
    desk.stop();
    desk.run_roles("deliver,clock,web");
    queue(&desk, 5, "accepted", "slow.test");
    queue(&desk, 5, "accepted", "customer.test");
    all_sent(&desk, "customer.test", 25);
    assert_eq!(relay.tried("@slow.test"), tried);

    // After a pause one mail goes first, and the next pause is longer.
    pause_ends(&desk, "slow.test");
    wait_for("a second pause", || (desk.count("send_pauses where deferrals = 2") == 1).then_some(()));
    assert_eq!(relay.tried("@slow.test"), tried + 1);

    relay.treats("@slow.test", Manner::Take);
    desk.sql("update outbox set due_at = now() where state = 'waiting'");
    pause_ends(&desk, "slow.test");
    all_sent(&desk, "slow.test", 25);
    assert_eq!(desk.count("send_pauses"), 0);
    assert_eq!(relay.took("@slow.test"), 25, "each once");
    assert_eq!(relay.took("@customer.test"), 25);
}

#[test]
fn one_refused_or_full_mailbox_is_no_trouble_of_its_domain() {
    let relay = Relay::start();
    let desk = courier(&relay, "", "");
    relay.treats("c1@customer.test", Manner::Say("550 5.1.1 no such user"));
    relay.treats("c2@customer.test", Manner::Say("452 4.2.2 mailbox full"));
    queue(&desk, 12, "accepted", "customer.test");
    all_sent(&desk, "customer.test", 10);
    assert_eq!(desk.sql("select state from outbox where recipient = 'c1@customer.test'"), "failed");
    assert_eq!(desk.sql("select state from outbox where recipient = 'c2@customer.test'"), "waiting");
    assert_eq!(desk.count("send_pauses"), 0);
}

#[test]
fn a_tarpit_for_one_domain_delays_no_other() {
    let relay = Relay::start();
    relay.treats("@tarpit.test", Manner::Stall);
    let desk = courier(&relay, "", "");
    queue(&desk, 300, "accepted", "tarpit.test");
    wait_for("the tarpit", || (relay.tried("@tarpit.test") >= 3).then_some(()));
    queue(&desk, 300, "accepted", "customer.test");
    all_sent(&desk, "customer.test", 300);
    // It still stalls: three of the four connections wait there, and will for a minute.
    assert_eq!(relay.tried("@tarpit.test"), 3);
    assert_eq!(desk.count("outbox where recipient like '%tarpit.test' and last_reply is not null"), 0);
}

#[test]
fn silence_pauses_the_domain_and_hands_the_others_back() {
    let relay = Relay::start();
    relay.treats("@tarpit.test", Manner::Stall);
    let desk = courier(&relay, ", timeout = \"3s\"", "");
    queue(&desk, 30, "accepted", "tarpit.test");
    pause_stays(&desk, "tarpit.test");
    wait_for("all are handed back", || {
        (desk.count("outbox where leased_until is not null") == 0).then_some(())
    });
    assert_eq!(relay.tried("@tarpit.test"), 3);
    assert_eq!(
        desk.sql("select count(*), sum(attempts) from outbox"),
        "30|3",
        "what was not tried does not count"
    );
}

#[test]
fn a_mail_that_somebody_took_over_is_not_overwritten() {
    let relay = Relay::start();
    relay.treats("@tarpit.test", Manner::Stall);
    let desk = courier(&relay, ", timeout = \"3s\"", "");
    queue(&desk, 1, "accepted", "tarpit.test");
    wait_for("the mail is under way", || (relay.tried("@tarpit.test") == 1).then_some(()));
    desk.sql("update outbox set leased_by = 'another:1:x', leased_until = now() + interval '10 minutes'");
    wait_for("the silence is noticed", || (desk.count("send_pauses") == 1).then_some(()));
    let row = desk.sql("select leased_by, leased_until > now(), attempts, last_reply is null from outbox");
    assert_eq!(row, "another:1:x|t|1|t");
}

#[test]
fn many_mails_that_fail_are_told_in_a_few_words() {
    let relay = Relay::start();
    relay.treats("@gone.test", Manner::Say("550 5.1.2 no such domain"));
    let desk = courier(&relay, "", "");
    queue(&desk, 60, "accepted", "gone.test");
    wait_for("all failed", || (desk.count("journal where event = 'undeliverable'") == 60).then_some(()));
    wait_for("all is told", || (desk.count("outbox where state = 'waiting'") == 0).then_some(()));
    let told = desk.notices_to(&desk.agent.address);
    assert_eq!(told.iter().filter(|notice| *notice == "staff-undeliverable").count(), 20);
    assert_eq!(told.iter().filter(|notice| *notice == "staff-alarm").count(), 1, "{told:?}");
    // Another mail about a ticket that was told already.
    desk.sql("update outbox set state = 'waiting' where id = (select min(id) from outbox)");
    wait_for("one more", || (desk.count("journal where event = 'undeliverable'") == 61).then_some(()));
    assert_eq!(desk.notices_to(&desk.agent.address).len(), 21);
}

#[test]
fn the_desk_as_a_whole_sends_so_many_an_hour_and_holds_the_rest_back() {
    let relay = Relay::start();
    let mut desk = courier(&relay, "", "[limits]\nautomatic_per_hour = 5");
    queue(&desk, 12, "accepted", "customer.test");
    queue(&desk, 3, "correspondence", "person.test");
    all_sent(&desk, "person.test", 3);
    all_sent(&desk, "customer.test", 5);
    wait_for("staff are told", || (desk.notices_to(&desk.agent.address) == ["staff-alarm"]).then_some(()));
    let list = desk.json(&["outbox", "list", "--state", "waiting", "--json"]);
    let held = |line: &&serde_json::Value| line["waits_for"].as_str().unwrap().starts_with("held back");
    assert_eq!(list.as_array().unwrap().iter().filter(held).count(), 7, "{list}");

    desk.kill();
    desk.run_roles("deliver,clock,web");
    queue(&desk, 2, "correspondence", "person.test");
    all_sent(&desk, "person.test", 5);
    assert_eq!((relay.took("@customer.test"), desk.notices_to(&desk.agent.address).len()), (5, 1));

    desk.sql("update sent_minutes set minute = minute - interval '61 minutes'");
    desk.sql("select pg_notify('deskgate_outbox', '')");
    all_sent(&desk, "customer.test", 10);
    assert_eq!(relay.took("@customer.test"), 10, "and then as many again");
}

#[test]
fn a_mail_that_is_refused_for_good_fails_and_staff_hear_of_it() {
    let desk = Desk::start();
    // Postfix relays to domains for tests only.
    let letter = Letter::new("eve@nowhere.invalid", "Printer", COMPLETE);
    desk.receives_judged(&letter, Some("dmarc=pass header.from=nowhere.invalid"));

    desk.settled(1);
    let failed = desk.json(&["outbox", "list", "--state", "failed", "--json"]);
    assert_eq!(failed.as_array().unwrap().len(), 1);
    assert_eq!((&failed[0]["notice"], &failed[0]["attempts"]), (&"acknowledged".into(), &1.into()));
    assert!(failed[0]["last_reply"].as_str().unwrap().starts_with("554 5.7.1"), "{failed}");
    assert_eq!(desk.notices_to(&desk.agent.address), ["staff-new", "staff-undeliverable"]);
    let told = desk.agent.wait_for_mails(2).remove(1).text();
    assert!(told.contains("eve@nowhere.invalid") && told.contains("5.7.1"), "{told}");
    assert_eq!(desk.sql("select event from journal where event = 'undeliverable'"), "undeliverable");
    assert_eq!(desk.count("tickets"), 1, "no bounce ticket");
}

#[test]
fn one_refused_recipient_does_not_hold_up_the_others() {
    let desk = Desk::start();
    let anna = desk.customer("anna");
    desk.receives(&Letter::new(&anna.address, "Printer", COMPLETE).with("Cc", "eve@nowhere.invalid"));
    desk.settled(1);
    desk.set(1, &["--status", "accepted"]);
    desk.settled(1);
    anna.wait_for_mails(2);
    assert_eq!(desk.sql("select state from outbox where recipient = 'eve@nowhere.invalid'"), "failed");
}

#[test]
fn a_failed_mail_can_be_sent_again_and_a_sent_one_cannot() {
    let desk = Desk::start();
    let letter = Letter::new("eve@nowhere.invalid", "Printer", COMPLETE);
    desk.receives_judged(&letter, Some("dmarc=pass header.from=nowhere.invalid"));
    desk.settled(1);
    let id = desk.sql("select id from outbox where state = 'failed'");
    assert_eq!(desk.cli(&["outbox", "retry", &id]).code, Some(0));
    wait_for("a second refusal", || (desk.count("journal where event = 'undeliverable'") == 2).then_some(()));
    assert_eq!(desk.sql("select id from outbox where state = 'failed'"), id);
    let sent = desk.sql("select min(id) from outbox where state = 'sent'");
    let ran = desk.cli(&["outbox", "retry", &sent]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.stdout.contains("was sent or withdrawn already"), "{}", ran.stdout);
    assert_eq!(desk.cli(&["outbox", "retry", "999"]).code, Some(1));
}

#[test]
fn the_list_names_every_mail_its_ticket_and_what_the_server_said() {
    let desk = Desk::start();
    let anna = desk.customer("anna");
    desk.receives(&Letter::new(&anna.address, "Printer", COMPLETE));
    desk.settled(1);
    let list = desk.json(&["outbox", "list", "--json"]);
    let line = list.as_array().unwrap().iter().find(|line| line["recipient"] == anna.address).unwrap();
    for key in [
        "id",
        "ticket",
        "notice",
        "recipient",
        "message_id",
        "state",
        "attempts",
        "due_at",
        "last_reply",
        "bounced_at",
        "created_at",
        "sent_at",
    ] {
        assert!(line.get(key).is_some(), "{key} is missing in {line}");
    }
    assert_eq!((&line["state"], &line["ticket"]), (&"sent".into(), &1.into()));
    assert!(line["last_reply"].as_str().unwrap().starts_with("250 "));
    let told = desk.cli(&["outbox", "list", "--limit", "1"]).stdout;
    assert_eq!(told.lines().count(), 1, "{told}");
}

#[test]
fn domains_with_nothing_due_keep_no_other_waiting() {
    let relay = Relay::start();
    let desk = courier(&relay, "", "");
    desk.sql(
        "insert into send_pauses (mailbox, domain, deferrals, until, reply) \
         select 'support', 'd' || n || '.test', 1, now() + interval '1 hour', '450 later' from generate_series(1, 20) n \
         union all select 'support', 'zz.test', 1, now() + interval '1 hour', '450 later'",
    );
    (1..=20).for_each(|n| queue(&desk, 1, "accepted", &format!("d{n}.test")));
    queue(&desk, 1, "accepted", "zz.test");
    desk.sql("update outbox set due_at = now() + interval '1 hour' where recipient not like '%@zz.test'");
    desk.sql("update send_pauses set until = now()");
    desk.sql("select pg_notify('deskgate_outbox', '')");
    all_sent(&desk, "zz.test", 1);
    assert_eq!(desk.count("send_pauses"), 20, "those for which mails wait stay");
    desk.sql("delete from outbox where recipient like '%@d1.test'");
    wait_for("the pause for which nothing waits ends", || (desk.count("send_pauses") == 19).then_some(()));
}

#[test]
fn a_server_that_was_away_is_asked_again_while_a_tarpit_stalls() {
    let relay = Relay::start();
    relay.treats("@tarpit.test", Manner::Stall);
    let desk = courier(&relay, ", timeout = \"300s\"", "");
    queue(&desk, 2, "accepted", "tarpit.test");
    wait_for("the tarpit", || (relay.tried("@tarpit.test") == 2).then_some(()));
    relay.treats("@busy.test", Manner::Say("421 later"));
    queue(&desk, 1, "correspondence", "busy.test");
    pause_stays(&desk, "");
    relay.treats("@busy.test", Manner::Take);
    queue(&desk, 1, "accepted", "tarpit.test");
    queue(&desk, 5, "accepted", "customer.test");
    desk.sql("update outbox set due_at = now() - interval '1 minute' where attempts = 0 and recipient like '%tarpit.test'");
    pause_ends(&desk, "");
    all_sent(&desk, "customer.test", 5);
    assert_eq!(desk.count("outbox where recipient like '%tarpit.test' and last_reply is not null"), 0);
}

#[test]
fn a_reply_does_not_wait_for_a_mail_that_is_held_back() {
    let relay = Relay::start();
    let desk = courier(&relay, "", "[limits]\nautomatic_per_hour = 1");
    queue(&desk, 1, "accepted", "customer.test");
    all_sent(&desk, "customer.test", 1);
    desk.sql(
        "insert into outbox (mailbox_id, ticket_id, notice, automatic, recipient, envelope_from, header_id, bytes, due_at, created_at) \
         select 1, 1, notice, notice <> 'correspondence', 'c1@person.test', 'support@desk.test', notice || n || '@desk.test', \
         convert_to('Message-ID: <' || notice || E'@desk.test>\\r\\n\\r\\nHello\\r\\n', 'UTF8'), now(), now() \
         from (values (1, 'accepted'), (2, 'correspondence'), (3, 'resolved')) as mails (n, notice) order by n; \
         select pg_notify('deskgate_outbox', '')",
    );
    all_sent(&desk, "person.test", 1);
    let states = desk.sql("select string_agg(state, ' ' order by id) from outbox where ticket_id = 1");
    assert_eq!(states, "sent waiting sent waiting");
    let id = desk.sql("select min(id) from outbox where state = 'waiting'");
    let ran = desk.cli(&["outbox", "retry", &id]);
    assert!(ran.stdout.contains("held back"), "{}", ran.stdout);
}

#[test]
fn the_list_says_that_a_mail_comes_after_another() {
    let relay = Relay::start();
    let desk = courier(&relay, "", "");
    relay.treats("@customer.test", Manner::Say("452 4.2.2 full"));
    queue(&desk, 1, "correspondence", "customer.test");
    wait_for("the deferral", || (desk.count("outbox where last_reply is not null") == 1).then_some(()));
    desk.sql(
        "insert into outbox (mailbox_id, ticket_id, notice, automatic, recipient, envelope_from, header_id, bytes, due_at, created_at) \
         select mailbox_id, ticket_id, notice, automatic, recipient, envelope_from, 'later@desk.test', bytes, now(), now() from outbox",
    );
    let list = desk.json(&["outbox", "list", "--json"]);
    assert!(list[0]["waits_for"].as_str().unwrap().contains("after an earlier mail"), "{list}");
}

#[test]
fn a_connection_that_breaks_while_staff_are_told_loses_no_word_of_it() {
    let relay = Relay::start();
    relay.treats("@gone.test", Manner::Say("550 5.1.1 no such user"));
    let desk = courier(&relay, "", "");
    desk.sql(
        "create sequence once; \
         create function break_once() returns trigger language plpgsql as $$ begin \
         if nextval('once') = 1 then perform pg_terminate_backend(pg_backend_pid()); end if; return new; end $$; \
         create trigger break_once before insert on alarms for each row execute function break_once()",
    );
    queue(&desk, 1, "accepted", "gone.test");
    wait_for("staff are told", || {
        (desk.notices_to(&desk.agent.address) == ["staff-undeliverable"]).then_some(())
    });
    assert_eq!(desk.count("journal where event = 'undeliverable'"), 1);
    assert_eq!(desk.sql("select last_value > 1 from once"), "t", "it did break");
}

#[test]
fn a_node_that_was_taken_for_dead_sends_nothing_more_of_what_it_leased() {
    let relay = Relay::start();
    relay.treats("@tarpit.test", Manner::Stall);
    let desk = courier(&relay, ", connections = 1, timeout = \"10s\"", "");
    queue(&desk, 1, "accepted", "tarpit.test");
    wait_for("the tarpit", || (relay.tried("@tarpit.test") == 1).then_some(()));
    queue(&desk, 5, "accepted", "customer.test");
    let on_lease = "outbox where leased_until is not null";
    wait_for("the mails behind it are on lease", || (desk.count(on_lease) == 6).then_some(()));
    // As another node does that buries it and goes on.
    desk.sql("delete from nodes; update outbox set leased_by = 'another:1:x', leased_until = now() + interval '10 minutes'");
    wait_for("its word", || desk.log().contains("took this one for dead").then_some(()));
    queue(&desk, 1, "accepted", "later.test");
    all_sent(&desk, "later.test", 1);
    assert_eq!(relay.took("@customer.test"), 0, "they came first, and are somebody else's");
}
