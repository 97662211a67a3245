//! Links by which a password is chosen.

use crate::helpers::{Desk, browser::PASSWORD};

fn secure_desk() -> Desk {
    let desk = Desk::prepare();
    let mut desk = desk.configured("base_url = \"http://127.0.0.1", "base_url = \"https://desk.example.org");
    desk.run();
    desk
}

/// The path of the link in a text.
fn path_of(text: &str) -> String {
    let at = text.find("/welcome/").unwrap_or_else(|| panic!("no link in {text}"));
    text[at..].split_whitespace().next().unwrap().to_owned()
}

#[test]
fn an_invitation_comes_by_mail_and_is_good_once() {
    let desk = secure_desk();
    let agent = desk.agent.address.clone();
    let ran = desk.cli(&["staff", "invite", &agent]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(!ran.stdout.contains("/welcome/"), "{}", ran.stdout);
    let mail = desk.agent.wait_for_one();
    assert!(mail.text().contains("Choose a password for its console here"), "{}", mail.text());
    let link = path_of(&mail.text());
    let mut browser = desk.visitor();
    for _ in 0..3 {
        let page = browser.get(&link);
        assert_eq!(page.status, 200, "opening it uses nothing up");
        assert!(page.body.contains(&agent));
    }
    assert_eq!(browser.post_bare(&link, &[("password", PASSWORD)]).status, 403);
    let short = browser.post(&link, &[("password", "short")]);
    assert_eq!(short.status, 422);
    assert!(short.body.contains("at least 12 characters"), "{}", short.body);
    let done = browser.post(&link, &[("password", PASSWORD)]);
    assert_eq!((done.status, done.location()), (303, "/sign-in"));
    assert!(browser.get("/sign-in").body.contains("Your password is set"));
    assert_eq!(browser.sign_in(&agent, PASSWORD).status, 303);
    for path in [link.as_str(), "/welcome/x", "/welcome/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
        assert_eq!(desk.visitor().get(path).status, 404, "{path}");
    }
    let kept = desk.sql("select string_agg(deed || ' ' || about, '|' order by id) from audit");
    assert_eq!(kept, format!("invited {agent}|password-set by a link|signed-in password"));
    assert_eq!(desk.sql("select actor from audit where deed = 'invited'"), "operator", "nobody was named");
}

#[test]
fn a_link_is_printed_where_it_cannot_be_mailed_and_ends_with_its_time() {
    let desk = Desk::start();
    let agent = desk.agent.address.clone();
    let refused = desk.cli(&["staff", "invite", &agent]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.stderr.contains("--print"), "{}", refused.stderr);
    let printed = desk.cli(&["staff", "invite", &agent, "--print"]);
    let link = path_of(&printed.stdout);
    assert_eq!(desk.visitor().get(&link).status, 200);
    desk.sql("update welcome_links set expires_at = now()");
    assert_eq!(desk.visitor().get(&link).status, 404);
    assert_eq!(desk.cli(&["staff", "invite", "x@y.test", "--print"]).code, Some(1));
}

#[test]
fn who_forgot_their_password_is_sent_a_link_and_a_stranger_hears_the_same() {
    let desk = secure_desk();
    let agent = desk.agent.address.clone();
    let mut owner = desk.browser(&agent);
    let mut browser = desk.visitor();
    let mut told = Vec::new();
    for address in ["nobody@desk.test", "no address", agent.as_str()] {
        browser.get("/forgotten");
        let answer = browser.post("/forgotten", &[("address", address)]);
        assert_eq!(answer.status, 200);
        told.push(answer.body);
    }
    assert!(told.iter().all(|page| *page == told[0]), "{told:#?}");
    let mail = desk.agent.wait_for_one();
    assert!(mail.text().contains("If it was not you, leave this mail alone"), "{}", mail.text());
    assert_eq!(owner.get("/inbox").status, 200, "asking changes nothing");
    let link = path_of(&mail.text());
    browser.get(&link);
    assert_eq!(browser.post(&link, &[("password", "another battery staple horse")]).status, 303);
    assert_eq!(owner.get("/inbox").status, 303, "a new password ends all sessions");
    assert_eq!(desk.visitor().sign_in(&agent, PASSWORD).status, 422);
    // However often it is asked for: no more than three in an hour.
    for _ in 0..6 {
        browser.get("/forgotten");
        browser.post("/forgotten", &[("address", &agent)]);
    }
    desk.agent.wait_for_mails(4);
    browser.get("/forgotten");
    assert_eq!(desk.sql("select count(*) <= 3 from welcome_links"), "t");
}
