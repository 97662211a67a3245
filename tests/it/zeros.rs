//! Zero bytes, which PostgreSQL keeps in no text: wherever somebody sends one, they hear of it or it is left out.

use std::{collections::BTreeSet, fs, path::PathBuf};

use crate::{
    acting::{post_files, scene},
    helpers::{browser::Browser, routes::routes},
};

/// What is no page of the console, or never ends.
const OUTSIDE: [&str; 5] = ["/healthz", "/metrics", "/page/", "/leave/", "/static/"];

fn is_outside(route: &str) -> bool {
    OUTSIDE.iter().any(|place| route.starts_with(place))
}

/// A route with its places filled in.
fn address(route: &str) -> String {
    let parts = route.split('/').map(|part| if part.starts_with('{') { "1" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

/// The names of all fields of all forms.
fn fields() -> BTreeSet<String> {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/templates/console"));
    let mut names = BTreeSet::new();
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "hbs") {
            let text = fs::read_to_string(path).unwrap();
            let named = text.split(" name=\"").skip(1).filter_map(|rest| rest.split('"').next());
            names.extend(named.filter(|name| !name.contains('{')).map(str::to_owned));
        }
    }
    names.remove("csrf");
    names
}

/// What might stand in a field, with a zero byte.
fn value(name: &str) -> String {
    let plain = match name {
        "ticket" | "message" | "seen" | "version" | "arg" | "severity" => "1",
        "who" | "address" | "assignee" | "person" => "dora@desk.test",
        "do" => "#note x",
        "kind" => "reply",
        "act" => "send",
        "from" | "to" | "until" => "2026-12-01",
        _ => "a",
    };
    format!("{plain}\0")
}

#[test]
fn no_address_of_the_console_takes_a_zero_byte_to_the_database() {
    let mut scene = scene();
    let pages = routes(&["get("]);
    assert!(pages.len() > 40, "{pages:?}");
    for page in &pages {
        for path in [format!("{}?q=a%00b", address(page)), format!("{}%00", address(page))] {
            let answer = scene.agent.get(&path);
            match is_outside(page) {
                false => assert_eq!(answer.status, 400, "{path}: {}", answer.body),
                true => assert!(answer.status < 500, "{path}: {}", answer.body),
            }
        }
    }
    let told = scene.agent.get("/people?q=%00");
    assert!(told.body.contains("There is a zero byte (%00) in the address"), "{}", told.body);
    assert_eq!(scene.desk.visitor().get("/sign-in?next=%00").status, 400);
}

#[test]
fn no_form_takes_a_zero_byte_to_the_database() {
    let mut scene = scene();
    let lead = scene.desk.agent.address.clone();
    let names = fields();
    assert!(names.len() > 30 && names.contains("words"), "{names:?}");
    let values: Vec<(&str, String)> = names.iter().map(|name| (name.as_str(), value(name))).collect();
    let all: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    for route in routes(&["post("]) {
        let path = address(&route);
        let mut browser: Browser = scene.agent.clone();
        for answer in [browser.post(&path, &all), post_files(&mut browser, &path, &all, &[("a\0.txt", "x")])]
        {
            assert!(answer.status < 500, "{path}: {answer:?}");
        }
        if scene.agent.get("/new").status != 200 {
            scene.agent = scene.desk.browser(&lead);
            scene.agent.get("/new");
        }
    }
    assert!(!scene.desk.log().contains("A page of the console failed"), "{}", scene.desk.log());

    let draft = [("kind", "reply"), ("words", "Dear\0 Anna"), ("version", "0")];
    assert_eq!(scene.agent.post("/ticket/1/draft", &draft).status, 200);
    assert!(scene.agent.get("/ticket/1/draft?kind=reply").body.contains("Dear Anna"));
    let note = [("form", "p"), ("words", "Among\0 us.")];
    assert_eq!(post_files(&mut scene.agent, "/ticket/1/note", &note, &[("a.txt", "x\0y")]).status, 303);
    assert_eq!(scene.desk.sql("select count(*) from messages where own_text = 'Among us.'"), "1");
}
