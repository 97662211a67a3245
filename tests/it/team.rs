//! Who gets which ticket, who is away, what a sprint may cost, and what comes next.

use serde_json::Value;

use crate::{
    first_mail::COMPLETE,
    helpers::{Desk, Letter, Postbox, postbox::Received, wait_for},
};

const FAIR: &str = "[assignment]\nmode = \"fair\"\n";
const SPRINTS: &str = "[sprint]\nstarts = \"2020-01-06\"\nsev2_budget = \"10h\"\nmaintenance = \"60%\"\n";

/// A desk, not running yet, with one more member of staff for each name.
fn team(names: &[&str], tables: &str) -> (Desk, Vec<Postbox>) {
    let desk = Desk::prepare();
    let people: Vec<Postbox> = names.iter().map(|name| desk.mailbox(name, "desk.test")).collect();
    let staff: String = names
        .iter()
        .zip(&people)
        .map(|(name, mailbox)| format!("[[staff]]\nname = \"{name}\"\nemail = \"{}\"\n", mailbox.address))
        .collect();
    (desk.with(&format!("{tables}{staff}")), people)
}

fn write(desk: &Desk, name: &str, subject: &str) {
    desk.receives(&Letter::new(&desk.customer(name).address, subject, COMPLETE));
}

/// How many tickets each has who has any, by address.
fn counts(desk: &Desk) -> Vec<(String, usize)> {
    let rows = desk.sql(
        "select address, count(*) from tickets join people on people.id = assignee_id group by 1 order by 1",
    );
    let row = |line: &str| {
        let (address, count) = line.split_once('|').unwrap();
        (address.to_owned(), count.parse().unwrap())
    };
    rows.lines().map(row).collect()
}

fn assignee(desk: &Desk, ticket: u32) -> String {
    desk.ticket(ticket)["assignee"].as_str().unwrap_or_default().to_owned()
}

fn ran(desk: &Desk, words: &[&str]) -> String {
    let ran = desk.cli(words);
    assert_eq!(ran.code, Some(0), "{words:?}: {}", ran.stderr);
    ran.stdout
}

fn arrived(mailbox: &Postbox, subject: &str) -> Received {
    let is_it = |mail: &Received| mail.subject().contains(subject);
    let mails = mailbox.wait_for(subject, |mails| mails.iter().any(is_it));
    mails.into_iter().rfind(is_it).unwrap()
}

#[test]
fn ten_mails_are_given_to_three_people_fairly_by_two_nodes_and_each_hears_of_their_own() {
    let (mut desk, people) = team(&["bob", "carol"], FAIR);
    desk.run();
    desk.run_beside();
    for number in 0..10 {
        write(&desk, &format!("customer{number}"), &format!("Printer {number}"));
    }
    desk.settled(10);

    let mut given: Vec<usize> = counts(&desk).into_iter().map(|(_, count)| count).collect();
    given.sort_unstable();
    assert_eq!(given, [3, 3, 4]);
    for mailbox in people.iter().chain([&desk.agent]) {
        let has = counts(&desk).into_iter().find(|(address, _)| *address == mailbox.address).unwrap().1;
        assert_eq!(desk.notices_to(&mailbox.address), vec!["staff-new"; has]);
    }
    let text = people[0].wait_for_mails(3)[0].text();
    assert!(text.contains("A new ticket, and it is yours"), "{text}");
    assert!(text.contains("Assignee:  bob (has "), "{text}");
}

#[test]
fn who_is_away_gets_nothing_and_who_watches_hears_of_all() {
    let (mut desk, people) = team(&["bob", "carol"], FAIR);
    desk = desk.configured("role = \"agent\"", "role = \"agent\"\ncapacity = 0\nwatch = true");
    let bob = people[0].address.clone();
    let told = ran(&desk, &["staff", "away", &bob, "2020-01-01..2099-12-31"]);
    assert_eq!(told, format!("{bob} is away from 2020-01-01 to 2099-12-31.\n"));
    desk.run();
    for name in ["anna", "ben", "cleo", "dan"] {
        write(&desk, name, "Printer");
    }
    desk.settled(4);
    assert_eq!(counts(&desk), [(people[1].address.clone(), 4)]);
    assert_eq!(desk.notices_to(&desk.agent.address), ["staff-new"; 4]);
    assert!(desk.notices_to(&bob).is_empty());
    let listed = desk.json(&["staff", "list", "--json"]);
    let away: Vec<&Value> = listed.as_array().unwrap().iter().map(|each| &each["away"]).collect();
    assert_eq!(away, [false, true, false]);
    assert_eq!(listed[2]["open"], 4);

    ran(&desk, &["staff", "back", &bob]);
    write(&desk, "eva", "Printer");
    desk.settled(5);
    assert_eq!(assignee(&desk, 5), bob);
    assert_eq!(desk.cli(&["staff", "back", &bob]).code, Some(1));
}

#[test]
fn who_goes_away_by_mail_hands_their_tickets_to_a_lead_who_gives_them_out_by_reply() {
    let (mut desk, people) = team(&["bob", "carol"], FAIR);
    desk = desk.configured("role = \"agent\"", "role = \"lead\"\ncapacity = 0");
    ran(&desk, &["staff", "away", &people[1].address]);
    desk.run();
    write(&desk, "anna", "Printer");
    write(&desk, "ben", "Scanner");
    desk.settled(2);
    let (bob, carol) = (&people[0], &people[1]);
    assert_eq!(counts(&desk), [(bob.address.clone(), 2)]);
    ran(&desk, &["staff", "back", &carol.address]);

    let notice = bob.wait_for_mails(2).remove(0);
    desk.receives(&Letter::reply(bob, &notice, "#away\n#work 1h 30m feature a new cart\n"));
    let is_one = |mail: &Received| mail.text().contains("What became of your commands");
    let mails = bob.wait_for("the transcript", |mails| mails.iter().any(is_one));
    let transcript = mails.iter().find(|mail| is_one(mail)).unwrap().text();
    assert!(transcript.contains(&format!("Done: {} is away from ", bob.address)), "{transcript}");
    assert!(transcript.contains("Done: 1h 30m of feature written down"), "{transcript}");

    let list = arrived(&desk.agent, "bob is away, and has 2 open tickets");
    let text = list.text();
    assert!(text.contains("1. DG-1  ") && text.contains("2. DG-2  "), "{text}");
    desk.receives(&Letter::reply(&desk.agent, &list, "#assign auto\n"));
    wait_for("the tickets to be carol's", || (counts(&desk) == [(carol.address.clone(), 2)]).then_some(()));
    let answer = arrived(&desk.agent, "What became of your answer").text();
    assert!(answer.contains(&format!("DG-1: assigned to {}", carol.address)), "{answer}");
    assert_eq!(desk.outcomes().last().map(String::as_str), Some("answer"));
    assert_eq!(desk.notices_to(&carol.address), ["staff-assigned"; 2]);
}

#[test]
fn an_answer_to_the_list_of_one_leaves_the_tickets_of_others_who_are_away_alone() {
    let (mut desk, people) = team(&["bob", "carol", "dora"], FAIR);
    desk = desk.configured("role = \"agent\"", "role = \"lead\"\ncapacity = 0");
    desk.run();
    let [bob, carol, dora] = [0, 1, 2].map(|at: usize| people[at].address.clone());
    for (number, (name, who)) in (1..).zip([("anna", &bob), ("ben", &carol)]) {
        write(&desk, name, "Printer");
        desk.settled(number);
        desk.set(u32::try_from(number).unwrap(), &["--assignee", who]);
    }
    ran(&desk, &["staff", "away", &carol]);
    arrived(&desk.agent, "carol is away");
    ran(&desk, &["staff", "away", &bob]);
    let list = arrived(&desk.agent, "bob is away");
    desk.receives(&Letter::reply(&desk.agent, &list, "#assign auto\n"));
    let answer = arrived(&desk.agent, "What became of your answer").text();
    assert!(answer.contains(&format!("DG-1: assigned to {dora}")), "{answer}");
    assert_eq!((assignee(&desk, 1), assignee(&desk, 2)), (dora, carol));

    ran(&desk, &["staff", "back", &bob]);
    desk.receives(&Letter::reply(&desk.agent, &list, "#assign auto\n"));
    desk.agent.wait_for("the second answer", |mails| {
        mails.iter().any(|mail| mail.text().contains("is back, or has no open ticket"))
    });
}

#[test]
fn where_nobody_can_be_assigned_staff_hear_once_and_the_ticket_waits_for_somebody() {
    let (mut desk, people) = team(&["bob"], FAIR);
    desk = desk.configured("role = \"agent\"", "role = \"agent\"\ncapacity = 0");
    ran(&desk, &["staff", "away", &people[0].address]);
    desk.run();
    write(&desk, "anna", "Printer");
    write(&desk, "ben", "Scanner");
    desk.settled(2);
    let why = "Support Agent has 0 of 0 tickets; bob is away";
    assert_eq!(desk.ticket(1)["unassigned_because"], why);
    let notices = desk.notices_to(&desk.agent.address);
    assert_eq!(notices.iter().filter(|notice| *notice == "staff-alarm").count(), 1, "{notices:?}");
    let alarm = arrived(&desk.agent, "Nobody could be assigned").text();
    assert!(alarm.contains("bob is away"), "{alarm}");
    let refused = desk.cli(&["ticket", "set", "1", "--assignee", "auto"]);
    assert!(refused.stderr.contains("nobody can be assigned to ticket 1"), "{}", refused.stderr);
    assert!(ran(&desk, &["ticket", "show", "1"]).contains(&format!("assigned to nobody: {why}")));

    desk.set(1, &["--assignee", &desk.agent.address]);
    assert_eq!(desk.ticket(1)["unassigned_because"], Value::Null);
    ran(&desk, &["staff", "back", &people[0].address]);
    desk.sql("update timers set due_at = now() where kind = 'assign'");
    wait_for("somebody for ticket 2", || (assignee(&desk, 2) == people[0].address).then_some(()));
    let is_it = |mail: &Received| mail.text().contains("This ticket is yours now");
    people[0].wait_for("that it is theirs", |mails| mails.iter().any(is_it));
}

#[test]
fn two_teams_work_by_queues_and_the_level_moves_a_ticket() {
    let (desk, people) = team(&["bob"], FAIR);
    let (agent, bob) = (desk.agent.address.clone(), people[0].address.clone());
    let mut desk = desk.with(&format!(
        "[[queue]]\nname = \"maintenance\"\nlevels = [1, 2]\nmembers = [\"{agent}\"]\n\
         [[queue]]\nname = \"development\"\nlevels = [3]\nmembers = [\"{bob}\"]\n"
    ));
    desk.run();
    write(&desk, "anna", "Printer");
    desk.settled(1);
    assert_eq!((desk.ticket(1)["queue"].as_str(), assignee(&desk, 1)), (Some("maintenance"), agent.clone()));
    assert!(desk.notices_to(&bob).is_empty());

    let told = desk.set(1, &["--level", "3"]);
    assert!(told.contains(&format!("queue is development, assigned to {bob} (has 0 open")), "{told}");
    assert_eq!(desk.notices_to(&bob), ["staff-assigned"]);
    desk.set(1, &["--queue", "Maintenance"]);
    assert_eq!(assignee(&desk, 1), agent);
    let refused = desk.cli(&["ticket", "set", "1", "--queue", "sales"]);
    assert!(refused.stderr.contains("no [[queue]] is called sales; there are maintenance, development"));
    let listed = desk.json(&["ticket", "list", "--queue", "maintenance", "--json"]);
    assert_eq!(listed.as_array().unwrap().len(), 1);

    let notice = desk.agent.wait_for_mails(1).remove(0);
    desk.receives(&Letter::reply(&desk.agent, &notice, "#queue development\n"));
    wait_for("the other queue", || (assignee(&desk, 1) == bob).then_some(()));
}

#[test]
fn only_whose_turn_it_is_gets_tickets() {
    let (desk, people) = team(&["bob"], "");
    let members = format!("[\"{}\", \"{}\"]", desk.agent.address, people[0].address);
    let mut desk = desk.with(&format!(
        "{FAIR}rota = \"week\"\n[[rota]]\nname = \"week\"\nmembers = {members}\nfrom = \"2020-01-06\"\n"
    ));
    desk.run();
    let duty = desk.json(&["staff", "duty", "--json"]);
    let on_duty = duty[0]["on_duty"][0].as_str().unwrap().to_owned();
    assert_ne!(duty[0]["next"]["to"][0], on_duty);
    write(&desk, "anna", "Printer");
    write(&desk, "ben", "Scanner");
    desk.settled(2);
    assert_eq!(counts(&desk), [(on_duty, 2)]);
    let first = desk.json(&["staff", "duty", "--at", "2020-01-07T00:00:00Z", "--json"]);
    assert_eq!(first[0]["on_duty"][0], desk.agent.address);
}

#[test]
fn candidates_for_a_sprint_say_how_many_customers_and_links_each_has() {
    let (mut desk, _) = team(&[], SPRINTS);
    desk.run();
    for (number, name) in (1..).zip(["anna", "ben", "cleo", "dan"]) {
        write(&desk, name, &format!("Printer {name}"));
        desk.settled(number);
    }
    for ticket in [1, 3] {
        desk.set(ticket, &["--severity", "3"]);
    }
    desk.set(2, &["--duplicate-of", "3"]);
    desk.set(3, &["--add-participant", &desk.customer("dan").address]);
    ran(&desk, &["ticket", "merge", "4", "3"]);
    ran(&desk, &["ticket", "link", "3", "1"]);
    let sprint = desk.json(&["sprint", "--json"]);
    let figures = |place: usize| {
        let candidate = &sprint["candidates"][place];
        ["id", "customers", "links"].map(|key| candidate[key].as_i64().unwrap())
    };
    assert_eq!((figures(0), figures(1)), ([3, 3, 1], [1, 1, 1]));
    let told = ran(&desk, &["sprint"]);
    assert!(told.contains("1. DG-3     Printer cleo  (customers: 3, links: 1)"), "{told}");
}

#[test]
fn who_comes_on_duty_hears_what_is_open_and_who_had_it() {
    let (desk, people) = team(&["bob"], "");
    let members = format!("[\"{}\", \"{}\"]", desk.agent.address, people[0].address);
    let mut desk =
        desk.with(&format!("[[rota]]\nname = \"week\"\nmembers = {members}\nfrom = \"2020-01-06\"\n"));
    desk.run();
    let duty = desk.json(&["staff", "duty", "--json"])[0]["on_duty"][0].as_str().unwrap().to_owned();
    let (comes, goes) =
        if duty == people[0].address { (&people[0], &desk.agent) } else { (&desk.agent, &people[0]) };
    write(&desk, "anna", "Printer");
    write(&desk, "ben", "Scanner");
    desk.settled(2);
    desk.set(1, &["--assignee", &goes.address, "--severity", "2"]);

    // It was due while the program did not run, and weeks ago; a time at which this rota hands nothing over is none.
    let due = |when: &str| {
        desk.sql(&format!("insert into timers (kind, subject, due_at, detail) values ('handover', 'week {when}', now(), '{{}}')"));
    };
    due("2100-01-04T09:00:00Z");
    due("2020-01-13T09:00:00Z");
    let text = arrived(comes, "You are on duty: week").text();
    assert!(
        text.contains("It is your turn in week until ") && text.contains("Until now it was the turn of "),
        "{text}"
    );
    assert!(text.contains("1. DG-1  Printer\n   new · severity 2 · ") && text.contains(" has it"), "{text}");
    assert!(!text.contains("DG-2"), "{text}");
    wait_for("both timers", || {
        (desk.sql("select count(*) from timers where kind = 'handover'") == "1").then_some(())
    });
    assert!(desk.sql("select 1 from timers where kind = 'handover' and due_at > now()") == "1");
    let told = |mailbox: &Postbox| {
        desk.notices_to(&mailbox.address).iter().filter(|notice| *notice == "staff-handover").count()
    };
    assert_eq!((told(comes), told(goes)), (1, 0));

    let list = arrived(comes, "You are on duty");
    desk.receives(&Letter::reply(comes, &list, &format!("#assign auto\n#assign 1 {}\n", comes.address)));
    wait_for("the new assignee", || (assignee(&desk, 1) == comes.address).then_some(()));
    let answer = arrived(comes, "What became of your answer").text();
    assert!(answer.contains("name the ticket"), "{answer}");

    let handed = desk.json(&["staff", "handover", "--json"]);
    assert_eq!(
        (&handed["told"][0], &handed["before"][0]),
        (&comes.address.clone().into(), &goes.address.clone().into())
    );
    assert_eq!((&handed["tickets"], told(comes)), (&0.into(), 2));
    ran(&desk, &["staff", "away", &comes.address]);
    ran(&desk, &["staff", "handover", "week"]);
    let text = arrived(goes, "Nobody is there for the turn in week").text();
    assert!(text.contains("nobody of them is there"), "{text}");
}

#[test]
fn a_share_of_the_work_is_less_while_somebody_is_away() {
    let (desk, people) = team(&["bob"], &SPRINTS.replace("10h", "20%"));
    let minutes = || desk.json(&["sprint", "--sprint", "1", "--json"])["sev2_budget"]["minutes"].clone();
    assert_eq!(minutes(), 2 * 10 * 8 * 60 / 5);
    ran(&desk, &["staff", "away", &people[0].address, "2020-01-06..2099-12-31"]);
    assert_eq!(minutes(), 10 * 8 * 60 / 5);
}

#[test]
fn leads_hear_when_the_budget_for_severity_2_runs_out_once_at_each_step() {
    let (mut desk, people) = team(&["bob"], SPRINTS);
    desk = desk.configured("role = \"agent\"", "role = \"lead\"");
    desk.run();
    write(&desk, "anna", "Printer");
    desk.settled(1);
    desk.set(1, &["--severity", "2"]);
    let alarms = |desk: &Desk| {
        desk.notices_to(&desk.agent.address).iter().filter(|notice| *notice == "staff-alarm").count()
    };
    for (time, told) in [("7h", 0), ("1h", 1), ("30m", 1), ("2h", 2), ("1h", 2)] {
        ran(&desk, &["work", "add", time, "the driver", "--ticket", "1", "--as", &people[0].address]);
        assert_eq!(alarms(&desk), told, "after {time}");
    }
    assert!(desk.notices_to(&people[0].address).iter().all(|notice| notice != "staff-alarm"));
    let text = arrived(&desk.agent, "The budget for severity 2").text();
    assert!(text.contains("10h 30m of 10h"), "{text}");
    let sprint = desk.json(&["sprint", "--json"]);
    assert_eq!(sprint["sev2_budget"], serde_json::json!({ "minutes": 600, "spent": 690, "left": -90 }));
    assert!(ran(&desk, &["sprint"]).contains("severity 2: 11h 30m of 10h (115%), 1h 30m too much"));
}

#[test]
fn the_report_counts_what_each_did() {
    let (mut desk, people) = team(&["bob"], SPRINTS);
    let bob = people[0].address.clone();
    desk.run();
    write(&desk, "anna", "Printer");
    desk.settled(1);
    desk.set(1, &["--status", "accepted", "--severity", "3", "--assignee", &bob]);
    desk.set(1, &["--status", "resolved"]);
    ran(&desk, &["work", "add", "3h", "--ticket", "1", "--as", &bob]);
    ran(&desk, &["work", "add", "1h", "the new search", "--kind", "feature", "--as", &bob]);
    ran(&desk, &["work", "add", "2h", "--kind", "feature", "--as", &desk.agent.address]);
    let report = desk.json(&["report", "balance", "--json"]);
    let row = |address: &str| {
        let rows = report["rows"].as_array().unwrap();
        rows.iter().find(|row| row["address"] == address).unwrap().clone()
    };
    let figures = |row: Value| {
        ["maintenance_minutes", "feature_minutes", "maintenance_percent", "resolved", "over"]
            .map(|key| row[key].clone())
    };
    assert_eq!(figures(row(&bob)), [180.into(), 60.into(), 75.into(), 1.into(), Value::Bool(true)]);
    let agent = figures(row(&desk.agent.address));
    assert_eq!(agent, [0.into(), 120.into(), 0.into(), 0.into(), Value::Bool(false)]);
    let told = ran(&desk, &["report", "balance"]);
    assert!(told.contains("75%") && told.contains("more maintenance than planned"), "{told}");
    let empty = desk.json(&["report", "balance", "--sprint", "1", "--json"]);
    assert!(empty["rows"].as_array().unwrap().iter().all(|row| row["feature_minutes"] == 0));
    assert_eq!(desk.cli(&["work", "add", "2d"]).code, Some(2));
}

#[test]
fn product_owners_are_asked_each_week_and_order_the_next_sprint_by_reply() {
    let (desk, _) = team(&[], SPRINTS);
    let eva = desk.mailbox("eva", "desk.test");
    let mut desk =
        desk.with(&format!("[[stakeholder]]\nemail = \"{}\"\nproduct_owner = true\n", eva.address));
    desk.run();
    for (number, name) in (1..).zip(["anna", "ben", "cleo"]) {
        write(&desk, name, &format!("Printer {name}"));
        desk.settled(number);
        desk.set(u32::try_from(number).unwrap(), &["--severity", "3"]);
    }
    wait_for("the weekly timer", || {
        (desk.sql("select 1 from timers where kind = 'sprint-order'") == "1").then_some(())
    });
    desk.sql("update timers set due_at = now() where kind = 'sprint-order'");
    let list = arrived(&eva, "What comes in sprint");
    let text = list.text();
    assert!(text.contains("1. DG-1  Printer anna") && text.contains("3. DG-3  Printer cleo"), "{text}");
    assert!(list.header("Auto-Submitted").is_some());

    let before = eva.mails().len();
    desk.receives(&Letter::reply(&eva, &list, "Hello,\n\n1. DG-3\n2. DG-1\n#drop DG-2\nDG-99 too\n\nEva\n"));
    let answer = eva.wait_for_mails(before + 1).remove(before).text();
    assert!(answer.contains("1. DG-3  Printer cleo") && answer.contains("2. DG-1  Printer anna"), "{answer}");
    assert!(
        answer.contains("Not in this sprint: DG-2.") && answer.contains("Not understood: DG-99 too"),
        "{answer}"
    );
    let order = |desk: &Desk| -> Vec<i64> {
        let sprint = desk.json(&["sprint", "--json"]);
        sprint["candidates"].as_array().unwrap().iter().map(|each| each["id"].as_i64().unwrap()).collect()
    };
    assert_eq!(order(&desk), [3, 1]);
    assert_eq!(desk.count("tickets"), 3, "the answer opens no ticket");

    // Somebody else who has the mail orders nothing.
    let mut stranger = Letter::reply(&desk.agent, &list, "1. DG-1\n");
    stranger = stranger.with("From", &desk.agent.address);
    desk.receives(&stranger);
    desk.settled(5);
    assert_eq!(order(&desk), [3, 1]);
}

#[test]
fn the_weekly_question_moves_with_the_configuration() {
    let (mut desk, _) = team(&[], SPRINTS);
    desk.run();
    let asked = |desk: &Desk| {
        wait_for("the weekly timer", || {
            let due = desk.sql("select extract(isodow from due_at) from timers where kind = 'sprint-order'");
            (!due.is_empty()).then_some(due)
        })
    };
    assert_eq!(asked(&desk), "4");
    desk.stop();
    let mut desk = desk.configured("[sprint]\n", "[sprint]\nasked_on = \"tue\"\n");
    desk.run();
    wait_for("the new day", || (asked(&desk) == "2").then_some(()));
    assert_eq!(desk.count("timers where kind = 'sprint-order'"), 1);
}

#[test]
fn a_place_means_the_ticket_that_stood_there_when_the_list_was_sent() {
    let (desk, _) = team(&[], SPRINTS);
    let eva = desk.mailbox("eva", "desk.test");
    let mut desk =
        desk.with(&format!("[[stakeholder]]\nemail = \"{}\"\nproduct_owner = true\n", eva.address));
    desk.run();
    for (number, severity) in [(1, "2"), (2, "3"), (3, "3"), (4, "3"), (5, "3")] {
        write(&desk, &format!("customer{number}"), "Printer");
        desk.settled(number);
        desk.set(u32::try_from(number).unwrap(), &["--severity", severity]);
    }
    desk.set(5, &["--duplicate-of", "4"]);
    ran(&desk, &["sprint", "ask"]);
    let list = arrived(&eva, "What comes in sprint");
    let text = list.text();
    let (first, others) = text.split_once("2. DG-2  ").unwrap_or_else(|| panic!("{text}"));
    assert!(first.contains("1. DG-4  ") && first.contains("2 customers"), "{text}");
    assert!(others.contains("3. DG-3  ") && !others.contains("customers"), "{text}");
    desk.set(2, &["--status", "closed", "--closed-as", "declined", "--reason", "It is meant to be so."]);

    let before = eva.mails().len();
    desk.receives(&Letter::reply(&eva, &list, "3, 2, 1\n"));
    let answer = eva.wait_for_mails(before + 1).remove(before).text();
    assert!(answer.contains("1. DG-3  ") && answer.contains("2. DG-4  "), "{answer}");
    assert!(answer.contains("No longer waiting to be planned: DG-2."), "{answer}");
}

#[test]
fn a_place_means_the_list_that_its_author_read_and_what_was_dropped_comes_back() {
    let (desk, _) = team(&[], SPRINTS);
    let [eva, olga] = ["eva", "olga"].map(|name| desk.mailbox(name, "desk.test"));
    let owner =
        |who: &Postbox| format!("[[stakeholder]]\nemail = \"{}\"\nproduct_owner = true\n", who.address);
    let mut desk = desk.with(&format!("{}{}", owner(&eva), owner(&olga)));
    desk.run();
    // The numbers are no places: only 11 to 14 wait to be planned.
    write(&desk, "anna", "Printer");
    desk.settled(1);
    desk.sql("alter sequence tickets_id_seq restart with 11");
    for (mails, number) in (2..).zip(11..=14) {
        write(&desk, &format!("customer{number}"), "Printer");
        desk.settled(mails);
        desk.set(number, &["--severity", "3"]);
    }
    ran(&desk, &["sprint", "ask"]);
    let list = "What comes in sprint";
    let (evas, olgas) = (arrived(&eva, list), arrived(&olga, list));
    let answered = |who: &Postbox, mail: &Received, words: &str| {
        let before = who.mails().len();
        desk.receives(&Letter::reply(who, mail, words));
        who.wait_for_mails(before + 1).remove(before).text()
    };
    let order = |text: &str| {
        let line = |line: &str| line.trim().split_once(". DG-")?.1.get(..2)?.parse().ok();
        text.lines().filter_map(line).collect::<Vec<u32>>()
    };

    assert_eq!(order(&answered(&eva, &evas, "4 3\n")), [14, 13, 11, 12]);
    // Hers still begins with 11.
    assert_eq!(order(&answered(&olga, &olgas, "2 1\n")), [12, 11, 14, 13]);

    let dropped = answered(&eva, &evas, "#drop DG-13\n");
    assert_eq!(order(&dropped), [12, 11, 14]);
    assert!(dropped.contains("Not in this sprint: DG-13. #top DG-13 takes that back."), "{dropped}");
    let named = answered(&olga, &olgas, "DG-13, DG-14\n");
    assert_eq!(order(&named), [14, 12, 11]);
    assert!(named.contains("Not in this sprint: DG-13."), "{named}");
    let back = answered(&eva, &evas, "#top DG-13\n");
    assert_eq!(order(&back), [13, 14, 12, 11]);
    assert!(!back.contains("Not in this sprint"), "{back}");
}

#[test]
fn many_that_find_nobody_do_not_keep_others_from_being_found_somebody() {
    let (desk, people) = team(&["bob"], FAIR);
    let (agent, bob) = (desk.agent.address.clone(), people[0].address.clone());
    let mut desk = desk.with(&format!(
        "[[queue]]\nname = \"one\"\nlevels = [1]\nmembers = [\"{agent}\"]\n\
         [[queue]]\nname = \"three\"\nlevels = [3]\nmembers = [\"{bob}\"]\n"
    ));
    for who in [&agent, &bob] {
        ran(&desk, &["staff", "away", who]);
    }
    desk.run();
    write(&desk, "anna", "Printer");
    desk.settled(1);
    let copies = "insert into tickets (mailbox_id, subject, status, queue, source, language, created_at, changed_at) \
                  select mailbox_id, subject, status, queue, source, language, created_at, changed_at \
                  from tickets, generate_series(1, 120)";
    desk.sql(copies);
    desk.sql("insert into unassigned select id, 'Support Agent is away', now() from tickets where id > 1");
    desk.sql("update tickets set queue = 'three' where id = 121");
    // Nothing can be sent about one of them.
    desk.sql("insert into mailboxes (name, source, address) values ('gone', '', 'gone@desk.test')");
    desk.sql("update tickets set queue = 'three', mailbox_id = (select id from mailboxes where name = 'gone') where id = 120");
    ran(&desk, &["staff", "back", &bob]);
    desk.sql("update timers set due_at = now() where kind = 'assign'");
    wait_for("somebody for both", || (counts(&desk) == [(bob.clone(), 2)]).then_some(()));
    assert_eq!(assignee(&desk, 121), bob);
}
