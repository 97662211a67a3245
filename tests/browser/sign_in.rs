//! Signing in: its pages, and passkeys with the virtual authenticator of a real Chromium.

use jiff::Timestamp;
use serde_json::json;
use totp_rs::{Builder, Secret};

use crate::{
    chromium::Chromium,
    helpers::{Desk, browser::PASSWORD},
    scene,
    walk::look,
};

/// A desk that browsers reach under a name, and a browser with a device that has passkeys.
fn desk_and_device() -> (Desk, Chromium, String) {
    let desk = Desk::prepare();
    let mut desk = desk.configured("base_url = \"http://127.0.0.1", "base_url = \"http://localhost");
    desk.run();
    let page = Chromium::at_site(&format!("http://localhost:{}", desk.web));
    page.protocol("WebAuthn.enable", json!({}));
    let options = json!({
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": true, "hasUserVerification": true,
        "isUserVerified": true, "automaticPresenceSimulation": true,
    });
    let device = page.protocol("WebAuthn.addVirtualAuthenticator", json!({ "options": options }));
    let device = device["authenticatorId"].as_str().unwrap().to_owned();
    (desk, page, device)
}

fn sign_in(page: &Chromium, address: &str) {
    page.open("/sign-in");
    page.fill("[name=address]", address);
    page.fill("[name=password]", PASSWORD);
    page.press_button("Sign in");
    page.wait("the inbox", |page| page.path() == "/inbox");
}

#[test]
fn a_passkey_is_added_signs_in_and_is_removed() {
    let (desk, page, _) = desk_and_device();
    let agent = desk.agent.address.clone();
    desk.give_password(&agent);
    sign_in(&page, &agent);
    page.open("/account");
    page.wait("the form for a passkey", |page| page.count("form[data-passkey]:not([hidden])") == 1);
    page.fill("form[data-passkey] [name=name]", "Blue key");
    page.fill("form[data-passkey] [name=password]", "not my password at all");
    page.press_button("Add a passkey");
    page.wait_to_read("form[data-passkey] [role=alert]", "This is not your password");
    page.complaints();
    page.fill("form[data-passkey] [name=password]", PASSWORD);
    let before = page.cookies();
    page.press_button("Add a passkey");
    page.wait_to_read("#said", "Your passkey is there");
    assert_ne!(page.cookies(), before, "the session is a new one");
    assert!(page.texts("th").contains(&"Blue key".to_owned()));

    page.press_button("Sign out");
    page.wait("the sign-in page", |page| page.path() == "/sign-in");
    page.press_button("Sign in with a passkey");
    page.wait("the inbox", |page| page.path() == "/inbox");
    assert_eq!(desk.sql("select address, signed_in_by from sessions"), format!("{agent}|passkey"));
    assert_eq!(desk.sql("select last_used_at is not null from passkeys"), "t");

    page.open("/account");
    page.press_button("Remove");
    page.fill("table [name=password]", PASSWORD);
    page.click("table details button");
    page.wait_to_read("#said", "The passkey is gone");
    assert_eq!(desk.count("passkeys"), 0);
    page.press_button("Sign out");
    page.wait("the sign-in page", |page| page.path() == "/sign-in");
    page.press_button("Sign in with a passkey");
    page.wait_to_read("[role=alert]", "That passkey is not known here");
    page.complaints();
    assert_eq!(desk.count("sessions"), 0);
}

#[test]
fn a_device_that_does_not_ask_for_its_owner_is_not_enough() {
    let (desk, page, device) = desk_and_device();
    let agent = desk.agent.address.clone();
    desk.give_password(&agent);
    sign_in(&page, &agent);
    page.open("/account");
    page.wait("the form for a passkey", |page| page.count("form[data-passkey]:not([hidden])") == 1);
    page.fill("form[data-passkey] [name=password]", PASSWORD);
    page.press_button("Add a passkey");
    page.wait_to_read("#said", "Your passkey is there");
    page.press_button("Sign out");
    page.wait("the sign-in page", |page| page.path() == "/sign-in");
    page.protocol("WebAuthn.setUserVerified", json!({ "authenticatorId": device, "isUserVerified": false }));
    page.press_button("Sign in with a passkey");
    page.wait_to_read("[role=alert]", "That passkey is not known here");
    assert_eq!(desk.count("sessions"), 0);
}

#[test]
fn the_pages_of_signing_in_shut_nobody_out_and_look_right() {
    let desk = Desk::prepare();
    let ada = desk.mailbox("ada", "desk.test").address;
    let mut desk = desk.with(&format!("[[staff]]\nname = \"Ada\"\nemail = \"{ada}\"\nrole = \"admin\"\n"));
    desk.run();
    desk.give_password(&ada);
    let page = Chromium::at(&desk);
    page.open("/sign-in");
    page.is_accessible("sign-in");
    page.fill("[name=address]", &ada);
    page.fill("[name=password]", "wrong wrong wrong");
    page.press_button("Sign in");
    page.wait_to_read("[role=alert]", "do not match");
    page.is_accessible("sign-in, wrong");
    let pictures = |name: &str| {
        for (size, width) in [("wide", 1280), ("phone", 390)] {
            page.screen(width, 800);
            for (theme, dark) in [("light", false), ("dark", true)] {
                page.dark(dark);
                page.picture(&format!("{name}-{size}-{theme}"));
            }
            assert!(!page.is_too_wide(), "{name} is too wide for {width}");
        }
        page.screen(320, 800);
        assert!(!page.is_too_wide(), "{name} is too wide for 320");
        page.screen(1280, 900);
        page.dark(false);
    };
    pictures("sign-in");
    // A wrong answer is an answer; the browser notes it in its console all the same.
    page.complaints();
    page.fill("[name=password]", PASSWORD);
    page.press_button("Sign in");
    page.wait("the inbox", |page| page.path() == "/inbox");
    for (path, name) in
        [("/account", "account"), ("/account/codes", "codes"), ("/audit", "audit"), ("/accounts", "accounts")]
    {
        page.open(path);
        page.is_accessible(name);
        pictures(name);
    }
    page.open("/account/codes");
    let secret = Secret::try_from_base32(page.text(".secret").replace(' ', "")).unwrap();
    let device = Builder::new().with_secret(secret).with_account_name("x").build_noncompliant();
    let code = device.generate(u64::try_from(Timestamp::now().as_second()).unwrap());
    page.fill("[name=code]", &code.to_string());
    page.fill("[name=password]", PASSWORD);
    page.press_button("Turn on codes");
    page.wait("the recovery codes", |page| page.count(".recovery li") == 10);
    page.is_accessible("recovery codes");
    pictures("recovery");
    page.open("/accounts");
    page.click("table details summary");
    page.wait_for("table details[open] [name=password]");
    page.is_accessible("accounts, factors");
    pictures("accounts-factors");
    page.press_button("Sign out");
    page.wait("the sign-in page", |page| page.path() == "/sign-in");
    page.fill("[name=address]", &ada);
    page.fill("[name=password]", PASSWORD);
    page.press_button("Sign in");
    page.wait("one more step", |page| page.path().starts_with("/sign-in/code"));
    page.is_accessible("one more step");
    pictures("code");
}

#[test]
fn the_ways_back_in_shut_nobody_out() {
    let desk = scene::desk();
    let page = Chromium::at(&desk);
    let link = desk.cli(&["staff", "invite", &desk.agent.address, "--print"]).stdout;
    let start = link.find("/welcome/").expect("a link to choose a password");
    let welcome = link[start..].split_whitespace().next().unwrap().to_owned();
    let told: Vec<String> = ["/forgotten", &welcome].iter().flat_map(|path| look(&page, path)).collect();
    assert!(told.is_empty(), "{}", told.join("\n"));
}
