//! Style and scripts, compiled in, under names that change with their content: a browser asks for each once.

use std::sync::{Arc, LazyLock};

use axum::{
    Router,
    extract::Path,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use super::denial::Denial;
use crate::{render::Assets, web::Site};

/// Every file by its name.
const FILES: &[(&str, &str)] = &[
    ("desk.css", include_str!("../../../templates/console/desk.css")),
    ("htmx.js", include_str!("../../../templates/console/vendor/htmx.min.js")),
    ("reports.js", include_str!("../../../templates/console/reports.js")),
    ("compose.js", include_str!("../../../templates/console/compose.js")),
    ("ticket.js", include_str!("../../../templates/console/ticket.js")),
    ("zone.js", include_str!("../../../templates/console/zone.js")),
    ("app.js", include_str!("../../../templates/console/app.js")),
    ("page.js", include_str!("../../../templates/page/page.js")),
    ("unsent.js", include_str!("../../../templates/console/unsent.js")),
    ("passkey.js", include_str!("../../../templates/console/passkey.js")),
];

/// A file and the name under which it is asked for: `desk.0123456789ab.css`.
struct Asset {
    name: &'static str,
    hashed: String,
    content: &'static str,
}

static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| {
    let asset = |&(name, content): &(&'static str, &'static str)| {
        let (stem, ending) = name.rsplit_once('.').expect("every file has an ending");
        let digest = HEXLOWER.encode(&Sha256::digest(content)[..6]);
        Asset { name, hashed: format!("{stem}.{digest}.{ending}"), content }
    };
    FILES.iter().map(asset).collect()
});

/// Serves them.
pub(super) fn routes() -> Router<Arc<Site>> {
    // Browsers ask for it unasked, for pages that name no icon.
    Router::new()
        .route("/static/{name}", get(file))
        .route("/favicon.ico", get(|| async { StatusCode::NO_CONTENT }))
}

/// What every page needs, and the scripts of a page beside it.
pub(super) fn of(scripts: &[&str]) -> Assets {
    let scripts = ["htmx.js", "zone.js", "app.js"].iter().chain(scripts).map(|name| address(name)).collect();
    Assets { style: style(), scripts }
}

/// The address of the style.
pub(super) fn style() -> String {
    address("desk.css")
}

/// The address of a file; a name that is not in the list leads nowhere, which every page's test would see.
pub(super) fn address(name: &str) -> String {
    let hashed = ASSETS.iter().find(|asset| asset.name == name).map_or(name, |asset| &asset.hashed);
    format!("/static/{hashed}")
}

async fn file(Path(name): Path<String>) -> Result<Response, Denial> {
    let asset = ASSETS.iter().find(|asset| asset.hashed == name).ok_or(Denial::NotFound)?;
    let mime = match asset.name.rsplit_once('.') {
        Some((_, "css")) => "text/css; charset=utf-8",
        _ => "text/javascript; charset=utf-8",
    };
    let headers =
        [(header::CONTENT_TYPE, mime), (header::CACHE_CONTROL, "public, max-age=31536000, immutable")];
    Ok((headers, asset.content).into_response())
}
