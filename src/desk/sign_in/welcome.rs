//! Links by mail, by which members of staff set a password: when they are invited, and when they forgot it. Each is
//! good once and for a while; a password that was set takes all others back.

use std::time::Duration;

use diesel_async::AsyncConnection;
use jiff::Timestamp;

use super::{Caller, Token, password::unfit, session::typed, token};
use crate::{
    desk::{Deed, Desk, DeskError},
    domain::{EmailAddress, NamedAddress},
    render::{Context, WelcomeView, in_zone},
    settings::Staff,
    store::{
        self, Conn, Pool,
        pool::{News, announce},
    },
    ticket::Notice,
};

/// An invitation is good for so long.
const INVITED: Duration = Duration::from_hours(7 * 24);
/// A link that was asked for is good for so long.
const ASKED: Duration = Duration::from_hours(1);
/// So many links somebody is sent in an hour, however often they are asked for.
const MOST_ASKED: i64 = 3;

/// A link that was made for somebody.
pub struct Invitation {
    /// What opens the page.
    pub link: String,
    /// Whether it is on its way by mail.
    pub mailed: bool,
}

/// Who may set a password by a link.
pub struct Welcome {
    /// Their name.
    pub name: String,
    /// Their address.
    pub address: EmailAddress,
}

impl Desk {
    /// Whether links can be mailed: what they open is between the desk and its reader.
    pub fn mails_links(&self) -> bool {
        self.settings.site.base_url.starts_with("https://") && !self.settings.mailboxes.is_empty()
    }

    /// Sends a member of staff a link to set a password. `by` is who wants it, where somebody at the command line says so.
    ///
    /// # Errors
    /// Somebody who is not on the staff list, or the database's.
    pub async fn invite(
        &self,
        conn: &mut Conn,
        whom: &EmailAddress,
        by: Option<&EmailAddress>,
        now: Timestamp,
    ) -> Result<Invitation, DeskError> {
        let staff = self.settings.staff_by_email(whom).ok_or_else(|| DeskError::NotStaff(whom.clone()))?;
        conn.transaction::<_, DeskError, _>(async |conn| {
            let made = self.make_link(conn, staff, INVITED, false, now).await?;
            self.audit_command(conn, by, Deed::Invited, whom.as_str(), now).await?;
            Ok(made)
        })
        .await
    }

    /// Sends a link to who forgot their password, if they are on the staff list. Whoever asks hears nothing of it, and
    /// should not wait for it either: what it costs tells who is known.
    ///
    /// # Errors
    /// The database's.
    pub async fn forgot(
        &self,
        conn: &mut Conn,
        address: &str,
        caller: &Caller,
        now: Timestamp,
    ) -> Result<(), DeskError> {
        let staff = typed(address).and_then(|address| self.settings.staff_by_email(&address));
        let Some(staff) = staff.filter(|_| self.mails_links()) else { return Ok(()) };
        conn.transaction::<_, DeskError, _>(async |conn| {
            store::people::hold(conn, &[&staff.email]).await?;
            let hour = now - Duration::from_hours(1);
            if store::welcome_links::since(conn, &staff.email, hour).await? >= MOST_ASKED {
                return Ok(());
            }
            self.make_link(conn, staff, ASKED, true, now).await?;
            self.audit_from(conn, &staff.email, Deed::LinkAsked, "", caller, now).await
        })
        .await
    }

    async fn make_link(
        &self,
        conn: &mut Conn,
        staff: &Staff,
        good: Duration,
        asked: bool,
        now: Timestamp,
    ) -> Result<Invitation, DeskError> {
        let (token, whom) = (Token::new(), &staff.email);
        store::accounts::ensure(conn, whom, &token::random::<16>(), now).await?;
        store::welcome_links::sweep(conn, now).await?;
        store::welcome_links::add(conn, &token.digest(), whom, now + good, now).await?;
        let link = format!("{}/welcome/{}", self.settings.site.base_url, token.expose());
        let mailed = self.mails_links();
        if mailed {
            let until = in_zone(now + good, &staff.zone);
            let welcome = WelcomeView { link: link.clone(), until, asked };
            let context = Context { welcome: Some(welcome), ..Context::default() };
            let title = if asked { "Your password" } else { "Your account" };
            let named = NamedAddress::new(&staff.name, whom.clone());
            self.write_to(conn, Notice::StaffWelcome, &named, title, context, now).await?;
            announce(conn, News::Outbox).await?;
        }
        Ok(Invitation { link, mailed })
    }

    /// Who may set a password by this link; `None` when it leads nowhere.
    ///
    /// # Errors
    /// The database's.
    pub async fn welcome(
        &self,
        conn: &mut Conn,
        link: &str,
        now: Timestamp,
    ) -> Result<Option<Welcome>, DeskError> {
        let address = store::welcome_links::whose(conn, &token::digest(link), now).await?;
        let staff = address.and_then(|it| it.parse().ok()).and_then(|it| self.settings.staff_by_email(&it));
        Ok(staff.map(|staff| Welcome { name: staff.name.clone(), address: staff.email.clone() }))
    }

    /// Sets a password by a link, which is good no longer then. `false` when it leads nowhere.
    ///
    /// # Errors
    /// A password that will not do, or the database's.
    pub async fn set_password_by_link(
        &self,
        pool: &Pool,
        link: &str,
        password: &str,
        caller: &Caller,
        now: Timestamp,
    ) -> Result<bool, DeskError> {
        let welcome = {
            let mut conn = pool.get().await?;
            self.welcome(&mut conn, link, now).await?
        };
        let Some(welcome) = welcome else { return Ok(false) };
        if let Some(why) = unfit(password, &welcome.address) {
            return Err(DeskError::Hindered(why.to_owned()));
        }
        let hash = self.passwords.hash(password).await;
        let mut conn = pool.get().await?;
        conn.transaction::<_, DeskError, _>(async |conn| {
            let Some(whose) = store::welcome_links::take(conn, &token::digest(link), now).await? else {
                return Ok(false);
            };
            let staff = whose.parse().ok().and_then(|whose| self.settings.staff_by_email(&whose));
            let Some(staff) = staff else { return Ok(false) };
            self.keep_password(conn, staff, &hash, now).await?;
            self.audit_from(conn, &staff.email, Deed::PasswordSet, "by a link", caller, now).await?;
            Ok(true)
        })
        .await
    }
}
