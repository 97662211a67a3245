//! One-time codes, and recovery codes.

use jiff::Timestamp;
use totp_rs::{Builder, Secret};

use crate::helpers::{Browser, Desk, browser::PASSWORD};

/// What a device makes of its secret, so many steps from now.
fn code(secret: &str, steps: i64) -> String {
    let secret = Secret::try_from_base32(secret.replace(' ', "")).unwrap();
    let device = Builder::new().with_secret(secret).with_account_name("x").build_noncompliant();
    device.generate(u64::try_from(Timestamp::now().as_second() + 30 * steps).unwrap()).to_string()
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let (_, rest) = text.split_once(before).unwrap_or_else(|| panic!("no {before:?} in {text}"));
    rest.split_once(after).unwrap().0
}

/// Sets codes up in a browser that is signed in: secret, the code that was used for it, and recovery codes.
fn set_up(browser: &mut Browser) -> (String, String, Vec<String>) {
    let page = browser.get("/account/codes");
    assert!(page.body.contains("<svg "), "{}", page.body);
    let secret = between(&page.body, "<code class=\"secret\">", "<").to_owned();
    let sealed = between(&page.body, "name=\"sealed\" value=\"", "\"").to_owned();
    let wrong =
        browser.post("/account/codes", &[("sealed", &sealed), ("code", "000000"), ("password", PASSWORD)]);
    assert_eq!(wrong.location(), "/account");
    assert!(browser.get("/account").body.contains("This is not the code"), "a wrong code does nothing");
    let used = code(&secret, 0);
    let fields = [("sealed", sealed.as_str()), ("code", &used), ("password", PASSWORD)];
    let done = browser.post("/account/codes", &fields);
    assert_eq!(done.status, 200, "{}", done.head);
    let codes = done.body.split("<li><code>").skip(1).map(|it| it.split('<').next().unwrap().to_owned());
    (secret, used, codes.collect())
}

#[test]
fn a_code_is_asked_for_beside_the_password_and_is_good_once() {
    let desk = Desk::start();
    let agent = desk.agent.address.clone();
    let mut browser = desk.browser(&agent);
    let mut elsewhere = desk.visitor();
    elsewhere.sign_in(&agent, PASSWORD);
    let before = browser.cookies["deskgate"].clone();
    let (secret, used, recovery) = set_up(&mut browser);
    assert_eq!(recovery.len(), 10);
    assert_ne!(browser.cookies["deskgate"], before, "the session is a new one");
    assert_eq!(browser.get("/inbox").status, 200);
    assert_eq!(elsewhere.get("/inbox").status, 303, "all others have ended");
    let kept = desk.sql("select encode(totp_secret, 'escape') from accounts");
    assert!(!kept.contains(&secret.replace(' ', "")), "it is sealed");
    assert!(!browser.get("/account").body.contains(&secret), "it is never shown again");

    let mut browser = desk.visitor();
    let asked = browser.sign_in(&agent, PASSWORD);
    assert_eq!((asked.status, asked.location()), (303, "/sign-in/code?next=%2Finbox"));
    assert!(!browser.cookies.contains_key("deskgate"));
    assert_eq!(browser.get("/inbox").status, 303, "half a sign-in is none");
    assert_eq!(browser.get(asked.location()).status, 200);
    assert_eq!(browser.post("/sign-in/code", &[("code", &used)]).status, 422, "used at the set-up");
    let next = code(&secret, 1);
    let done = browser.post("/sign-in/code", &[("code", &next)]);
    assert_eq!((done.status, done.location()), (303, "/inbox"), "{}", done.body);
    assert_eq!(browser.get("/inbox").status, 200);
    assert_eq!(desk.sql("select string_agg(signed_in_by, ' ' order by id) from sessions"), "code code");

    let mut replay = desk.visitor();
    replay.sign_in(&agent, PASSWORD);
    replay.get("/sign-in/code");
    assert_eq!(replay.post("/sign-in/code", &[("code", &next)]).status, 422, "no code counts twice");
    assert_eq!(replay.post("/sign-in/code", &[("code", &recovery[0].to_uppercase())]).status, 303);
    let mut again = desk.visitor();
    again.sign_in(&agent, PASSWORD);
    again.get("/sign-in/code");
    assert_eq!(again.post("/sign-in/code", &[("code", &recovery[0])]).status, 422, "nor a recovery code");
    assert_eq!(desk.count("recovery_codes"), 9);
}

#[test]
fn guesses_at_codes_are_bounded_like_passwords_and_a_step_ends() {
    let desk = Desk::start();
    let agent = desk.agent.address.clone();
    let (secret, ..) = set_up(&mut desk.browser(&agent));
    let mut browser = desk.visitor();
    browser.sign_in(&agent, PASSWORD);
    browser.get("/sign-in/code");
    let mut last = 0;
    for _ in 0..5 {
        last = browser.post("/sign-in/code", &[("code", "123456")]).status;
    }
    assert_eq!(last, 429);
    assert_eq!(browser.post("/sign-in/code", &[("code", &code(&secret, 1))]).status, 429);
    assert_eq!(desk.visitor().sign_in(&agent, PASSWORD).status, 429, "a right password does not clear them");
    desk.sql("update sign_in_steps set expires_at = now(); delete from sign_in_tries");
    assert_eq!(browser.post("/sign-in/code", &[("code", &code(&secret, 1))]).status, 422);
    assert_eq!(browser.get("/sign-in/code").location(), "/sign-in");
}

#[test]
fn codes_are_taken_away_with_the_password_only() {
    let desk = Desk::start();
    let agent = desk.agent.address.clone();
    let mut browser = desk.browser(&agent);
    set_up(&mut browser);
    browser.get("/account");
    browser.post("/account/codes/off", &[("password", "something else entirely")]);
    assert!(browser.get("/account").body.contains("This is not your password"));
    assert_eq!(desk.sql("select totp_secret is null from accounts"), "f");
    let more = browser.post("/account/codes/recovery", &[("password", PASSWORD)]);
    assert_eq!(more.body.matches("<li><code>").count(), 10);
    browser.get("/account");
    browser.post("/account/codes/off", &[("password", PASSWORD)]);
    assert!(browser.get("/account").body.contains("no longer asked for"));
    assert_eq!(desk.count("recovery_codes"), 0);
    assert_eq!(desk.visitor().sign_in(&agent, PASSWORD).location(), "/inbox");
}

/// Ends the sessions of somebody as soon as the next form waits for their account: whoever ends sessions holds it.
fn ending(desk: &Desk, whose: &str) -> std::thread::JoinHandle<String> {
    let ending = format!(
        "do $$ begin perform from accounts where address = '{whose}' for update; \
         for i in 1..500 loop exit when exists (select from pg_locks where not granted and pg_backend_pid() = any(pg_blocking_pids(pid))); perform pg_sleep(0.02); end loop; \
         delete from sessions where address = '{whose}'; end $$"
    );
    let url = desk.database_url.clone();
    let ended = std::thread::spawn(move || crate::helpers::servers::sql(&url, &ending));
    let holds = "select count(*) from pg_stat_activity where query like 'do $$%' and wait_event = 'PgSleep'";
    crate::helpers::wait_for("who holds the account", || (desk.sql(holds) == "1").then_some(()));
    ended
}

#[test]
fn a_session_that_is_ended_while_its_owner_sets_codes_up_stays_ended() {
    let desk = Desk::start();
    let agent = desk.agent.address.clone();
    let mut browser = desk.browser(&agent);
    let page = browser.get("/account/codes").body;
    let secret = between(&page, "<code class=\"secret\">", "<").to_owned();
    let sealed = between(&page, "name=\"sealed\" value=\"", "\"").to_owned();
    let ended = ending(&desk, &agent);
    let used = code(&secret, 0);
    let done =
        browser.post("/account/codes", &[("sealed", &sealed), ("code", &used), ("password", PASSWORD)]);
    ended.join().unwrap();
    assert!(done.status == 303 && !done.body.contains("<li><code>"), "{done:?}");
    assert_eq!(browser.get("/inbox").location(), "/sign-in");
    assert_eq!((desk.count("sessions"), desk.count("recovery_codes")), (0, 0));
    assert_eq!(desk.sql("select totp_secret is null from accounts"), "t");
}

#[test]
fn a_role_that_needs_a_second_factor_can_do_nothing_before_there_is_one() {
    let mut desk = Desk::prepare().with("[sign_in]\nsecond_factor = [\"agent\"]");
    desk.run();
    let agent = desk.agent.address.clone();
    let mut browser = desk.browser(&agent);
    let sent = browser.get("/inbox");
    assert_eq!((sent.status, sent.location()), (303, "/account"));
    assert!(browser.get("/account").body.contains("Your role needs a second factor"));
    // Who wrote something before it was asked of them has their words back.
    let refused = browser.post("/new", &[("address", "a@b.test"), ("words", "Dear Anna, all is well.")]);
    assert_eq!(refused.status, 403);
    for part in ["A second factor is missing", "Dear Anna, all is well.</textarea>", "href=\"/account\""] {
        assert!(refused.body.contains(part), "{part} is not in {}", refused.body);
    }
    assert_eq!(desk.count("tickets"), 0);
    set_up(&mut browser);
    assert_eq!(browser.get("/inbox").status, 200);
}

#[test]
fn who_has_lost_every_second_factor_gets_back_in_by_a_person() {
    let staff = "[[staff]]\nname = \"Ada Admin\"\nemail = \"ada@desk.test\"\nrole = \"admin\"\nnotify = false\n\
                 [sign_in]\nsecond_factor = [\"agent\"]";
    let mut desk = Desk::prepare().with(staff);
    desk.run();
    let agent = desk.agent.address.clone();
    let mut browser = desk.browser(&agent);
    set_up(&mut browser);
    let mut half = desk.visitor();
    assert_eq!(half.sign_in(&agent, PASSWORD).location(), "/sign-in/code?next=%2Finbox");
    let mut admin = desk.browser("ada@desk.test");
    let listed = admin.get("/accounts").body;
    assert!(listed.contains("Remove second factors"), "{listed}");

    // It is for admins, and of who has one.
    browser.get("/inbox");
    let sent = browser.post("/accounts/factors", &[("address", &agent)]);
    assert_eq!(sent.status, 303, "{}", sent.body);
    assert!(browser.get("/inbox").body.contains("nly an admin may do this"));
    assert_eq!(desk.sql("select count(*) from accounts where totp_secret is not null"), "1");
    admin.post("/accounts/factors", &[("address", "ada@desk.test")]);
    assert!(
        admin
            .get("/accounts")
            .body
            .contains("Your own second factors are changed on the page of your account")
    );

    for password in ["", "not her password at all"] {
        admin.post("/accounts/factors", &[("address", &agent), ("password", password)]);
        assert!(admin.get("/accounts").body.contains("This is not your password"), "{password:?}");
    }
    assert_eq!(desk.sql("select count(*) from accounts where totp_secret is not null"), "1");

    admin.post("/accounts/factors", &[("address", &agent), ("password", PASSWORD)]);
    let told = admin.get("/accounts").body;
    assert!(
        told.contains("Their second factors are gone") && !told.contains("Remove second factors"),
        "{told}"
    );
    assert_eq!(browser.get("/inbox").location(), "/sign-in", "all sessions have ended");
    assert_eq!(half.get("/sign-in/code").location(), "/sign-in", "and what was begun");
    assert_eq!(desk.count("recovery_codes"), 0);
    let mail = desk.agent.wait_for_one();
    for part in
        ["Ada Admin took the second factors of your account away", "one-time codes", "tell who runs the desk"]
    {
        assert!(
            mail.text().split_whitespace().collect::<Vec<_>>().join(" ").contains(part),
            "{part}: {}",
            mail.text()
        );
    }
    let deeds =
        "select actor || ' ' || about || ' ' || (network <> '') from audit where deed = 'factors-taken'";
    assert_eq!(desk.sql(deeds), format!("ada@desk.test {agent} true"));

    // The role asks for a second factor still.
    let mut again = desk.visitor();
    assert_eq!(again.sign_in(&agent, PASSWORD).status, 303);
    assert_eq!(again.get("/inbox").location(), "/account");
    set_up(&mut again);
    assert_eq!(again.get("/inbox").status, 200);
}

#[test]
fn an_admin_whose_session_is_ended_meanwhile_takes_nothing() {
    let staff =
        "[[staff]]\nname = \"Ada Admin\"\nemail = \"ada@desk.test\"\nrole = \"admin\"\nnotify = false\n";
    let mut desk = Desk::prepare().with(staff);
    desk.run();
    let agent = desk.agent.address.clone();
    set_up(&mut desk.browser(&agent));
    let mut admin = desk.browser("ada@desk.test");
    admin.get("/accounts");
    let ended = ending(&desk, "ada@desk.test");
    let sent = admin.post("/accounts/factors", &[("address", &agent), ("password", PASSWORD)]);
    ended.join().unwrap();
    assert_eq!(sent.status, 303, "{}", sent.body);
    assert_eq!(admin.get("/accounts").location(), "/sign-in?next=%2Faccounts");
    assert_eq!(desk.sql("select count(*) from accounts where totp_secret is not null"), "1");
    assert_eq!(desk.sql("select count(*) from audit where deed = 'factors-taken'"), "0");
}

#[test]
fn what_is_done_at_the_command_line_is_said_to_be_and_nobody_named_who_did_not_do_it() {
    let staff =
        "[[staff]]\nname = \"Ada Admin\"\nemail = \"ada@desk.test\"\nrole = \"admin\"\nnotify = false\n";
    let mut desk = Desk::prepare().with(staff);
    desk.run();
    let agent = desk.agent.address.clone();
    let mut browser = desk.browser(&agent);
    let password = "select actor, about from audit where deed = 'password-set'";
    assert_eq!(desk.sql(password), format!("operator|{agent}"));
    set_up(&mut browser);
    let dropped = desk.cli(&["staff", "drop-factors", &agent]);
    assert!(dropped.stdout.contains("has no second factor any more (had: one-time codes)"), "{dropped:?}");
    assert_eq!(browser.get("/inbox").status, 303);
    assert!(desk.cli(&["staff", "drop-factors", &agent]).stderr.contains("has no second factor"));
    let last =
        "select actor, about, network from audit where deed = 'factors-taken' order by id desc limit 1";
    assert_eq!(desk.sql(last), format!("operator|{agent}|"));
    let told = desk.agent.wait_for_one().text();
    assert!(told.starts_with("Somebody at the command line"), "{told}");
    let mut admin = desk.browser("ada@desk.test");
    for person in ["operator", "at+the+command+line", "At+the+Command+Line"] {
        let log = admin.get(&format!("/audit?person={person}")).body;
        let rows = log.matches("<th scope=\"row\">").count();
        assert!(rows > 0 && rows == log.matches("<th scope=\"row\">at the command line").count(), "{log}");
    }

    // An admin may be named.
    let mut again = desk.visitor();
    again.sign_in(&agent, PASSWORD);
    set_up(&mut again);
    let refused = desk.cli(&["staff", "drop-factors", &agent, "--as", &agent]);
    assert!(refused.stderr.contains("only an admin may do this"), "{refused:?}");
    assert_eq!(desk.cli(&["staff", "drop-factors", &agent, "--as", "ada@desk.test"]).code, Some(0));
    assert_eq!(desk.sql(last), format!("ada@desk.test|{agent}|"));
}
