//! The parts of the work can run apart.

use crate::{
    first_mail::COMPLETE,
    helpers::{Desk, Letter, wait_for},
};

#[test]
fn one_process_may_only_fetch_and_another_do_the_rest() {
    let mut desk = Desk::prepare();
    let anna = desk.customer("anna");
    desk.receives(&Letter::new(&anna.address, "Printer", COMPLETE));
    desk.run_roles("fetch");
    desk.support.wait_for("a mail marked as read", |mails| mails.first().is_some_and(|mail| mail.is_seen()));
    desk.stop();
    assert_eq!(desk.sql("select state from inbound"), "waiting");
    assert_eq!((desk.count("tickets"), desk.count("outbox")), (0, 0));

    desk.run_roles("process");
    wait_for("a ticket", || (desk.count("tickets") == 1).then_some(()));
    desk.stop();
    assert_eq!(desk.count("outbox where state = 'waiting'"), 2);

    desk.run_roles("deliver");
    anna.wait_for_one();
    desk.settled(1);
    desk.stop();
}

#[test]
fn roles_that_run_apart_wake_each_other() {
    let mut desk = Desk::prepare();
    for roles in ["fetch", "process", "deliver"] {
        desk.run_roles(roles);
    }
    let anna = desk.customer("anna");
    desk.receives(&Letter::new(&anna.address, "Printer", COMPLETE));
    anna.wait_for_one();
    desk.settled(1);
    desk.stop();
}
