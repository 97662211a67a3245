//! The schema: migrations up and down, and what the code believes of it.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use deskgate::store::{
    Pool, alarms,
    pool::{migrate, unmigrate},
};
use jiff::{SignedDuration, Timestamp};

use crate::helpers::{Desk, Postgres, servers::sql};

const TABLES: &str = "select count(*) from information_schema.tables where table_schema = 'public' and table_name <> '__diesel_schema_migrations'";

#[tokio::test(flavor = "multi_thread")]
async fn migrations_go_up_down_and_up_again() {
    let url = Postgres::start().empty_database();
    let first = migrate(&url).await.unwrap();
    assert!(first.len() > 5, "{first:?}");
    let schema = columns(&url);
    assert!(migrate(&url).await.unwrap().is_empty(), "nothing is run twice");

    unmigrate(&url).await.unwrap();
    assert_eq!(sql(&url, TABLES), "0");
    let left = "select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'public' and c.relname not like '%diesel%'";
    assert_eq!(sql(&url, left), "0", "indexes, sequences and views go, too");
    let left = "select count(*) from pg_type t join pg_namespace n on n.oid = t.typnamespace where n.nspname = 'public' and t.typtype in ('e', 'd')";
    assert_eq!(sql(&url, left), "0", "types go, too");

    assert_eq!(migrate(&url).await.unwrap(), first);
    assert_eq!(columns(&url), schema);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_who_migrate_at_once_do_not_disturb_each_other() {
    let url = Postgres::start().empty_database();
    let all = futures::future::join_all((0..6).map(|_| migrate(&url))).await;
    let ran: Vec<usize> = all.into_iter().map(|ran| ran.unwrap().len()).collect();
    assert_eq!(ran.iter().filter(|count| **count > 0).count(), 1, "{ran:?}");
}

#[test]
fn migrate_says_what_it_ran_and_then_that_there_is_nothing_to_do() {
    let desk = Desk::prepare();
    let url = Postgres::start().empty_database();
    let first = desk.cli_with_variables(&["migrate"], &[("DESKGATE__DATABASE__URL", &url)]);
    assert_eq!(first.code, Some(0), "{}", first.stderr);
    assert!(first.stdout.lines().all(|line| line.starts_with("Ran migration ")), "{}", first.stdout);
    let second = desk.cli_with_variables(&["migrate"], &[("DESKGATE__DATABASE__URL", &url)]);
    assert_eq!(second.stdout, "The database is up to date.\n");
}

#[test]
fn the_code_knows_every_table_and_column_as_it_is() {
    let url = Postgres::start().fresh_database();
    assert_eq!(believed(), columns(&url));
}

#[test]
fn every_table_and_many_columns_explain_themselves() {
    let url = Postgres::start().fresh_database();
    let mute = "select string_agg(relname, ', ') from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace and relname not like '%diesel%' and obj_description(oid) is null";
    assert_eq!(sql(&url, mute), "");
}

/// `table.column -> Type` as src/store/schema.rs has them.
fn believed() -> BTreeSet<String> {
    let schema = include_str!("../../src/store/schema.rs");
    let mut table = "";
    let mut found = BTreeSet::new();
    for line in schema.lines().map(str::trim) {
        if let Some((name, kind)) = line.strip_suffix(',').and_then(|line| line.split_once(" -> ")) {
            found.insert(format!("{table}.{name} -> {kind}"));
        } else if let Some((name, _)) = line.split_once(" (").filter(|_| line.ends_with('{')) {
            table = name;
        }
    }
    assert!(found.len() > 80, "{found:?}");
    found
}

/// The same as PostgreSQL has them.
fn columns(url: &str) -> BTreeSet<String> {
    let types: BTreeMap<&str, &str> = [
        ("int8", "BigInt"),
        ("int4", "Integer"),
        ("int2", "SmallInt"),
        ("text", "Text"),
        ("bytea", "Bytea"),
        ("bool", "Bool"),
        ("jsonb", "Jsonb"),
        ("date", "Date"),
        ("timestamptz", "Timestamptz"),
        ("tsvector", "Tsvector"),
    ]
    .into();
    let rows = sql(
        url,
        "select table_name, column_name, udt_name, is_nullable from information_schema.columns \
         where table_schema = 'public' and table_name <> '__diesel_schema_migrations'",
    );
    rows.lines()
        .map(|row| {
            let [table, column, kind, nullable] =
                row.split('|').collect::<Vec<_>>().try_into().expect("four columns");
            let kind = types.get(kind).copied().unwrap_or(kind);
            let kind = if nullable == "YES" { format!("Nullable<{kind}>") } else { kind.to_owned() };
            format!("{table}.{column} -> {kind}")
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_raise_an_alarm_at_nearly_the_same_moment_tell_it_once() {
    let pool = Pool::new(&Postgres::start().fresh_database(), 1).await.unwrap();
    let mut conn = pool.get().await.unwrap();
    let (hour, now) = (Duration::from_hours(1), Timestamp::from_second(1_800_000_000).unwrap());
    let second = SignedDuration::from_secs(1);
    for (at, told) in [
        (now, true),
        // Somebody beside us looked at the clock before, and came later.
        (now - second, false),
        (now + second, false),
        (now + hour, true),
        // The clock was set back.
        (now - 24 * SignedDuration::from_hours(1), true),
    ] {
        assert_eq!(alarms::raise(&mut conn, "topic", hour, at).await.unwrap(), told, "{at}");
    }
}
