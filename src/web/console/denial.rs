//! What is answered instead of a page: there is nothing there, it is not yours, it cannot be read, we failed.
//!
//! A handler only says which; [`dress`] makes the page of it.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use serde::Serialize;
use tracing::error;

use super::unsent::Unsent;
use crate::{desk::DeskError, web::Site};

/// Why there is no page.
#[derive(Clone, Debug)]
pub enum Denial {
    /// There is nothing there, or nothing that the reader may know of.
    NotFound,
    /// It is there, and not for them; the sentence says whose it is.
    Forbidden(String),
    /// What was sent cannot be taken; the sentence says why and what to do.
    Invalid(String),
    /// Whoever asks is not signed in; the path is where they wanted to go.
    SignIn(String),
    /// Whoever asks has to set up a second factor first.
    SecondFactor,
    /// A form came from a page of an earlier session, or of another site.
    Stale,
    /// A form was not taken; what was written there is given back.
    Unsent(Box<Denial>, Unsent),
    /// We failed; the log says why.
    Failed,
}

impl Denial {
    fn status(&self) -> StatusCode {
        match self {
            Denial::NotFound => StatusCode::NOT_FOUND,
            Denial::Forbidden(_) | Denial::Stale => StatusCode::FORBIDDEN,
            Denial::Invalid(_) => StatusCode::BAD_REQUEST,
            Denial::SignIn(_) | Denial::SecondFactor => StatusCode::SEE_OTHER,
            Denial::Failed => StatusCode::SERVICE_UNAVAILABLE,
            // Nobody is sent on who would lose what they wrote.
            Denial::Unsent(why, _) => match why.status() {
                StatusCode::SEE_OTHER => StatusCode::FORBIDDEN,
                status => status,
            },
        }
    }

    /// The section of the words that it is told in.
    fn word(&self) -> &'static str {
        match self {
            Denial::NotFound => "not-found",
            Denial::Forbidden(_) => "forbidden",
            Denial::Invalid(_) => "invalid",
            Denial::SignIn(_) | Denial::SecondFactor => "sign-in",
            Denial::Stale => "stale",
            Denial::Failed => "failed",
            Denial::Unsent(why, _) => match **why {
                Denial::SignIn(_) => "signed-out",
                Denial::SecondFactor => "second-factor",
                _ => why.word(),
            },
        }
    }

    fn sentence(&self) -> &str {
        match self {
            Denial::Forbidden(sentence) | Denial::Invalid(sentence) => sentence,
            Denial::Unsent(why, _) => why.sentence(),
            Denial::NotFound | Denial::SignIn(_) | Denial::SecondFactor | Denial::Stale | Denial::Failed => {
                ""
            }
        }
    }
}

impl From<DeskError> for Denial {
    /// A person's mistake is told to them; what is ours goes into the log.
    fn from(error: DeskError) -> Denial {
        match error {
            DeskError::NoTicket(_) => Denial::NotFound,
            DeskError::Database(_)
            | DeskError::Unreachable(_)
            | DeskError::Render(_)
            | DeskError::Panicked(_) => Denial::from(anyhow::Error::from(error)),
            other => Denial::Invalid(other.to_string()),
        }
    }
}

impl From<anyhow::Error> for Denial {
    fn from(error: anyhow::Error) -> Denial {
        error!("A page of the console failed: {error:#}");
        Denial::Failed
    }
}

impl From<crate::store::StoreError> for Denial {
    fn from(error: crate::store::StoreError) -> Denial {
        Denial::from(anyhow::Error::from(error))
    }
}

impl From<diesel::result::Error> for Denial {
    fn from(error: diesel::result::Error) -> Denial {
        Denial::from(DeskError::from(error))
    }
}

impl From<crate::render::RenderError> for Denial {
    fn from(error: crate::render::RenderError) -> Denial {
        Denial::from(anyhow::Error::from(error))
    }
}

impl IntoResponse for Denial {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        let onward = match &self {
            Denial::SignIn(path) => Some(super::guard::sign_in_at(path)),
            Denial::SecondFactor => Some("/account".to_owned()),
            _ => None,
        };
        if let Some(place) = onward.and_then(|path| HeaderValue::from_str(&path).ok()) {
            response.headers_mut().insert(header::LOCATION, place.clone());
            // htmx follows a 303 by itself and would put the sign-in page into a piece of this one.
            response.headers_mut().insert("hx-redirect", place);
        }
        response.extensions_mut().insert(self);
        response
    }
}

#[derive(Serialize)]
struct View<'a> {
    site: &'a str,
    word: &'static str,
    sentence: String,
    style: String,
    unsent: Option<&'a Unsent>,
    /// Where the button leads, and what it says.
    onward: String,
    onward_word: &'static str,
    script: Option<String>,
}

/// Makes a page of a denial, and of what the router itself refuses in bare words; leaves every other answer as it is.
pub(super) async fn dress(State(site): State<Arc<Site>>, mut response: Response) -> Response {
    let status = response.status();
    let denial = match response.extensions_mut().remove::<Denial>() {
        Some(denial) => denial,
        None if status.is_client_error() && is_bare(&response) => Denial::NotFound,
        None => return response,
    };
    if matches!(denial, Denial::SignIn(_) | Denial::SecondFactor) {
        return response;
    }
    let unsent = match &denial {
        Denial::Unsent(_, unsent) => Some(unsent),
        _ => None,
    };
    let (onward, onward_word) = match unsent {
        Some(unsent) if denial.word() == "signed-out" => {
            (super::guard::sign_in_at(&unsent.back), "sign-in.do")
        }
        Some(_) if denial.word() == "second-factor" => ("/account".to_owned(), "shell.to-account"),
        Some(unsent) => (unsent.back.clone(), "shell.to-page"),
        None => ("/inbox".to_owned(), "shell.to-inbox"),
    };
    let view = View {
        site: &site.desk.settings.site.name,
        word: denial.word(),
        sentence: super::ops::sentence(denial.sentence()),
        style: super::assets::style(),
        unsent,
        onward,
        onward_word,
        script: unsent.map(|_| super::assets::address("unsent.js")),
    };
    match site.console.write("denial", &view) {
        // Whatever else was said stays, such as which methods would do.
        Ok(html) => {
            let (parts, _) = response.into_parts();
            let mut page = (parts.status, parts.headers, html).into_response();
            let headers = page.headers_mut();
            headers.remove(header::CONTENT_LENGTH);
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
            page
        }
        Err(error) => {
            error!("The page of a denial could not be written: {error}");
            response
        }
    }
}

/// Without a page: plain words, or nothing at all.
fn is_bare(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    kind.is_none_or(|kind| kind.starts_with("text/plain"))
}

/// Refuses an address with a zero byte, in its path or its query: no text has one, and the database would refuse it.
pub(super) async fn refuse_zeros(request: Request, next: Next) -> Result<Response, Denial> {
    let address = request.uri().path_and_query().map_or("", |address| address.as_str());
    if address.contains("%00") {
        return Err(Denial::Invalid(
            "There is a zero byte (%00) in the address, which no text has. Leave it out.".to_owned(),
        ));
    }
    Ok(next.run(request).await)
}

/// Where nothing is.
pub(super) async fn nothing() -> Denial {
    Denial::NotFound
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_is_our_failure_and_not_that_there_is_nothing() {
        let panicked = tokio::task::spawn_blocking(|| panic!("a test")).await.unwrap_err();
        let denial = Denial::from(DeskError::from(panicked));
        assert_eq!(denial.status(), StatusCode::SERVICE_UNAVAILABLE);
    }
}
