//! What happens by time alone.

use crate::{
    first_mail::COMPLETE,
    helpers::{Desk, Letter, servers::sql, wait_for},
};

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
fn what_is_over_about_pagers_and_assignees_is_forgotten() {
    let desk = Desk::start();
    desk.sql(
        "insert into mailboxes (name, source, address) values ('old', '', 'old@desk.test');
         insert into tickets (mailbox_id, subject, status, closed_as, source, language, created_at, changed_at, closed_at)
           select max(id), 'Printer', status, closed_as, 'customer', 'en', now(), now(), now() - days * interval '1 day'
           from mailboxes, (values ('new', null, null), ('closed', 'done', 2), ('closed', 'done', 90)) as made (status, closed_as, days)
           group by status, closed_as, days order by days nulls first;
         insert into unassigned select id, 'nobody is there', now() from tickets;
         insert into incidents (ticket_id, began_at) select min(id), now() from tickets;
         insert into webhooks (key, ticket_id, payload, state, due_at, created_at)
           select key, id, '{}', state, now() + interval '1 day', now() - age * interval '1 day'
           from (select min(id) as lasts, max(id) as over from tickets) as two,
             lateral (values ('lasts', lasts, 'sent', 90), ('old', over, 'sent', 31), ('failed', over, 'failed', 31),
               ('waits', over, 'waiting', 31), ('young', over, 'sent', 29)) as made (key, id, state, age);
         update timers set due_at = now() - interval '1 day' where kind = 'forget'",
    );
    let keys = "select string_agg(key, ',' order by key) from webhooks";
    wait_for("old requests to be forgotten", || (desk.sql(keys) == "lasts,waits,young").then_some(()));
    let found_nobody = "select count(*), bool_and(closed_at is null or closed_at > now() - interval '9 days') \
                        from unassigned join tickets on id = ticket_id";
    assert_eq!(desk.sql(found_nobody), "2|t");
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

#[test]
fn what_is_due_for_a_ticket_whose_mailbox_is_gone_ends_and_the_journal_says_so_once() {
    let desk = Desk::start();
    let anna = desk.customer("anna");
    for (number, subject) in (1..).zip(["Printer", "Scanner"]) {
        desk.receives(&Letter::new(&anna.address, subject, COMPLETE));
        desk.settled(number);
    }
    let snoozed = desk.cli(&["ticket", "snooze", "2", "3d"]);
    assert_eq!(snoozed.code, Some(0), "{}", snoozed.stderr);
    desk.sql("insert into mailboxes (name, source, address) values ('gone', '', 'gone@desk.test')");
    desk.sql("update tickets set mailbox_id = (select id from mailboxes where name = 'gone')");
    desk.sql("update tickets set status = 'resolved' where id = 1");
    desk.sql("insert into timers (kind, ticket_id, due_at) values ('trial-silence', 1, now())");
    desk.sql("update timers set due_at = now() where kind = 'wake'");

    let is_there = |what: &str| (desk.count(what) == 1).then_some(());
    let gone =
        "journal where ticket_id = 1 and event = 'mailbox-gone' and detail->>'timer' = 'trial-silence'";
    wait_for("the end of the timer", || is_there(gone));
    // Its time is over, mailbox or not.
    wait_for("the ticket to be back", || is_there("journal where ticket_id = 2 and event = 'awake'"));
    assert_eq!(desk.count("timers where kind in ('trial-silence', 'wake')"), 0);
    assert_eq!(desk.count("alarms where topic like 'timer %'"), 0);
}

#[test]
fn a_ticket_whose_words_the_database_refuses_keeps_no_other_from_being_remembered() {
    let desk = Desk::start();
    let remembering = "timers where kind = 'remember' and due_at > now()";
    wait_for("the first hour", || (desk.count(remembering) == 1).then_some(()));
    desk.sql(
        "create function refuse() returns trigger language plpgsql as
           $$ begin if new.subject <> '' and new.ticket_id = 1 then raise exception 'too long'; end if; return new; end $$;
         create trigger refuse before insert on ticket_texts for each row execute function refuse();
         insert into mailboxes (name, source, address) values ('old', '', 'old@desk.test');
         insert into tickets (mailbox_id, subject, source, language, created_at, changed_at)
           select max(id), 'The printer prints nothing', 'customer', 'en', now(), now() from mailboxes, generate_series(1, 3)
           group by generate_series;
         update timers set due_at = now() where kind = 'remember'",
    );
    wait_for("all of them", || (desk.count("ticket_texts") == 3).then_some(()));
    assert_eq!(desk.sql("select ticket_id from ticket_texts where subject = ''"), "1");
    assert_eq!(desk.count("timers where kind = 'remember' and failures > 0"), 0);
}
