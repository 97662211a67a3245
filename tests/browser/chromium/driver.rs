//! The one chromedriver of a test process, and its sessions.

use std::{
    future::Future,
    sync::{Condvar, Mutex, OnceLock, PoisonError},
};

use axum::http::Method;
use fantoccini::{Client, ClientBuilder, wd::WebDriverCompatibleCommand};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use url::{ParseError, Url};

use crate::helpers::servers::{Script, server_folder};

/// Browsers at a time: each has half a dozen processes.
const AT_A_TIME: usize = 3;

/// The right to have one more browser; given back when it is dropped.
pub(super) struct Slot;

static TAKEN: Mutex<usize> = Mutex::new(0);
static FREED: Condvar = Condvar::new();

/// Waits for its turn.
pub(super) fn slot() -> Slot {
    let taken = TAKEN.lock().unwrap_or_else(PoisonError::into_inner);
    let mut taken =
        FREED.wait_while(taken, |taken| *taken >= AT_A_TIME).unwrap_or_else(PoisonError::into_inner);
    *taken += 1;
    Slot
}

impl Drop for Slot {
    fn drop(&mut self) {
        *TAKEN.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
        FREED.notify_one();
    }
}

/// The driver ends with this process, and the browsers end with the driver.
struct Driver {
    url: String,
    _script: Script,
}

fn driver() -> &'static Driver {
    static ONE: OnceLock<Driver> = OnceLock::new();
    ONE.get_or_init(|| {
        let (_script, port) = Script::run_with("test-chromium.sh", &[], &server_folder("chromium"), &[]);
        Driver { url: format!("http://127.0.0.1:{port}"), _script }
    })
}

/// Waits for what runs on the runtime that sessions live on.
pub(super) fn block_on<T>(doing: impl Future<Output = T>) -> T {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    let make = || tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    RUNTIME.get_or_init(make).block_on(doing)
}

/// A new browser with a profile of its own. It asks a proxy for everything that is not on this machine.
pub(super) fn session(proxy: u16) -> Client {
    let capabilities = json!({
        "goog:loggingPrefs": { "browser": "ALL" },
        "goog:chromeOptions": {
            "binary": "/usr/bin/chromium",
            "args": [
                "--headless=new",
                // Root has no sandbox, and neither have most containers.
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-extensions",
                "--disable-component-update",
                // Else it keeps pages from asking this machine, and the trap would prove nothing.
                "--disable-features=LocalNetworkAccessChecks",
                "--no-first-run",
                "--hide-scrollbars",
                "--lang=en-US",
                format!("--proxy-server=http://127.0.0.1:{proxy}"),
            ],
        },
    });
    let capabilities = capabilities.as_object().expect("it is one").clone();
    let mut builder = ClientBuilder::new(HttpConnector::new());
    let made = builder.capabilities(capabilities).connect(&driver().url);
    block_on(made).unwrap_or_else(|error| panic!("no browser was started: {error}"))
}

/// A command of chromedriver's own.
#[derive(Debug)]
pub(super) struct Command {
    /// Behind the session in the address.
    pub place: &'static str,
    /// What is sent.
    pub body: Value,
}

impl WebDriverCompatibleCommand for Command {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.place))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}
