//! The hostile mails of the exam beside the project (XS-01 to XS-08), opened in Chromium on the customer's page.
//!
//! Whatever ran, loaded, moved the page or was stopped by its policy would be seen: as a dialogue, at the trap, as
//! another address, as a complaint. Where the exam is not, the test says so in one line and passes.

use std::path::Path;

use serde_json::json;

use crate::{
    chromium::{Chromium, Trap},
    exam::Exam,
    helpers::{Desk, PostOffice, servers::http_send},
    sink::Sink,
};

/// Markup of a mail that must not be on any page, wherever it is.
const NEVER: &str = "script:not([src]), iframe:not([sandbox]), object, embed, base[href], link[rel~=prefetch], link[rel~=dns-prefetch], \
                     meta[http-equiv=refresh], video, audio, svg animate, math, [onerror], [onload], [onclick], [ontoggle], \
                     [srcdoc], [formaction]";

/// A desk as the exam wants it, by an address that begins so; it sends into the sink.
pub fn desk(exam: &Exam, sink: &Sink, base_url: &str) -> Desk {
    let desk = Desk::prepare();
    let address = format!("address = \"{}\"", desk.support.address);
    let agent = desk.agent.address.clone();
    let mut desk = desk
        .configured("base_url = \"http://127.0.0.1", &format!("base_url = \"{base_url}"))
        .configured(&address, &format!("address = \"{}\"", exam.roles["support"]))
        .configured(&agent, &exam.roles["agent"])
        .configured(
            &format!("port = {}, tls", PostOffice::start().smtp),
            &format!("port = {}, tls", sink.port),
        );
    desk.run();
    desk
}

/// The path of the page in the newest mail to somebody.
fn page_of(sink: &Sink, address: &str) -> String {
    let sent = sink.taken();
    let mail = sent.iter().rfind(|mail| mail.to.iter().any(|to| to == address)).expect("an answer");
    let text = mail.readable();
    let at = text.find("/page/").expect("a link to the page");
    text[at..].split(|c: char| c.is_whitespace() || "\"<>".contains(c)).next().unwrap().to_owned()
}

#[test]
fn hostile_mails_do_nothing_on_the_customers_page() {
    let Some(generator) = Exam::generator() else {
        tell!("skipped: no exam beside the project");
        return;
    };
    let (sink, trap) = (Sink::start(), Trap::start());
    let exam = Exam::generate(&generator, &trap.url());
    let desk = desk(&exam, &sink, "https://desk.example.org");
    let page = Chromium::at(&desk);
    let cases: Vec<_> = exam.cases.iter().filter(|case| case.id.starts_with("XS-")).collect();
    assert!(cases.len() >= 8, "{} cases", cases.len());
    for (number, case) in (1..).zip(&cases) {
        for step in &case.steps {
            let mail = exam.mail(step["file"].as_str().unwrap(), &Default::default());
            desk.support.append(&mail);
        }
        desk.settled(number);
        let path = page_of(&sink, &exam.roles["alice"]);
        page.open(&path);
        looks_harmless(&page, &case.id, &path);
        page.picture(&format!("hostile-customer-{}", case.id));
        for file in files(&page) {
            is_only_handed_out(&desk, &page, &case.id, &file, "");
        }
    }
    assert_eq!(trap.taken(), [""; 0], "nobody asks for what a mail names");
    assert!(!Path::new("/tmp/pwned-exam").exists());
}

/// Nothing ran, moved or covers anything, and every link is plain.
pub fn looks_harmless(page: &Chromium, case: &str, path: &str) {
    page.run("document.querySelectorAll('details').forEach(it => { it.open = true })", json!([]));
    page.wait("the page is loaded", |page| page.run("return document.readyState", json!([])) == "complete");
    assert_eq!(page.path(), path, "{case}: the page went elsewhere");
    assert_eq!(page.count(NEVER), 0, "{case}: {}", page.source());
    let links =
        page.run("return [...document.querySelectorAll('a[href]')].map(it => it.protocol)", json!([]));
    for link in links.as_array().unwrap() {
        assert!(["http:", "https:", "mailto:"].contains(&link.as_str().unwrap()), "{case}: {links}");
    }
    let fixed = "return [...document.querySelectorAll('body *')].filter(it => ['fixed', 'sticky'].includes(getComputedStyle(it).position) && getComputedStyle(it).backgroundImage !== 'none').length";
    assert_eq!(page.run(fixed, json!([])), 0, "{case}: something covers the page");
    let attributes = "return [...document.querySelectorAll('body *')].flatMap(it => [...it.attributes]).map(it => it.name).filter(it => it.startsWith('on'))";
    assert_eq!(page.run(attributes, json!([])), json!([]), "{case}: a handler");
    let (told, strangers) = (page.complaints(), page.strangers());
    assert!(told.is_empty() && strangers.is_empty(), "{case}: {told:?} {strangers:?}");
}

/// The addresses of the files on the page.
pub fn files(page: &Chromium) -> Vec<String> {
    let script = "return [...document.querySelectorAll('main a[download]')].map(it => it.pathname)";
    let found = page.run(script, json!([]));
    found.as_array().into_iter().flatten().map(|path| path.as_str().unwrap().to_owned()).collect()
}

/// XS-05, XS-06, IN-03: a file is kept by the browser, never shown, whatever it is.
pub fn is_only_handed_out(desk: &Desk, page: &Chromium, case: &str, file: &str, cookie: &str) {
    let (status, head, _) = http_send(desk.web, &format!("GET {file}"), &[("Cookie", cookie)], b"");
    assert_eq!(status, 200, "{case}: {file}");
    for line in [
        "content-disposition: attachment",
        "x-content-type-options: nosniff",
        "content-security-policy: default-src 'none'; sandbox",
    ] {
        assert_eq!(head.matches(line).count(), 1, "{case}: {line}:\n{head}");
    }
    let kind = head.lines().find_map(|line| line.strip_prefix("content-type: ")).unwrap_or_default();
    assert!(!["html", "svg", "xml", "script"].iter().any(|it| kind.contains(it)), "{case}: {kind}");
    assert!(!head.contains("\nx-injected"), "{case}: {head}");
    let before = page.path();
    // A download leaves the page where it is.
    page.run("location.href = arguments[0]", json!([file]));
    page.wait("the page stays", |page| page.run("return document.readyState", json!([])) == "complete");
    assert_eq!(page.path(), before, "{case}: {file} was shown");
}
