//! Every page of the desk is opened, in both themes and on a narrow screen, and shuts nobody out.

use crate::{
    chromium::Chromium,
    helpers::{Desk, routes::routes},
    scene,
};

/// The routes of pages, and where each is on the desk of the walk; `{…}` in an address is asked of the database.
const PAGES: &[(&str, &str)] = &[
    ("/account", "/account"),
    ("/account/codes", "/account/codes"),
    ("/answers", "/answers"),
    ("/audit", "/audit"),
    ("/gate", "/gate"),
    ("/gate/replay", "/gate/replay"),
    ("/health", "/health"),
    ("/inbox", "/inbox"),
    ("/inbox", "/inbox?q=nothing-is-like-this"),
    ("/mailboxes", "/mailboxes"),
    ("/new", "/new"),
    ("/outbox", "/outbox"),
    ("/outbox/{id}", "/outbox/{select id from outbox where state = 'failed'}"),
    ("/people", "/people"),
    ("/people/{id}", "/people/{select min(author_id) from messages}"),
    ("/quarantine", "/quarantine"),
    ("/quarantine/{id}", "/quarantine/{select id from inbound where state = 'quarantined'}"),
    ("/reports/{name}", "/reports/open"),
    ("/reports/{name}", "/reports/promises"),
    ("/reports/{name}", "/reports/gate"),
    ("/reports/{name}", "/reports/clusters"),
    ("/reports/{name}", "/reports/work"),
    ("/reports/{name}", "/reports/mail"),
    ("/rota", "/rota"),
    ("/search", "/search"),
    ("/search", "/search?q=printer"),
    ("/settings", "/settings"),
    ("/templates", "/templates"),
    ("/templates/{notice}", "/templates/acknowledged"),
    ("/ticket/{id}", "/ticket/1"),
    ("/workflow", "/workflow"),
];

/// Routes that are pages and are walked by stories of their own, or need no sign-in.
const ELSEWHERE: &[&str] = &[
    "/forgotten",
    "/gate/replay/{id}",
    "/inbox/bulk/{key}",
    "/leave/{purpose}/{token}",
    "/page/{token}",
    "/sign-in",
    "/sign-in/code",
    "/ticket/{id}/held",
    "/welcome/{link}",
];

/// Routes that answer with something else than a page: a file, a piece of a page, a stream, figures.
const NO_PAGES: &[&str] = &[
    "/",
    "/favicon.ico",
    "/gate/examples.jsonl",
    "/healthz",
    "/inbox/views",
    "/live",
    "/metrics",
    "/outbox/{id}/html",
    "/page/{token}/file/{file}",
    "/quarantine/{id}/mail.eml",
    "/reports",
    "/sign-in/oidc/back",
    "/static/{name}",
    "/templates/{notice}/html",
    "/ticket/{id}/answer/{name}",
    "/ticket/{id}/draft",
    "/ticket/{id}/file/{file}",
    "/ticket/{id}/mail/{entry}/eml",
    "/ticket/{id}/mail/{entry}/html",
    "/ticket/{id}/mail/{entry}/source",
    "/ticket/{id}/mail/{entry}/text",
    "/ticket/{id}/similar",
];

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
}

#[test]
fn no_page_of_the_console_shuts_anybody_out() {
    let office = scene::office();
    let desk = &office.desk;
    scene::trouble(desk);
    let there = routes(&["get("]);
    let pages: Vec<_> = PAGES.iter().filter(|(route, _)| there.iter().any(|it| it == route)).collect();
    std::thread::scope(|scope| {
        // Two people, half of the pages each.
        for (first, who) in [&desk.agent.address, &office.bob].into_iter().enumerate() {
            let share = pages.iter().skip(first).step_by(2);
            scope.spawn(move || {
                let page = scene::at_work(desk, who);
                let mut told: Vec<String> =
                    share.flat_map(|(_, path)| look(&page, &whole(desk, path))).collect();
                told.extend(if first == 0 { of_deeds(&page) } else { of_a_thumb(&page) });
                assert!(told.is_empty(), "{} findings:\n{}", told.len(), told.join("\n"));
            });
        }
    });
}

#[test]
fn the_way_in_shuts_nobody_out() {
    let office = scene::office();
    let page = Chromium::at(&office.desk);
    let told = look(&page, "/sign-in");
    assert!(told.is_empty(), "{}", told.join("\n"));
}

/// Pages that come of a deed: many tickets at once, old mail that is looked through again.
fn of_deeds(page: &Chromium) -> Vec<String> {
    page.screen(1280, 900);
    page.open("/inbox");
    page.press("jxjxa");
    page.wait("what was done", |page| page.path().starts_with("/inbox/bulk/"));
    let mut told = look(page, &page.path());
    page.open("/gate/replay");
    page.click("form[action='/gate/replay'] button");
    page.wait("what it found", |page| {
        page.path().starts_with("/gate/replay/") && page.count(".replay-over") == 1
    });
    told.extend(look(page, &page.path()));
    told
}

/// A ticket in one column, with the sheet of its actions; and a page that is not there.
fn of_a_thumb(page: &Chromium) -> Vec<String> {
    page.screen(390, 844);
    page.open("/ticket/1");
    page.click(".bar [popovertarget]");
    page.wait_for("#act-rest:popover-open");
    let mut told = page.findings("the sheet of actions");
    page.picture("console-ticket-1-sheet");
    page.open("/nothing/here");
    // That it is not there is told by the browser, too.
    page.complaints();
    told.extend(look(page, "/nothing/here").into_iter().filter(|it| !it.contains("404")));
    told
}

/// An address with what the database says in the place of `{…}`.
fn whole(desk: &Desk, path: &str) -> String {
    let Some((before, rest)) = path.split_once('{') else { return path.to_owned() };
    let (question, after) = rest.split_once('}').unwrap();
    format!("{before}{}{after}", desk.sql(question))
}

/// Opens a page as everybody may see it; what shuts somebody out there.
pub fn look(page: &Chromium, path: &str) -> Vec<String> {
    let name: String = path.trim_matches('/').replace(['/', '?', '='], "-").chars().take(40).collect();
    page.screen(1280, 900);
    page.open(path);
    page.wait_for("main h1");
    let mut told = page.findings(path);
    page.picture(&format!("console-{name}"));
    page.dark(true);
    page.picture(&format!("console-{name}-dark"));
    page.dark(false);
    page.screen(390, 844);
    page.picture(&format!("console-{name}-phone"));
    page.screen(320, 700);
    let headings = page.count("h1");
    told.extend((headings != 1).then(|| format!("{path}: {headings} main headings")));
    told.extend(
        page.is_too_wide().then(|| format!("{path}: it has to be scrolled sideways on a narrow screen")),
    );
    told.extend(page.complaints().into_iter().map(|line| format!("{path}: the console says {line}")));
    told
}
