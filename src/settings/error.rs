//! What is wrong with a configuration, told so that it can be mended.

use std::{fmt, io, path::PathBuf};

/// Why the settings, or the secret they name, cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// No file was named, none is there, and no variable is set either.
    #[error(
        "there is no deskgate.toml in {} and no DESKGATE__ variable is set; \
         `deskgate init` writes a sample, `--config PATH` names another file", folder.display()
    )]
    Nothing {
        /// Where it was looked for.
        folder: PathBuf,
    },
    /// The file cannot be read at all.
    #[error("cannot read the configuration {}: {cause}; `deskgate init` writes a sample to start from", path.display())]
    Unreadable {
        /// The file, as it was named.
        path: PathBuf,
        /// What the operating system said.
        cause: io::Error,
    },
    /// Everything that was found wrong in the file and in the variables.
    #[error(transparent)]
    Mistakes(#[from] Mistakes),
    /// The secret of `site.secret_file` can be neither read nor made.
    #[error("{doing} {}: {why}", path.display())]
    SecretFile {
        /// What was attempted: "cannot read the secret file".
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// What stood in the way, and what to do.
        why: String,
    },
    /// The secret given as text is too short.
    #[error("`site.secret`: {0}")]
    ShortSecret(String),
}

/// All mistakes of one configuration, in the order of its lines.
#[derive(Debug, PartialEq, Eq)]
pub struct Mistakes {
    source: String,
    faults: Vec<Fault>,
}

impl std::error::Error for Mistakes {}

impl Mistakes {
    pub(super) fn new(source: &str, mut faults: Vec<Fault>) -> Self {
        faults.sort_by(|a, b| a.place.cmp(&b.place));
        Mistakes { source: source.to_owned(), faults }
    }

    /// One line each, with its place in front.
    pub fn lines(&self) -> impl Iterator<Item = String> {
        self.faults.iter().map(|fault| match &fault.place {
            Place::Whole => format!("{}: {}", self.source, fault.message),
            Place::Line(line) => format!("{}:{line}: {}", self.source, fault.message),
            Place::Variable(name) => format!("environment variable {name}: {}", fault.message),
        })
    }
}

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let things = if self.faults.len() == 1 { "thing" } else { "things" };
        write!(f, "cannot use the configuration; {} {things} to mend:", self.faults.len())?;
        self.lines().try_for_each(|line| write!(f, "\n  {line}"))
    }
}

/// One mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// Where it stands.
    pub place: Place,
    /// The key it is about, as `mailbox[0].imap.port`.
    pub key: String,
    /// The sentence for people.
    pub message: String,
}

/// Where a value was written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    /// Nowhere in particular.
    Whole,
    /// A line of the file, counted from 1.
    Line(usize),
    /// An environment variable.
    Variable(String),
}
