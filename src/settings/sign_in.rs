//! `[sign_in]`: how staff sign in to the console.

use std::time::Duration;

use super::kinds::Setting;
use super::oncall::usable;
use super::people::Role;
use super::reader::Reader;
use super::secret::Secret;

/// Signing in, and for how long.
#[derive(Clone, Debug)]
pub struct SignIn {
    /// Whether passwords are taken.
    pub password: bool,
    /// A session that is not used for so long ends.
    pub idle: Duration,
    /// A session ends after so long however much it is used.
    pub lifetime: Duration,
    /// The roles that need a second factor beside a password.
    pub second_factor: Vec<Role>,
    /// Another site that says who somebody is.
    pub oidc: Option<Oidc>,
}

/// Another site that says who somebody is (OpenID Connect).
#[derive(Clone, Debug)]
pub struct Oidc {
    /// What its button says.
    pub name: String,
    /// Its issuer, as it calls itself.
    pub issuer: String,
    /// What we are called there.
    pub client_id: String,
    /// What proves us there.
    pub client_secret: Secret,
}

impl Oidc {
    fn read(t: &mut Reader<'_>) -> Oidc {
        let issuer: String = t.required("issuer");
        if let Err(why) = usable(&issuer)
            && !t.refused("issuer")
        {
            t.refuse("issuer", format!("`{}` is the text \"{issuer}\"; {why}", t.name("issuer")));
        }
        let keys = ["client_secret", "client_secret_file", "client_secret_env"];
        let client_secret = t.kept_secret(keys).unwrap_or_else(|| {
            t.missing("client_secret", "the other site gives it out for this client");
            Secret::stand_in()
        });
        Oidc {
            name: t.or("name", "Company account".to_owned()),
            issuer,
            client_id: t.required("client_id"),
            client_secret,
        }
    }
}

impl SignIn {
    pub(super) fn read(t: &mut Reader<'_>) -> SignIn {
        let oidc = t.table("oidc", Oidc::read);
        let password = t.or("password", true);
        SignIn {
            password,
            oidc,
            idle: t.duration("idle", Duration::from_hours(24), Duration::from_mins(5)),
            lifetime: t.duration("lifetime", Duration::from_hours(7 * 24), Duration::from_mins(5)),
            second_factor: t.or("second_factor", Vec::new()),
        }
    }
}
