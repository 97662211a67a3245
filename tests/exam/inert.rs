//! The HTML of real mail, made inert: it is shown, stays what it is, and asks for nothing.

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use deskgate::mail::{self, Ours, inert};
use html5ever::{ParseOpts, parse_document, tendril::TendrilSink};
use markup5ever_rcdom::{NodeData, RcDom};

use crate::{share, shared};

#[test]
fn html_of_real_mail_is_shown_inert_and_stays_so() {
    let Some(corpora) = shared("corpora") else { return };
    let (mut shown, mut refused, mut longest) = (0, Vec::new(), Duration::ZERO);
    for file in mails_below(&corpora) {
        let bytes = fs::read(&file).expect("a mail");
        let html = match file.extension().is_some_and(|ending| ending == "html") {
            true => Some(String::from_utf8_lossy(&bytes).into_owned()),
            false => mail::read(&bytes, &Ours::nobody()).html,
        };
        let Some(html) = html else { continue };
        let start = Instant::now();
        match inert(&html, |_| None) {
            Some(markup) => {
                assert_eq!(inert(&markup, |_| None).as_deref(), Some(markup.as_str()), "{}", file.display());
                let active = active(&markup);
                assert!(active.is_empty(), "{}: {active:?}", file.display());
                shown += 1;
            }
            None => refused.push(file),
        }
        longest = longest.max(start.elapsed());
    }
    tell!(
        "inert: HTML of {shown} mails shown, of {} not: {refused:?}; the longest took {longest:.0?}",
        refused.len()
    );
    assert!(share(shown, shown + refused.len()) >= 0.99);
}

/// What a browser finds in it that acts, loads, or leads to anything but a page or a letter.
fn active(markup: &str) -> Vec<String> {
    let dom = parse_document(RcDom::default(), ParseOpts::default()).one(markup);
    let (mut found, mut open) = (Vec::new(), vec![dom.document.clone()]);
    while let Some(node) = open.pop() {
        if let NodeData::Element { name, attrs, .. } = &node.data {
            let element = &*name.local;
            if ["script", "style", "svg", "math", "form", "iframe", "object", "img", "link", "meta"]
                .contains(&element)
            {
                found.push(element.to_owned());
            }
            for attribute in attrs.borrow().iter() {
                let (name, value) = (&*attribute.name.local, attribute.value.to_lowercase());
                let leads =
                    ["http:", "https:", "mailto:"].iter().any(|scheme| value.trim().starts_with(scheme));
                let bad = name.starts_with("on")
                    || ["src", "srcset", "background", "id", "class", "name", "action"].contains(&name)
                    || name == "href" && !leads
                    || name == "style" && value.contains("url");
                found.extend(bad.then(|| format!("{element} {name}={value}")));
            }
        }
        open.extend(node.children.borrow().iter().cloned());
    }
    found
}

/// Mails and bare HTML, in the order of their names.
fn mails_below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the data can be read");
    let mut inside: Vec<PathBuf> = entries.map(|entry| entry.expect("the data can be read").path()).collect();
    inside.sort();
    let of = |path: PathBuf| match path.is_dir() {
        true => mails_below(&path),
        false => Some(path)
            .filter(|path| path.extension().is_some_and(|it| it == "eml" || it == "html"))
            .into_iter()
            .collect(),
    };
    inside.into_iter().flat_map(of).collect()
}
