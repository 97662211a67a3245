//! Who is on duty, whose work a ticket is, and how time is cut.

use jiff::civil::Weekday;

use super::*;
use crate::ticket::Level;

const TEAM: &str = r#"
[[product]]
name = "shop"
[[staff]]
name = "Bob"
email = "bob@desk.test"
products = ["shop"]
levels = [1, "2"]
capacity = 8
zone = "Europe/Berlin"
[[staff]]
name = "Carol"
email = "carol@desk.test"
[[rota]]
name = "week"
members = ["bob@desk.test", "carol@desk.test"]
from = "2026-11-02"
every = "1w"
at = "09:30"
hours = "22:00-06:00"
days = ["mon", "fri"]
zone = "Europe/Berlin"
[[queue]]
name = "maintenance"
levels = [1, 2]
rota = "week"
[[queue]]
name = "development"
levels = [3]
members = ["carol@desk.test"]
[assignment]
mode = "fair"
rota = "week"
[sprint]
starts = "2026-11-02"
sev2_budget = "20%"
maintenance = "50%"
"#;

fn team() -> Settings {
    good(&format!("{MINIMAL}{TEAM}"), &[])
}

/// The mistake after one change of the team.
fn wrong(from: &str, to: &str) -> String {
    assert!(TEAM.contains(from), "{from}");
    let told = only_mistake(&format!("{MINIMAL}{}", TEAM.replace(from, to)), &[]);
    told.split_once(": ").unwrap().1.to_owned()
}

#[test]
fn rotas_and_sprints_are_meant_where_the_site_is_unless_they_say() {
    let site = MINIMAL.replace("[site]", "[site]\nzone = \"America/New_York\"");
    let zones = |team: &str| {
        let settings = good(&format!("{site}{team}"), &[]);
        let sprints = settings.sprint.sprints.expect("they are configured");
        [&settings.rotas[0].turns.zone, &sprints.zone].map(|zone| zone.iana_name().map(str::to_owned))
    };
    assert_eq!(zones(TEAM), ["Europe/Berlin", "America/New_York"].map(|zone| Some(zone.to_owned())));
    let silent = TEAM.replace("days = [\"mon\", \"fri\"]\nzone = \"Europe/Berlin\"", "");
    assert_eq!(zones(&silent), ["America/New_York"; 2].map(|zone| Some(zone.to_owned())));
}

#[test]
fn a_team_is_read() {
    let settings = team();
    let bob = &settings.staff[0];
    assert_eq!((bob.capacity, bob.levels.as_slice()), (8, &[Level::One, Level::Two][..]));
    assert!(settings.staff[1].is_unbounded() && !bob.is_unbounded() && !bob.watch);
    let rota = settings.rota("Week").unwrap();
    assert_eq!((rota.turns.members, rota.turns.days), (2, 7));
    assert_eq!(rota.turns.weekdays, [Weekday::Monday, Weekday::Friday]);
    assert_eq!(settings.queue("MAINTENANCE").unwrap().members, rota.members);
    assert_eq!(settings.assignment.mode, Mode::Fair);
    assert_eq!(settings.sprint.budget_minutes(2 * 10), Some(2 * 2 * 40 * 60 / 5));
}

#[test]
fn a_queue_takes_what_is_its_work() {
    let settings = team();
    let takes = |name: &str, level| settings.queue(name).unwrap().takes(Some("shop"), level, "support");
    assert_eq!(
        [None, Some(Level::One), Some(Level::Three)].map(|it| takes("maintenance", it)),
        [true, true, false]
    );
    assert_eq!(
        [None, Some(Level::One), Some(Level::Three)].map(|it| takes("development", it)),
        [true, false, true]
    );
    let mut queue = settings.queue("development").unwrap().clone();
    queue.products = vec!["Shop".into()];
    queue.mailboxes = vec!["support".into()];
    assert!(queue.takes(Some("shop"), None, "support"));
    assert!(!queue.takes(None, None, "support") && !queue.takes(Some("shop"), None, "sales"));
}

#[test]
fn without_a_word_nobody_is_assigned_and_there_are_no_sprints() {
    let settings = good(MINIMAL, &[]);
    assert_eq!((settings.assignment.mode, settings.assignment.rota), (Mode::Off, None));
    assert!(settings.sprint.sprints.is_none() && settings.sprint.budget_minutes(3).is_none());
    assert!(settings.queues.is_empty() && settings.rotas.is_empty());
}

#[test]
fn a_mistake_about_the_team_says_what_to_mend() {
    for (from, to, told) in [
        (
            "rota = \"week\"\n[[queue]]",
            "rota = \"wek\"\n[[queue]]",
            "`queue[0].rota` is `wek`, and no [[rota]] has this name",
        ),
        (
            "members = [\"carol@desk.test\"]\n",
            "",
            "`queue[1]` needs either members, a list of addresses that are always on duty, or rota, the name of a \
             [[rota]]",
        ),
        (
            "members = [\"carol@desk.test\"]",
            "members = [\"dave@desk.test\"]",
            "`queue[1].members` has dave@desk.test, who is not on the staff list; add a [[staff]] entry",
        ),
        (
            "\"bob@desk.test\", \"carol@desk.test\"]",
            "\"bob@desk.test\", \"bob@desk.test\"]",
            "`rota[0].members` has bob@desk.test twice; each address goes in once",
        ),
        (
            "name = \"development\"",
            "name = \"Maintenance\"",
            "`queue[1].name` is `Maintenance`, and so is an earlier one's; names must differ",
        ),
        (
            "levels = [3]",
            "mailboxes = [\"sales\"]",
            "`queue[1].mailboxes` has `sales`, and no [[mailbox]] has this name",
        ),
        (
            "levels = [3]",
            "levels = [4]",
            "`queue[1].levels` is a list; expected a list of triage levels such as [1, 2]",
        ),
        (
            "products = [\"shop\"]",
            "products = [\"shopp\"]",
            "`staff[0].products` has `shopp`, and no [[product]] has this name",
        ),
        (
            "every = \"1w\"",
            "every = \"week\"",
            "`rota[0].every` is the text \"week\"; expected a number of days or weeks, from \"1d\" to \"52w\"",
        ),
        (
            "from = \"2026-11-02\"",
            "from = \"2.11.2026\"",
            "`rota[0].from` is the text \"2.11.2026\"; expected a day such as \"2026-11-02\"",
        ),
        (
            "hours = \"22:00-06:00\"",
            "hours = \"9-17\"",
            "`rota[0].hours` is the text \"9-17\"; expected two different times of day such as \"09:00-17:00\" or \
             \"22:00-06:00\"",
        ),
        (
            "at = \"09:30\"",
            "at = 9",
            "`rota[0].at` is the number 9; expected a time of day such as \"09:00\"",
        ),
        (
            "capacity = 8\nzone = \"Europe/Berlin\"",
            "zone = \"Berlin\"",
            "`staff[0].zone` is the text \"Berlin\"; expected a time zone such as \"Europe/Berlin\" or \"UTC\"",
        ),
        (
            "days = [\"mon\", \"fri\"]",
            "days = [\"mo\"]",
            "`rota[0].days` is a list; expected a list of days of the week, such as [\"mon\", \"tue\"]",
        ),
        (
            "mode = \"fair\"",
            "mode = \"random\"",
            "`assignment.mode`: `random` is no way to assign; use one of off, fair",
        ),
        (
            "sev2_budget = \"20%\"",
            "sev2_budget = \"120%\"",
            "`sprint.sev2_budget` is the text \"120%\"; expected a share of the work such as \"20%\", or hours such as \
             \"48h\"",
        ),
    ] {
        assert_eq!(wrong(from, to), told);
    }
}
