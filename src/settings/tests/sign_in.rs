//! How staff sign in.

use super::*;

fn with(lines: &str) -> String {
    format!("{MINIMAL}[sign_in]\n{lines}\n")
}

#[test]
fn without_a_word_there_are_passwords_and_sessions_of_a_week() {
    let settings = good(MINIMAL, &[]);
    let sign_in = &settings.sign_in;
    assert!(sign_in.password && sign_in.oidc.is_none() && sign_in.second_factor.is_empty());
    assert_eq!((sign_in.idle, sign_in.lifetime), (Duration::from_hours(24), Duration::from_hours(7 * 24)));
    let here: Vec<String> = settings.web.proxies.iter().map(ToString::to_string).collect();
    assert_eq!(here, ["127.0.0.1", "::1"]);
}

#[test]
fn another_site_is_named_whole_and_safely() {
    let oidc = "oidc = { issuer = \"https://id.example.org\", client_id = \"deskgate\", client_secret = \"hunter2\" }";
    let settings = good(&with(oidc), &[]);
    assert_eq!(settings.sign_in.oidc.as_ref().unwrap().name, "Company account");
    assert!(!format!("{:?}", settings.sign_in).contains("hunter2"));
    assert_eq!(
        only_mistake(&with(&oidc.replace("https://", "http://")), &[]),
        "deskgate.toml:10: `sign_in.oidc.issuer` is the text \"http://id.example.org\"; only https:// is safe on the \
         way; http:// goes to this machine alone"
    );
    assert_eq!(
        only_mistake(&with(&oidc.replace(", client_secret = \"hunter2\"", "")), &[]),
        "deskgate.toml:10: `sign_in.oidc.client_secret` is missing; the other site gives it out for this client"
    );
}

#[test]
fn roles_and_addresses_are_read_one_by_one() {
    let settings = good(&with("second_factor = [\"lead\", \"admin\"]"), &[]);
    assert_eq!(settings.sign_in.second_factor, [Role::Lead, Role::Admin]);
    let env = [("DESKGATE__WEB__PROXIES", "10.0.0.1, 2001:db8::1")];
    assert_eq!(good(MINIMAL, &env).web.proxies.len(), 2);
    let wrong = format!("{MINIMAL}[web]\nproxies = [\"proxy.example.org\"]\n");
    assert!(only_mistake(&wrong, &[]).contains("a list of IP addresses in brackets"));
}
