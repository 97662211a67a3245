//! The cases, as the generator beside the project writes them: mails, steps, expectations.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::{Map, Value};
use tempfile::TempDir;

/// The staff command that the cases give, and the status that it leads to.
const COMMAND: (&str, &str) = ("#accept the fault is known", "accepted");

/// What the gateway's own mails told: `A.alice.msgid` and the like.
pub type Bindings = BTreeMap<String, String>;

/// One case.
#[derive(Clone, Debug)]
pub struct Case {
    pub id: String,
    pub title: String,
    /// `P0` where a failure stops a release.
    pub priority: String,
    pub steps: Vec<Value>,
    pub expect: Map<String, Value>,
}

/// All cases of one run.
pub struct Exam {
    dir: TempDir,
    pub cases: Vec<Case>,
    /// `alice` and so on: their addresses.
    pub roles: BTreeMap<String, String>,
    fallback: BTreeMap<String, String>,
}

impl Exam {
    /// Where the generator is; `None` when it is not beside the project.
    pub fn generator() -> Option<PathBuf> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/exam/make_mails.py");
        path.exists().then_some(path)
    }

    /// Writes the mails into a folder of their own; `canary` is a server that nobody may ask for anything.
    pub fn generate(generator: &Path, canary: &str) -> Exam {
        let dir = tempfile::tempdir().unwrap();
        let out = Command::new("python3")
            .arg("-B")
            .arg(generator)
            .arg("--out")
            .arg(dir.path())
            .args(["--canary", canary, "--cmd-resolve", COMMAND.0, "--cmd-status", COMMAND.1])
            .output()
            .expect("scripts/install.sh sees to python3");
        assert!(out.status.success(), "make_mails.py: {}", String::from_utf8_lossy(&out.stderr));
        let text = fs::read_to_string(dir.path().join("expect.jsonl")).unwrap();
        let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let cases = lines.filter(|line| line["kind"] == "mail").map(|line| Case::read(&line)).collect();
        let roles: Value = serde_json::from_slice(&fs::read(dir.path().join("roles.json")).unwrap()).unwrap();
        Exam { cases, roles: strings(&roles["roles"]), fallback: strings(&roles["fallback"]), dir }
    }

    /// No cases, only the roles: for the tests of the judge.
    pub fn of_roles(roles: &[(&str, &str)]) -> Exam {
        let roles = roles.iter().map(|(role, address)| ((*role).to_owned(), (*address).to_owned())).collect();
        Exam { dir: tempfile::tempdir().unwrap(), cases: Vec::new(), roles, fallback: BTreeMap::new() }
    }

    /// A mail as it is to be delivered: byte for byte, the tokens in it filled.
    pub fn mail(&self, file: &str, bound: &Bindings) -> Vec<u8> {
        let raw = fs::read(self.dir.path().join("mails").join(file)).unwrap();
        self.filled(&raw, bound)
    }

    /// The same text with its tokens filled; `None` when one of them has no value.
    pub fn filled_text(&self, text: &str, bound: &Bindings) -> Option<String> {
        let filled = String::from_utf8(self.filled(text.as_bytes(), bound)).unwrap();
        (!filled.contains("%%")).then_some(filled)
    }

    fn filled(&self, raw: &[u8], bound: &Bindings) -> Vec<u8> {
        let mut out = Vec::with_capacity(raw.len());
        let mut rest = raw;
        while let Some(at) = rest.windows(2).position(|pair| pair == b"%%") {
            let (before, behind) = (&rest[..at], &rest[at + 2..]);
            out.extend_from_slice(before);
            match token(behind).and_then(|name| Some((name, self.value(name, bound)?))) {
                Some((name, value)) => {
                    out.extend_from_slice(value.as_bytes());
                    rest = &behind[name.len() + 2..];
                }
                None => {
                    out.extend_from_slice(b"%%");
                    rest = behind;
                }
            }
        }
        out.extend_from_slice(rest);
        out
    }

    fn value<'a>(&'a self, name: &str, bound: &'a Bindings) -> Option<&'a String> {
        let field = name.rsplit('.').next().expect("a token has three parts");
        bound.get(name).filter(|value| !value.is_empty()).or_else(|| self.fallback.get(field))
    }
}

/// `A.alice.msgid` in front of the closing `%%`.
fn token(behind: &[u8]) -> Option<&str> {
    let end = behind.iter().take(60).position(|&byte| byte == b'%')?;
    let name = std::str::from_utf8(&behind[..end]).ok()?;
    let plain = name.bytes().all(|b| b.is_ascii_alphabetic() || b == b'.' || b == b'_');
    (behind[end..].starts_with(b"%%") && plain && name.split('.').count() == 3).then_some(name)
}

impl Case {
    /// Whether somebody has to look at the page of its ticket.
    pub fn is_about_pages(&self) -> bool {
        const WORDS: [&str; 6] = [
            "attachments",
            "canary_hits",
            "download_headers",
            "http_header_present",
            "view_absent_re",
            "view_reparse_absent_re",
        ];
        WORDS.iter().any(|word| self.expect.contains_key(*word))
    }

    fn read(line: &Value) -> Case {
        let word = |key: &str| line[key].as_str().unwrap_or_default().to_owned();
        Case {
            id: word("id"),
            title: word("title"),
            priority: word("prio"),
            steps: line["steps"].as_array().unwrap().clone(),
            expect: line["expect"].as_object().unwrap().clone(),
        }
    }
}

fn strings(object: &Value) -> BTreeMap<String, String> {
    let entries = object.as_object().into_iter().flatten();
    entries.map(|(key, value)| (key.clone(), value.as_str().unwrap_or_default().to_owned())).collect()
}
