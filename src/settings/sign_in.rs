//! `[sign_in]`: how staff sign in to the console.

use std::time::Duration;

use super::people::Role;
use super::reader::Reader;

/// Signing in, and for how long.
#[derive(Clone, Debug)]
pub struct SignIn {
    /// A session that is not used for so long ends.
    pub idle: Duration,
    /// A session ends after so long however much it is used.
    pub lifetime: Duration,
    /// The roles that need a second factor beside a password.
    pub second_factor: Vec<Role>,
}

impl SignIn {
    pub(super) fn read(t: &mut Reader<'_>) -> SignIn {
        SignIn {
            idle: t.duration("idle", Duration::from_hours(24), Duration::from_mins(5)),
            lifetime: t.duration("lifetime", Duration::from_hours(7 * 24), Duration::from_mins(5)),
            second_factor: t.or("second_factor", Vec::new()),
        }
    }
}
