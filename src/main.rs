//! The `deskgate` program: everything is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    deskgate::cli::main()
}
