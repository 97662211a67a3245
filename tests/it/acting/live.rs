//! What one does, the others see at once.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
};

use super::{CAROL, Scene, act, hear, scene};
use crate::helpers::{PATIENCE, browser::Browser, wait_for};

/// Begins to listen as this browser.
fn listen(web: u16, browser: &Browser) -> BufReader<TcpStream> {
    let mut stream = TcpStream::connect(("127.0.0.1", web)).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    write!(
        stream,
        "GET /live HTTP/1.1\r\nHost: 127.0.0.1:{web}\r\nCookie: {}\r\nConnection: close\r\n\r\n",
        browser.cookie()
    )
    .unwrap();
    let mut stream = BufReader::new(stream);
    let mut line = String::new();
    stream.read_line(&mut line).unwrap();
    assert!(line.contains(" 200 "), "{line}");
    hear(&mut stream, "text/event-stream");
    stream
}

/// So many notes in ticket 1: `Entry 1` and so on.
fn fill(scene: &Scene, entries: usize) {
    scene.desk.sql(&format!(
        "insert into messages (ticket_id, direction, kind, staff_only, author, text, own_text, created_at) \
         select 1, 'note', 'human', true, 'x', 'Entry ' || n, 'Entry ' || n, now() from generate_series(1, {entries}) as n",
    ));
}

/// An attribute of, or within, the element with this beginning.
fn of(page: &str, beginning: &str, name: &str) -> String {
    let element = &page[page.find(beginning).unwrap_or_else(|| panic!("no {beginning} in {page}"))..];
    let rest = element.split_once(&format!(" {name}=\"")).unwrap().1;
    rest.split('"').next().unwrap().replace("&#x3D;", "=").replace("&amp;", "&")
}

#[test]
fn a_thread_too_long_for_a_page_goes_on_with_a_link() {
    let mut scene = scene();
    let first = scene.desk.sql("select min(id) from messages where ticket_id = 1");
    fill(&scene, 1100);
    let all: usize = scene.desk.sql("select count(*) from messages where ticket_id = 1").parse().unwrap();
    let nth = |scene: &Scene, n: usize| {
        scene
            .desk
            .sql(&format!("select id from messages where ticket_id = 1 order by id offset {} limit 1", n - 1))
    };
    let seen = |page: &str| of(page, "<input type=\"hidden\" name=\"seen\"", "value");
    let page = scene.agent.get(&format!("/ticket/1?from={first}&journal=all")).body;
    assert_eq!(page.matches("<article ").count(), 1000);
    assert!(!page.contains("Entry 1100<") && !page.contains("class=\"earlier\""), "{page}");
    assert!(page.contains(&format!("Show later entries ({})", all - 1000)), "{page}");
    assert_eq!(seen(&page), nth(&scene, 1000), "what is on no page yet was not seen");
    let later = of(&page, "<p class=\"later\">", "hx-get");
    assert_eq!(later, format!("/ticket/1?from={}&journal=all", nth(&scene, 1001)));
    let page = scene.agent.get(&later).body;
    assert_eq!(page.matches("<article ").count(), all - 1000);
    assert!(page.contains("Entry 1100<") && !page.contains("class=\"later\""), "{page}");
    assert!(page.contains("Show earlier entries (1000)"), "{page}");
    assert_eq!(seen(&page), scene.newest());
}

#[test]
fn news_load_the_page_with_the_earlier_entries_that_were_asked_for() {
    let mut scene = scene();
    fill(&scene, 60);
    let page = scene.agent.get("/ticket/1").body;
    assert!(!page.contains("Entry 1<"));
    assert_eq!(of(&page, "<span id=\"news\"", "hx-get"), "/ticket/1");
    let earlier = of(&page, "<p class=\"earlier\">", "hx-get");
    assert_eq!(
        of(&page, "<p class=\"earlier\">", "hx-select-oob"),
        "#news,#story",
        "news are asked of there"
    );
    let page = scene.agent.get(&earlier).body;
    assert!(page.contains("Entry 1<"), "{page}");
    assert_eq!(of(&page, "<span id=\"news\"", "hx-get"), earlier);
    let whole = scene.agent.get(&format!("{earlier}&journal=all")).body;
    assert_eq!(of(&whole, "<span id=\"news\"", "hx-get"), format!("{earlier}&journal=all"));
}

#[test]
fn a_deed_of_one_is_told_to_another_without_any_words_of_a_mail() {
    let mut scene = scene();
    let mut news = listen(scene.desk.web, &scene.carol());
    act(&mut scene.agent, "#sev", &[("arg", "2"), ("words", "the secret workaround")]);
    hear(&mut news, "event: ticket");
    let data = hear(&mut news, "data:");
    let told: serde_json::Value = serde_json::from_str(data.trim_start_matches("data:").trim()).unwrap();
    assert_eq!(told["id"], 1);
    assert_eq!(told["by"], scene.desk.agent.address.as_str());
    assert!(!data.contains("secret"), "{data}");
}

#[test]
fn news_go_on_after_the_database_was_away_and_say_that_something_may_be_lost() {
    let mut scene = scene();
    let mut news = listen(scene.desk.web, &scene.carol());
    scene.desk.sql("select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database() and query like 'LISTEN deskgate_ticket%'");
    hear(&mut news, "event: lost");
    act(&mut scene.agent, "#take", &[]);
    hear(&mut news, "event: ticket");
}

#[test]
fn a_stream_ends_with_its_session_and_when_the_desk_stops() {
    let mut scene = scene();
    let mut carol = scene.carol();
    let mut hers = listen(scene.desk.web, &carol);
    let mut mine = listen(scene.desk.web, &scene.agent);
    carol.post("/sign-out", &[]);
    hers.read_to_end(&mut Vec::new()).unwrap();
    act(&mut scene.agent, "#take", &[]);
    hear(&mut mine, "event: ticket");
    scene.desk.stop();
    mine.read_to_end(&mut Vec::new()).unwrap();
}

#[test]
fn a_session_has_only_so_many_streams() {
    let scene = scene();
    let streams: Vec<_> = (0..4).map(|_| listen(scene.desk.web, &scene.agent)).collect();
    assert_eq!(scene.agent.clone().get("/live").status, 204);
    assert_eq!(scene.desk.visitor().get("/live").status, 303);
    drop(streams);
}

#[test]
fn who_looks_and_who_writes_is_told_and_forgotten_when_they_go() {
    let mut scene = scene();
    let mut carol = scene.carol();
    let here = |browser: &mut Browser, writes: &str| -> String {
        let answer = browser.post("/ticket/1/here", &[("writes", writes)]);
        let told: serde_json::Value =
            serde_json::from_str(&answer.body).unwrap_or_else(|_| panic!("{answer:?}"));
        told["line"].as_str().unwrap().to_owned()
    };
    let mut news = listen(scene.desk.web, &scene.agent);
    assert_eq!(here(&mut scene.agent, "false"), "");
    assert_eq!(here(&mut carol, "false"), "Support Agent is looking at this, too.");
    hear(&mut news, "event: here");
    hear(&mut news, CAROL);
    here(&mut carol, "true");
    assert_eq!(here(&mut scene.agent, "false"), "Carol Colleague is writing a reply.");
    // A second window in which she does not write changes nothing.
    here(&mut carol, "false");
    assert_eq!(here(&mut scene.agent, "false"), "Carol Colleague is writing a reply.");

    // Whoever was not heard of for a while is gone.
    scene.desk.sql(
        "update presences set seen_at = seen_at - interval '46 seconds' where address = 'carol@desk.test'",
    );
    assert_eq!(here(&mut scene.agent, "false"), "");
    here(&mut carol, "true");
    carol.post("/ticket/1/gone", &[]);
    wait_for("her way out", || here(&mut scene.agent, "false").is_empty().then_some(()));
    assert_eq!(carol.post("/ticket/99/here", &[]).status, 404);
}
