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
