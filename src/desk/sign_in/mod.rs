//! Signing in to the console: passwords, sessions, and the bounds on trying.
//!
//! Who may sign in stands in the staff list; an account says only how. Whoever is unknown costs as much time as
//! somebody who is known, and hears the same. What a browser holds is random, and the database has only its digest.

mod caller;
mod password;
mod session;
mod token;
mod tries;

pub use caller::Caller;
pub use password::{Passwords, SignIn};
pub use session::{Session, SignedInBy};
pub use token::Token;
