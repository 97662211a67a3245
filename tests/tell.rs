//! A line for whoever runs the tests, also when they pass: what was measured, and what was left out.

/// Like `println!`, past the runner, which shows the output of failed tests only.
macro_rules! tell {
    ($($words:tt)*) => {{
        use std::io::Write;
        let line = format!($($words)*);
        writeln!(std::io::stdout().lock(), "{line}").expect("standard output is there");
    }};
}
