//! What others try with a customer's page: scanners that send forms, other sites that post, frames, borrowed links.

use serde_json::json;

use crate::{chromium::Chromium, elsewhere::Elsewhere, helpers::routes::routes, scene};

/// Everything that a deed on a page could change.
/// What people would see of it. When something is due is computed by a timer, whenever that gets to it.
const STATE: &str = "select (select string_agg((to_jsonb(t) - 'due_at' - 'due_warned')::text, ';') from tickets t), (select count(*) from journal), \
                     (select count(*) from messages), (select count(*) from outbox), \
                     (select string_agg(p::text, ';') from participants p)";

/// WE-01, WE-02: opening the link, running its scripts and sending its forms without a click does nothing.
#[test]
fn a_scanner_that_sends_every_form_changes_nothing() {
    let trial = scene::trial();
    let before = trial.desk.sql(STATE);
    let page = Chromium::at(&trial.desk);
    for path in [&trial.hers, &trial.his] {
        page.open(path);
        let forms = page.count("form");
        assert!(forms >= 2, "{forms}");
        for way in ["submit", "requestSubmit"] {
            for number in 0..forms {
                page.open(path);
                let send = "document.querySelectorAll('form')[arguments[0]][arguments[1]]()";
                page.run(send, json!([number, way]));
                page.wait_to_read("h1", "Just a moment");
            }
        }
    }
    assert_eq!(trial.desk.sql(STATE), before);
    // Such a form is answered with 400.
    let told = page.complaints();
    assert!(told.iter().all(|line| line.contains("400")), "{told:?}");
    // The person's own click counts afterwards.
    page.open(&trial.hers);
    page.press_button("It works");
    page.wait_to_read("[role=status]", "Thank you");
    assert_eq!(trial.desk.sql("select status from tickets where id = 1"), "verified");
}

/// WE-05: another site that knows the link has nothing sent in its holder's name, by form, text or fetch.
#[test]
fn another_site_posts_in_vain() {
    let trial = scene::trial();
    let before = trial.desk.sql(STATE);
    let target = format!("http://127.0.0.1:{}{}", trial.desk.web, trial.hers);
    let page = Chromium::at(&trial.desk);
    for kind in ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"] {
        let form = format!(
            "<form method=post action=\"{target}\" enctype=\"{kind}\"><input name=act value=works></form><script>document.forms[0].submit()</script>"
        );
        page.open(&Elsewhere::showing(form).url());
        page.wait("the desk's answer", |page| page.path().starts_with("/page/"));
        assert!(page.count("button") == 0, "{}", page.source());
    }
    let fetch = format!(
        "<p>wait</p><script>fetch({target:?}, {{method: 'POST', mode: 'no-cors', credentials: 'include', headers: {{'Content-Type': 'application/x-www-form-urlencoded'}}, body: 'act=works'}}).finally(() => document.querySelector('p').textContent = 'sent')</script>"
    );
    page.open(&Elsewhere::showing(fetch).url());
    page.wait_to_read("p", "sent");
    assert_eq!(trial.desk.sql(STATE), before);
    let told = page.complaints();
    assert!(told.iter().all(|line| line.contains("403")), "{told:?}");
}

/// WE-06: no page can be framed.
#[test]
fn no_page_shows_in_a_frame() {
    let trial = scene::trial();
    let page = Chromium::at(&trial.desk);
    for path in [&trial.hers, "/page/x", "/sign-in", "/inbox"] {
        let framed =
            format!("<h1>Elsewhere</h1><iframe src=\"http://127.0.0.1:{}{path}\"></iframe>", trial.desk.web);
        page.open(&Elsewhere::showing(framed).url());
        page.wait(&format!("{path} is refused"), |page| {
            page.complaints().iter().any(|line| {
                line.contains("frame-ancestors") || line.contains("X-Frame-Options") || line.contains("404")
            })
        });
    }
    page.complaints();
}

/// A digest of everything that is kept, save what the desk notes about itself from minute to minute, and who is before a
/// page: that ends some time after the page was left.
const EVERYTHING: &str = "select table_name, query_to_xml(format('select md5(string_agg(t::text, '';'' order by t::text)) from %I t', table_name), false, true, '') \
     from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE' \
     and table_name not in ('nodes', 'mailboxes', 'sent_minutes', 'figures', 'timers', 'clocks', 'sessions', 'visits', 'presences') order by 1";

/// The routes of the console to which something can be sent, on the desk at hand.
fn deeds() -> Vec<String> {
    let deeds = routes(&["post("])
        .into_iter()
        .filter(|route| !route.starts_with("/page") && !route.starts_with("/leave"));
    let filled = |route: String| {
        let parts = route.split('/').map(|part| if part.starts_with('{') { "1" } else { part });
        parts.collect::<Vec<_>>().join("/")
    };
    deeds.map(filled).collect()
}

/// WE-05: neither a stranger's site nor one on the same host does anything in the name of who is signed in.
#[test]
fn other_sites_do_nothing_in_the_console() {
    let office = scene::office();
    let desk = &office.desk;
    let page = scene::at_work(desk, &desk.agent.address);
    let before = desk.sql(EVERYTHING);
    let all = deeds();
    assert!(all.iter().any(|deed| deed == "/sign-out"), "{all:?}");
    let site = format!("http://127.0.0.1:{}", desk.web);
    let fetches = format!(
        "<p>wait</p><script>(async () => {{ for (const deed of {all:?}) for (const body of ['act=1&ticket=1&status=closed', new FormData()]) await fetch('{site}' + deed, {{method: 'POST', mode: 'no-cors', credentials: 'include', headers: typeof body === 'string' ? {{'Content-Type': 'application/x-www-form-urlencoded'}} : {{}}, body}}).catch(() => 0); document.querySelector('p').textContent = 'sent' }})()</script>"
    );
    let elsewhere = Elsewhere::showing(fetches);
    for url in [elsewhere.url(), elsewhere.url().replace("localhost", "127.0.0.1")] {
        page.open(&url);
        page.wait_to_read("p", "sent");
    }
    for deed in &all {
        let form = format!(
            "<form method=post action=\"{site}{deed}\"><input name=ticket value=1></form><script>document.forms[0].submit()</script>"
        );
        page.open(&Elsewhere::showing(form).url().replace("localhost", "127.0.0.1"));
        page.wait("the desk's answer", |page| !page.source().contains("document.forms[0].submit"));
        // A GET of what is to be posted does nothing either.
        page.open(deed);
    }
    page.complaints();
    assert_eq!(desk.sql(EVERYTHING), before);
    page.open("/inbox");
    assert_eq!(page.path(), "/inbox", "the session is alive");
}

/// WE-07: a cookie from before is not that of a session, no script reads it, and it is worth nothing afterwards.
#[test]
fn a_session_cannot_be_planted_and_ends_for_good() {
    let office = scene::office();
    let desk = &office.desk;
    let page = Chromium::at(desk);
    page.set_cookie("deskgate", "planted-by-somebody-else-0000000000000000000");
    let page = scene::sign_in(page, &desk.agent.address);
    let session = |page: &Chromium| page.cookies().into_iter().find(|cookie| cookie["name"] == "deskgate");
    let cookie = session(&page).expect("a session");
    assert!(!cookie["value"].as_str().unwrap().contains("planted"), "{cookie}");
    assert!(cookie["httpOnly"] == true && cookie["sameSite"].is_string(), "{cookie}");
    assert!(!page.run("return document.cookie", json!([])).as_str().unwrap().contains("deskgate="));
    page.click("form[action='/sign-out'] button");
    page.wait("the way in", |page| page.path().starts_with("/sign-in"));
    assert!(session(&page).is_none_or(|after| after["value"] != cookie["value"]));
    page.set_cookie("deskgate", cookie["value"].as_str().unwrap());
    page.open("/inbox");
    page.wait("the way in", |page| page.path().starts_with("/sign-in"));
}
