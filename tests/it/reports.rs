//! Reports: the figures of a week that is told in `reports/story.sql`, and who may read them.

use std::{
    io::{Read, Write},
    net::TcpStream,
};

use crate::{
    first_mail::COMPLETE,
    helpers::{Desk, Letter, servers::http_get, wait_for},
};

const SPRINTS: &str = "[sprint]\nstarts = \"2020-01-06\"\nsev2_budget = \"10h\"\nmaintenance = \"60%\"\n";
const WEEK: [&str; 4] = ["--from", "2026-03-02", "--to", "2026-03-08"];

/// A desk, not running, with the story in its database.
fn told() -> Desk {
    let desk = Desk::prepare().with(SPRINTS);
    assert_eq!(desk.cli(&["migrate"]).code, Some(0));
    desk.sql(&include_str!("reports/story.sql").replace("{agent}", &desk.agent.address));
    desk
}

/// A table as CSV, without its heading.
fn rows(desk: &Desk, name: &str, words: &[&str]) -> Vec<String> {
    let ran = desk.cli(&[&["report", name, "--csv"], words].concat());
    assert_eq!(ran.code, Some(0), "{name}: {}", ran.stderr);
    ran.stdout.lines().skip(1).map(str::to_owned).collect()
}

#[test]
fn every_figure_of_a_week_is_the_one_that_was_counted_by_hand() {
    let desk = told();
    for (name, want) in [
        // Day, opened, reopened, closed, open at its end. One was open before; spam does not count.
        (
            "open-over-time",
            vec![
                "2026-03-02,1,0,0,2",
                "2026-03-03,1,0,1,2",
                "2026-03-04,0,0,1,1",
                "2026-03-05,0,1,0,2",
                "2026-03-06,1,0,0,3",
                "2026-03-07,0,0,0,3",
                "2026-03-08,0,0,0,3",
            ],
        ),
        // Today two are open, one of severity 2 and one of severity 3, both from spring.
        (
            "open-by-age",
            vec![
                "Severity 1,0,0,0,0,0",
                "Severity 2,0,0,0,1,1",
                "Severity 3,0,0,0,1,1",
                "Not rated,0,0,0,0,0",
            ],
        ),
        // Done, promised, late, in time in percent, median, 9 of 10, waiting median, waiting 9 of 10, in time.
        (
            "first-answer",
            vec![
                "2026-03-02,1,1,0,100.0,0.33,0.33,0.00,0.00,1",
                "2026-03-03,1,1,1,0.0,6.00,6.00,1.00,1.00,0",
                "2026-03-04,0,0,0,,,,,,0",
                "2026-03-05,1,1,0,100.0,1.00,1.00,0.00,0.00,1",
                "2026-03-06,1,1,0,100.0,2.00,2.00,0.50,0.50,1",
                "2026-03-07,0,0,0,,,,,,0",
                "2026-03-08,0,0,0,,,,,,0",
            ],
        ),
        // The whole week first, then its days; of severity 3 there were two, after one and two hours.
        (
            "first-answer-by-severity",
            vec![
                "1,2026-03-02,2026-03-08,1,1,0,100.0,0.33,0.33,0.00,0.00,1",
                "1,2026-03-02,2026-03-02,1,1,0,100.0,0.33,0.33,0.00,0.00,1",
                "2,2026-03-02,2026-03-08,1,1,1,0.0,6.00,6.00,1.00,1.00,0",
                "2,2026-03-03,2026-03-03,1,1,1,0.0,6.00,6.00,1.00,1.00,0",
                "3,2026-03-02,2026-03-08,2,2,0,100.0,1.00,2.00,0.00,0.50,2",
                "3,2026-03-05,2026-03-05,1,1,0,100.0,1.00,1.00,0.00,0.00,1",
                "3,2026-03-06,2026-03-06,1,1,0,100.0,2.00,2.00,0.50,0.50,1",
            ],
        ),
        // Nothing was promised for the one resolution: ten hours of ours, sixteen of the customer's.
        (
            "resolution-by-severity",
            vec![
                "1,2026-03-02,2026-03-08,1,0,0,,10.00,10.00,16.00,16.00,0",
                "1,2026-03-03,2026-03-03,1,0,0,,10.00,10.00,16.00,16.00,0",
            ],
        ),
        // A subject that a spreadsheet would compute is guarded. The answer took two hours too long.
        (
            "late",
            vec![
                "DG-2,\"'=1+1, \"\"quoted\"\"\",Resolution,2,2026-03-04T09:00:00Z,still owed,",
                "DG-2,\"'=1+1, \"\"quoted\"\"\",First answer,2,2026-03-03T13:00:00Z,2026-03-03T15:00:00Z,2.00",
            ],
        ),
        // Reports, complete at first, share, asked, completed, rounds, taken over, hours lost.
        (
            "gate-over-time",
            vec![
                "2026-03-02,1,1,100.0,0,0,,0,0.00",
                "2026-03-03,1,0,0.0,1,1,1.00,0,2.00",
                "2026-03-04,0,0,,0,0,,0,0.00",
                "2026-03-05,0,0,,0,0,,0,0.00",
                "2026-03-06,1,0,0.0,1,0,,1,3.00",
                "2026-03-07,0,0,,0,0,,0,0.00",
                "2026-03-08,0,0,,0,0,,0,0.00",
            ],
        ),
        (
            "gate-by-customer",
            vec!["other.test,1,0,0.0,1,0,,1,3.00", "customer.test,2,1,50.0,1,1,1.00,0,2.00"],
        ),
        ("gate-by-product", vec!["app,2,0,0.0,2,1,1.00,1,5.00", "shop,1,1,100.0,0,0,,0,0.00"]),
        ("gate-by-source", vec!["customer,3,1,33.3,2,1,1.00,1,5.00"]),
        // Confirmed, corrected, not needed, and corrected of those judged.
        ("gate-overruled", vec!["What was expected,1,1,0,50.0", "Steps,0,0,1,"]),
        // Three without the spam, two of them in this week, none in the week before.
        ("clusters-grown", vec!["Blank pages,DG-1,3,2,0,one cause,DG-5,closed"]),
        // Two hours of maintenance, one of feature work, away on Thursday and Friday.
        ("work-by-person", vec!["Support Agent,{agent},2.00,1.00,66.7,2"]),
        ("work-by-sprint", vec!["Sprint 161,2026-02-23,2026-03-08,7.00,1.00,87.5"]),
        ("sev2-budget", vec!["Sprint 161,2026-02-23,2026-03-08,10.00,2.00,20.0"]),
        ("absence", vec!["Support Agent,2026-03-05,2026-03-08,2"]),
        // Mails, sent, put off, waiting, refused, came back; the withdrawn one does not count.
        ("mail-out", vec!["customer.test,3,2,1,0,1,1", "other.test,1,1,0,0,0,0"]),
        (
            "mail-in",
            vec![
                "2026-03-02,1,1,0,0,0,0,0,0,0",
                "2026-03-03,0,0,0,0,0,0,0,0,0",
                "2026-03-04,0,0,0,0,0,0,0,0,0",
                "2026-03-05,0,0,0,0,0,0,0,0,0",
                "2026-03-06,0,0,0,0,0,0,0,0,0",
                "2026-03-07,0,0,0,0,0,0,0,0,0",
                "2026-03-08,0,0,0,0,0,0,1,0,0",
            ],
        ),
        (
            "mail-in-by-mailbox",
            vec![
                "2026-03-02,2",
                "2026-03-03,0",
                "2026-03-04,0",
                "2026-03-05,0",
                "2026-03-06,0",
                "2026-03-07,0",
                "2026-03-08,1",
            ],
        ),
    ] {
        let want: Vec<String> = want.iter().map(|row| row.replace("{agent}", &desk.agent.address)).collect();
        assert_eq!(rows(&desk, name, &WEEK), want, "{name}");
    }
}

#[test]
fn a_report_is_narrowed_to_a_product_or_a_mailbox() {
    let desk = told();
    let of = |name: &str, words: &[&str]| rows(&desk, name, &[&WEEK[..], words].concat());
    let shop = of("open-over-time", &["--product", "shop"]);
    assert_eq!(
        (&*shop[0], &*shop[1], &*shop[6]),
        ("2026-03-02,1,0,0,1", "2026-03-03,0,0,1,0", "2026-03-08,0,0,0,0")
    );
    assert_eq!(of("gate-by-customer", &["--product", "shop"]), ["customer.test,1,1,100.0,0,0,,0,0.00"]);
    assert_eq!(of("late", &["--product", "shop"]), [""; 0]);
    assert_eq!(
        of("clusters-grown", &["--product", "app"]),
        ["\"'=1+1, \"\"quoted\"\"\",DG-2,2,1,0,one cause,DG-5,closed"]
    );
    assert_eq!(of("mail-out", &["--mailbox", "other"]), [""; 0]);
    assert_eq!(of("open-by-age", &["--mailbox", "support"])[1], "Severity 2,0,0,0,1,1");
}

#[test]
fn the_command_line_has_a_report_in_three_forms() {
    let desk = told();
    let plain = desk.cli(&[&["report", "open"], &WEEK[..]].concat()).stdout;
    for words in ["From 1 to 3 in this period.", "4 opened or reopened, 2 closed.", "  4 Mar 2026"] {
        assert!(plain.contains(words), "{words} is not in {plain}");
    }
    let json = desk.json(&[&["report", "gate", "--json"], &WEEK[..]].concat());
    assert_eq!(json["tables"]["gate-by-source"][0]["lost_hours"], 5.0, "{json}");
    assert_eq!(json["tables"].as_object().unwrap().len(), 5, "{json}");
    let several = desk.cli(&["report", "open", "--csv"]);
    assert_eq!(several.code, Some(1));
    assert!(several.stderr.contains("name it: open-by-age, open-over-time"), "{}", several.stderr);
    assert!(desk.cli(&["report"]).stdout.contains("first-answer-by-severity"));
    assert_eq!(desk.cli(&["report", "nothing"]).code, Some(1));
}

/// How long an answer and a fix took is kept by the desk itself, and goes where a fix fails.
#[test]
fn what_was_done_is_counted_as_long_as_it_is_done() {
    let desk = Desk::start();
    let anna = desk.customer("anna");
    desk.receives(&Letter::new(&anna.address, "Printer", COMPLETE));
    desk.settled(1);
    let goals = || desk.sql("select goal from ticket_spans order by goal");
    assert_eq!(goals(), "");
    desk.set(1, &["--status", "accepted"]);
    wait_for("the first answer", || (goals() == "first-answer").then_some(()));
    desk.set(1, &["--status", "resolved"]);
    wait_for("the resolution", || (goals() == "first-answer\nresolution").then_some(()));
    desk.set(1, &["--status", "accepted"]);
    wait_for("that it is none", || (goals() == "first-answer").then_some(()));
    let today = rows(&desk, "first-answer", &[]);
    let done: usize = today.iter().map(|row| row.split(',').nth(1).unwrap().parse::<usize>().unwrap()).sum();
    assert_eq!((today.len(), done), (30, 1), "{today:?}");
}

/// The answer to a GET, as it came, with a cookie where there is one.
fn answer(desk: &Desk, path: &str, cookie: Option<&str>) -> String {
    let cookie = cookie.map(|cookie| format!("Cookie: deskgate={cookie}\r\n")).unwrap_or_default();
    let mut stream = TcpStream::connect(("127.0.0.1", desk.web)).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{cookie}\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// Signs the agent in, and returns the cookie.
fn signed_in(desk: &Desk) -> &'static str {
    let agent = &desk.agent.address;
    desk.sql(&format!(
        "insert into people (address, name, created_at) values ('{agent}', 'Agent', now()) on conflict do nothing;
         insert into accounts (address, handle, made_at) values ('{agent}', decode(md5('a'), 'hex'), now()) on conflict do nothing;
         insert into sessions (token_hash, address, role, made_at, last_seen_at, expires_at, device, network, signed_in_by)
         values (sha256('story'), '{agent}', 'agent', now(), now(), now() + interval '1 day', '', '', 'passkey')"
    ));
    "story"
}

#[test]
fn agents_read_reports_and_nobody_else_does() {
    let mut desk = told();
    // Its mails of March were never sent, so it does not call itself well.
    desk.run_sick();
    wait_for("an answer of /healthz", || http_get(desk.web, "/healthz").ok());
    let week = "from=2026-03-02&to=2026-03-08";
    for path in ["/reports", "/reports/work", "/reports/late.csv"] {
        let denied = answer(&desk, path, None);
        assert!(
            denied.starts_with("HTTP/1.1 303") && denied.contains("location: /sign-in?next=%2Freports"),
            "{denied}"
        );
        assert!(answer(&desk, path, Some("guessed")).starts_with("HTTP/1.1 303"));
    }
    let cookie = Some(signed_in(&desk));
    for report in ["open", "promises", "gate", "clusters", "work", "mail"] {
        let page = answer(&desk, &format!("/reports/{report}?{week}"), cookie);
        assert!(page.starts_with("HTTP/1.1 200"), "{page}");
        assert!(page.contains("role=\"img\"") && page.contains("<th scope=\"col\""), "{page}");
        assert!(!page.contains("style=\""), "{report} has a style that the policy forbids");
    }
    let csv = answer(&desk, &format!("/reports/gate-by-source.csv?{week}"), cookie);
    assert!(csv.contains("content-type: text/csv; charset=utf-8\r\n"), "{csv}");
    assert!(csv.contains("filename=\"gate-by-source_2026-03-02_2026-03-08.csv\""), "{csv}");
    assert!(
        csv.contains("complete_at_first_percent")
            && csv.contains("\r\ncustomer,3,1,33.3,2,1,1.00,1,5.00\r\n"),
        "{csv}"
    );
    let narrowed = answer(&desk, &format!("/reports/gate-by-source.csv?{week}&product=shop"), cookie);
    assert!(narrowed.contains("\r\ncustomer,1,1,100.0,0,0,,0,0.00\r\n"), "{narrowed}");
    for (path, status) in [
        ("/reports/nothing", "404"),
        ("/reports/nothing.csv", "404"),
        ("/reports/open.csv", "404"),
        ("/reports?period=soon", "400"),
        ("/reports?from=yesterday", "400"),
        ("/reports?from=2026-03-02&to=2026-03-01", "400"),
        ("/reports?from=1826-03-02&to=2026-03-01", "400"),
    ] {
        let answer = answer(&desk, path, cookie);
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{path}: {answer}");
    }
    let late = answer(&desk, "/reports/clusters?from=2026-03-02&to=2026-03-08", cookie);
    assert!(late.contains("<a href=\"/ticket/5\">DG-5</a>"), "{late}");
}
