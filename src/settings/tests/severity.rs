//! Severities, their targets, and calendars.

use jiff::SignedDuration;

use super::*;
use crate::ticket::{Severity, policy::Warn};

fn told(toml: &str) -> String {
    added(toml).split_once(": ").unwrap().1.to_owned()
}

fn severities(toml: &str) -> Severities {
    good(&format!("{MINIMAL}{toml}"), &[]).severity
}

#[test]
fn a_preset_is_there_without_a_word() {
    let three = severities("");
    assert_eq!(three.known(), "1, 2, 3");
    let (one, two) = (three.policy(Some(Severity::One)), three.policy(None));
    assert!(one.calendar.is_always() && !two.calendar.is_always());
    assert_eq!(one.targets.first_answer, Some(SignedDuration::from_mins(30)));
    assert_eq!(
        (two.severity, two.targets.first_answer),
        (Severity::Two, Some(SignedDuration::from_hours(4)))
    );
    let four = severities("[severity]\npreset = \"four\"\nunrated = 3\n");
    assert_eq!((four.known().as_str(), four.policy(None).name.as_str()), ("1, 2, 3, 4", "minor"));
    // A ticket may have a severity that the configuration lost.
    assert_eq!(three.policy(Some(Severity::Four)).severity, Severity::Two);
}

#[test]
fn a_policy_changes_what_it_names_and_keeps_the_rest() {
    let severities = severities(
        "[[severity.policy]]\nnumber = 2\nfirst_answer = \"1h\"\nresolution = \"40h\"\nnext_update = \"none\"\n\
         warn_at = \"15m\"\nescalate = [\"leads\"]\nmeaning = \"Bad.\"\ncalendar = \"night\"\n\
         [[severity.policy]]\nnumber = 4\nname = \"cosmetic\"\n\
         [[calendar]]\nname = \"night\"\nzone = \"Europe/Berlin\"\nhours = { mon-fri = [\"22:00-06:00\"] }\n\
         holidays = [\"12-25\", \"2026-12-24\"]\n",
    );
    assert_eq!(severities.known(), "1, 2, 3, 4");
    let two = severities.policy(Some(Severity::Two));
    assert_eq!(two.targets.first_answer, Some(SignedDuration::from_hours(1)));
    assert_eq!(two.targets.resolution, Some(SignedDuration::from_hours(40)));
    assert_eq!((two.targets.next_update, two.warn), (None, Warn::Before(SignedDuration::from_mins(15))));
    assert_eq!((two.escalate.len(), two.meaning.as_deref()), (1, Some("Bad.")));
    assert_eq!(two.calendar.zone().iana_name(), Some("Europe/Berlin"));
    let three = severities.policy(Some(Severity::Three));
    assert_eq!((three.escalate.len(), three.warn), (3, Warn::Share(80)));
    assert_eq!(severities.policy(Some(Severity::Four)).targets.first_answer, None);
}

#[test]
fn an_office_of_ones_own_replaces_the_built_in_one() {
    let settings = good(
        &format!(
            "{MINIMAL}[[calendar]]\nname = \"office\"\nzone = \"Asia/Tokyo\"\nhours = {{ mon = [\"10:00-16:00\"] }}\n"
        ),
        &[],
    );
    let two = settings.severity.policy(Some(Severity::Two));
    assert_eq!(two.calendar.zone().iana_name(), Some("Asia/Tokyo"));
    let settings = good(&MINIMAL.replace("[[mailbox]]", "zone = \"Europe/Berlin\"\n[[mailbox]]"), &[]);
    let two = settings.severity.policy(Some(Severity::Two));
    assert_eq!(two.calendar.zone().iana_name(), Some("Europe/Berlin"));
}

#[test]
fn mistakes_are_told_as_all_are() {
    let calendar = "[[calendar]]\nname = \"a\"\n";
    let policy = "[[severity.policy]]\nnumber = 2\n";
    for (toml, expected) in [
        ("[severity]\nunrated = 4\n".to_owned(), "`severity.unrated` is 4; expected one of 1, 2, 3"),
        (
            "[severity]\nunrated = 5\n".to_owned(),
            "`severity.unrated` is the number 5; expected a whole number from 1 to 4",
        ),
        (
            "[[severity.policy]]\nname = \"x\"\n".to_owned(),
            "`severity.policy[0].number` is missing; it takes the number of a severity, from 1 to 4",
        ),
        (
            format!("{policy}{policy}"),
            "`severity.policy[1].number` is 2, and so is an earlier policy's; each comes once",
        ),
        (
            format!("{policy}first_answer = \"soon\"\n"),
            "`severity.policy[0].first_answer` is the text \"soon\"; expected a length of working time such as \"30m\" or \"8h\", or \"none\"",
        ),
        (
            format!("{policy}first_answer = \"0s\"\n"),
            "`severity.policy[0].first_answer` is 0s, which is no time at all; give a time that can be kept, or \"none\"",
        ),
        (
            format!("{policy}warn_at = \"100%\"\n"),
            "`severity.policy[0].warn_at`: `100%` is no share; write one from \"1%\" to \"99%\"",
        ),
        (
            format!("{policy}first_answer = \"1h\"\nwarn_at = \"1h\"\n"),
            "`severity.policy[0].warn_at` is 1h, and `first_answer` of this policy is 1h: every ticket would be warned of when it is opened; give less than 1h, or a share such as \"80%\"",
        ),
        (
            format!("{policy}calendar = \"ofice\"\n"),
            "`severity.policy[0].calendar` is `ofice`, which is no [[calendar]]; there are always, office",
        ),
        (
            format!("{calendar}hours = {{ monday = [] }}\n"),
            "`calendar[0].hours`: `monday` is no day of the week; use mon, tue, wed, thu, fri, sat, sun, or several as in mon-fri",
        ),
        (
            format!("{calendar}hours = {{ mon = [\"9-17\"] }}\n"),
            "`calendar[0].hours`: `9-17` is no period; write two times of day, such as \"09:00-17:30\" or \"22:00-02:00\"",
        ),
        (
            format!("{calendar}hours = {{}}\n"),
            "`calendar[0].hours`: it has no working time; give at least one period on a day that is no holiday",
        ),
        (
            format!("{calendar}hours = \"24x7\"\nholidays = [\"xmas\"]\n"),
            "`calendar[0].holidays`: `xmas` is no holiday; write a date such as \"2026-12-24\", or \"12-25\" for one of each year",
        ),
        (
            format!("{calendar}hours = \"24x7\"\n{calendar}hours = \"24x7\"\n"),
            "`calendar[1].name` is `a`, and there is one of this name; names must differ",
        ),
        (
            format!("{calendar}zone = \"Berlin\"\nhours = \"24x7\"\n"),
            "`calendar[0].zone` is the text \"Berlin\"; expected a time zone such as \"Europe/Berlin\" or \"UTC\"",
        ),
        (
            format!(
                "{calendar}hours = {{ mon = [\"09:00-09:01\"] }}\n{policy}calendar = \"a\"\nfirst_answer = \"100h\"\nnext_update = \"none\"\n"
            ),
            "`severity.policy[0].first_answer` is 100h, which would take more than ten years by its calendar; give a time that can be kept, or \"none\"",
        ),
    ] {
        assert_eq!(told(&toml), expected);
    }
}

#[test]
fn rules_for_new_tickets_name_mailboxes_or_senders() {
    let proof = MINIMAL.replace("address =", "authserv_id = \"mx.desk.test\"\naddress =");
    let rules = "[[severity.when]]\nnumber = 1\nfrom = [\"ops@c.test\", \"@d.test\"]\n\
                 [[severity.when]]\nnumber = 3\nmailboxes = [\"support\"]\nwords = [\"a wish\"]\n";
    let when = good(&format!("{proof}{rules}"), &[]).severity.when;
    assert_eq!(when.iter().map(|rule| rule.severity.number()).collect::<Vec<_>>(), [1, 3]);
    assert_eq!((when[0].from.len(), when[1].words.len()), (2, 1));
    for (rule, mistake) in [
        (
            "number = 1\nwords = [\"down\"]",
            "`severity.when[0]` needs mailboxes or from, or anybody could write what rates a ticket and calls people",
        ),
        (
            "mailboxes = [\"support\"]",
            "`severity.when[0].number` is missing; it takes the number of a severity, from 1 to 4",
        ),
        ("number = 4\nmailboxes = [\"support\"]", "`severity.when[0].number` is 4; expected one of 1, 2, 3"),
        (
            "number = 1\nmailboxes = [\"help\"]",
            "`severity.when[0].mailboxes` has `help`, and no [[mailbox]] has this name",
        ),
        (
            "number = 1\nfrom = [\"c.test\"]",
            "`severity.when[0].from` cannot be used: `c.test` is neither an address, such as bob@example.org, nor @ and a domain, such as @example.org",
        ),
        (
            "number = 1\nfrom = [\"@c.test\"]",
            "`severity.when[0].from` counts only for senders who are proven, and its mailboxes have neither `authserv_id` nor `verify`: it would never count",
        ),
    ] {
        assert_eq!(told(&format!("[[severity.when]]\n{rule}\n")), mistake, "{rule}");
    }
}
