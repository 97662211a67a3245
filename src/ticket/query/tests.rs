use jiff::{Timestamp, tz::TimeZone};
use proptest::prelude::*;

use super::*;
use crate::{domain::Word, ticket::Severity};

fn terms(typed: &str) -> Vec<String> {
    Query::parse(typed).terms.iter().map(Term::to_string).collect()
}

fn notes(typed: &str) -> String {
    Query::parse(typed).notes.join("\n")
}

#[test]
fn what_people_type_is_understood() {
    for (typed, understood) in [
        ("", ""),
        ("   ", ""),
        ("invoice", "invoice"),
        ("  Invoice   export ", "Invoice export"),
        ("\"a phrase\"", "\"a phrase\""),
        ("\"a   phrase", "\"a phrase\""),
        ("“smart quotes”", "\"smart quotes\""),
        ("„Rechnung fehlt“ -export", "\"Rechnung fehlt\" -export"),
        ("-word", "-word"),
        ("-\"two words\"", "-\"two words\""),
        ("- x", "x"),
        ("\"\"", ""),
        ("... !!", ""),
        ("status:new", "status:new"),
        ("STATUS:New", "status:new"),
        ("status:open", "status:open"),
        ("is:open", "status:open"),
        ("is:closed", "status:closed"),
        ("-status:closed", "-status:closed"),
        ("status:\"In Test\"", "status:\"in test\""),
        ("state:new", "status:new"),
        ("sev:1", "sev:1"),
        ("severity:4", "sev:4"),
        ("sev:none", "sev:none"),
        ("sev:1,2", "sev:1 sev:2"),
        ("-sev:1,2", "-sev:1 -sev:2"),
        ("status:new,accepted", "status:new status:accepted"),
        ("level:3", "level:3"),
        ("level:none", "level:none"),
        ("assignee:me", "assignee:me"),
        ("owner:Me", "assignee:me"),
        ("assignee:none", "assignee:none"),
        ("assignee:nobody", "assignee:none"),
        ("assignee:Bob@Example.org", "assignee:bob@example.org"),
        ("-assignee:bob", "-assignee:bob"),
        ("from:Anna@Example.org", "from:anna@example.org"),
        ("from:\"Anna Schmidt\"", "from:\"anna schmidt\""),
        ("customer:Example.org", "customer:example.org"),
        ("customer:@example.org", "customer:example.org"),
        ("customer:anna@example.org", "customer:example.org"),
        ("company:example.org", "customer:example.org"),
        ("product:Shop", "product:Shop"),
        ("product:none", "product:none"),
        ("product:\"Web Shop\"", "product:\"Web Shop\""),
        ("queue:dev", "queue:dev"),
        ("queue:None", "queue:none"),
        ("mailbox:support", "mailbox:support"),
        ("waiting:customer", "waiting:customer"),
        ("waiting:us", "waiting:us"),
        ("is:waiting", "waiting:customer"),
        ("is:incomplete", "is:incomplete"),
        ("is:breaching", "is:breaching"),
        ("is:overdue", "is:breached"),
        ("-is:snoozed", "-is:snoozed"),
        ("is:spam", "is:spam"),
        ("is:unassigned", "is:unassigned"),
        ("is:merged", "is:merged"),
        ("has:attachment", "has:attachment"),
        ("has:files", "has:attachment"),
        ("-has:attachments", "-has:attachment"),
        ("before:2026", "before:2026"),
        ("before:2026-10", "before:2026-10"),
        ("after:2026-10-01", "after:2026-10-01"),
        ("since:today", "after:today"),
        ("after:Yesterday", "after:yesterday"),
        ("after:7d", "after:7d"),
        ("before:12h", "before:12h"),
        ("after:2w", "after:2w"),
        ("subject:Word", "subject:word"),
        ("subject:\"Two Words\"", "subject:\"two words\""),
        ("https://example.org/a?b=c", "https://example.org/a?b=c"),
        ("12:30", "12:30"),
        ("E1234 ORA-00942 log.txt", "E1234 ORA-00942 log.txt"),
        ("anna@example.org", "anna@example.org"),
        ("請求書 导出", "請求書 导出"),
        ("sev:1 \"no data\" -test from:anna csv", "sev:1 \"no data\" -test from:anna csv"),
    ] {
        assert_eq!(Query::parse(typed).to_string(), understood, "{typed}");
        assert_eq!(notes(typed), "", "{typed}");
    }
}

#[test]
fn what_is_not_understood_is_said_and_left_aside() {
    for (typed, left, said) in [
        ("sev:9 csv", "csv", "`sev:9` was left out: behind `sev:` stands 1, 2, 3, 4 or none."),
        ("sev: csv", "csv", "`sev:` was left out"),
        ("level:x", "", "`level:x` was left out: behind `level:` stands 1, 2, 3 or none."),
        (
            "is:blue",
            "",
            "behind `is:` stands incomplete, breaching, breached, snoozed, spam, unassigned, merged.",
        ),
        ("has:legs", "", "behind `has:` stands attachment."),
        ("before:soon", "", "stands 2026, 2026-10, 2026-10-05, today, yesterday, 12h, 7d or 2w."),
        ("after:2026-13", "", "`after:2026-13` was left out"),
        ("after:2026-02-30", "", "`after:2026-02-30` was left out"),
        ("after:+7d", "", "`after:+7d` was left out"),
        ("waiting:godot", "", "behind `waiting:` stands customer, us."),
        ("status:", "", "behind `status:` stands open, or the name of a status."),
        ("customer:@", "", "a domain such as example.org"),
        (
            "color:red",
            "color:red",
            "`color:` is no operator, so it was looked for as a word. There are status, sev,",
        ),
        ("form:anna", "form:anna", "Did you mean `from:`?"),
        ("statsu:new", "statsu:new", "Did you mean `status:`?"),
        ("-color:\"light red\"", "-color:\"light red\"", "`color:` is no operator"),
    ] {
        assert_eq!(Query::parse(typed).to_string(), left, "{typed}");
        assert!(notes(typed).contains(said), "{typed}: {}", notes(typed));
    }
}

#[test]
fn a_query_has_an_end() {
    let many = "word ".repeat(200);
    let query = Query::parse(&many);
    assert_eq!(query.terms.len(), MOST_TERMS);
    assert!(query.notes.iter().any(|note| note.contains("Only the first 30")), "{:?}", query.notes);
    let long = Query::parse(&"ä".repeat(5_000));
    assert!(long.to_string().len() <= LONGEST && long.notes.len() == 1);
}

#[test]
fn a_reference_alone_is_a_ticket() {
    for (typed, id) in [
        ("17", Some(17)),
        ("#17", Some(17)),
        ("DG-17", Some(17)),
        ("dg-17", Some(17)),
        (" dg-17 ", Some(17)),
        ("0", None),
        ("-17", None),
        ("DG17", None),
        ("XY-17", None),
        ("17 csv", None),
        ("\"17\"", None),
        ("DG-", None),
        ("99999999999999999999", None),
        ("ä", None),
    ] {
        assert_eq!(Query::parse(typed).reference("DG"), id, "{typed}");
    }
}

#[test]
fn words_are_told_from_filters() {
    assert!(!Query::parse("status:open -csv").has_words());
    assert!(Query::parse("status:open csv").has_words());
    assert!(Query::parse("\"a b\"").has_words());
    assert!(Query::parse("-is:spam").speaks_of(Flag::Spam) && !Query::parse("spam").speaks_of(Flag::Spam));
}

#[test]
fn dates_begin_where_their_reader_is() {
    let now: Timestamp = "2026-11-22T01:30:00Z".parse().unwrap();
    let berlin = TimeZone::fixed(jiff::tz::offset(1));
    let west = TimeZone::fixed(jiff::tz::offset(-5));
    for (typed, zone, begins) in [
        ("2026", &berlin, "2025-12-31T23:00:00Z"),
        ("2026-10", &berlin, "2026-09-30T23:00:00Z"),
        ("2026-10-05", &west, "2026-10-05T05:00:00Z"),
        ("today", &berlin, "2026-11-21T23:00:00Z"),
        ("today", &west, "2026-11-21T05:00:00Z"),
        ("yesterday", &berlin, "2026-11-20T23:00:00Z"),
        ("12h", &berlin, "2026-11-21T13:30:00Z"),
        ("7d", &west, "2026-11-15T01:30:00Z"),
        ("2w", &west, "2026-11-08T01:30:00Z"),
    ] {
        let when: When = typed.parse().unwrap();
        assert_eq!(when.begins(now, zone), Some(begins.parse().unwrap()), "{typed}");
    }
    for wrong in ["", "d", "7", "26", "1969", "2026-1-1-1", "2026/10", "tomorrow", "7x", "99999d", "-7d"] {
        assert!(wrong.parse::<When>().is_err(), "{wrong}");
    }
}

#[test]
fn every_view_is_a_query_that_is_understood() {
    for view in VIEWS {
        let query = view.parsed();
        assert!(query.notes.is_empty() && !query.has_words(), "{}: {:?}", view.name, query.notes);
        assert_eq!(query.to_string(), view.query, "{}", view.name);
        assert_eq!(View::named(view.name).map(|view| view.query), Some(view.query));
    }
    assert!(View::named("nothing").is_none());
}

fn known() -> Known {
    Known {
        statuses: vec!["new".into(), "in test".into()],
        products: vec!["Shop".into(), "Web Shop".into()],
        queues: vec!["dev".into()],
        mailboxes: vec!["support".into()],
        staff: vec!["bob@example.org".into()],
    }
}

#[test]
fn what_is_being_typed_may_go_on() {
    let go_on = |typed: &str| {
        let found = suggest(typed, &known());
        found.into_iter().map(|suggestion| suggestion.query).collect::<Vec<_>>().join("|")
    };
    for (typed, expected) in [
        ("st", "status:"),
        ("csv lev", "csv level:"),
        ("-ha", "-has:"),
        ("status:", "status:open|status:new|status:\"in test\""),
        ("status:i", "status:\"in test\""),
        ("status:\"in", "status:\"in test\""),
        ("sev:", "sev:1|sev:2|sev:3|sev:4|sev:none"),
        ("product:w", "product:\"Web Shop\""),
        ("a assignee:b", "a assignee:bob@example.org"),
        ("assignee:m", "assignee:me"),
        ("-is:sn", "-is:snoozed"),
        ("is:spam", ""),
        ("color:", ""),
        ("zzz", ""),
        ("from:a", ""),
    ] {
        assert_eq!(go_on(typed), expected, "{typed}");
    }
    assert_eq!(suggest("", &known()).len(), 12);
    assert!(suggest("sta", &known())[0].about.contains("name of a status"));
    assert!(suggest("a\u{3000}sta", &known()).iter().any(|found| found.query == "a\u{3000}status:"));
}

fn marked(text: &str, typed: &str, stems: &[&str]) -> String {
    let needles = Needles::new(&Query::parse(typed), stems.iter().map(|stem| (*stem).to_owned()).collect());
    let show = |piece: Piece| if piece.hit { format!("[{}]", piece.text) } else { piece.text };
    excerpt(text, &needles).into_iter().map(show).collect()
}

#[test]
fn an_excerpt_shows_what_was_found() {
    for (text, typed, stems, shown) in [
        ("The export fails.", "export", &[][..], "The [export] fails."),
        ("The Exports fail.", "exports fail", &[], "The [Exports] [fail]."),
        ("two invoices\nare  missing", "invoice", &["invoic"], "two [invoices] are missing"),
        ("an invoicing-system", "invoice", &["invoic"], "an [invoicing]-system"),
        ("invoicelessness", "\"invoice\"", &["invoic"], "invoicelessness"),
        ("exporting now", "expor", &[], "[exporting] now"),
        ("exporting now", "\"expor\"", &[], "exporting now"),
        ("nothing here", "export", &[], "nothing here"),
        ("no -word", "status:open -word", &[], "no -word"),
        ("請求書の金額が違います", "金額", &[], "請求書の[金額]が違います"),
        ("导出失败", "导出失败", &[], "[导出失败]"),
        ("mail of anna@example.org!", "anna@example.org", &[], "mail of [anna]@[example].[org]!"),
        ("", "x", &[], ""),
    ] {
        assert_eq!(marked(text, typed, stems), shown, "{text} / {typed}");
    }
    let long = format!("{} needle {}", "before ".repeat(100), "behind ".repeat(100));
    let shown = marked(&long, "needle", &[]);
    assert!(shown.starts_with("… before") && shown.contains("[needle]") && shown.ends_with(" …"), "{shown}");
    assert!(shown.chars().count() < 240, "{shown}");
}

#[test]
fn a_line_is_one_line_and_has_an_end() {
    assert_eq!(one_line("  a\n\n b\tc ", 20), "a b c");
    assert_eq!(one_line("hello wonderful world", 12), "hello wonder…");
    assert_eq!(one_line("ääää", 3), "ä…");
    assert_eq!(one_line("", 3), "");
}

#[test]
fn a_cursor_is_read_as_it_was_written_and_nothing_else_is_one() {
    for sort in Sort::ALL.iter().copied() {
        for way in [Way::Next, Way::Back] {
            let cursor = Cursor { sort, way, key: i64::MIN + 5, id: 17 };
            assert_eq!(cursor.to_string().parse(), Ok(cursor));
        }
    }
    for wrong in ["", "x", "AAAA", "%", "ÿ", &"A".repeat(24), &"A".repeat(25), &"_".repeat(24)] {
        let read = wrong.parse::<Cursor>();
        assert!(read.is_err() || *wrong == *"A".repeat(24), "{wrong}: {read:?}");
    }
}

#[test]
fn several_of_one_fact_are_told_from_several_facts() {
    assert!(Filter::Severity(Some(Severity::One)).operator().is_single());
    assert!(!Filter::Is(Flag::Spam).operator().is_single());
    assert!(Operator::ALL.iter().all(|operator| !operator.values().is_empty()));
}

proptest! {
    #[test]
    fn whatever_is_typed_is_read_the_same_again(typed in "(-?(status|sev|from|is|before|x|Error|subject|product):?[\"“]?|[ -~äß請 ]{0,12}|\\PC{0,6}){0,8}") {
        let query = Query::parse(&typed);
        let again = Query::parse(&query.to_string());
        prop_assert_eq!(&again.terms, &query.terms, "{}", query);
    }

    #[test]
    fn whatever_is_typed_is_suggested_and_shown_without_a_panic(typed in "\\PC{0,40}", text in "\\PC{0,400}") {
        let query = Query::parse(&typed);
        let needles = Needles::new(&query, vec!["sch".into()]);
        excerpt(&text, &needles);
        suggest(&typed, &known());
        one_line(&text, 30);
    }

    #[test]
    fn no_cursor_panics(text in "\\PC{0,40}") {
        let _ = text.parse::<Cursor>();
    }
}

#[test]
fn the_terms_of_a_query_are_shown_one_by_one() {
    assert_eq!(terms("sev:1 -\"a b\" c"), ["sev:1", "-\"a b\"", "c"]);
}
