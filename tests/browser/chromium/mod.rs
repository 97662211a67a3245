//! A real Chromium, as a person or an attacker would use it: Debian's, headless, driven by its own driver.
//!
//! One [`Chromium`] is one session with a profile of its own. Whatever its console complains of (errors, what a
//! Content-Security-Policy stopped) and whatever it asks of other hosts fails the test when the browser is dropped, save
//! what the test has taken note of with [`Chromium::complaints`] or [`Chromium::strangers`].

mod axe;
mod driver;
mod look;
mod trap;

use std::{
    panic::Location,
    path::Path,
    time::{Duration, Instant},
};

use fantoccini::{Client, Locator, elements::Element, error::CmdError};
use serde_json::{Value, json};

use crate::helpers::{Desk, PATIENCE};

pub use trap::Trap;

/// Keys that have no character.
pub mod keys {
    /// Leaves a field or a dialogue.
    pub const ESCAPE: &str = "\u{e00c}";
    /// Sends, or chooses.
    pub const ENTER: &str = "\u{e007}";
    /// To the next control.
    pub const TAB: &str = "\u{e004}";
    /// Held while the keys behind it are pressed, up to the next one of these.
    pub const CONTROL: &str = "\u{e009}";
}

/// A browser with one window.
pub struct Chromium {
    client: Client,
    trap: Trap,
    site: String,
    _slot: driver::Slot,
}

impl Chromium {
    /// A window of 1280 by 900 at a desk's web port.
    pub fn at(desk: &Desk) -> Chromium {
        Chromium::at_site(&format!("http://127.0.0.1:{}", desk.web))
    }

    /// The same at any address, without a slash at its end.
    pub fn at_site(site: &str) -> Chromium {
        let (slot, trap) = (driver::slot(), Trap::start());
        let client = driver::session(trap.port);
        let browser = Chromium { client, trap, site: site.to_owned(), _slot: slot };
        browser.screen(1280, 900);
        browser.dark(false);
        browser
    }

    /// Opens a path of the site, or a whole address.
    pub fn open(&self, path: &str) {
        let url = if path.starts_with('/') { format!("{}{path}", self.site) } else { path.to_owned() };
        self.done(self.client.goto(&url), &url);
    }

    /// Loads the page anew.
    pub fn reload(&self) {
        self.done(self.client.refresh(), "reload");
    }

    /// Path and query of the page that is shown.
    pub fn path(&self) -> String {
        let url = self.done(self.client.current_url(), "address");
        url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()))
    }

    /// The markup of the page as it is now.
    pub fn source(&self) -> String {
        self.done(self.client.source(), "source")
    }

    /// What a person reads in the first element that fits; empty where there is none.
    pub fn text(&self, css: &str) -> String {
        self.texts(css).into_iter().next().unwrap_or_default()
    }

    /// What a person reads in each element that fits.
    pub fn texts(&self, css: &str) -> Vec<String> {
        let found = self.run(
            "return [...document.querySelectorAll(arguments[0])].map(it => it.innerText.trim())",
            json!([css]),
        );
        found
            .as_array()
            .into_iter()
            .flatten()
            .map(|text| text.as_str().unwrap_or_default().to_owned())
            .collect()
    }

    /// How many elements fit.
    pub fn count(&self, css: &str) -> usize {
        let count = self.run("return document.querySelectorAll(arguments[0]).length", json!([css]));
        count.as_u64().and_then(|count| usize::try_from(count).ok()).unwrap_or_default()
    }

    /// What a field holds.
    pub fn value(&self, css: &str) -> String {
        let value = self.run("return document.querySelector(arguments[0])?.value ?? ''", json!([css]));
        value.as_str().unwrap_or_default().to_owned()
    }

    /// An attribute of the first element that fits.
    pub fn attribute(&self, css: &str, name: &str) -> Option<String> {
        let value = self.run(
            "return document.querySelector(arguments[0])?.getAttribute(arguments[1]) ?? null",
            json!([css, name]),
        );
        value.as_str().map(str::to_owned)
    }

    /// Clicks the first element that fits, once it is there.
    #[track_caller]
    pub fn click(&self, css: &str) {
        let element = self.element(css);
        self.done(element.click(), css);
    }

    /// Clicks the first button, link or summary that says exactly this, once it is there.
    #[track_caller]
    pub fn press_button(&self, words: &str) {
        let quoted = words.replace('"', "&quot;");
        let path = format!("(//button|//a|//summary)[normalize-space(.)=\"{quoted}\"]");
        let element = self.found(Locator::XPath(&path));
        self.done(element.click(), words);
    }

    /// Replaces what a field holds.
    #[track_caller]
    pub fn fill(&self, css: &str, text: &str) {
        let element = self.element(css);
        self.done(element.clear(), css);
        self.done(element.send_keys(text), css);
    }

    /// Types into a field without emptying it; into a field for files: their whole paths, one a line.
    #[track_caller]
    pub fn type_into(&self, css: &str, text: &str) {
        let element = self.element(css);
        self.done(element.send_keys(text), css);
    }

    /// Chooses a file in a field for files.
    #[track_caller]
    pub fn choose_file(&self, css: &str, file: &Path) {
        self.type_into(css, &file.to_string_lossy());
    }

    /// Presses keys one after the other, wherever the focus is.
    pub fn press(&self, keys: &str) {
        let mut held = Vec::new();
        let mut actions = Vec::new();
        for key in keys.chars() {
            actions.push(json!({ "type": "keyDown", "value": key }));
            if key.to_string() == keys::CONTROL {
                held.push(key);
            } else {
                actions.push(json!({ "type": "keyUp", "value": key }));
                actions.extend(held.drain(..).map(|key| json!({ "type": "keyUp", "value": key })));
            }
        }
        let body = json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": actions }] });
        self.command("actions", body);
    }

    /// Waits until this holds.
    #[track_caller]
    pub fn wait(&self, what: &str, mut holds: impl FnMut(&Chromium) -> bool) {
        let caller = Location::caller();
        let end = Instant::now() + PATIENCE;
        while !holds(self) {
            if Instant::now() >= end {
                self.picture_of_failure();
                panic!(
                    "{caller}: waited {PATIENCE:?} in vain: {what}; at {}:\n{}",
                    self.path(),
                    self.text("body")
                );
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Waits until an element is there.
    #[track_caller]
    pub fn wait_for(&self, css: &str) {
        self.wait(&format!("`{css}` is there"), |page| page.count(css) > 0);
    }

    /// Waits until an element that fits says this somewhere.
    #[track_caller]
    pub fn wait_to_read(&self, css: &str, words: &str) {
        self.wait(&format!("`{css}` says {words:?}"), |page| {
            page.texts(css).iter().any(|text| text.contains(words))
        });
    }

    /// Runs the body of a function in the page.
    pub fn run(&self, script: &str, arguments: Value) -> Value {
        let arguments = arguments.as_array().cloned().unwrap_or_default();
        self.done(self.client.execute(script, arguments), "a script of the test")
    }

    /// Cookies of the site, as the browser keeps them, those out of scripts' reach too.
    pub fn cookies(&self) -> Vec<Value> {
        self.protocol("Network.getAllCookies", json!({}))["cookies"].as_array().cloned().unwrap_or_default()
    }

    /// Sets a cookie of the site from outside.
    pub fn set_cookie(&self, name: &str, value: &str) {
        self.protocol("Network.setCookie", json!({ "name": name, "value": value, "url": self.site }));
    }

    /// What the console complained of since this was asked last.
    pub fn complaints(&self) -> Vec<String> {
        let log = self.command("se/log", json!({ "type": "browser" }));
        let grave = |line: &&Value| line["level"] == "SEVERE" || line["source"] == "security";
        let lines = log.as_array().into_iter().flatten().filter(grave);
        let said = lines.map(|line| line["message"].as_str().unwrap_or_default().to_owned());
        // axe asks each frame for its findings, also those that may run nothing; pages of ours send no messages.
        said.filter(|line| !(line.contains("'postMessage'") && line.contains("('null')"))).collect()
    }

    /// What the browser asked of hosts beside this machine, or of the trap, since this was asked last.
    pub fn strangers(&self) -> Vec<String> {
        self.trap.taken()
    }

    /// Where nobody may ask for anything: an address to be put into hostile mails.
    pub fn trap(&self) -> String {
        self.trap.url()
    }

    /// A method of the DevTools protocol.
    pub fn protocol(&self, method: &str, parameters: Value) -> Value {
        self.command("goog/cdp/execute", json!({ "cmd": method, "params": parameters }))
    }

    #[track_caller]
    fn element(&self, css: &str) -> Element {
        self.found(Locator::Css(css))
    }

    #[track_caller]
    fn found(&self, locator: Locator<'_>) -> Element {
        let caller = Location::caller();
        let end = Instant::now() + PATIENCE;
        loop {
            match driver::block_on(self.client.find(locator)) {
                Ok(element) => return element,
                Err(error) if Instant::now() >= end => {
                    self.picture_of_failure();
                    panic!("{caller}: {locator:?}: {error}; at {}:\n{}", self.path(), self.text("body"));
                }
                Err(_) => std::thread::sleep(Duration::from_millis(20)),
            }
        }
    }

    fn command(&self, place: &'static str, body: Value) -> Value {
        self.done(self.client.issue_cmd(driver::Command { place, body }), place)
    }

    #[track_caller]
    fn done<T>(&self, doing: impl Future<Output = Result<T, CmdError>>, what: &str) -> T {
        driver::block_on(doing).unwrap_or_else(|error| panic!("{what}: {error}"))
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        let (complaints, strangers) = match std::thread::panicking() {
            true => Default::default(),
            false => (self.complaints(), self.strangers()),
        };
        // What cannot be closed ends with the driver.
        let _ = driver::block_on(self.client.clone().close());
        assert!(complaints.is_empty(), "the browser's console says:\n{}", complaints.join("\n"));
        assert!(strangers.is_empty(), "the browser asked strangers:\n{}", strangers.join("\n"));
    }
}
