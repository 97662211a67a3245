//! A site with statuses of its own: a whole life by mail and command line, and what is told of mistakes.

use crate::{
    first_mail::COMPLETE,
    helpers::{Desk, Letter, postbox::Received, program::SMALLEST, run_program, servers::http_answer},
    stakeholders::digests_are_due,
    status_page::page_of,
};

/// Resolved is called "in-test"; "in-work" and "shipped" are added; only leads decline.
const OWN: &str = r#"
[[status]]
name = "new"
means = "new"
[[status]]
name = "accepted"
means = "accepted"
[[status]]
name = "in-work"
means = "accepted"
label = "In work"
[[status]]
name = "in-test"
means = "resolved"
label = "In test"
[[status]]
name = "verified"
means = "verified"
[[status]]
name = "shipped"
means = "verified"
label = "Shipped"
[[status]]
name = "closed"
means = "closed"

[[transition]]
from = "new"
to = "accepted"
[[transition]]
from = "accepted"
to = "in-work"
[[transition]]
from = "in-work"
to = "in-test"
[[transition]]
from = "in-test"
to = "verified"
[[transition]]
from = ["in-test", "verified"]
to = "in-work"
[[transition]]
from = "verified"
to = "shipped"
by = ["staff"]
[[transition]]
from = "shipped"
to = "closed"
[[transition]]
from = ["new", "accepted", "in-work"]
to = "closed"
[[transition]]
from = "closed"
to = "accepted"
"#;

fn transcripts(desk: &Desk, count: usize) -> Vec<Received> {
    let is_one = |mail: &&Received| mail.text().contains("What became of your commands");
    let mails = desk.agent.wait_for("the transcripts", |mails| mails.iter().filter(is_one).count() == count);
    mails.into_iter().filter(|mail| is_one(&mail)).collect()
}

#[test]
fn a_ticket_lives_its_life_in_the_sites_own_statuses() {
    let desk = Desk::prepare();
    let boss = desk.mailbox("boss", "desk.test");
    let stakeholder = format!("[[stakeholder]]\nemail = \"{}\"\nwants = [\"all\"]\n", boss.address);
    let mut desk = desk.with(&format!("{stakeholder}{OWN}"));
    desk.run();
    let anna = desk.customer("anna");
    desk.receives(&Letter::new(&anna.address, "Printer", COMPLETE));
    let notice = desk.agent.wait_for_one();
    assert!(notice.text().contains("Status:    new"), "{}", notice.text());

    let words =
        "#accept\n#status in-test\n#status in-work\n#status shiped\n#resolve Please try driver 1.2.\n";
    desk.receives(&Letter::reply(&desk.agent, &notice, words));
    let text = transcripts(&desk, 1).remove(0).text();
    for line in [
        "> #accept\nDone: status is accepted",
        "> #status in-test\nNOT done: a ticket that is accepted cannot become in-test; from accepted it can become \
         in-work or closed",
        "> #status in-work\nDone: status is In work",
        "> #status shiped\nNOT done: there is no status `shiped`; did you mean `shipped`?",
        "> #resolve Please try driver 1.2.\nDone: status is In test",
    ] {
        assert!(
            text.replace("\n    ", " ").contains(line) || text.contains(line),
            "{line} is not in\n{text}"
        );
    }
    let ticket = desk.ticket(1);
    assert_eq!(
        (&ticket["status"], &ticket["status_name"], &ticket["status_label"], &ticket["waiting_on"]),
        (&"resolved".into(), &"in-test".into(), &"In test".into(), &"customer".into())
    );
    anna.wait_for("the word about the fix", |mails| mails.iter().any(|m| m.text().contains("driver 1.2")));

    // It fails in test and goes back to work, and out again, by the command line.
    let said = desk.set(1, &["--status", "in-work", "--reason", "Blank pages again."]);
    assert!(said.contains("status is In work"), "{said}");
    assert_eq!(desk.ticket(1)["status"], "accepted");
    for (status, listed) in [("in-work", 1), ("accepted", 0), ("resolved", 0)] {
        let list = desk.json(&["ticket", "list", "--json", "--status", status]);
        assert_eq!(list.as_array().unwrap().len(), listed, "{status}");
    }
    let list = desk.cli(&["ticket", "list", "--status", "in-work"]).stdout;
    assert!(list.contains("In work"), "{list}");
    for status in ["in-test", "verified", "shipped"] {
        desk.set(1, &["--status", status]);
    }
    assert!(desk.cli(&["ticket", "show", "1"]).stdout.contains("  Shipped, "));
    let said = desk.set(1, &["--status", "closed"]);
    assert!(said.contains("status is closed"), "{said}");
    assert_eq!(desk.ticket(1)["closed_as"], "done");

    // A late word of the customer's opens it again, in the first status that means accepted.
    let closing = anna.wait_for("the closing", |mails| {
        mails.iter().filter(|mail| mail.header("In-Reply-To").is_some()).count() >= 5
    });
    desk.receives(&Letter::reply(&anna, closing.last().unwrap(), "It happens again.\n"));
    desk.settled(3);
    let ticket = desk.ticket(1);
    assert_eq!(
        (&ticket["status_name"], &ticket["closed_as"]),
        (&"accepted".into(), &serde_json::Value::Null)
    );
    assert_eq!(
        desk.notices_to(&anna.address),
        ["acknowledged", "accepted", "resolved", "resolved", "closed", "reopened"]
    );
    let names = "select string_agg(coalesce(detail->>'name', detail->>'to'), ' ' order by id) from journal \
                 where event = 'status'";
    assert_eq!(desk.sql(names), "accepted in-work in-test in-work in-test verified shipped closed accepted");
    let told = boss.wait_for("all changes", |mails| mails.iter().any(|mail| mail.text().contains("Shipped")));
    assert!(told.iter().any(|mail| mail.text().contains("In work")), "stakeholders read the site's words");
}

#[test]
fn where_silence_leads_nowhere_nobody_is_told_that_it_counts() {
    let own = OWN.replace("to = \"verified\"\n", "to = \"verified\"\nby = [\"staff\", \"requester\"]\n");
    let mut desk = Desk::prepare().with(&own);
    desk.run();
    let anna = desk.customer("anna");
    desk.receives(&Letter::new(&anna.address, "Printer", COMPLETE));
    desk.settled(1);
    for status in ["accepted", "in-work", "in-test"] {
        desk.set(1, &["--status", status]);
    }
    let asked = anna.wait_for_mails(3).remove(2).text();
    assert!(!asked.contains("We wait for your answer until"), "{asked}");
    assert_eq!(desk.sql("select count(*) from timers where kind ~ '^(trial|last-look)'"), "0");
}

#[test]
fn a_yes_closes_where_nothing_is_verified_and_silence_counts_only_where_the_workflow_says_so() {
    let own = OWN.replace(
        "from = \"in-test\"\nto = \"verified\"\n",
        "from = \"in-test\"\nto = \"verified\"\nby = [\"staff\"]\n[[transition]]\nfrom = \"in-test\"\nto = \"closed\"\nby = [\"requester\"]\n",
    );
    let mut desk = Desk::prepare().with(&own);
    desk.run();
    let anna = desk.customer("anna");
    desk.receives(&Letter::new(&anna.address, "Printer", COMPLETE));
    desk.settled(1);
    for status in ["accepted", "in-work", "in-test"] {
        desk.set(1, &["--status", status]);
    }
    let asked = anna.wait_for_mails(3).remove(2);
    assert!(!asked.text().contains("We wait for your answer until"), "{}", asked.text());
    assert_eq!(desk.count("timers where kind ~ '^trial'"), 0);
    desk.receives(&Letter::reply(&anna, &asked, "It works, thanks!\n"));
    desk.settled(2);
    assert_eq!(desk.ticket(1)["status"], "closed");
    assert_eq!(desk.outcomes(), ["opened", "joined"]);
}

#[test]
fn a_word_that_the_workflow_leaves_to_staff_is_read_by_staff() {
    let own = OWN.replace(
        "from = [\"in-test\", \"verified\"]\nto = \"in-work\"\n",
        "from = [\"in-test\"]\nto = \"in-work\"\n[[transition]]\nfrom = \"verified\"\nto = \"in-work\"\nby = [\"staff\"]\n",
    );
    let mut desk = Desk::prepare().with(&own);
    desk.run();
    let anna = desk.customer("anna");
    desk.receives(&Letter::new(&anna.address, "Printer", COMPLETE));
    desk.settled(1);
    for status in ["accepted", "in-work", "in-test", "verified"] {
        desk.set(1, &["--status", status]);
    }
    let asked = anna.wait_for_mails(3).remove(2);
    desk.receives(&Letter::reply(&anna, &asked, "It still fails.\n"));
    desk.settled(2);
    assert_eq!(desk.outcomes(), ["opened", "joined"]);
    assert_eq!(desk.ticket(1)["status"], "verified");
    desk.agent
        .wait_for("her words", |mails| mails.iter().any(|mail| mail.text().contains("It still fails.")));
}

#[test]
fn customers_read_the_sites_own_status_in_their_language_and_digests_its_label() {
    let own = OWN.replace("label = \"In test\"", "label = \"In test\"\nlabels = { de = \"Im Test\" }");
    let desk = Desk::prepare().with(&own);
    let boss = desk.mailbox("boss", "desk.test");
    let boss_wants = format!("[[stakeholder]]\nemail = \"{}\"\nwants = [\"digest\"]\n", boss.address);
    let desk = desk
        .configured("base_url = \"http://127.0.0.1", "base_url = \"https://desk.example.org")
        .with(&boss_wants);
    let mut desk = desk;
    desk.run();
    let anna = desk.customer("anna");
    let words =
        "Guten Tag, seit gestern druckt der Drucker im Büro nur leere Seiten, obwohl genug Tinte da ist.\n";
    desk.receives(&Letter::new(&anna.address, "Drucker druckt leere Seiten", words));
    desk.settled(1);
    for status in ["accepted", "in-work", "in-test"] {
        desk.set(1, &["--status", status, "--reason", "klar"]);
    }
    let mails = anna.wait_for("the word about the fix", |mails| {
        mails.iter().any(|mail| mail.text().contains("Aktueller Stand: Im Test"))
    });
    let fix = mails.iter().find(|mail| mail.text().contains("Im Test")).unwrap();
    assert!(fix.html().contains("Aktueller Stand: Im Test"), "{}", fix.html());
    let page = http_answer(desk.web, &page_of(fix)).unwrap();
    assert!(page.contains("<strong>Im Test</strong>") && page.contains(">Im Test</li>"), "{page}");

    digests_are_due(&desk);
    let digest = boss.wait_for_one().text();
    assert!(digest.contains("opened; new → accepted → In work → In test"), "{digest}");
    // In the next stretch of time it begins where it stood.
    desk.set(1, &["--status", "in-work", "--reason", "leere Seiten"]);
    digests_are_due(&desk);
    let digest = boss.wait_for_mails(2).remove(1).text();
    assert!(digest.contains("In test → In work"), "{digest}");
}

#[test]
fn where_the_workflow_opens_nothing_again_a_late_word_becomes_a_new_ticket() {
    let own = OWN.replace(
        "from = \"closed\"\nto = \"accepted\"\n",
        "from = \"closed\"\nto = \"accepted\"\nby = [\"lead\"]\n",
    );
    let mut desk = Desk::prepare().with(&own);
    desk.run();
    let anna = desk.customer("anna");
    desk.receives(&Letter::new(&anna.address, "Printer", COMPLETE));
    desk.settled(1);
    desk.set(1, &["--status", "closed"]);
    let closing = anna.wait_for_mails(2).remove(1);
    desk.receives(&Letter::reply(&anna, &closing, "It happens again.\n"));
    desk.settled(2);
    assert_eq!(desk.ticket(1)["status"], "closed");
    assert_eq!(desk.ticket(2)["follow_up_of"], 1);
    // Nobody is named lead, so the only agent leads.
    desk.set(1, &["--status", "accepted"]);
    assert_eq!(desk.ticket(1)["status"], "accepted");
}

#[test]
fn a_status_that_went_out_of_the_configuration_stands_for_the_first_of_its_meaning() {
    let mut desk = Desk::prepare().with(OWN);
    desk.run();
    desk.receives(&Letter::new(&desk.customer("anna").address, "Printer", COMPLETE));
    desk.settled(1);
    desk.set(1, &["--status", "accepted"]);
    desk.set(1, &["--status", "in-work"]);
    desk.stop();
    let mut desk = desk.configured(OWN, "");
    desk.run();
    assert_eq!(desk.ticket(1)["status_name"], "accepted");
    let list = desk.json(&["ticket", "list", "--json", "--status", "accepted"]);
    assert_eq!(list.as_array().unwrap().len(), 1);
    desk.set(1, &["--status", "resolved"]);
    assert_eq!(desk.ticket(1)["status_name"], "resolved");
}

#[test]
fn a_dead_end_is_refused_at_start_and_by_check_with_its_sentence() {
    let parked = "[[status]]\nname = \"parked\"\nmeans = \"accepted\"\n[[transition]]\nfrom = \"in-work\"\nto = \"parked\"\n";
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("deskgate.toml");
    std::fs::write(&path, format!("{SMALLEST}{OWN}{parked}")).unwrap();
    let sentence = "a ticket that is `parked` can never be closed: no transitions lead from there to a status that means \
                    \"closed\"; add one with from = \"parked\"";
    let line =
        std::fs::read_to_string(&path).unwrap().lines().position(|line| line == "name = \"parked\"").unwrap()
            + 1;
    for (command, tells_on) in [("run", "stderr"), ("check", "stdout")] {
        let ran = run_program(&["--config", path.to_str().unwrap(), command], &[], b"");
        assert_eq!(ran.code, Some(1), "{command}");
        let told = if tells_on == "stderr" { &ran.stderr } else { &ran.stdout };
        assert!(told.contains(sentence), "{command}: {told}");
        assert!(told.contains(&format!("deskgate.toml:{line}: ")), "{command}: {told}");
        assert!(told.contains("1 thing to mend"), "{command}: {told}");
    }
}

#[test]
fn the_workflow_in_force_is_shown_as_a_table_as_json_and_as_a_graph() {
    let dir = tempfile::tempdir().unwrap();
    let shown = |rows: &str, words: &[&str]| {
        let path = dir.path().join("deskgate.toml");
        std::fs::write(&path, format!("{SMALLEST}{rows}")).unwrap();
        let ran = run_program(&[&["--config", path.to_str().unwrap(), "workflow"], words].concat(), &[], b"");
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        ran.stdout
    };
    let table = shown("", &[]);
    let cells = |line: &str| {
        line.split("  ").map(str::trim).filter(|it| !it.is_empty()).collect::<Vec<_>>().join(" | ")
    };
    assert_eq!(
        table.lines().map(cells).collect::<Vec<_>>(),
        [
            "status | means | people read",
            "new | new | new",
            "accepted | accepted | accepted",
            "resolved | resolved | resolved",
            "verified | verified | verified",
            "closed | closed | closed",
            "",
            "from | to | by | needs | mails",
            "new | accepted | staff | a complete report or a reason | accepted, stakeholder-update",
            "accepted | resolved | staff | – | resolved, stakeholder-update",
            "resolved | verified | staff, requester, silence | – | stakeholder-update",
            "verified | closed (done) | staff, requester, silence | – | closed, stakeholder-update",
            "resolved | accepted | staff, requester, participant | – | staff-reopened, stakeholder-update",
            "verified | accepted | staff, requester, participant | – | staff-reopened, stakeholder-update",
            "new | closed (answered, duplicate, declined) | staff | – | closed, stakeholder-update",
            "accepted | closed (answered, duplicate, declined) | staff | – | closed, stakeholder-update",
            "closed | accepted | staff, requester, participant | – | reopened, staff-reopened, stakeholder-update",
        ]
    );
    let starts: Vec<_> = table.lines().filter_map(|line| line.find("staff, requester")).collect();
    assert!(starts.windows(2).all(|pair| pair[0] == pair[1]), "columns stand below each other:\n{table}");
    let json: serde_json::Value = serde_json::from_str(&shown(OWN, &["--json"])).unwrap();
    let in_test = &json["statuses"][3];
    assert_eq!(
        (&in_test["name"], &in_test["means"], &in_test["label"]),
        (&"in-test".into(), &"resolved".into(), &"In test".into())
    );
    assert_eq!(json["transitions"][3]["by"], serde_json::json!(["staff", "requester", "silence"]));
    let dot = shown(OWN, &["--dot"]);
    assert!(
        dot.starts_with("digraph workflow {")
            && dot.contains("\"verified\" -> \"shipped\" [label=\"staff\"];"),
        "{dot}"
    );
}
