//! Signing in to the console: passwords, one-time codes, passkeys, another site's word; sessions, and the bounds on
//! trying.
//!
//! Who may sign in stands in the staff list; an account says only how. Whoever is unknown costs as much time as
//! somebody who is known, and hears the same. What a browser holds is random, and the database has only its digest.
//! Whoever changes what they sign in with gives their password once more, gets a new session and loses all others.

mod account;
mod caller;
mod codes;
mod colleagues;
mod elsewhere;
mod factors;
mod passkeys;
mod password;
mod seal;
mod session;
mod step;
mod token;
mod tries;
mod welcome;

pub use account::OwnAccount;
pub use caller::Caller;
pub use codes::NewCodes;
pub use colleagues::AccountLine;
pub use password::{Passwords, SignIn};
pub use session::{Session, SignedInBy, ZoneFrom};
pub use token::Token;
pub use welcome::{Invitation, Welcome};
