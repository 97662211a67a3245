//! The configuration: `deskgate.toml`, and every key also as an environment
//! variable.
//!
//! [`load`] reads the file into a tree that remembers lines (`value`), lays the
//! variables over it (`env`), and lets each section ask for its keys (`reader`
//! and a file per section). Everything wrong is collected and told at once, each
//! with its place, its key, what was found and what is expected; a key nobody
//! asked for is refused with the nearest known name. [`SAMPLE`] is the manual.

mod calendar;
mod clusters;
mod database;
mod env;
mod error;
mod kinds;
mod limits;
mod log;
mod mailbox;
mod oncall;
mod origin;
mod people;
pub mod product;
mod reader;
mod rota;
mod secret;
mod secret_file;
mod servers;
mod severity;
mod sign_in;
mod site;
mod sprint;
mod stakeholder;
mod team;
mod times;
mod value;
mod web;
mod when;
mod workflow;

#[cfg(test)]
mod tests;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

pub use self::calendar::Calendars;
pub use self::clusters::Clusters;
pub use self::database::Database;
pub use self::error::{Mistakes, SettingsError};
pub use self::limits::Limits;
pub use self::log::{Log, LogFormat};
pub use self::mailbox::Mailbox;
pub use self::oncall::{OnCall, Webhook};
pub use self::origin::{KeyValue, Origin};
pub use self::people::{Role, Staff};
pub use self::product::Product;
pub use self::rota::Roster;
pub use self::secret::{Secret, SecretSource};
pub use self::servers::{After, Imap, Smtp, Tls, Verify};
pub use self::severity::Severities;
pub use self::sign_in::{Oidc, SignIn};
pub use self::site::Site;
pub use self::sprint::{Budget, Percent, Sprint};
pub use self::stakeholder::{Stakeholder, Want};
pub use self::team::{Assignment, Mode, Queue};
pub use self::web::Web;

use self::reader::{Context, Reader};
use crate::domain::EmailAddress;
use crate::ticket::workflow::Workflow;

/// The commented sample that `deskgate init` writes: every key with its default.
pub const SAMPLE: &str = include_str!("../../deskgate.sample.toml");

/// The file that is looked for when none is named.
const DEFAULT_FILE: &str = "deskgate.toml";

/// Everything that is configured, read and checked.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The desk as a whole.
    pub site: Site,
    /// Where tickets and mails are kept.
    pub database: Database,
    /// The addresses customers write to; at least one.
    pub mailboxes: Vec<Mailbox>,
    /// What tickets are about.
    pub products: Vec<Product>,
    /// Who works on tickets.
    pub staff: Vec<Staff>,
    /// Who is told how things stand.
    pub stakeholders: Vec<Stakeholder>,
    /// When the desk works.
    pub calendars: Calendars,
    /// How bad a ticket can be, and what that promises.
    pub severity: Severities,
    /// Who is on duty when.
    pub rotas: Vec<Roster>,
    /// Whose work a ticket is; the first that takes it has it.
    pub queues: Vec<Queue>,
    /// How tickets find somebody who works on them.
    pub assignment: Assignment,
    /// How the time of the team is cut.
    pub sprint: Sprint,
    /// Who is called for the worst tickets.
    pub oncall: OnCall,
    /// The statuses of tickets, and who moves them.
    pub workflow: Workflow,
    /// The web port.
    pub web: Web,
    /// How staff sign in to the console.
    pub sign_in: SignIn,
    /// When many ask the same.
    pub clusters: Clusters,
    /// Bounds on what comes in and goes out.
    pub limits: Limits,
    /// The log.
    pub log: Log,
    /// Where all this was read, for people.
    pub source: String,
    values: Vec<KeyValue>,
}

/// Reads the configuration: the file at `path`, or `deskgate.toml` of the current
/// folder when there is one, and over it the variables of `env`. Relative paths
/// are relative to the file's folder.
///
/// # Errors
/// When a named file cannot be read, when there is nothing to read, and with
/// every mistake found.
pub fn load(
    path: Option<&Path>,
    env: impl IntoIterator<Item = (String, String)>,
) -> Result<Settings, SettingsError> {
    let variables: BTreeMap<String, String> = env.into_iter().collect();
    let file = path.unwrap_or(Path::new(DEFAULT_FILE));
    let unreadable = |cause| SettingsError::Unreadable { path: file.to_owned(), cause };
    let folder = std::path::absolute(file)
        .map(|file| file.parent().map(PathBuf::from).unwrap_or_default())
        .map_err(unreadable)?;
    match fs::read_to_string(file) {
        Ok(toml) => read(&toml, &file.display().to_string(), folder, variables),
        Err(cause) if path.is_some() || cause.kind() != io::ErrorKind::NotFound => Err(unreadable(cause)),
        Err(_) if variables.keys().any(|name| name.starts_with(env::PREFIX)) => {
            read("", "environment", folder, variables)
        }
        Err(_) => Err(SettingsError::Nothing { folder }),
    }
}

fn read(
    toml: &str,
    source: &str,
    folder: PathBuf,
    variables: BTreeMap<String, String>,
) -> Result<Settings, SettingsError> {
    let mut root = value::parse(toml).map_err(|faults| Mistakes::new(source, faults))?;
    let faults = RefCell::new(env::overlay(&mut root, &variables));
    let context = Context { folder, variables, faults, values: RefCell::default() };
    let mut settings = Reader::root(&context, &root, |t| Settings::read(t, source));
    settings.values = context.values.into_inner();
    match context.faults.into_inner() {
        faults if faults.is_empty() => Ok(settings),
        faults => Err(Mistakes::new(source, faults).into()),
    }
}

impl Settings {
    fn read(t: &mut Reader<'_>, source: &str) -> Settings {
        let site = t.section("site", Site::read);
        let database = t.section("database", Database::read);
        let calendars = Calendars::read_all(t, &site.zone);
        let products = Product::read_all(t);
        let mailboxes = Mailbox::read_all(t, &products);
        let staff = Staff::read_all(t, &mailboxes, &products, &site.zone);
        let stakeholders = Stakeholder::read_all(t, &mailboxes, &products, &site.zone);
        let rotas = Roster::read_all(t, &staff, &site.zone);
        let sprint = t.section("sprint", |t| Sprint::read(t, &site.zone));
        let severity = t.section("severity", |t| Severities::read(t, &calendars, &mailboxes));
        Settings {
            site,
            database,
            queues: Queue::read_all(t, &mailboxes, &products, &staff, &rotas),
            assignment: t.section("assignment", |t| Assignment::read(t, &rotas)),
            sprint,
            oncall: t.section("oncall", |t| OnCall::read(t, &staff, &rotas)),
            staff,
            stakeholders,
            rotas,
            mailboxes,
            products,
            severity,
            calendars,
            workflow: workflow::read(t),
            web: t.section("web", Web::read),
            sign_in: t.section("sign_in", SignIn::read),
            clusters: t.section("clusters", Clusters::read),
            limits: t.section("limits", Limits::read),
            log: t.section("log", Log::read),
            source: source.to_owned(),
            values: Vec::new(),
        }
    }

    /// The mailbox of this name.
    pub fn mailbox(&self, name: &str) -> Option<&Mailbox> {
        self.mailboxes.iter().find(|mailbox| mailbox.name == name)
    }

    /// The product of this name, letter case aside.
    pub fn product(&self, name: &str) -> Option<&Product> {
        self.products.iter().find(|product| product.name.eq_ignore_ascii_case(name.trim()))
    }

    /// The queue of this name, letter case aside.
    pub fn queue(&self, name: &str) -> Option<&Queue> {
        self.queues.iter().find(|queue| queue.name.eq_ignore_ascii_case(name.trim()))
    }

    /// The rota of this name, letter case aside.
    pub fn rota(&self, name: &str) -> Option<&Roster> {
        self.rotas.iter().find(|rota| rota.name.eq_ignore_ascii_case(name.trim()))
    }

    /// The names of all mailboxes.
    pub fn mailbox_names(&self) -> impl Iterator<Item = &str> {
        self.mailboxes.iter().map(|mailbox| mailbox.name.as_str())
    }

    /// The addresses of all mailboxes.
    pub fn our_addresses(&self) -> Vec<EmailAddress> {
        self.mailboxes.iter().map(|mailbox| mailbox.address.clone()).collect()
    }

    /// The member of staff with this address.
    pub fn staff_by_email(&self, email: &EmailAddress) -> Option<&Staff> {
        self.staff.iter().find(|staff| staff.email == *email)
    }

    /// Every key with the value in force and where it comes from, defaults included; of secrets only that they are set.
    pub fn key_values(&self) -> &[KeyValue] {
        &self.values
    }
}
