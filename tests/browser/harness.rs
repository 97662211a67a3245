//! The tests' own tools do find what they are there to find.

use crate::{chromium::Chromium, helpers::wait_for};

/// A page of these bytes, without any desk.
fn page(body: &str) -> String {
    format!("data:text/html,<!doctype html><html lang=en><title>Test</title>{body}")
}

#[test]
fn a_browser_tells_of_errors_of_strangers_and_of_what_shuts_people_out() {
    let browser = Chromium::at_site("http://127.0.0.1:1");
    browser.open(&page("<main><h1>Quiet</h1><p>Nothing is wrong here.</main>"));
    assert!(browser.axe().is_empty(), "{:?}", browser.axe());
    assert_eq!((browser.complaints(), browser.strangers()), (vec![], vec![]));

    browser.open(&page("<script>console.error('oh no')</script><img src=\"http://stranger.example/pixel.png\"><p style=\"color:%23ddd\">pale"));
    let rules: Vec<String> = browser.axe().into_iter().map(|finding| finding.rule).collect();
    for rule in ["image-alt", "color-contrast"] {
        assert!(rules.iter().any(|it| it == rule), "{rule}: {rules:?}");
    }
    let asked = wait_for("the picture", || Some(browser.strangers()).filter(|asked| !asked.is_empty()));
    assert!(asked[0].contains("stranger.example/pixel.png"), "{asked:?}");
    let told = browser.complaints().join("\n");
    assert!(told.contains("oh no"), "{told}");

    browser.open(&format!("data:text/html,<img src=\"{}/1.png\">", browser.trap()));
    wait_for("the trap", || {
        Some(browser.strangers()).filter(|asked| asked.iter().any(|it| it.contains("/1.png")))
    });
    browser.complaints();
}

#[test]
fn what_a_policy_stops_is_a_complaint() {
    let browser = Chromium::at_site("http://127.0.0.1:1");
    browser.open(&page(
        "<meta http-equiv=Content-Security-Policy content=\"script-src 'none'\"><img src=x onerror=alert(1)>",
    ));
    let told = wait_for("the complaint", || {
        Some(browser.complaints().join("\n")).filter(|told| told.contains("Content Security Policy"))
    });
    assert!(told.contains("script-src"), "{told}");
}
