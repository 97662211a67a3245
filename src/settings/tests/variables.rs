//! Keys given as environment variables.

use super::*;

#[test]
fn they_beat_the_file_and_are_read_by_the_type_expected() {
    let settings = good(
        EXAMPLE,
        &[
            ("DESKGATE__DATABASE__URL", "postgres://other@db/x"),
            ("DESKGATE__MAILBOX__0__IMAP__PORT", "1143"),
            ("DESKGATE__MAILBOX__SUPPORT__IMAP__IDLE", "false"),
            ("DESKGATE__STAFF__SUPPORT_AGENT__ROLE", "lead"),
            ("DESKGATE__STAKEHOLDER__0__WANTS", "all, digest"),
            ("DESKGATE__LIMITS__ASK_COOLDOWN", "5m"),
            ("DESKGATE_LOG", "not ours"),
        ],
    );
    assert_eq!(settings.database.url.unwrap().expose(), "postgres://other@db/x");
    let imap = settings.mailboxes[0].imap.as_ref().unwrap();
    assert_eq!((imap.port, imap.idle), (1143, false));
    assert_eq!(settings.staff[0].role, Role::Lead);
    let wants = |cadence| Want { topic: Topic::All, cadence };
    assert_eq!(settings.stakeholders[0].wants, [wants(Cadence::Immediate), wants(Cadence::Daily)]);
    assert_eq!(settings.limits.ask_cooldown, Duration::from_mins(5));
}

#[test]
fn they_alone_make_a_configuration() {
    let mut env = vec![
        ("DESKGATE__SITE__NAME".to_owned(), "A".to_owned()),
        ("DESKGATE__SITE__BASE_URL".to_owned(), "https://desk.test/".to_owned()),
    ];
    for index in 0..12 {
        for (key, text) in [("NAME", "box-N"), ("ADDRESS", "boxN@desk.test"), ("SMTP__HOST", "mx.desk.test")]
        {
            env.push((format!("DESKGATE__MAILBOX__{index}__{key}"), text.replace('N', &index.to_string())));
        }
    }
    env.push(("DESKGATE__MAILBOX__BOX_11__REPLY_TAG".to_owned(), "false".to_owned()));
    let folder = tempfile::tempdir().unwrap();
    let settings = read("", "environment", folder.path().to_owned(), env.into_iter().collect()).unwrap();
    assert_eq!(settings.site.base_url, "https://desk.test");
    assert_eq!(settings.mailboxes.len(), 12);
    assert_eq!((settings.mailboxes[11].name.as_str(), settings.mailboxes[11].reply_tag), ("box-11", false));
}

#[test]
fn their_choice_of_a_password_beats_the_files() {
    let env = [("DESKGATE__MAILBOX__0__IMAP__PASSWORD_ENV", "P"), ("P", "s3")];
    let settings = good(MINIMAL, &env);
    assert_eq!(settings.mailboxes[0].imap.as_ref().unwrap().password.expose(), "s3");
}

#[test]
fn a_mistake_in_one_names_it() {
    let told = only_mistake(MINIMAL, &[("DESKGATE__DATABSE__URL", "postgres://x")]);
    let expected = "environment variable DESKGATE__DATABSE__URL: unknown key `databse`; did you mean `database`? known \
                    keys here: site, database, ";
    assert!(told.starts_with(expected), "{told}");
    assert_eq!(
        only_mistake(MINIMAL, &[("DESKGATE__MAILBOX__0__IMAP__PORT", "imaps")]),
        "environment variable DESKGATE__MAILBOX__0__IMAP__PORT: `mailbox[0].imap.port` is \"imaps\"; expected a \
         whole number from 1 to 65535"
    );
    assert_eq!(
        only_mistake(MINIMAL, &[("DESKGATE__MAILBOX__SALES__ADDRESS", "a@desk.test")]),
        "environment variable DESKGATE__MAILBOX__SALES__ADDRESS: no mailbox is called `sales` (there is: \
         `support`); use one of these names, or an index, counted from 0, where 1 makes a new one"
    );
    assert_eq!(
        only_mistake(MINIMAL, &[("DESKGATE__MAILBOX__2__ADDRESS", "a@desk.test")]),
        "environment variable DESKGATE__MAILBOX__2__ADDRESS: `mailbox[2]` cannot be set while `mailbox[1]` is \
         missing; count from 0 without gaps"
    );
    assert_eq!(
        only_mistake(MINIMAL, &[("DESKGATE__LOG", "debug")]),
        "environment variable DESKGATE__LOG: `log` is \"debug\"; expected a table: set its keys one by one, with \
         two underscores before each"
    );
    assert_eq!(
        only_mistake(MINIMAL, &[("DESKGATE__SITE____NAME", "A")]),
        "environment variable DESKGATE__SITE____NAME: a level of the key is empty; write it as in \
         DESKGATE__DATABASE__URL, with two underscores between the levels"
    );
}
