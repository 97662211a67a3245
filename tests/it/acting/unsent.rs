//! What was written in a form that is not taken is given back.

use super::{post_files, scene};
use crate::{helpers::servers::http_post, status_page::resolved};

const WORDS: &str = "Dear Anna,\nplease take version <7>.";
const SHOWN: &str = "please take version &lt;7&gt;.</textarea>";

#[test]
fn words_outlive_the_session_in_which_they_were_written() {
    let mut scene = scene();
    let fields = [("form", "page-1"), ("seen", "1"), ("words", WORDS)];
    scene.desk.sql("update sessions set expires_at = now() - interval '1 second'");
    let refused = post_files(&mut scene.agent, "/ticket/1/reply", &fields, &[("log.txt", "x")]);
    assert_eq!(refused.status, 403, "{}", refused.body);
    for part in
        [SHOWN, "You are signed out", "href=\"/sign-in?next&#x3D;%2Fticket%2F1\"", "data-form=\"reply\""]
    {
        assert!(refused.body.contains(part), "{part} is not in {}", refused.body);
    }
    let new = scene.agent.post("/new", &[("address", "a@b.test"), ("words", WORDS)]);
    assert!(
        new.status == 403 && new.body.contains(SHOWN) && new.body.contains("next&#x3D;%2Fnew"),
        "{}",
        new.body
    );
    // Without words there is nothing to lose, and another site, or who does not say whose page it was, is told nothing.
    assert_eq!(scene.agent.post("/ticket/1/do", &[("do", "#take")]).location(), "/sign-in");
    let form = "words=Hello";
    for whose in ["Sec-Fetch-Site: cross-site\r\n", "Sec-Fetch-Site: none\r\n", ""] {
        let kind = format!("Content-Type: application/x-www-form-urlencoded\r\n{whose}");
        assert_eq!(scene.agent.ask("POST", "/new", &kind, form).location(), "/sign-in", "{whose}");
    }
    assert_eq!(scene.desk.count("messages where direction = 'out' and text like '%version%'"), 0);
}

#[test]
fn words_outlive_the_page_on_which_they_were_written() {
    let mut scene = scene();
    scene.agent.get("/ticket/1");
    let old = scene.agent.csrf.clone();
    let agent = scene.desk.agent.address.clone();
    let mut anew = scene.desk.browser(&agent);
    anew.get("/ticket/1");
    anew.csrf = old;
    let large = "x".repeat(3 << 20);
    for path in ["/ticket/1/reply", "/ticket/1/note"] {
        let refused =
            post_files(&mut anew, path, &[("form", "page-1"), ("words", WORDS)], &[("a.txt", &large)]);
        assert_eq!(refused.status, 403);
        for part in [SHOWN, "This page is too old", "href=\"/ticket/1\""] {
            assert!(refused.body.contains(part), "{part} is not in {}", refused.body);
        }
    }
    let refused = anew.post("/new", &[("address", "a@b.test"), ("words", WORDS)]);
    assert!(refused.body.contains(SHOWN) && refused.body.contains("href=\"/new\""), "{}", refused.body);
    assert_eq!(scene.desk.count("messages where text like '%version%'"), 0);
}

#[test]
fn words_outlive_a_database_that_is_away() {
    let mut scene = scene();
    let fields = [("form", "page-1"), ("seen", "1"), ("words", WORDS)];
    scene.agent.get("/ticket/1");
    scene.desk.database_goes_away();
    let page = scene.agent.get("/inbox");
    assert!(page.status == 503 && page.body.contains("Something went wrong"), "{}", page.body);
    let failed = post_files(&mut scene.agent, "/ticket/1/reply", &fields, &[]);
    assert!(failed.status == 503 && failed.body.contains(SHOWN), "{}", failed.body);
    scene.desk.database_comes_back();
    assert_eq!(scene.agent.get("/inbox").status, 200);
}

#[test]
fn a_customer_keeps_what_they_wrote() {
    let (desk, _anna, _carl, [hers, _]) = resolved();
    let form = form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("words", WORDS), ("act", "fails")])
        .finish();
    desk.database_goes_away();
    let (status, failed) = http_post(desk.web, &hers, &form).unwrap();
    let kind = "Content-Type: application/x-www-form-urlencoded\r\nSec-Fetch-Site: cross-site\r\n";
    let foreign = desk.visitor().ask("POST", "/page/nobody", kind, &form);
    let foreign = format!("{} {}", foreign.status, foreign.body);
    desk.database_comes_back();
    assert_eq!(status, 503, "{failed}");
    for part in [SHOWN, "value=\"fails\"", "What you wrote"] {
        assert!(failed.contains(part), "{part} is not in {failed}");
    }
    assert!(foreign.contains("503") && !foreign.contains("version"), "another site: {foreign}");
    assert_eq!(desk.sql("select status from tickets where id = 1"), "resolved");
}
