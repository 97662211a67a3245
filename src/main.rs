//! The `deskgate` program.
fn main() {}
