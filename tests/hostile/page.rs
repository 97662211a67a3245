//! The page of a ticket as somebody opens it: its bytes, its files, and what a browser asks for meanwhile.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use data_encoding::HEXLOWER;
use html5ever::{
    ParseOpts, parse_document,
    serialize::{SerializeOpts, serialize},
    tendril::TendrilSink,
};
use markup5ever_rcdom::{RcDom, SerializableHandle};
use sha2::{Digest, Sha256};

use crate::helpers::Desk;

/// A written page.
#[derive(Clone, Debug, Default)]
pub struct Page {
    pub html: String,
    /// Name and SHA-256 of each file beside it.
    pub files: Vec<(String, String)>,
}

impl Page {
    /// Has it written into a folder, and opened in a browser where there is one.
    pub fn of(desk: &Desk, number: u64) -> Page {
        let folder = desk.folder().join(format!("page-{number}"));
        let ran = desk.cli(&["ticket", "page", &number.to_string(), "--output", &folder.to_string_lossy()]);
        assert_eq!(ran.code, Some(0), "ticket page: {}", ran.stderr);
        if let Some(browser) = browser() {
            open(&browser, &folder.join("index.html"), desk.folder());
        }
        let html = fs::read_to_string(folder.join("index.html")).unwrap();
        let entries = fs::read_dir(folder.join("files")).into_iter().flatten().flatten();
        let files = entries.map(|entry| {
            let digest = Sha256::digest(fs::read(entry.path()).unwrap());
            (entry.file_name().to_string_lossy().into_owned(), HEXLOWER.encode(&digest))
        });
        Page { html, files: files.collect() }
    }

    /// The areas that show mails. No mail can write the end of an article.
    pub fn mails(&self) -> Vec<&str> {
        let areas = self.html.split("<div class=\"mail\">").skip(1);
        areas.map(|area| area.split("</article>").next().unwrap_or_default()).collect()
    }

    /// What the page says of what may be loaded and run.
    pub fn policy(&self) -> Option<&str> {
        let (_, rest) = self.html.split_once("http-equiv=\"Content-Security-Policy\" content=\"")?;
        rest.split_once('"').map(|(policy, _)| policy)
    }
}

/// Markup as a browser has it after parsing, written down again.
pub fn reparsed(markup: &str) -> String {
    let dom = parse_document(RcDom::default(), ParseOpts::default()).one(markup);
    let mut out = Vec::new();
    serialize(&mut out, &SerializableHandle::from(dom.document), SerializeOpts::default()).unwrap();
    String::from_utf8(out).unwrap()
}

/// Chromium, where it is installed.
pub fn browser() -> Option<PathBuf> {
    ["/usr/bin/chromium", "/usr/bin/chromium-browser"].iter().map(PathBuf::from).find(|path| path.exists())
}

/// Opens a page and lets it do whatever it would do.
pub fn open(browser: &Path, page: &Path, scratch: &Path) {
    let status = Command::new(browser)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--no-first-run",
        ])
        .args(["--virtual-time-budget=5000", "--dump-dom"])
        .arg(format!("--user-data-dir={}", scratch.join("browser").display()))
        .arg(format!("file://{}", page.display()))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .expect("it is there");
    assert!(status.success(), "the browser did not open the page: {status}");
}
