//! A page in its layout, and the headers under which it is shown.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use jiff::Timestamp;
use serde::Serialize;

use super::{assets, csrf, denial::Denial, guard::Signed, ops, said};
use crate::{
    render::{Me, NavGroup, NavItem, Shell},
    ticket::rights::Wish,
    web::Site,
};

/// The word of a place, its address, its key, and what its page asks for.
type Spot = (&'static str, &'static str, &'static str, Wish);

/// Where one can go: groups of places, each with its word in the section `nav`, its address, what leads there after
/// `g`, and the right without which there is nothing to see.
const NAV: &[(&str, &[Spot])] = &[
    (
        "",
        &[
            ("new", "/new", "c", Wish::ReadPage),
            ("search", "/search", "s", Wish::ReadPage),
            ("inbox", "/inbox", "i", Wish::ReadPage),
        ],
    ),
    (
        "team",
        &[
            ("reports", "/reports", "r", Wish::ReadPage),
            ("people", "/people", "p", Wish::ReadPage),
            ("rota", "/rota", "d", Wish::ReadPage),
            ("workflow", "/workflow", "w", Wish::ReadPage),
            ("gate", "/gate", "g", Wish::ReadPage),
            ("templates", "/templates", "t", Wish::ReadPage),
        ],
    ),
    (
        "running",
        &[
            ("mailboxes", "/mailboxes", "m", Wish::ReadPage),
            ("quarantine", "/quarantine", "q", Wish::ReadPage),
            ("outbox", "/outbox", "o", Wish::ReadPage),
            ("settings", "/settings", "e", Wish::ReadPage),
            ("audit", "/audit", "a", Wish::Audit),
        ],
    ),
];

/// Nothing runs, loads or is framed but what is ours. Pictures of mails come from addresses of ours as well.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
                      connect-src 'self'; font-src 'self'; frame-src 'self'; form-action 'self'; \
                      base-uri 'none'; frame-ancestors 'none'";

/// What a page needs beside its template and facts.
pub struct PageOf<'a> {
    /// Its template, in `templates/console/`.
    pub template: &'static str,
    /// What the tab of the browser says.
    pub title: &'a str,
    /// The place of [`NAV`] that it belongs to.
    pub place: &'static str,
    /// Scripts that it needs beside those of every page.
    pub scripts: &'static [&'static str],
}

impl<'a> PageOf<'a> {
    /// A page without scripts of its own.
    pub fn new(template: &'static str, place: &'static str, title: &'a str) -> PageOf<'a> {
        PageOf { template, title, place, scripts: &[] }
    }
}

/// Writes a page for whoever is signed in.
///
/// # Errors
/// The template's; it is logged.
pub fn page<T: Serialize>(
    site: &Site,
    signed: Signed,
    page: &PageOf<'_>,
    view: &T,
) -> Result<Response, Denial> {
    let mut shell = shell(site, &signed, page);
    shell.said = signed.said;
    let html = site.console.page(page.template, &shell, view)?;
    let mut response = Html(html).into_response();
    if shell.said.is_some() {
        said::forget(&mut response);
    }
    Ok(response)
}

/// Writes a page that also tells why what was sent was not done: what was typed is in `view` again.
///
/// # Errors
/// The template's; it is logged.
pub fn page_refusing<T: Serialize>(
    site: &Site,
    mut signed: Signed,
    of: &PageOf<'_>,
    view: &T,
    why: &str,
) -> Result<Response, Denial> {
    signed.said = Some(crate::render::Said { kind: "refused".to_owned(), text: why.to_owned() });
    let mut response = page(site, signed, of, view)?;
    *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(response)
}

fn shell(site: &Site, signed: &Signed, page: &PageOf<'_>) -> Shell {
    let session = &signed.session;
    Shell {
        title: page.title.to_owned(),
        site: site.desk.settings.site.name.clone(),
        me: Me {
            name: session.staff.name.clone(),
            address: session.staff.email.to_string(),
            initials: initials(&session.staff.name),
        },
        csrf: csrf::masked(&session.csrf),
        zone: session.zone.iana_name().unwrap_or("UTC").to_owned(),
        theme: session.theme.clone(),
        now: Timestamp::now(),
        nav: nav(site, signed, page.place),
        assets: assets::of(page.scripts),
        said: None,
    }
}

/// The places that whoever is signed in may see.
fn nav(site: &Site, signed: &Signed, place: &str) -> Vec<NavGroup> {
    let word = |section: &str, key: &str| match key {
        "" => String::new(),
        key => site.console.say(&format!("{section}.{key}"), &[]),
    };
    let item = |&(key, href, go, _): &Spot| NavItem {
        label: word("nav", key),
        href: href.to_owned(),
        count: String::new(),
        current: key == place,
        key: go.to_owned(),
    };
    let group = |(label, items): &(&str, &[Spot])| NavGroup {
        label: word("nav-group", label),
        items: items.iter().filter(|(.., wish)| ops::may(site, signed, *wish)).map(item).collect(),
    };
    NAV.iter().map(group).filter(|group| !group.items.is_empty()).collect()
}

/// One or two letters of a name.
pub(super) fn initials(name: &str) -> String {
    let words = name.split_whitespace().filter_map(|word| word.chars().next());
    words.filter(|first| first.is_alphanumeric()).take(2).flat_map(char::to_uppercase).collect()
}

/// Gives every page of the console the policy that lets nothing foreign run, where it has none of its own.
pub(super) async fn guard_page(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(POLICY));
    headers.entry("x-robots-tag").or_insert(HeaderValue::from_static("noindex, nofollow"));
    headers.entry("cross-origin-opener-policy").or_insert(HeaderValue::from_static("same-origin"));
    headers.entry("cross-origin-resource-policy").or_insert(HeaderValue::from_static("same-origin"));
    headers
        .entry("permissions-policy")
        .or_insert(HeaderValue::from_static("camera=(), microphone=(), geolocation=()"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_one_or_two_letters() {
        for (name, want) in
            [("Dora Developer", "DD"), ("bob", "B"), ("  ", ""), ("éva de la x", "ÉD"), ("(x) y", "Y")]
        {
            assert_eq!(initials(name), want, "{name}");
        }
    }
}
