//! The database restarts, or another one takes its place, in the middle of the work.

use std::time::{Duration, Instant};

use deskgate::{desk::DeskError, domain::EmailAddress, store};
use diesel_async::{AsyncConnection, RunQueryDsl};

use super::{done, exactly_once, put, wait_until_done};
use crate::helpers::{Cluster, Desk, Postgres, servers, servers::sql, wait_for};

#[test]
fn a_restart_under_load_costs_seconds_and_no_mail_a_try() {
    let cluster = Cluster::start();
    let url = cluster.database("desk");
    let mut desk = Desk::prepare().on(&url, &url);
    put(&desk, "restart.test", 0, 60);
    desk.run();
    desk.run_beside();
    for (how, mails) in [("stop", 10), ("kill", 30)] {
        wait_until_done(&desk, mails);
        match how {
            "stop" => cluster.stop(),
            _ => cluster.kill(),
        }
        cluster.start_again();
    }
    desk.settled(60);
    exactly_once(&desk, "restart.test", 60);

    // With nothing to do, and long enough for every loop to have met it. A node that was not back in
    // between has one word for two outages.
    let told = |what: &str| desk.log().matches(what).count();
    wait_for("nodes that are back", || {
        (told("The database is back") == told("The database is away")).then_some(())
    });
    let before = told("The database is away");
    cluster.stop();
    wait_for("nodes that met it", || (told("The database is away") >= before + 2).then_some(()));
    put(&desk, "restart.test", 60, 61);
    cluster.start_again();
    let back = Instant::now();
    wait_until_done(&desk, 61);
    eprintln!("the first mail was a ticket {:.1?} after PostgreSQL accepted again", back.elapsed());
    desk.settled(61);
    assert!(
        !desk.log().contains("is dead") && !desk.log().contains("failed and is tried again"),
        "{}",
        desk.log()
    );
    assert_eq!(desk.count("nodes"), 2);
    desk.stop();
}

/// A primary with a standby and a desk that knows both; `names` as in synchronous_standby_names.
fn pair(names: &str, state: &str) -> (Cluster, Cluster, Desk) {
    let primary = Cluster::start();
    let there = primary.database("desk");
    let standby = primary.standby();
    sql(&primary.url, &format!("alter system set synchronous_standby_names = '{names}'"));
    sql(&primary.url, "select pg_reload_conf()");
    wait_for("a standby that follows", || {
        (sql(&primary.url, "select state || ' ' || sync_state from pg_stat_replication") == state)
            .then_some(())
    });
    let both = there.replace(
        &format!("127.0.0.1:{}", primary.port()),
        &format!("127.0.0.1:{},127.0.0.1:{}", primary.port(), standby.port()),
    );
    let seen = format!("{both}?target_session_attrs=read-write");
    (primary, standby, Desk::prepare().on(&both, &seen))
}

#[test]
fn a_failover_under_load_loses_nothing_that_was_acknowledged() {
    let (primary, standby, mut desk) = pair("standby", "streaming sync");
    put(&desk, "failover.test", 0, 80);
    desk.run();
    desk.run_beside();
    wait_until_done(&desk, 20);
    primary.kill();
    let killed = Instant::now();
    standby.promote();
    let promoted = Instant::now();
    put(&desk, "failover.test", 80, 81);
    wait_until_done(&desk, 81);
    eprintln!(
        "all was done {:.1?} after the promotion, {:.1?} after the end of the primary",
        promoted.elapsed(),
        killed.elapsed()
    );
    desk.settled(81);
    let repeats = exactly_once(&desk, "failover.test", 81);
    eprintln!("{repeats} answers came twice: accepted, and not recorded when the primary died");
    assert!(!desk.log().contains("failed and is tried again"), "{}", desk.log());
    desk.stop();
}

#[test]
fn what_a_lagging_standby_never_got_is_fetched_again() {
    let (primary, standby, desk) = pair("", "streaming async");
    // Not found by a look that was due anyway.
    let mut desk = desk.configured("poll = \"60s\"", "poll = \"2h\"");
    put(&desk, "lag.test", 0, 5);
    desk.run();
    desk.settled(5);
    let lsn = sql(&primary.url, "select pg_current_wal_lsn()");
    wait_for("a standby that has all", || {
        let has = format!("select pg_last_wal_replay_lsn() >= '{lsn}'");
        (sql(&standby.url, &has) == "t").then_some(())
    });
    sql(&standby.url, "alter system set primary_conninfo = ''");
    sql(&standby.url, "select pg_reload_conf()");
    wait_for("a standby that gets nothing", || {
        (sql(&primary.url, "select count(*) from pg_stat_replication") == "0").then_some(())
    });
    put(&desk, "lag.test", 5, 10);
    desk.settled(10);
    desk.support.wait_for("all marked as read", |mails| mails.iter().all(|mail| mail.is_seen()));
    primary.kill();
    standby.promote();
    assert!(done(&desk) < 10, "the standby knows less than was marked");
    desk.settled(10);
    assert_eq!(desk.outcomes(), ["opened"; 10]);
    assert_eq!((desk.count("tickets"), desk.count("inbound where marked_at is not null")), (10, 10));
    for number in 0..10 {
        desk.plain_mailbox(&format!("c{number}@lag.test")).wait_for_mails(1);
    }
    desk.stop();
}

#[test]
fn a_standby_alone_is_no_database() {
    let (_primary, standby, desk) = pair("", "streaming async");
    let url = standby.url_of("desk");
    let ran = desk.cli_with_variables(&["check"], &[("DESKGATE__DATABASE__URL", &url)]);
    assert_eq!(ran.code, Some(1));
    let line = ran.stdout.lines().find(|line| line.starts_with("FAIL  database: ")).expect("a bad line");
    let port = standby.port();
    assert!(
        line.contains(&format!("127.0.0.1:{port}: ")) && line.contains("does not allow writes"),
        "{line}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_became_a_standby_is_left_for_one_that_takes_writes() {
    let pool = store::Pool::new(&Postgres::start().fresh_database(), 1).await.unwrap();
    let mut conn = pool.get().await.unwrap();
    let demoted = diesel::sql_query("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY");
    demoted.execute(&mut conn).await.unwrap();
    let write = "INSERT INTO people (address, name, created_at) VALUES ('a@b.test', '', now())";
    let refused = diesel::sql_query(write).execute(&mut conn).await.unwrap_err();
    // As with a connection that broke: the database's fault, never the mail's.
    assert!(DeskError::from(refused).is_database() && !store::pool::answers(&mut conn).await);
    drop(conn);
    let mut conn = pool.get().await.unwrap();
    diesel::sql_query(write).execute(&mut conn).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deadlock_may_be_tried_again_and_a_violation_may_not() {
    let url = Postgres::start().fresh_database();
    let pool = store::Pool::new(&url, 2).await.unwrap();
    let mut conn = pool.get().await.unwrap();
    let address: EmailAddress = "support@desk.test".parse().unwrap();
    for name in ["one", "two"] {
        store::mailboxes::ensure(&mut conn, name, "", &address).await.unwrap();
    }
    let twice = diesel::sql_query("INSERT INTO mailboxes (name, source, address) VALUES ('one', '', 'x')");
    let refused = twice.execute(&mut conn).await.unwrap_err();
    assert!(!store::is_transient(&refused), "{refused:?}");
    drop(conn);

    // Both lock one row each, then want the other's.
    let meet = tokio::sync::Barrier::new(2);
    let lock = async |first: &str, second: &str| {
        let mut conn = pool.get().await.unwrap();
        conn.transaction::<_, diesel::result::Error, _>(async |conn| {
            for (name, wait) in [(first, true), (second, false)] {
                diesel::sql_query("UPDATE mailboxes SET state = 'x' WHERE name = $1")
                    .bind::<diesel::sql_types::Text, _>(name)
                    .execute(conn)
                    .await?;
                if wait {
                    meet.wait().await;
                }
            }
            Ok(())
        })
        .await
    };
    let (one, other) = tokio::join!(lock("one", "two"), lock("two", "one"));
    let failed = one.and(other).expect_err("one of them is the victim");
    assert!(store::is_transient(&failed), "{failed:?}");
}

#[test]
fn a_database_that_is_away_at_the_start_is_named_with_its_address() {
    let desk = Desk::prepare();
    let nobody = servers::free_port();
    let url = format!("postgres://postgres@127.0.0.1:{nobody}/desk");
    let start = Instant::now();
    let ran = desk.cli_with_variables(&["check"], &[("DESKGATE__DATABASE__URL", &url)]);
    let line = ran.stdout.lines().find(|line| line.starts_with("FAIL  database: ")).expect("a bad line");
    assert!(line.contains(&format!("127.0.0.1:{nobody}: ")) && line.contains("refused"), "{line}");
    assert!(start.elapsed() < Duration::from_secs(10), "it does not wait for one: {:?}", start.elapsed());
}
