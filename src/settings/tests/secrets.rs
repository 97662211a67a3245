//! The three ways to give a secret.

use super::*;

#[test]
fn a_password_comes_from_one_place() {
    assert_eq!(
        changed("password = \"secret\"", "password = \"secret\", password_env = \"P\""),
        "deskgate.toml:7: `mailbox[0].imap` has both `password` and `password_env`; keep one of `password`, \
         `password_file` and `password_env`"
    );
    assert_eq!(
        changed("[site]\n", "[site]\nsecret_env = \"P\"\nsecret_file = \"f\"\n"),
        "deskgate.toml:3: `site` has both `secret_file` and `secret_env`; keep one of `secret`, `secret_file` and \
         `secret_env`"
    );
}

#[test]
fn a_password_is_taken_from_a_variable() {
    let toml = MINIMAL.replace("password = \"secret\"", "password_env = \"SUPPORT_PASSWORD\"");
    let settings = good(&toml, &[("SUPPORT_PASSWORD", "s3")]);
    assert_eq!(settings.mailboxes[0].imap.as_ref().unwrap().password.expose(), "s3");
    assert_eq!(
        only_mistake(&toml, &[]),
        "deskgate.toml:7: `mailbox[0].imap.password_env`: the environment variable SUPPORT_PASSWORD is not set"
    );
}

#[test]
fn a_password_is_taken_from_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("p");
    fs::write(&path, "s3 \n").unwrap();
    let toml = MINIMAL.replace("password = \"secret\"", &format!("password_file = \"{}\"", path.display()));
    let settings = good(&toml, &[]);
    assert_eq!(settings.mailboxes[0].imap.as_ref().unwrap().password.expose(), "s3 ");
    fs::remove_file(&path).unwrap();
    assert_eq!(
        only_mistake(&toml, &[]),
        format!(
            "deskgate.toml:7: `mailbox[0].imap.password_file`: cannot read the file {}: No such file or directory \
             (os error 2)",
            path.display()
        )
    );
}

#[test]
fn a_secret_as_text_makes_the_key() {
    let toml = MINIMAL.replace("[site]\n", &format!("[site]\nsecret = \"{}\"\n", "k".repeat(32)));
    assert!(good(&toml, &[]).site.signing_key().is_ok());
}

#[test]
fn the_secret_of_a_pager_comes_from_one_place_and_its_url_is_safe() {
    let webhook = |table: &str| format!("{MINIMAL}[oncall]\nwebhook = {{ {table} }}\n");
    let settings =
        good(&webhook("url = \"https://pager.test/hook\", secret_env = \"PAGER\""), &[("PAGER", "s3")]);
    assert_eq!(settings.oncall.webhook.unwrap().secret.expose(), "s3");
    for (table, says) in [
        ("url = \"https://pager.test/hook\"", "requests are signed with it"),
        ("url = \"http://pager.test/hook\", secret = \"s\"", "only https:// is safe on the way"),
        (
            "url = \"https://user:pw@pager.test/\", secret = \"s\"",
            "a user and password in a URL end up in logs",
        ),
        ("url = \"ftp://pager.test/\", secret = \"s\"", "expected a URL that begins with https://"),
        ("url = \"https://\", secret = \"s\"", "expected a URL such as"),
        ("url = \"https://pager.test/\", secret_file = \"none\"", "cannot read the file"),
    ] {
        let told = only_mistake(&webhook(table), &[]);
        assert!(told.contains(says) && !told.contains("s3"), "{told}");
    }
    for url in ["http://127.0.0.1:9/hook", "http://[::1]:9/", "http://localhost/"] {
        good(&webhook(&format!("url = \"{url}\", secret = \"s\"")), &[]);
    }
}

#[test]
fn on_call_is_checked() {
    let staff =
        ["a", "b"].map(|who| format!("[[staff]]\nname = \"{who}\"\nemail = \"{who}@desk.test\"\n")).concat();
    let oncall = |keys: &str| format!("{MINIMAL}{staff}[oncall]\n{keys}\n");
    let settings = good(&oncall("chain = [\"a@desk.test\"]\nseverities = [1, \"2\"]"), &[]);
    assert_eq!((settings.oncall.chain.len(), settings.oncall.severities.len()), (1, 2));
    let settings = good(&oncall(""), &[("DESKGATE__ONCALL__CHAIN", "a@desk.test, b@desk.test")]);
    assert_eq!(settings.oncall.chain, ["a@desk.test", "b@desk.test"]);
    for (keys, says) in [
        ("shift_hours = 5", "expected 4, 6, 8 or 12"),
        ("chain = [\"c@desk.test\"]", "neither the address of a [[staff]] entry nor the name of a [[rota]]"),
        ("severities = [9]", "expected a list in brackets of severities"),
        ("chain = \"a@desk.test\"", "expected a list of texts in brackets"),
    ] {
        let told = only_mistake(&oncall(keys), &[]);
        assert!(told.contains(says), "{told}");
    }
}
