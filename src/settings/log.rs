//! `[log]`: what is written to standard error, and how.

use super::reader::Reader;
use crate::domain::words::word;

/// The log.
#[derive(Clone, Debug)]
pub struct Log {
    /// For people or for machines.
    pub format: LogFormat,
    /// How much: a level, or directives as of `tracing_subscriber::EnvFilter`.
    pub level: String,
}

impl Log {
    pub(super) fn read(t: &mut Reader<'_>) -> Log {
        Log { format: t.or("format", LogFormat::Text), level: t.or("level", "info".to_owned()) }
    }
}

/// How a line of the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// A sentence with its fields.
    Text,
    /// One JSON object a line.
    Json,
}

word!(LogFormat, "log format", {
    Text => "text",
    Json => "json",
});
