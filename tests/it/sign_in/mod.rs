//! Signing in to the console and out of it.

mod account;
mod codes;
mod elsewhere;
mod passkeys;
mod welcome;

use crate::helpers::{Desk, browser::PASSWORD};

fn desk_with_agent() -> (Desk, String) {
    let desk = Desk::start();
    let agent = desk.agent.address.clone();
    desk.give_password(&agent);
    (desk, agent)
}

#[test]
fn who_is_not_signed_in_is_asked_to_and_gets_where_they_wanted_to_go() {
    let (desk, agent) = desk_with_agent();
    let mut browser = desk.visitor();
    let sent = browser.get("/inbox?view=mine");
    assert_eq!((sent.status, sent.location()), (303, "/sign-in?next=%2Finbox%3Fview%3Dmine"));
    let page = browser.get(sent.location());
    assert!(page.body.contains("value=\"/inbox?view&#x3D;mine\""), "{}", page.body);
    let fields = [("address", agent.as_str()), ("password", PASSWORD), ("next", "/inbox?view=mine")];
    let sent = browser.post("/sign-in", &fields);
    assert_eq!((sent.status, sent.location()), (303, "/inbox?view=mine"));
    assert_eq!(browser.get("/inbox?view=mine").status, 200);
    let sent = browser.get("/sign-in");
    assert_eq!((sent.status, sent.location()), (303, "/inbox"));
    let mut elsewhere = desk.visitor();
    elsewhere.get("/sign-in");
    let fields = [("address", agent.as_str()), ("password", PASSWORD), ("next", "//evil.test")];
    assert_eq!(elsewhere.post("/sign-in", &fields).location(), "/inbox");
}

#[test]
fn signing_out_ends_the_session_for_every_copy_of_the_cookie() {
    let (desk, agent) = desk_with_agent();
    let mut browser = desk.browser(&agent);
    let mut copy = browser.clone();
    assert_eq!(copy.get("/inbox").status, 200);
    assert_eq!(browser.get("/sign-out").status, 405, "no GET has an effect");
    assert_eq!(browser.get("/inbox").status, 200);
    assert_eq!(browser.post_bare("/sign-out", &[]).status, 403, "another site cannot do it");
    assert_eq!(copy.get("/inbox").status, 200);
    let sent = browser.post("/sign-out", &[]);
    assert_eq!((sent.status, sent.location()), (303, "/sign-in"));
    assert!(!browser.cookies.contains_key("deskgate"));
    assert_eq!(copy.get("/inbox").status, 303);
    assert_eq!(desk.count("sessions"), 0);
    let deeds = desk.sql("select string_agg(deed, ' ' order by id) from audit");
    assert_eq!(deeds, "password-set password-set signed-in signed-out");
}

#[test]
fn a_cookie_from_before_is_never_the_cookie_of_a_session() {
    let (desk, agent) = desk_with_agent();
    let mut victim = desk.visitor();
    victim.get("/sign-in");
    let visit = victim.cookies["deskgate-visit"].clone();
    victim.cookies.insert("deskgate".into(), "planted-by-somebody-else-0000000000000000000".into());
    victim.post("/sign-in", &[("address", &agent), ("password", PASSWORD)]);
    let cookie = victim.cookies["deskgate"].clone();
    assert!(!cookie.contains("planted") && cookie != visit && cookie.len() == 43, "{cookie}");
    assert!(!victim.cookies.contains_key("deskgate-visit"));
    // Once more in the same browser: another cookie.
    let mut again = desk.visitor();
    again.cookies.insert("deskgate".into(), cookie.clone());
    let mut planted = desk.visitor();
    planted.cookies.insert("deskgate".into(), "planted-by-somebody-else-0000000000000000000".into());
    assert_eq!(planted.get("/inbox").status, 303);
    assert_eq!(again.get("/inbox").status, 200);
    let stored = desk.sql("select encode(token_hash, 'hex') || device || network from sessions");
    assert!(!stored.contains(&cookie), "{stored}");
}

#[test]
fn a_sign_in_that_another_site_sends_is_refused() {
    let (desk, agent) = desk_with_agent();
    let mut browser = desk.visitor();
    browser.get("/sign-in");
    let fields = [("address", agent.as_str()), ("password", PASSWORD)];
    assert_eq!(browser.post_bare("/sign-in", &fields).status, 403);
    // The value of another browser is not good for this one.
    let mut other = desk.visitor();
    other.get("/sign-in");
    browser.csrf = other.csrf.clone();
    assert_eq!(browser.post("/sign-in", &fields).status, 403);
    assert_eq!(desk.count("sessions"), 0);
}

#[test]
fn known_and_unknown_people_hear_the_same() {
    let (desk, agent) = desk_with_agent();
    let mut browser = desk.visitor();
    let mut told: Vec<String> = Vec::new();
    for address in [agent.as_str(), "nobody@desk.test", "no address at all", ""] {
        let answer = browser.sign_in(address, "a wrong password that is long");
        assert_eq!(answer.status, 422, "{address}");
        let page = answer.body.replace(&format!("value=\"{address}\""), "value=\"\"");
        let csrf = browser.csrf.clone();
        told.push(page.replace(&csrf, ""));
    }
    assert!(told.iter().all(|page| *page == told[0]), "{told:#?}");
    assert!(told[0].contains("do not match"));
    let kept = desk.sql("select string_agg(actor, '|' order by id) from audit where deed = 'sign-in-failed'");
    assert_eq!(kept, format!("{agent}|nobody@desk.test||"), "what is no address may be a password");
}

#[test]
fn tries_are_bounded_for_each_place_and_nobody_is_kept_out_by_a_stranger() {
    let (desk, agent) = desk_with_agent();
    let mut stranger = desk.visitor();
    stranger.address = Some("198.51.100.7".into());
    for _ in 0..5 {
        assert_eq!(stranger.sign_in(&agent, "wrong wrong wrong").status, 422);
    }
    let refused = stranger.sign_in(&agent, PASSWORD);
    assert_eq!(refused.status, 429);
    assert!(refused.body.contains("You can try again from"), "{}", refused.body);
    // It holds for an address that nobody has as well, so that it says nothing.
    for _ in 0..5 {
        assert_eq!(stranger.sign_in("nobody@desk.test", "wrong wrong wrong").status, 422);
    }
    assert_eq!(stranger.sign_in("nobody@desk.test", "wrong wrong wrong").status, 429);
    let mut owner = desk.visitor();
    owner.address = Some("203.0.113.5".into());
    assert_eq!(owner.sign_in(&agent, PASSWORD).status, 303, "from elsewhere it is free");
    // Guesses from everywhere close the address for new places, and not for the owner's own.
    desk.sql(&format!(
        "insert into sign_in_tries (address, network, tried_at) select '{agent}', '192.0.2.' || n, now() from generate_series(1, 60) n"
    ));
    let mut new = desk.visitor();
    new.address = Some("203.0.113.77".into());
    assert_eq!(new.sign_in(&agent, PASSWORD).status, 429);
    let mut owner = desk.visitor();
    owner.address = Some("203.0.113.5".into());
    assert_eq!(owner.sign_in(&agent, PASSWORD).status, 303);
    desk.sql("update sign_in_tries set tried_at = tried_at - interval '61 minutes'");
    assert_eq!(new.sign_in(&agent, PASSWORD).status, 303, "and not for ever");
}

#[test]
fn the_bound_outlives_a_restart() {
    let (mut desk, agent) = desk_with_agent();
    let mut browser = desk.visitor();
    for _ in 0..5 {
        browser.sign_in(&agent, "wrong wrong wrong");
    }
    desk.stop();
    desk.run();
    assert_eq!(browser.sign_in(&agent, PASSWORD).status, 429);
}

#[test]
fn sessions_end_when_unused_when_old_and_when_their_owner_leaves_or_gets_another_role() {
    let (mut desk, agent) = desk_with_agent();
    let mut browser = desk.browser(&agent);
    desk.sql("update sessions set last_seen_at = now() - interval '23 hours'");
    assert_eq!(browser.get("/inbox").status, 200);
    assert_eq!(desk.sql("select last_seen_at > now() - interval '1 minute' from sessions"), "t");
    desk.sql("update sessions set last_seen_at = now() - interval '25 hours'");
    assert_eq!(browser.get("/inbox").status, 303, "unused");
    desk.sql("update sessions set last_seen_at = now()");
    assert_eq!(browser.get("/inbox").status, 200);
    desk.sql("update sessions set expires_at = now() - interval '1 second'");
    assert_eq!(browser.get("/inbox").status, 303, "old");
    desk.sql("update sessions set expires_at = now() + interval '1 day'");
    assert_eq!(browser.get("/inbox").status, 200);
    desk.stop();
    let mut desk = desk.configured("role = \"agent\"", "role = \"lead\"");
    desk.run();
    assert_eq!(browser.get("/inbox").status, 303, "another role");
    let mut browser = desk.browser(&agent);
    assert_eq!(browser.get("/inbox").status, 200);
    desk.stop();
    let mut desk = desk.configured(&format!("email = \"{agent}\""), "email = \"other@desk.test\"");
    desk.run();
    assert_eq!(browser.get("/inbox").status, 303, "not on the list");
    assert_eq!(browser.sign_in(&agent, PASSWORD).status, 422);
}

#[test]
fn cookies_are_for_the_browser_alone_and_bound_to_the_host_under_tls() {
    let desk = Desk::prepare();
    let mut desk = desk.configured("base_url = \"http://127.0.0.1", "base_url = \"https://desk.example.org");
    desk.run();
    let agent = desk.agent.address.clone();
    desk.give_password(&agent);
    let mut browser = desk.visitor();
    let page = browser.get("/sign-in");
    for field in ["__Host-deskgate-visit=", "; HttpOnly", "; SameSite=Lax", "; Secure", "; Path=/"] {
        assert!(page.head.contains(field), "{field}: {}", page.head);
    }
    let sent = browser.post("/sign-in", &[("address", &agent), ("password", PASSWORD)]);
    assert!(sent.head.contains("set-cookie: __Host-deskgate="), "{}", sent.head);
    assert_eq!(sent.head.matches("; HttpOnly").count(), 2);
    assert_eq!(sent.head.matches("; Secure").count(), 2);
    assert_eq!(browser.get("/inbox").status, 200);
}

#[test]
fn a_password_that_will_not_do_is_refused_and_a_new_one_ends_all_sessions() {
    let (desk, agent) = desk_with_agent();
    let short = desk.cli_with_input(&["staff", "password", &agent], b"short\n");
    assert_eq!(short.code, Some(1));
    assert!(short.stderr.contains("at least 12 characters"), "{}", short.stderr);
    let stranger = desk.cli_with_input(&["staff", "password", "x@y.test"], PASSWORD.as_bytes());
    assert!(stranger.stderr.contains("not on the staff list"), "{}", stranger.stderr);
    let mut browser = desk.browser(&agent);
    desk.give_password(&agent);
    assert_eq!(browser.get("/inbox").status, 303);
}

#[test]
fn an_older_hash_is_made_anew_when_its_owner_signs_in() {
    let (desk, agent) = desk_with_agent();
    let hash = |password: &[u8]| {
        use argon2::password_hash::PasswordHasher;
        let hashed = argon2::Argon2::default().hash_password_with_salt(password, b"saltsaltsaltsalt");
        let hashed: argon2::password_hash::phc::PasswordHash = hashed.unwrap();
        hashed.to_string()
    };
    desk.sql(&format!("update accounts set password_hash = '{}'", hash(PASSWORD.as_bytes())));
    let mut browser = desk.visitor();
    assert_eq!(browser.sign_in(&agent, PASSWORD).status, 303);
    let now = desk.sql("select password_hash from accounts");
    assert!(now.starts_with("$argon2id$v=19$m=65536,t=3,p=4$"), "{now}");
    assert_eq!(desk.visitor().sign_in(&agent, PASSWORD).status, 303);
}
