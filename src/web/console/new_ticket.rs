//! `/new`: what a customer said on the telephone or in a chat, written down as their ticket.

use std::sync::Arc;

use axum::{Router, extract::State, response::Response, routing::get};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    csrf::Posted,
    denial::Denial,
    guard::Signed,
    page_word::PageWord,
    said,
    shell::{PageOf, page, page_refusing},
    ticket_deeds::{actor, form_words, refused, sentence},
};
use crate::{
    desk::{Noted, Way},
    domain::{EmailAddress, NamedAddress, Word},
    web::Site,
};

/// Its addresses.
pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new().route("/new", get(blank).post(open))
}

/// What the form has; also what it shows again.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
struct NewForm {
    #[serde(default)]
    form: PageWord,
    #[serde(default)]
    address: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    way: String,
    #[serde(default)]
    subject: String,
    #[serde(default)]
    words: String,
    #[serde(default)]
    mailbox: String,
    #[serde(default)]
    severity: String,
    #[serde(default)]
    tell: bool,
    #[serde(default)]
    take: bool,
}

#[derive(Serialize)]
struct View {
    new: NewForm,
    ways: Vec<&'static str>,
    mailboxes: Vec<String>,
    severities: Vec<String>,
}

fn view(site: &Site, new: NewForm) -> View {
    let settings = &site.desk.settings;
    let all = ["1", "2", "3", "4"];
    let there = |number: &&str| number.parse().is_ok_and(|severity| settings.severity.has(severity));
    View {
        ways: Way::ALL.iter().map(|way| way.as_str()).collect(),
        mailboxes: settings.mailboxes.iter().map(|mailbox| mailbox.name.clone()).collect(),
        severities: all.into_iter().filter(there).map(str::to_owned).collect(),
        new,
    }
}

fn place<'a>(title: &'a str) -> PageOf<'a> {
    PageOf::new("new_ticket", "new", title)
}

async fn blank(State(site): State<Arc<Site>>, signed: Signed) -> Result<Response, Denial> {
    let new = NewForm { way: "phone".into(), tell: true, take: true, ..NewForm::default() };
    let title = site.console.say("new.title", &[]);
    page(&site, signed, &place(&title), &view(&site, new))
}

async fn open(State(site): State<Arc<Site>>, posted: Posted<NewForm>) -> Result<Response, Denial> {
    let Posted { signed, form } = posted;
    let title = site.console.say("new.title", &[]);
    let tried = match read(&form) {
        Ok(noted) => {
            let whole = serde_json::to_vec(&form).unwrap_or_default();
            let key = form.form.key(&signed, None, &[&whole]);
            let mut conn = site.pool.get().await?;
            refused(
                site.desk.note_down(&mut conn, &noted, Some(&key), &actor(&signed), Timestamp::now()).await,
            )?
        }
        Err(why) => Err(why),
    };
    match tried {
        Ok(id) => Ok(said::done(&format!("/ticket/{id}"), &site.console.say("new.done", &[]))),
        Err(why) => page_refusing(&site, signed, &place(&title), &view(&site, form), &sentence(&why)),
    }
}

fn read(form: &NewForm) -> Result<Noted, String> {
    let address: EmailAddress = form
        .address
        .trim()
        .parse()
        .map_err(|_| "give the address of the customer, such as anna@example.org".to_owned())?;
    let severity = match form.severity.as_str() {
        "" => None,
        number => Some(number.parse().map_err(|_| format!("there is no severity {number}"))?),
    };
    Ok(Noted {
        from: NamedAddress::new(form.name.trim(), address),
        by: Way::from_word(&form.way).map_err(|unknown| unknown.to_string())?,
        subject: form.subject.trim().to_owned(),
        words: form_words(&form.words),
        mailbox: Some(form.mailbox.clone()).filter(|name| !name.is_empty()),
        severity,
        tell: form.tell,
        take: form.take,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_needs_an_address_and_takes_the_rest_as_it_comes() {
        let form = |address: &str, severity: &str| NewForm {
            address: address.into(),
            severity: severity.into(),
            way: "chat".into(),
            words: "\r\nIt fails\r\n".into(),
            ..NewForm::default()
        };
        let noted = read(&form(" anna@example.org ", "2")).unwrap();
        assert_eq!((noted.by, noted.words.as_str()), (Way::Chat, "It fails"));
        assert!(read(&form("anna", "")).unwrap_err().contains("address"));
        assert!(read(&form("anna@example.org", "9")).is_err());
    }
}
