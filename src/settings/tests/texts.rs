//! What a mistake in the file is called, word for word.

use super::*;
use crate::settings::stakeholder::FORMS;

#[test]
fn a_mistyped_key_is_told_with_the_nearest() {
    assert_eq!(
        changed("password =", "pasword ="),
        "deskgate.toml:7: unknown key `mailbox[0].imap.pasword`; did you mean `password`? known keys here: host, \
         tls, port, ca_file, user, password, password_file, password_env, folder, after, poll, idle, timeout"
    );
    let told = changed("[[mailbox]]", "[[mailboxes]]");
    let expected =
        "deskgate.toml:4: unknown key `mailboxes`; did you mean `mailbox`? known keys here: site, database, ";
    assert!(told.starts_with(expected), "{told}");
    let told = added("[webs]\n");
    let expected =
        "deskgate.toml:9: unknown key `webs`; did you mean `web`? known keys here: site, database, ";
    assert!(told.starts_with(expected), "{told}");
    assert_eq!(
        added("[web]\ncolour = 1\n"),
        "deskgate.toml:10: unknown key `web.colour`; known keys here: listen, proxies"
    );
}

#[test]
fn all_mistakes_come_together_in_the_order_of_lines() {
    let toml = MINIMAL.replace("name = \"Example Desk\"", "name = 7").replace("support@desk.test", "support");
    let told = read_with(&toml, &[("DESKGATE__WEB__LISTEN", "8080")]).unwrap_err().to_string();
    assert_eq!(
        told,
        "cannot use the configuration; 3 things to mend:\n  \
         deskgate.toml:2: `site.name` is the number 7; expected text, in quotes\n  \
         deskgate.toml:6: `mailbox[0].address`: `support` is not a mail address we can use: it has no @\n  \
         environment variable DESKGATE__WEB__LISTEN: `web.listen` is \"8080\"; expected an IP address and a port, \
         such as \"127.0.0.1:8080\" or \"[::1]:8080\""
    );
}

#[test]
fn broken_toml_is_told_by_line_and_never_quoted() {
    let told = mistakes("[site]\nname = \"A\"\nsecret = \"hunter2\n", &[]);
    assert_eq!(told, ["deskgate.toml:3: this is not TOML: invalid basic string, expected `\"`"]);
    let told = only_mistake("[site]\nname = 1\nname = 2\n", &[]);
    assert_eq!(told, "deskgate.toml:3: this is not TOML: duplicate key `name`");
    let told = only_mistake("password = hunter2\n", &[]);
    assert_eq!(told, "deskgate.toml:1: this is not TOML: string values must be quoted");
}

#[test]
fn a_missing_key_stands_at_its_table() {
    assert_eq!(
        changed("address = \"support@desk.test\"\n", ""),
        "deskgate.toml:4: `mailbox[0].address` is missing; it takes a mail address such as \
         \"support@example.org\""
    );
    assert_eq!(
        changed("smtp = { host = \"127.0.0.1\", tls = \"none\" }\n", "smtp = { tls = \"none\" }"),
        "deskgate.toml:8: `mailbox[0].smtp.host` is missing; it takes text"
    );
}

#[test]
fn numbers_and_flags() {
    assert_eq!(
        changed("user =", "port = 70000, user ="),
        "deskgate.toml:7: `mailbox[0].imap.port` is the number 70000; expected a whole number from 1 to 65535"
    );
    assert_eq!(
        changed("user =", "port = \"143\", user ="),
        "deskgate.toml:7: `mailbox[0].imap.port` is the text \"143\"; expected a whole number from 1 to 65535, \
         without quotes"
    );
    assert_eq!(
        added("reply_tag = \"yes\"\n"),
        "deskgate.toml:9: `mailbox[0].reply_tag` is the text \"yes\"; expected true or false, without quotes"
    );
    assert_eq!(
        added("[limits]\nworkers = 1.5\n"),
        "deskgate.toml:10: `limits.workers` is the number 1.5; expected a whole number from 1 to 64"
    );
}

#[test]
fn our_own_check_does_not_hold_mail_up_for_long() {
    let with =
        |limit: &str| format!("address = \"support@desk.test\"\nverify = {{ time_limit = \"{limit}\" }}");
    assert_eq!(
        changed("address = \"support@desk.test\"", &with("10m")),
        "deskgate.toml:7: `mailbox[0].verify.time_limit` is 10m; expected at most 30s: the mails behind one whose \
         name server is silent wait so long"
    );
    let longest = MINIMAL.replace("address = \"support@desk.test\"", &with("30s"));
    assert!(good(&longest, &[]).mailboxes[0].verify.is_some());
}

#[test]
fn lengths_of_time() {
    assert_eq!(
        changed("user =", "poll = 60, user ="),
        "deskgate.toml:7: `mailbox[0].imap.poll` is the number 60; expected a length of time with its unit, such \
         as \"60s\", \"10m\", \"1h 30m\" or \"14d\""
    );
    assert_eq!(
        changed("user =", "poll = \"0s\", user ="),
        "deskgate.toml:7: `mailbox[0].imap.poll` is 0s; expected a length of time from 1s to 3650d"
    );
    for text in ["-1m", "1 fortnight", "1mo"] {
        let told = changed("user =", &format!("poll = \"{text}\", user ="));
        assert!(told.contains(&format!("is the text \"{text}\"; expected a length of time")), "{told}");
    }
    let toml = MINIMAL.replace("user =", "poll = \"1h 30m\", user =");
    assert_eq!(good(&toml, &[]).mailboxes[0].imap.as_ref().unwrap().poll, Duration::from_mins(90));
}

#[test]
fn words_and_lists_of_words() {
    let staff = "[[staff]]\nname = \"A\"\nemail = \"a@desk.test\"\n";
    assert_eq!(
        added(&format!("{staff}role = \"boss\"\n")),
        "deskgate.toml:12: `staff[0].role`: `boss` is no role; use one of agent, lead, admin"
    );
    assert_eq!(
        added(&format!("{staff}role = true\n")),
        "deskgate.toml:12: `staff[0].role` is true; expected one of \"agent\", \"lead\", \"admin\""
    );
    let stakeholder = "[[stakeholder]]\nemail = \"b@desk.test\"\n";
    assert_eq!(
        added(&format!("{stakeholder}wants = \"sev1\"\n")),
        "deskgate.toml:11: `stakeholder[0].wants` is the text \"sev1\"; expected a list of texts in brackets"
    );
    assert_eq!(
        added(&format!("{stakeholder}wants = [\"sev9\"]\n")),
        format!(
            "deskgate.toml:11: `stakeholder[0].wants`: `sev9` is nothing to hear of; use some of {FORMS}"
        )
    );
    assert_eq!(
        added(stakeholder),
        format!(
            "deskgate.toml:9: `stakeholder[0].wants` names no notice, so this stakeholder would never hear of \
             anything; list some of {FORMS}"
        )
    );
    assert_eq!(
        added(&format!("{stakeholder}wants = [\"product:shop\"]\n")),
        "deskgate.toml:11: `stakeholder[0].wants`: there is no product `shop`; add a [[product]] of this name"
    );
    assert_eq!(
        added(&format!("{stakeholder}wants = [\"digest\"]\nzone = \"Berlin\"\n")),
        "deskgate.toml:12: `stakeholder[0].zone` is the text \"Berlin\"; expected a time zone such as \"Europe/Berlin\" or \"UTC\""
    );
    assert_eq!(
        added(&format!("{stakeholder}wants = [\"digest\"]\ndigest_at = \"noon\"\n")),
        "deskgate.toml:12: `stakeholder[0].digest_at` is the text \"noon\"; expected a time of day such as \"09:00\""
    );
}

#[test]
fn tables_and_lists_of_tables() {
    assert_eq!(
        added("[staff]\nname = \"A\"\n"),
        "deskgate.toml:9: `staff` is a table; expected a list of tables: write [[staff]], with two brackets"
    );
    assert_eq!(
        changed("smtp = { host = \"127.0.0.1\", tls = \"none\" }", "smtp = \"127.0.0.1\""),
        "deskgate.toml:8: `mailbox[0].smtp` is the text \"127.0.0.1\"; expected a table: write smtp = { … }"
    );
}

#[test]
fn a_configuration_without_a_mailbox_shows_how_to_add_one() {
    let told = only_mistake("[site]\nname = \"A\"\nbase_url = \"http://a\"\n", &[]);
    assert!(
        told.starts_with(
            "deskgate.toml: there is no mailbox, so there is nothing to do; add one with its servers, for example\n\n    \
             [[mailbox]]\n    name = \"support\"\n"
        ),
        "{told}"
    );
    let told = only_mistake("mailbox = []\n[site]\nname = \"A\"\nbase_url = \"http://a\"\n", &[]);
    assert!(told.starts_with("deskgate.toml:1: there is no mailbox"), "{told}");
}

#[test]
fn the_site() {
    assert_eq!(
        changed("http://127.0.0.1:8080", "desk.test"),
        "deskgate.toml:3: `site.base_url` is the text \"desk.test\"; expected where people reach the desk, \
         starting with https:// or http://, such as \"https://desk.example.org\""
    );
    assert_eq!(
        changed("[site]\n", "[site]\nreference = \"D-G\"\n"),
        "deskgate.toml:2: `site.reference` is the text \"D-G\"; expected up to 10 letters and digits, such as \
         \"DG\" for [DG-17]"
    );
    assert_eq!(
        changed("[site]\n", "[site]\nsecret = \"hunter2\"\n"),
        "deskgate.toml:2: `site.secret`: it has 7 bytes and needs at least 32; `openssl rand -hex 32` makes a good one"
    );
}

#[test]
fn a_mailbox() {
    assert_eq!(
        changed("name = \"support\"", "name = \"Support Desk\""),
        "deskgate.toml:5: `mailbox[0].name` is the text \"Support Desk\"; expected small letters, digits, - and _, \
         such as \"support\""
    );
    assert_eq!(
        changed("support@desk.test", "customer-support-eu@desk.test"),
        "deskgate.toml:6: `mailbox[0].address` is customer-support-eu@desk.test, whose replies would go to \
         customer-support-eu+tag@desk.test: with the tag that is longer than the 64 octets mail allows before the \
         @. Use at most 17 octets there, or set `reply_tag = false`"
    );
    let long = MINIMAL.replace("support@desk.test\"", "customer-support-eu@desk.test\"\nreply_tag = false");
    assert!(!good(&long, &[]).mailboxes[0].reply_tag);
    let second = "[[mailbox]]\nname = \"support\"\naddress = \"Support@Desk.test\"\nsmtp = { host = \"::1\", tls = \"none\" }\n";
    assert_eq!(
        mistakes(&format!("{MINIMAL}{second}"), &[]),
        [
            "deskgate.toml:10: `mailbox[1].name` is `support`, and so is another mailbox's; names must differ",
            "deskgate.toml:11: `mailbox[1].address` is support@desk.test, and so is another mailbox's; addresses \
             must differ",
        ]
    );
}

#[test]
fn two_mailboxes_read_two_folders() {
    let second = MINIMAL.split("[[mailbox]]").nth(1).unwrap().replace("\"support\"\n", "\"sales\"\n");
    let second = second.replace("support@", "sales@");
    assert_eq!(
        added(&format!("[[mailbox]]{second}")),
        "deskgate.toml:12: `mailbox[1].imap` reads the folder that the mailbox `support` reads: every mail would \
         become two tickets; name another folder or user"
    );
    let other = second.replace("user = \"support\"", "user = \"sales\"");
    assert_eq!(good(&format!("{MINIMAL}[[mailbox]]{other}"), &[]).mailboxes.len(), 2);
}

#[test]
fn a_server() {
    assert_eq!(
        changed("smtp = { host = \"127.0.0.1\"", "smtp = { host = \"mail.desk.test\""),
        "deskgate.toml:8: `mailbox[0].smtp.tls` is \"none\", which would send passwords and mail readable through \
         the network to mail.desk.test; use \"tls\" or \"starttls\" (with `ca_file` for a certificate of your \
         own). Only servers on this machine (127.0.0.1, ::1, localhost) may go without"
    );
    assert_eq!(
        changed("smtp = { host = \"127.0.0.1\", tls = \"none\"", "smtp = { host = \"mail.desk.test:25\""),
        "deskgate.toml:8: `mailbox[0].smtp.host` is the text \"mail.desk.test:25\"; expected a host name or an IP \
         address alone, such as \"mail.example.org\"; the port goes into `port`"
    );
    assert_eq!(
        changed("user =", "after = \"move:\", user ="),
        "deskgate.toml:7: `mailbox[0].imap.after` is the text \"move:\"; expected \"seen\", \"nothing\", or \
         \"move:\" and a folder, such as \"move:Processed\""
    );
    assert_eq!(
        changed("user =", "after = \"move:INBOX\", user ="),
        "deskgate.toml:7: `mailbox[0].imap.after` moves mail to `INBOX`, the folder it is read from; name another"
    );
    let smtp = "smtp = { host = \"127.0.0.1\", tls = \"none\"";
    assert_eq!(
        changed(smtp, &format!("{smtp}, password = \"x\"")),
        "deskgate.toml:8: `mailbox[0].smtp.user` is missing; there is a password, so it takes the name to log in with"
    );
}

#[test]
fn people_have_one_address_of_their_own() {
    let staff = |email: &str| format!("[[staff]]\nname = \"A\"\nemail = \"{email}\"\n");
    assert_eq!(
        added(&format!("{}{}", staff("a@desk.test"), staff("A@desk.test"))),
        "deskgate.toml:14: `staff[1].email` is a@desk.test, and so is an earlier entry's; each address goes in once"
    );
    for email in ["support@desk.test", "support+me@desk.test"] {
        assert_eq!(
            added(&staff(email)),
            format!(
                "deskgate.toml:11: `staff[0].email` is {email}, which is the mailbox `support`: every notice would \
                 come in again as a new mail; use a person's own address"
            )
        );
    }
}

#[test]
fn two_broken_values_are_not_told_to_be_equal() {
    let staff = "[[staff]]\nname = \"A\"\nemail = \"a\"\n";
    let told = mistakes(&format!("{MINIMAL}{staff}{staff}"), &[]);
    assert!(told.len() == 2 && told.iter().all(|line| line.contains("it has no @")), "{told:#?}");
}

#[test]
fn no_secret_is_ever_quoted() {
    assert_eq!(
        changed("password = \"secret\"", "password = 1234"),
        "deskgate.toml:7: `mailbox[0].imap.password` is a number (not shown); expected text, in quotes"
    );
    assert_eq!(
        added("[database]\nurl = \"mysql://me:hunter2@db\"\n"),
        "deskgate.toml:10: `database.url` does not start with postgres:// (not shown, it may hold a password); \
         expected such as \"postgres://deskgate@127.0.0.1:5432/deskgate\", or no url at all for a private database \
         in `data_dir`"
    );
    let settings = good(&MINIMAL.replace("\"secret\"", "\"hunter2\""), &[]);
    let shown = format!("{settings:?} {:?}", settings.key_values());
    assert!(shown.contains("…") && !shown.contains("hunter2"), "{shown}");
}
