//! Another site says who somebody is.

use crate::helpers::{
    Browser, Desk,
    browser::Answer,
    identity::{Identity, Lie},
};

fn desk_with(identity: &Identity) -> Desk {
    let mut desk = Desk::prepare().with(&format!("[sign_in]\n{}", identity.setting()));
    desk.run();
    desk
}

/// Presses the button; where it leads.
fn begin(browser: &mut Browser) -> String {
    let page = browser.get("/sign-in?next=/inbox%3Fview=mine");
    assert!(page.body.contains("Sign in with Example ID"), "{}", page.body);
    let onward = browser.post("/sign-in/oidc", &[("next", "/inbox?view=mine")]);
    assert_eq!(onward.status, 200, "{}", onward.body);
    let refresh = onward.field("refresh").unwrap();
    let url = refresh.strip_prefix("0; url=").unwrap().to_owned();
    assert!(onward.body.contains("Continue"), "without a refresh there is a link");
    url
}

fn come_back(desk: &Desk, identity: &Identity, email: &str, lie: Lie) -> (Browser, Answer) {
    let mut browser = desk.visitor();
    let url = begin(&mut browser);
    let answer = browser.get(&identity.agree(&url, email, lie));
    (browser, answer)
}

#[test]
fn who_is_on_the_staff_list_is_signed_in_once_for_each_answer() {
    let identity = Identity::start();
    let desk = desk_with(&identity);
    let agent = desk.agent.address.clone();
    let mut browser = desk.visitor();
    let url = begin(&mut browser);
    let back = identity.agree(&url, &agent.to_uppercase(), Lie::None);
    let mut thief = desk.visitor();
    thief.get("/sign-in");
    assert_eq!(thief.get(&back).status, 422, "the answer is for the browser that asked");
    let answer = browser.get(&back);
    assert_eq!((answer.status, answer.location()), (303, "/inbox?view=mine"), "{}", answer.body);
    assert_eq!(browser.get("/inbox").status, 200);
    assert_eq!(desk.sql("select address, signed_in_by from sessions"), format!("{agent}|oidc"));
    let mut again = desk.visitor();
    again.cookies = browser.cookies.clone();
    again.cookies.remove("deskgate");
    assert_eq!(again.get(&back).status, 422, "once");
}

#[test]
fn nobody_else_is_and_no_answer_is_believed_that_is_not_right() {
    let identity = Identity::start();
    let desk = desk_with(&identity);
    let agent = desk.agent.address.clone();
    for (email, lie, status) in [
        ("stranger@example.org", Lie::None, 422),
        (agent.as_str(), Lie::Unverified, 422),
        (agent.as_str(), Lie::Silent, 422),
        (agent.as_str(), Lie::Nonce, 502),
        (agent.as_str(), Lie::Audience, 502),
        (agent.as_str(), Lie::Key, 502),
        (agent.as_str(), Lie::Expired, 502),
    ] {
        let (_, answer) = come_back(&desk, &identity, email, lie);
        assert_eq!(answer.status, status, "{}", answer.body);
    }
    // Another state, another code.
    let mut browser = desk.visitor();
    let url = begin(&mut browser);
    let back = identity.agree(&url, &agent, Lie::None);
    assert_eq!(browser.get(&format!("{back}x")).status, 502);
    let url = begin(&mut browser);
    let back = identity.agree(&url, &agent, Lie::None);
    assert_eq!(browser.get(&back.replace("code=code-", "code=x-")).status, 502);
    assert_eq!(browser.get("/sign-in/oidc/back").status, 422);
    assert_eq!(desk.count("sessions"), 0);
    assert!(!desk.log().contains("secret-of-the-client"), "{}", desk.log());
}

#[test]
fn a_site_that_is_away_is_told_and_the_other_ways_stay() {
    let identity = Identity::start();
    let gone = identity.setting().replace(&identity.issuer, "http://127.0.0.1:9");
    let mut desk = Desk::prepare().with(&format!("[sign_in]\n{gone}"));
    desk.run();
    let mut browser = desk.visitor();
    browser.get("/sign-in");
    let answer = browser.post("/sign-in/oidc", &[]);
    assert_eq!(answer.status, 502);
    assert!(answer.body.contains("does not answer as it should"), "{}", answer.body);
    assert!(answer.body.contains("name=\"password\""));
}

#[test]
fn passwords_may_be_off() {
    let identity = Identity::start();
    let staff = "[[staff]]\nname = \"Bob\"\nemail = \"bob@desk.test\"\nrole = \"agent\"\nnotify = false\n";
    let mut desk =
        Desk::prepare().with(&format!("{staff}[sign_in]\npassword = false\n{}", identity.setting()));
    desk.run();
    let agent = desk.agent.address.clone();
    desk.give_password(&agent);
    let mut browser = desk.visitor();
    let page = browser.get("/sign-in");
    assert!(!page.body.contains("name=\"password\""), "{}", page.body);
    let fields = [("address", agent.as_str()), ("password", crate::helpers::browser::PASSWORD)];
    assert_eq!(browser.post("/sign-in", &fields).status, 422);
    let (mut browser, _) = come_back(&desk, &identity, &agent, Lie::None);
    let account = browser.get("/account");
    assert!(account.status == 200 && !account.body.contains("type=\"password\""), "{}", account.body);

    // Who may not use a password any more is not asked for one, and sets none.
    let before = desk.sql("select password_hash from accounts");
    browser.post("/account/password", &[("old", ""), ("new", "another long password")]);
    assert!(browser.get("/account").body.contains("Nobody signs in with a password here"));
    assert_eq!(desk.sql("select password_hash from accounts"), before);
    desk.sql(
        "insert into accounts (address, handle, made_at, totp_secret, totp_at) \
         values ('bob@desk.test', '0123456789abcdef', now(), '\\x00', now())",
    );
    let accounts = browser.get("/accounts").body;
    assert!(accounts.contains("/accounts/factors") && !accounts.contains("type=\"password\""), "{accounts}");
    browser.post("/accounts/factors", &[("address", "bob@desk.test")]);
    let told = browser.get("/accounts").body;
    assert!(told.contains("Their second factors are gone"), "{told}");
}
