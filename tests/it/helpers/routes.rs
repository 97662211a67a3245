//! The addresses that the program serves, as its source names them.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// The routes of the program that have one of these handlers, as its source names them.
pub fn routes(handlers: &[&str]) -> Vec<String> {
    let mut folders = vec![PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src/web"))];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => folders.push(path),
                false => found.extend(routes_in(&path, handlers)),
            }
        }
    }
    found.sort();
    found.dedup();
    found
}

fn routes_in(file: &Path, wanted: &[&str]) -> Vec<String> {
    let source = fs::read_to_string(file).unwrap();
    let calls = source.split(".route(").skip(1);
    let route = |call: &str| {
        let (_, rest) = call.split_once('"')?;
        let (route, rest) = rest.split_once('"')?;
        let handlers = up_to_its_end(rest);
        wanted.iter().any(|way| handlers.contains(way)).then(|| route.to_owned())
    };
    calls.filter_map(route).collect()
}

/// The rest of a call's arguments, up to the parenthesis that ends it.
fn up_to_its_end(rest: &str) -> &str {
    let mut open = 1;
    for (at, c) in rest.char_indices() {
        open += match c {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        if open == 0 {
            return &rest[..at];
        }
    }
    rest
}
