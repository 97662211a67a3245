//! What happens by time alone.

use crate::helpers::{Desk, servers::sql, wait_for};

#[test]
fn what_repeats_itself_is_set_again_in_the_commit_in_which_it_fires() {
    let desk = Desk::start();
    let at =
        |what: &str| sql(&desk.database_url, &format!("select {what} from timers where kind = 'forget'"));
    wait_for("the first hour", || {
        (at("count(*) = 1 and bool_and(due_at > now() + interval '50 minutes')") == "t").then_some(())
    });

    // An old alarm goes when the timer is due again, within seconds.
    let old = "insert into alarms values ('old', now() - interval '2 days'), ('new', now())";
    sql(&desk.database_url, old);
    sql(&desk.database_url, "update timers set due_at = now() - interval '1 day' where kind = 'forget'");
    wait_for("the old alarm to be forgotten", || {
        (sql(&desk.database_url, "select string_agg(topic, ',') from alarms") == "new").then_some(())
    });
    assert_eq!(at("count(*) = 1 and bool_and(due_at > now() + interval '50 minutes')"), "t");
}

#[test]
fn a_timer_of_a_newer_version_waits_for_that_version() {
    let desk = Desk::start();
    let newer = "insert into timers (kind, due_at) values ('of-tomorrow', now() - interval '1 day')";
    sql(&desk.database_url, newer);
    sql(&desk.database_url, "update timers set due_at = now() - interval '1 hour' where kind = 'forget'");
    let set_again = "select count(*) from timers where kind = 'forget' and due_at > now()";
    wait_for("the tick", || (sql(&desk.database_url, set_again) == "1").then_some(()));
    let untouched = "select failures from timers where kind = 'of-tomorrow'";
    assert_eq!(sql(&desk.database_url, untouched), "0");
}
