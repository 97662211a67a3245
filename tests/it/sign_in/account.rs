//! One's own account, and what is kept of everybody's.

use crate::helpers::{Browser, Desk, browser::PASSWORD};

#[test]
fn a_new_password_takes_the_old_one_and_ends_all_other_sessions() {
    let desk = Desk::start();
    let agent = desk.agent.address.clone();
    let mut browser = desk.browser(&agent);
    let mut other = desk.visitor();
    other.sign_in(&agent, PASSWORD);
    browser.get("/account");
    let before = browser.cookies["deskgate"].clone();
    let new = "another battery staple horse";
    browser.post("/account/password", &[("old", "wrong wrong wrong"), ("new", new)]);
    assert!(browser.get("/account").body.contains("This is not your password"));
    browser.post("/account/password", &[("old", PASSWORD), ("new", "short")]);
    assert!(browser.get("/account").body.contains("at least 12 characters"));
    assert_eq!(other.get("/inbox").status, 200);
    browser.post("/account/password", &[("old", PASSWORD), ("new", new)]);
    let page = browser.get("/account");
    assert!(page.body.contains("Your password is changed"), "{}", page.body);
    assert_ne!(browser.cookies["deskgate"], before);
    assert_eq!(other.get("/inbox").status, 303);
    assert_eq!(desk.visitor().sign_in(&agent, PASSWORD).status, 422);
    assert_eq!(desk.visitor().sign_in(&agent, new).status, 303);
    let mut thief = desk.visitor();
    thief.cookies.insert("deskgate".into(), before);
    assert_eq!(thief.get("/account").status, 303);
}

#[test]
fn nothing_that_one_signs_in_with_is_changed_without_the_password() {
    let desk = Desk::prepare();
    let mut desk = desk.configured("base_url = \"http://127.0.0.1", "base_url = \"http://localhost");
    desk.run();
    let agent = desk.agent.address.clone();
    let mut browser = desk.browser(&agent);
    desk.sql(&format!(
        "insert into passkeys (address, credential_id, name, passkey, made_at) values ('{agent}', 'x', 'Blue', '{{}}', now())"
    ));
    let key = desk.sql("select id from passkeys");
    let stands = "select (select string_agg(to_jsonb(accounts)::text, ' ') from accounts), (select count(*) from passkeys), \
                  (select count(*) from recovery_codes), (select count(*) from sign_in_steps), (select count(*) from sessions)";
    let before = desk.sql(stands);
    let forms: [(&str, &[(&str, &str)]); 6] = [
        ("/account/password", &[("new", "another battery staple horse")]),
        ("/account/codes", &[("sealed", "x"), ("code", "123456")]),
        ("/account/codes/off", &[]),
        ("/account/codes/recovery", &[]),
        ("/account/passkeys/begin", &[]),
        ("/account/passkeys/remove", &[("id", key.as_str())]),
    ];
    for (path, fields) in forms {
        for wrong in ["", "not my password at all"] {
            browser.get("/account");
            let proof = [("old", wrong), ("password", wrong)];
            let answer = browser.post(path, &[fields, &proof].concat());
            let told = format!("{}{}", answer.body, browser.get("/account").body);
            assert!(told.contains("This is not your password"), "{path} {wrong:?}: {told}");
            assert_eq!(desk.sql(stands), before, "{path} {wrong:?}");
            desk.sql("delete from sign_in_tries");
        }
    }
    // A passkey that nobody asked for with the password is not taken.
    browser.post("/account/passkeys", &[("name", "x"), ("answer", "{}"), ("password", PASSWORD)]);
    assert_eq!(desk.sql(stands), before);
}

#[test]
fn sessions_are_listed_and_ended_and_nobody_ends_another_persons() {
    let desk = Desk::prepare();
    let bob = desk.mailbox("bob", "desk.test").address;
    let mut desk = desk.with(&format!("[[staff]]\nname = \"Bob\"\nemail = \"{bob}\"\n"));
    desk.run();
    let agent = desk.agent.address.clone();
    let mut browser = desk.browser(&agent);
    let mut others: Vec<_> = (0..3).map(|_| desk.visitor()).collect();
    others.iter_mut().for_each(|other| assert_eq!(other.sign_in(&agent, PASSWORD).status, 303));
    let mut bobs = desk.browser(&bob);
    let page = browser.get("/account").body;
    assert_eq!(page.matches("Unknown browser").count(), 4, "{page}");
    assert_eq!(page.matches("This one").count(), 1);
    let of_bob = desk.sql(&format!("select id from sessions where address = '{bob}'"));
    browser.post("/account/sessions/end", &[("id", &of_bob)]);
    assert_eq!(bobs.get("/inbox").status, 200);
    let one =
        desk.sql(&format!("select id from sessions where address = '{agent}' order by id offset 1 limit 1"));
    browser.get("/account");
    browser.post("/account/sessions/end", &[("id", &one)]);
    assert_eq!(others[0].get("/inbox").status, 303);
    assert_eq!(others[1].get("/inbox").status, 200);
    browser.get("/account");
    browser.post("/account/sessions/end", &[]);
    assert_eq!(others[2].get("/inbox").status, 303);
    assert_eq!(browser.get("/inbox").status, 200);
    assert_eq!(bobs.get("/inbox").status, 200);
}

#[test]
fn zone_and_colours_are_chosen() {
    let desk = Desk::start();
    let agent = desk.agent.address.clone();
    let mut browser = desk.browser(&agent);
    browser.get("/account");
    browser.post("/account/looks", &[("zone", "Europe/Berlin"), ("theme", "dark")]);
    let page = browser.get("/account").body;
    assert!(page.contains("data-theme=\"dark\"") && page.contains("value=\"Europe/Berlin\""), "{page}");
    browser.post("/account/looks", &[("zone", "Nowhere/At_all"), ("theme", "dark")]);
    assert!(browser.get("/account").body.contains("There is no such time zone"));
    browser.post("/account/looks", &[("zone", ""), ("theme", "auto")]);
    assert!(browser.get("/account").body.contains("data-theme=\"auto\""));
}

#[test]
fn the_audit_log_is_for_admins_and_is_filtered_and_paged() {
    let desk = Desk::prepare();
    let [bob, ada] = ["bob", "ada"].map(|name| desk.mailbox(name, "desk.test").address);
    let mut desk = desk.with(&format!(
        "[[staff]]\nname = \"Bob\"\nemail = \"{bob}\"\nrole = \"lead\"\n[[staff]]\nname = \"Ada\"\nemail = \"{ada}\"\nrole = \"admin\"\n"
    ));
    desk.run();
    let agent = desk.agent.address.clone();
    assert_eq!(desk.browser(&agent).get("/audit").status, 403);
    assert_eq!(desk.browser(&bob).get("/audit").status, 403);
    desk.visitor().sign_in(&bob, "wrong <b>wrong</b> wrong");
    let mut admin = desk.browser(&ada);
    let page = admin.get("/audit").body;
    assert!(page.contains("Sign-in failed") && page.contains(&agent) && !page.contains("wrong"), "{page}");
    let failed = admin.get(&format!("/audit?person={bob}&deed=sign-in-failed")).body;
    assert_eq!(failed.matches("<tr><td").count(), 1, "{failed}");
    desk.sql("insert into audit (at, actor, deed, about, network) select now(), 'x@y.test', 'signed-in', n::text, '192.0.2.1' from generate_series(1, 250) n");
    let mut path = "/audit?person=x%40y.test".to_owned();
    let mut seen = Vec::new();
    loop {
        let page = admin.get(&path).body;
        seen.push(page.matches("<tr><td").count());
        let Some((_, rest)) = page.split_once("rel=\"next\" href=\"") else { break };
        path = rest.split('"').next().unwrap().replace("&amp;", "&").replace("&#x3D;", "=");
    }
    assert_eq!(seen, [100, 100, 50]);
}

#[test]
fn admins_invite_colleagues_and_end_their_sessions() {
    let desk = Desk::prepare();
    let ada = desk.mailbox("ada", "desk.test").address;
    let desk = desk.configured("base_url = \"http://127.0.0.1", "base_url = \"https://desk.example.org");
    let mut desk = desk.with(&format!("[[staff]]\nname = \"Ada\"\nemail = \"{ada}\"\nrole = \"admin\"\n"));
    desk.run();
    let agent = desk.agent.address.clone();
    let mut browser = desk.browser(&agent);
    assert_eq!(browser.get("/accounts").status, 403);
    browser.get("/account");
    browser.post("/accounts/end", &[("address", &ada)]);
    assert!(browser.get("/account").body.contains("nly an admin may do this"));
    let mut admin = desk.browser(&ada);
    assert!(admin.get("/accounts").body.contains(&agent));
    admin.post("/accounts/end", &[("address", &agent)]);
    assert_eq!(browser.get("/inbox").status, 303);
    admin.get("/accounts");
    admin.post("/accounts/invite", &[("address", &agent)]);
    assert!(desk.agent.wait_for_one().text().contains("/welcome/"));
    let id = desk.sql("select id from outbox where notice = 'staff-welcome'");
    let shown = admin.get(&format!("/outbox/{id}"));
    assert!(
        shown.body.contains("which only its reader may see") && !shown.body.contains("/welcome/"),
        "{}",
        shown.body
    );
    assert_eq!(admin.get(&format!("/outbox/{id}/html")).status, 404);
    admin.get("/accounts");
    assert_eq!(admin.post("/accounts/invite", &[("address", "x@y.test")]).status, 303);
    assert!(admin.get("/accounts").body.contains("not on the staff list"));
    let deeds = desk.sql(&format!("select string_agg(deed || ' ' || about, '|' order by id) from audit where actor = '{ada}' and deed in ('session-ended', 'invited')"));
    assert_eq!(deeds, format!("session-ended {agent}|invited {agent}"));
}

#[test]
fn times_are_in_the_zone_of_the_account_or_the_staff_list_or_the_browser() {
    let mut desk = Desk::prepare().with(
        "[[staff]]\nname = \"Zoe\"\nemail = \"zoe@desk.test\"\nzone = \"America/Lima\"\nnotify = false\n",
    );
    desk.run();
    let mut agent = desk.browser(&desk.agent.address);
    let told = |browser: &mut Browser, what: &str| {
        let page = browser.get("/account").body;
        assert!(page.contains(what), "{what} is not in {page}");
    };
    told(&mut agent, "Times are in UTC, the zone of this site");
    for (cookie, what) in [
        ("Asia/Tokyo", "Times are in Asia/Tokyo, as your browser says."),
        ("Mars/Olympus", "Times are in UTC, the zone of this site"),
        ("../../etc/passwd", "Times are in UTC, the zone of this site"),
        ("", "Times are in UTC, the zone of this site"),
    ] {
        agent.cookies.insert("deskgate-zone".into(), cookie.into());
        told(&mut agent, what);
    }
    agent.cookies.insert("deskgate-zone".into(), "Asia/Tokyo".into());
    assert!(agent.get("/rota").body.contains("Asia/Tokyo"), "all times of the page");
    agent.get("/account");
    agent.post("/account/looks", &[("zone", "Europe/Berlin"), ("theme", "auto")]);
    told(&mut agent, "Times are in Europe/Berlin, which you chose here");
    let mut zoe = desk.browser("zoe@desk.test");
    zoe.cookies.insert("deskgate-zone".into(), "Asia/Tokyo".into());
    told(&mut zoe, "Times are in America/Lima, which stands beside you in the staff list.");
}
