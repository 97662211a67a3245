//! Zero bytes, which PostgreSQL keeps in no text: wherever somebody sends one, they hear of it or it is left out.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
};

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

/// Where a form goes, with a star for each place.
fn shape(address: &str) -> String {
    let parts = address.split('/').map(|part| if part.contains(['{', '*']) { "*" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

/// The words of the templates that are filled in, as a star each.
fn starred(text: &str) -> String {
    let filled = |rest: &str| format!("*{}", rest.split_once("}}").map_or("", |(_, rest)| rest));
    let mut pieces = text.split("{{");
    pieces.next().unwrap_or_default().to_owned() + &pieces.map(filled).collect::<String>()
}

/// The names of all fields of all forms, by where the form goes; those of other addresses that its buttons have are the same.
fn forms() -> BTreeMap<String, BTreeSet<String>> {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/templates/console"));
    let mut forms: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_none_or(|ending| ending != "hbs") {
            continue;
        }
        let text = starred(&fs::read_to_string(path).unwrap());
        for form in text.split("<form").skip(1) {
            let form = form.split("</form>").next().unwrap_or_default();
            let all = |name: &str| -> Vec<&str> {
                let mark = format!("{name}=\"");
                let values = form.split(mark.as_str()).skip(1);
                values.filter_map(|rest| rest.split('"').next()).collect()
            };
            let names: BTreeSet<String> =
                all(" name").into_iter().filter(|name| !name.contains('*')).map(str::to_owned).collect();
            for action in all("action") {
                forms.entry(shape(action)).or_default().extend(names.clone());
            }
        }
    }
    forms
}

/// What might stand in a field.
fn plain(name: &str) -> &'static str {
    match name {
        "ticket" | "message" | "seen" | "arg" | "severity" => "1",
        "version" => "0",
        "who" | "address" | "assignee" | "person" => "dora@desk.test",
        "do" => "#note",
        "sort" => "due",
        "theme" => "dark",
        "zone" => "UTC",
        "mailbox" => "support",
        "kind" => "reply",
        "act" => "send",
        "from" | "to" | "until" => "2026-12-01",
        _ => "a",
    }
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
    let forms = forms();
    // Drafts, which a script sends, have a kind beside.
    let names: BTreeSet<&str> = forms.values().flatten().map(String::as_str).chain(["kind"]).collect();
    assert!(names.len() > 30 && names.contains("words"), "{names:?}");
    let mut walked = 0;
    for route in routes(&["post("]) {
        let path = address(&route);
        // All fields at once; then each of the form that goes there, so that none is refused for another. What a script
        // sends has no form: any field may be its.
        let own: BTreeSet<&str> = match forms.get(&shape(&route)) {
            Some(own) => own.iter().map(String::as_str).collect(),
            None => names.clone(),
        };
        walked += usize::from(forms.contains_key(&shape(&route)));
        let each = own.iter().map(|name| (&own, BTreeSet::from([*name])));
        for (sent, broken) in std::iter::once((&names, names.clone())).chain(each) {
            let value = |name: &&str| match broken.contains(name) {
                true => format!("{}\0", plain(name)),
                false => plain(name).to_owned(),
            };
            let values: Vec<(&str, String)> = sent.iter().map(|name| (*name, value(name))).collect();
            let all: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let mut browser: Browser = scene.agent.clone();
            for answer in
                [browser.post(&path, &all), post_files(&mut browser, &path, &all, &[("a\0.txt", "x")])]
            {
                assert!(answer.status < 500, "{path} {broken:?}: {answer:?}");
            }
            if scene.agent.get("/new").status != 200 {
                scene.desk.sql("delete from sign_in_tries");
                scene.agent = scene.desk.browser(&lead);
                scene.agent.get("/new");
            }
        }
    }
    assert!(walked > 30, "{walked} of {:?}", forms.keys());
    assert!(!scene.desk.log().contains("A page of the console failed"), "{}", scene.desk.log());

    let draft = [("kind", "reply"), ("words", "Dear\0 Anna"), ("version", "0")];
    assert_eq!(scene.agent.post("/ticket/1/draft", &draft).status, 200);
    assert!(scene.agent.get("/ticket/1/draft?kind=reply").body.contains("Dear Anna"));
    let note = [("form", "p"), ("words", "Among\0 us.")];
    assert_eq!(post_files(&mut scene.agent, "/ticket/1/note", &note, &[("a.txt", "x\0y")]).status, 303);
    assert_eq!(scene.desk.sql("select count(*) from messages where own_text = 'Among us.'"), "1");
}
