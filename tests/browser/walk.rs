//! Every page of the desk is opened, in both themes and on a narrow screen, and shuts nobody out.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{helpers::Chromium, scene};

/// The routes of pages, and where each is on the desk of the walk.
const PAGES: &[(&str, &str)] = &[("/inbox", "/inbox")];

/// Routes that are pages and are walked elsewhere.
const ELSEWHERE: &[&str] = &["/page/{token}", "/leave/{purpose}/{token}", "/sign-in"];

/// Routes that answer with something else than a page: a file, a piece of a page, a stream, figures.
const NO_PAGES: &[&str] = &["/", "/healthz", "/metrics", "/page/{token}/file/{file}", "/static/{name}"];

/// The routes of the program that have one of these handlers, as its source names them.
pub fn routes(handlers: &[&str]) -> Vec<String> {
    let mut folders = vec![PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src/web"))];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => folders.push(path),
                false => found.extend(routes_in(&path, handlers)),
            }
        }
    }
    found.sort();
    found.dedup();
    found
}

fn routes_in(file: &Path, wanted: &[&str]) -> Vec<String> {
    let source = fs::read_to_string(file).unwrap();
    let calls = source.split(".route(").skip(1);
    let route = |call: &str| {
        let (_, rest) = call.split_once('"')?;
        let (route, rest) = rest.split_once('"')?;
        let handlers = rest.split(".route(").next().unwrap_or_default().split(';').next().unwrap_or_default();
        wanted.iter().any(|way| handlers.contains(way)).then(|| route.to_owned())
    };
    calls.filter_map(route).collect()
}

#[test]
fn every_page_has_its_place_in_the_walk() {
    let routes = routes(&["get("]);
    assert!(routes.len() > 5, "{routes:?}");
    let known: Vec<&str> =
        PAGES.iter().map(|(route, _)| *route).chain(ELSEWHERE.iter().chain(NO_PAGES).copied()).collect();
    let lost: Vec<&String> = routes.iter().filter(|route| !known.contains(&route.as_str())).collect();
    assert!(
        lost.is_empty(),
        "give these a place in PAGES, ELSEWHERE or NO_PAGES of tests/browser/walk.rs: {lost:?}"
    );
    let gone: Vec<&&str> = known.iter().filter(|route| !routes.iter().any(|it| it == **route)).collect();
    assert!(gone.is_empty(), "there are no such routes any more: {gone:?}");
}

#[test]
fn no_page_of_the_console_shuts_anybody_out() {
    let office = scene::office();
    let page = scene::at_work(&office.desk, &office.desk.agent.address);
    for (route, path) in PAGES {
        let name = route.trim_matches('/').replace(['/', '{', '}'], "-");
        look(&page, path, &name);
    }
}

/// Opens a page as everybody may see it.
fn look(page: &Chromium, path: &str, name: &str) {
    page.screen(1280, 900);
    page.open(path);
    page.wait_for("main h1");
    assert_eq!(page.count("h1"), 1, "{path}");
    page.is_accessible(path);
    page.picture(&format!("console-{name}"));
    page.dark(true);
    page.picture(&format!("console-{name}-dark"));
    page.dark(false);
    page.screen(390, 844);
    page.picture(&format!("console-{name}-phone"));
    page.screen(320, 700);
    assert!(!page.is_too_wide(), "{path} has to be scrolled sideways on a narrow screen");
}
