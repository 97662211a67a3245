//! The template files: those compiled in, and those a site puts in their place.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};

/// A file below `templates/`, with its content.
macro_rules! asset {
    ($($part:expr),+) => {
        (concat!($($part),+), include_str!(concat!("../../templates/", $($part),+)))
    };
}

macro_rules! partial {
    ($name:literal) => {
        asset!("mail/partials/", $name, ".hbs")
    };
}

macro_rules! page {
    ($name:literal) => {
        asset!("page/", $name, ".html.hbs")
    };
}

macro_rules! words {
    ($language:literal) => {
        asset!("words/", $language, ".toml")
    };
}

macro_rules! notice {
    ($notice:literal) => {
        [
            asset!("mail/", $notice, "/subject.txt.hbs"),
            asset!("mail/", $notice, "/body.txt.hbs"),
            asset!("mail/", $notice, "/body.html.hbs"),
        ]
    };
}

/// Every file by its path below `templates/`, compiled in.
const BUILT_IN: &[&[(&str, &str)]] = &[
    &[
        partial!("answers.html"),
        partial!("by_mail.html"),
        partial!("by_mail.txt"),
        partial!("command_list.html"),
        partial!("commands.html"),
        partial!("footer.html"),
        partial!("footer.txt"),
        partial!("frame.html"),
        partial!("greeting.html"),
        partial!("greeting.txt"),
        partial!("heading.html"),
        partial!("missing.html"),
        partial!("missing.txt"),
        partial!("note.html"),
        partial!("note.txt"),
        partial!("paragraph.html"),
        partial!("quote.html"),
        partial!("regards.html"),
        partial!("regards.txt"),
        partial!("severity.html"),
        partial!("severity.txt"),
        partial!("staff_facts.html"),
        partial!("staff_facts.txt"),
        partial!("staff_gate.html"),
        partial!("staff_gate.txt"),
        partial!("staff_similar.html"),
        partial!("staff_similar.txt"),
        partial!("staff_ticket.html"),
        partial!("staff_ticket.txt"),
        partial!("commands_box.html"),
        partial!("oncall_box.html"),
        partial!("oncall_facts.html"),
        partial!("oncall_facts.txt"),
        partial!("oncall_shifts.html"),
        partial!("staff_words.html"),
        partial!("staff_words.txt"),
        partial!("standing.html"),
        partial!("standing.txt"),
        partial!("stakeholder.html"),
        partial!("stakeholder.txt"),
        partial!("subject.txt"),
        partial!("subject_text.html"),
        partial!("subject_text.txt"),
        partial!("ticket_list.html"),
        partial!("ticket_list.txt"),
        partial!("title.html"),
        partial!("transcript.html"),
        partial!("transcript.txt"),
        partial!("understood.html"),
        partial!("understood.txt"),
        partial!("words.html"),
    ],
    &notice!("acknowledged"),
    &notice!("asked-again"),
    &notice!("asked"),
    &notice!("completed"),
    &notice!("accepted"),
    &notice!("severity-changed"),
    &notice!("resolved"),
    &notice!("live"),
    &notice!("cause-fixed"),
    &notice!("reopened"),
    &notice!("closed"),
    &notice!("heard"),
    &notice!("left"),
    &notice!("trial-reminder"),
    &notice!("correspondence"),
    &notice!("staff-new"),
    &notice!("staff-reply"),
    &notice!("page"),
    &notice!("paged-again"),
    &notice!("page-taken"),
    &notice!("update-due"),
    &notice!("update-missed"),
    &notice!("shift-plan"),
    &notice!("shifts"),
    &notice!("shift-soon"),
    &notice!("staff-incomplete"),
    &notice!("staff-assigned"),
    &notice!("staff-breached"),
    &notice!("staff-due"),
    &notice!("staff-severity"),
    &notice!("staff-reopened"),
    &notice!("staff-awake"),
    &notice!("staff-transcript"),
    &notice!("staff-held"),
    &notice!("staff-undeliverable"),
    &notice!("staff-cluster"),
    &notice!("sprint-candidates"),
    &notice!("staff-alarm"),
    &notice!("staff-welcome"),
    &notice!("staff-factors"),
    &notice!("staff-away"),
    &notice!("staff-handover"),
    &notice!("stakeholder-update"),
    &notice!("stakeholder-digest"),
    &[
        page!("files"),
        page!("frame"),
        page!("gone"),
        page!("later"),
        page!("leave"),
        page!("leave_list"),
        page!("left"),
        page!("left_list"),
        page!("refused"),
        page!("status"),
        page!("unsent"),
    ],
    &[
        words!("en"),
        words!("de"),
        words!("fr"),
        words!("es"),
        words!("pt"),
        words!("it"),
        words!("nl"),
        words!("pl"),
        words!("ja"),
        words!("zh"),
    ],
];

const PARTIALS: &str = "mail/partials/";

/// All files by their path, with the overrides in place.
pub(super) struct Files(BTreeMap<String, String>);

impl Files {
    /// The built-in files, those in `overrides` replaced.
    ///
    /// # Errors
    /// A file that cannot be read, or one under `mail/`, `page/` or `words/` that replaces nothing: most
    /// likely its name is misspelt.
    pub(super) fn collect(overrides: Option<&Path>) -> anyhow::Result<Files> {
        let built_in = BUILT_IN.iter().flat_map(|group| group.iter());
        let mut files: BTreeMap<String, String> =
            built_in.map(|&(path, content)| (path.to_owned(), content.to_owned())).collect();
        let Some(folder) = overrides else { return Ok(Files(files)) };
        for file in overriding(folder)? {
            let path = relative(&file, folder);
            let Some(place) = files.get_mut(&path) else {
                bail!("{} replaces no template; `deskgate check` lists the names there are", file.display());
            };
            *place =
                fs::read_to_string(&file).with_context(|| format!("reading template {}", file.display()))?;
        }
        Ok(Files(files))
    }

    /// A file's content.
    pub(super) fn get(&self, path: &str) -> Option<&str> {
        self.0.get(path).map(String::as_str)
    }

    /// Whether a file is the site's own.
    pub(super) fn is_own(&self, path: &str) -> bool {
        let mut built_in = BUILT_IN.iter().flat_map(|group| group.iter());
        built_in.find(|(known, _)| *known == path).map(|(_, content)| *content) != self.get(path)
    }

    /// The same files with another content of one of them.
    pub(super) fn with(&self, path: &str, content: &str) -> Files {
        let mut files = self.0.clone();
        files.insert(path.to_owned(), content.to_owned());
        Files(files)
    }

    /// All handlebars templates: path and content.
    pub(super) fn templates(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .filter(|(path, _)| path.ends_with(".hbs"))
            .map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// All paths.
    pub(super) fn names(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }
}

/// The name a template goes by in its registry: `frame` for a partial,
/// `accepted/body` for a notice. The registry says whether it is text or HTML.
pub(super) fn template_name(path: &str) -> String {
    let name = path.trim_end_matches(".hbs").trim_end_matches(".html").trim_end_matches(".txt");
    name.strip_prefix(PARTIALS).or_else(|| name.strip_prefix("mail/")).unwrap_or(name).to_owned()
}

/// The path of a template, from its name and `txt` or `html`.
pub(super) fn template_path(name: &str, kind: &str) -> String {
    let folder = match name.split_once('/') {
        Some(("page", _)) => "",
        Some(_) => "mail/",
        None => PARTIALS,
    };
    format!("{folder}{name}.{kind}.hbs")
}

fn relative(file: &Path, folder: &Path) -> String {
    let inside = file.strip_prefix(folder).unwrap_or(file);
    inside.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// The templates and words a site brings; other files, such as notes and editors'
/// copies, are left alone.
fn overriding(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for part in ["mail", "page", "words"].map(|part| folder.join(part)) {
        if part.is_dir() {
            collect_below(&part, &mut found)?;
        }
    }
    if found.is_empty() {
        bail!(
            "{} holds no templates; put files below its folders `mail`, `page` and `words`, named as the built-in ones",
            folder.display()
        );
    }
    found.sort();
    Ok(found)
}

fn collect_below(folder: &Path, found: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    let reading = || format!("reading template folder {}", folder.display());
    for entry in fs::read_dir(folder).with_context(reading)? {
        let path = entry.with_context(reading)?.path();
        if path.is_dir() {
            collect_below(&path, found)?;
        } else if path.extension().is_some_and(|kind| kind == "hbs" || kind == "toml") {
            found.push(path);
        }
    }
    Ok(())
}
