//! The web port: how the desk is, in sentences and figures.

use crate::{
    first_mail::COMPLETE,
    helpers::{Desk, Letter, servers::http_answer, wait_for},
};

#[test]
fn a_healthy_desk_says_so_in_sentences() {
    let mut desk = Desk::start();
    desk.receives(&Letter::new(&desk.customer("anna").address, "Printer", COMPLETE));
    desk.settled(1);
    let health = wait_for("a mailbox that was looked at", || {
        let (status, body) = desk.get("/healthz");
        assert_eq!(status, 200, "{body}");
        let health: serde_json::Value = serde_json::from_str(&body).unwrap();
        (health["mailboxes"][0]["state"] == "ok").then_some(health)
    });
    assert_eq!(health["ok"], true);
    assert_eq!(health["trouble"], serde_json::json!([]));
    assert_eq!(health["mailboxes"][0]["sentence"], "Mailbox `support` is fetched.");
    for (count, wanted) in [("waiting", 0), ("quarantined", 0), ("to_send", 0), ("failed", 0)] {
        assert_eq!(health[count], wanted, "{health}");
    }
    desk.stop();
}

#[test]
fn a_wrong_mailbox_password_has_a_name_and_no_secret() {
    let mut desk = Desk::prepare().configured("password = \"secret\"", "password = \"hunter2hunter2\"");
    desk.run_sick();
    let health = desk.wait_for_health(503);
    assert_eq!(health["ok"], false);
    assert_eq!(health["mailboxes"][0]["state"], "login-refused", "{health}");
    let sentence = health["trouble"][0].as_str().unwrap();
    assert!(sentence.starts_with("Mailbox `support` is not fetched (login-refused): "), "{sentence}");
    assert!(!format!("{health}{}", desk.log()).contains("hunter2"));
}

#[test]
fn an_imap_server_that_is_not_there_has_a_name() {
    let mut desk = Desk::prepare();
    let port = crate::helpers::servers::free_port();
    let imap = crate::helpers::PostOffice::start().imap;
    desk = desk.configured(&format!("port = {imap}"), &format!("port = {port}"));
    desk.run_sick();
    let health = desk.wait_for_health(503);
    assert_eq!(health["mailboxes"][0]["state"], "unreachable", "{health}");
}

#[test]
fn a_database_that_is_away_is_told_without_details() {
    let mut desk = Desk::start();
    desk.database_goes_away();
    let health = desk.wait_for_health(503);
    assert_eq!(health["trouble"], serde_json::json!(["The database does not answer; the log says why."]));
    desk.database_comes_back();
    desk.wait_for_health(200);
}

#[test]
fn the_figures_count_what_came_in_and_went_out() {
    let desk = Desk::start();
    desk.receives(&Letter::new(&desk.customer("anna").address, "Printer", COMPLETE));
    desk.settled(1);
    let metrics = desk.get("/metrics").1;
    for line in [
        "deskgate_mails_fetched_total{mailbox=\"support\"} 1",
        "deskgate_deliveries_total{outcome=\"accepted\"} 2",
        "deskgate_mails_processed_total",
        "# TYPE deskgate_mails_fetched_total counter",
    ] {
        assert!(metrics.contains(line), "{line} is missing:\n{metrics}");
    }
}

#[test]
fn the_figures_tell_how_much_of_everything_there_is() {
    // The clock writes them down when it starts.
    let mut desk = Desk::prepare();
    desk.cli_with_input(&["ingest"], &Letter::new("anna@customer.test", "Printer", COMPLETE).bytes());
    desk.run();
    for line in [
        "deskgate_inbound_waiting 0",
        "deskgate_inbound_quarantined 0",
        "deskgate_outbox_failed 0",
        "deskgate_open_tickets{status=\"new\"} 1",
        "deskgate_open_tickets{status=\"verified\"} 0",
    ] {
        wait_for(line, || desk.get("/metrics").1.contains(line).then_some(()));
    }
}

#[test]
fn every_answer_carries_the_headers_that_keep_browsers_safe() {
    let desk = Desk::start();
    for path in ["/", "/healthz", "/metrics", "/nothing/here"] {
        let answer = http_answer(desk.web, path).unwrap().to_lowercase();
        for header in [
            "x-content-type-options: nosniff",
            "referrer-policy: no-referrer",
            "cache-control: no-store",
            "content-security-policy: default-src 'none'; ",
        ] {
            assert!(answer.contains(&format!("\r\n{header}")), "{path}: {header} is missing:\n{answer}");
        }
        assert!(answer.contains("frame-ancestors 'none'"), "{path}:\n{answer}");
    }
}

#[test]
fn an_unknown_path_is_not_found() {
    let desk = Desk::start();
    assert_eq!(desk.get("/nothing/here").0, 404);
    assert_eq!(desk.get("/healthz/more").0, 404);
    let front = http_answer(desk.web, "/").unwrap();
    assert!(front.starts_with("HTTP/1.1 303") && front.contains("location: /inbox"), "{front}");
}

#[test]
fn a_web_port_that_is_taken_is_told_with_the_key_to_change() {
    let desk = Desk::prepare();
    let taken = std::net::TcpListener::bind(("127.0.0.1", desk.web)).unwrap();
    let ran = desk.cli(&["run"]);
    drop(taken);
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.contains("web.listen"), "{}", ran.stderr);
}
