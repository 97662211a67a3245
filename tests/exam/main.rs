//! What Deskgate reads in real mails and labelled reports of other projects, held
//! against what they expect. The data lies beside the project (`../shared`); where it
//! is not, each test says so in one line and passes.
//!
//! `cargo test --test exam` prints the figures.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;

#[macro_use]
#[path = "../tell.rs"]
mod tell;

mod gate;
mod inert;
mod kinds;
mod own_words;
mod structure;
mod threads;

/// The data, or a line that says that it is not there.
pub(crate) fn shared(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared").join(name);
    if !path.exists() {
        tell!("skipped: no {name} beside the project");
        return None;
    }
    Some(path)
}

pub(crate) fn lines(file: &Path) -> Vec<Value> {
    let text = fs::read_to_string(file).expect("the data can be read");
    text.lines().map(|line| serde_json::from_str(line).expect("a JSON object on each line")).collect()
}

/// `part` of `whole`, with both figures.
pub(crate) fn share(part: usize, whole: usize) -> f64 {
    assert!(whole > 0, "nothing was measured");
    part as f64 / whole as f64
}
