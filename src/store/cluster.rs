//! A private PostgreSQL cluster of the installed binaries, for sites that give
//! no database URL.
//!
//! It listens on a unix socket only, in a folder that only its owner can enter.
//! Every Deskgate process that uses it holds a shared lock; the first starts it
//! and the last to leave stops it, so that `deskgate ticket list` works beside
//! `deskgate run` and without it. After a `kill -9` it keeps running, and the
//! next process takes it over. `postgres` refuses to run as root: then the
//! cluster belongs to the user `postgres`.
//!
//! ```text
//! data_dir/cluster/    the data, made by initdb
//! data_dir/run/        the socket
//! data_dir/log         what the server says
//! data_dir/start.lock  held while somebody starts or stops it
//! data_dir/users.lock  held, shared, by everybody who uses it
//! ```

use std::{
    fs::{self, File, OpenOptions},
    io,
    os::unix::{
        fs::{DirBuilderExt, MetadataExt, chown},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use nix::unistd::{User, geteuid};

/// The longest path of a unix socket, in bytes (sun_path of unix(7), less its NUL).
const MAX_SOCKET_PATH: usize = 107;
/// Role and database of the cluster.
const NAME: &str = "deskgate";

/// Why there is no private cluster.
#[derive(Debug, thiserror::Error)]
pub enum ClusterError {
    /// PostgreSQL is not there, or not the version that made the data.
    #[error("{0}")]
    NotInstalled(String),
    /// The account that must own it does not exist.
    #[error(
        "running as root, but there is no user `postgres` to run PostgreSQL as; install the Debian package `postgresql`, or set `database.url`"
    )]
    NoUser,
    /// That account cannot reach the folder.
    #[error(
        "the user `postgres` cannot enter {closed}, so it cannot keep a cluster in {data_dir}; set `database.data_dir` to a folder it can reach, such as /var/lib/deskgate/postgres"
    )]
    Closed {
        /// The first folder on the way that is closed to it.
        closed: PathBuf,
        /// Where the cluster was to be.
        data_dir: PathBuf,
    },
    /// A program of PostgreSQL failed.
    #[error("{program} for the private cluster in {data_dir} failed: {said}")]
    Program {
        /// initdb, pg_ctl, createdb.
        program: &'static str,
        /// Where the cluster is.
        data_dir: PathBuf,
        /// Its last words.
        said: String,
    },
    /// A file or folder could not be made or locked.
    #[error("{doing} {path}")]
    File {
        /// What was attempted.
        doing: &'static str,
        /// On what.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
}

/// A running private cluster, and our share in keeping it up.
pub struct Cluster {
    place: Place,
    users: File,
}

impl Cluster {
    /// Makes the cluster when it is new, starts it when it is down.
    pub async fn open(data_dir: &Path) -> Result<Cluster, ClusterError> {
        let data_dir = data_dir.to_owned();
        tokio::task::spawn_blocking(move || open(&data_dir)).await.unwrap_or_else(|error| {
            Err(ClusterError::NotInstalled(format!("starting the private cluster was interrupted: {error}")))
        })
    }

    /// The URL under which it is reached.
    pub fn url(&self) -> String {
        let host: String = self
            .place
            .socket_dir
            .to_string_lossy()
            .bytes()
            .map(|b| if b.is_ascii_alphanumeric() { (b as char).to_string() } else { format!("%{b:02x}") })
            .collect();
        format!("postgres://{NAME}@/{NAME}?host={host}")
    }

    /// The folder of its socket, for `psql -h`.
    pub fn socket_dir(&self) -> &Path {
        &self.place.socket_dir
    }

    /// Leaves the cluster; who leaves last stops it.
    pub async fn close(self) -> Result<(), ClusterError> {
        let Cluster { place, users } = self;
        tokio::task::spawn_blocking(move || close(&place, users)).await.unwrap_or(Ok(()))
    }
}

/// Where a cluster lives and as whom it runs.
struct Place {
    data_dir: PathBuf,
    cluster: PathBuf,
    socket_dir: PathBuf,
    bin: PathBuf,
    owner: Option<User>,
}

fn open(data_dir: &Path) -> Result<Cluster, ClusterError> {
    let place = Place::find(data_dir)?;
    let _starting = place.lock_start()?;
    if !place.cluster.join("PG_VERSION").exists() {
        place.init()?;
    }
    if !place.is_up() {
        place.start()?;
    }
    place.ensure_database()?;
    let users = place.lock_file("users.lock")?;
    users.lock_shared().map_err(|source| place.file_error("locking", "users.lock", source))?;
    Ok(Cluster { place, users })
}

fn close(place: &Place, users: File) -> Result<(), ClusterError> {
    let _stopping = place.lock_start()?;
    drop(users);
    let users = place.lock_file("users.lock")?;
    if users.try_lock().is_ok() && place.is_up() {
        place.run("pg_ctl", &["stop", "-w", "-m", "fast", "-D", &place.cluster.to_string_lossy()])?;
    }
    Ok(())
}

impl Place {
    fn find(data_dir: &Path) -> Result<Place, ClusterError> {
        let owner = match geteuid().is_root() {
            true => Some(User::from_name("postgres").ok().flatten().ok_or(ClusterError::NoUser)?),
            false => None,
        };
        let private = |path: &Path| {
            fs::DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(|source| {
                ClusterError::File { doing: "making the folder", path: path.to_owned(), source }
            })
        };
        if let Some(parent) = data_dir.parent() {
            fs::create_dir_all(parent).map_err(|source| ClusterError::File {
                doing: "making the folder",
                path: parent.to_owned(),
                source,
            })?;
        }
        private(data_dir)?;
        let data_dir = fs::canonicalize(data_dir).map_err(|source| ClusterError::File {
            doing: "finding the folder",
            path: data_dir.to_owned(),
            source,
        })?;
        let cluster = data_dir.join("cluster");
        let socket_dir = socket_dir(&data_dir);
        private(&socket_dir)?;
        let place = Place { bin: binaries(&cluster)?, cluster, socket_dir, owner, data_dir };
        place.hand_over()?;
        Ok(place)
    }

    /// Gives the folders to the account the server runs as.
    fn hand_over(&self) -> Result<(), ClusterError> {
        let Some(owner) = &self.owner else { return Ok(()) };
        if let Some(closed) = first_closed(&self.data_dir, owner) {
            return Err(ClusterError::Closed { closed, data_dir: self.data_dir.clone() });
        }
        for path in [&self.data_dir, &self.socket_dir] {
            chown(path, Some(owner.uid.as_raw()), Some(owner.gid.as_raw())).map_err(|source| {
                ClusterError::File { doing: "giving to the user `postgres`", path: path.clone(), source }
            })?;
        }
        Ok(())
    }

    fn init(&self) -> Result<(), ClusterError> {
        let cluster = self.cluster.to_string_lossy();
        self.run("initdb", &["-D", &cluster, "-U", NAME, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"])
    }

    fn start(&self) -> Result<(), ClusterError> {
        let quoted = self.socket_dir.to_string_lossy().replace('\'', "''");
        let conf = format!(
            "# Written by deskgate at each start.\nlisten_addresses = ''\nunix_socket_directories = '{quoted}'\n\
             unix_socket_permissions = 0700\nmax_connections = 100\nshared_buffers = 128MB\nmax_wal_size = 1GB\n"
        );
        let path = self.cluster.join("postgresql.conf");
        fs::write(&path, conf).map_err(|source| ClusterError::File { doing: "writing", path, source })?;
        let (cluster, log) = (self.cluster.to_string_lossy(), self.data_dir.join("log"));
        self.run("pg_ctl", &["start", "-w", "-t", "60", "-D", &cluster, "-l", &log.to_string_lossy()])
    }

    fn is_up(&self) -> bool {
        self.run("pg_ctl", &["status", "-D", &self.cluster.to_string_lossy()]).is_ok()
    }

    fn ensure_database(&self) -> Result<(), ClusterError> {
        match self.run("createdb", &["-h", &self.socket_dir.to_string_lossy(), "-U", NAME, NAME]) {
            Err(ClusterError::Program { said, .. }) if said.contains("already exists") => Ok(()),
            other => other,
        }
    }

    /// Runs a program of PostgreSQL as its owner; its last words become the error.
    fn run(&self, program: &'static str, args: &[&str]) -> Result<(), ClusterError> {
        let mut command = Command::new(self.bin.join(program));
        command.args(args).current_dir(&self.data_dir).stdin(Stdio::null()).env("LC_MESSAGES", "C");
        if let Some(owner) = &self.owner {
            command.uid(owner.uid.as_raw()).gid(owner.gid.as_raw());
        }
        // The server inherits what pg_ctl writes to: a pipe would never end.
        let said = self.data_dir.join(format!("{program}.out"));
        let file_error = |source| ClusterError::File { doing: "writing", path: said.clone(), source };
        let out = File::create(&said).map_err(file_error)?;
        command.stderr(out.try_clone().map_err(file_error)?).stdout(out);
        let status = command.status().map_err(|source| ClusterError::File {
            doing: "running",
            path: self.bin.join(program),
            source,
        })?;
        if status.success() {
            return Ok(());
        }
        let said = fs::read_to_string(&said).unwrap_or_default();
        Err(ClusterError::Program { program, data_dir: self.data_dir.clone(), said: last_lines(&said) })
    }

    fn lock_start(&self) -> Result<File, ClusterError> {
        let file = self.lock_file("start.lock")?;
        file.lock().map_err(|source| self.file_error("locking", "start.lock", source))?;
        Ok(file)
    }

    fn lock_file(&self, name: &str) -> Result<File, ClusterError> {
        OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(self.data_dir.join(name))
            .map_err(|source| self.file_error("opening", name, source))
    }

    fn file_error(&self, doing: &'static str, name: &str, source: io::Error) -> ClusterError {
        ClusterError::File { doing, path: self.data_dir.join(name), source }
    }
}

/// `run/` beside the data, or a private folder below the system's temporary one
/// when the path would be too long for a socket.
fn socket_dir(data_dir: &Path) -> PathBuf {
    let beside = data_dir.join("run");
    if beside.as_os_str().len() + "/.s.PGSQL.5432".len() <= MAX_SOCKET_PATH {
        return beside;
    }
    use sha2::{Digest, Sha256};
    let digest = Sha256::digest(data_dir.as_os_str().as_encoded_bytes());
    let short: String = digest.iter().take(10).map(|b| format!("{b:02x}")).collect();
    std::env::temp_dir().join(format!("deskgate-{short}"))
}

/// The programs of the version that made the cluster, or of the newest one.
fn binaries(cluster: &Path) -> Result<PathBuf, ClusterError> {
    let mut found: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let major = entry.file_name().to_str()?.parse().ok()?;
            let bin = entry.path().join("bin");
            bin.join("initdb").exists().then_some((major, bin))
        })
        .collect();
    found.sort();
    let made_by = fs::read_to_string(cluster.join("PG_VERSION")).ok();
    let Some(made_by) = made_by.and_then(|text| text.trim().parse::<u32>().ok()) else {
        return found.pop().map(|(_, bin)| bin).or_else(on_path).ok_or_else(|| {
            ClusterError::NotInstalled(
                "PostgreSQL is not installed here and `database.url` is not set; install the Debian package `postgresql`, or set `database.url`".into(),
            )
        });
    };
    found.into_iter().find(|(major, _)| *major == made_by).map(|(_, bin)| bin).or_else(on_path).ok_or_else(|| {
        ClusterError::NotInstalled(format!(
            "the private cluster in {} was made by PostgreSQL {made_by}, which is not installed here; install the Debian package `postgresql-{made_by}`",
            cluster.display()
        ))
    })
}

/// The folder of `initdb`, for systems that keep it on the PATH.
fn on_path() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).find(|dir| dir.join("initdb").exists() && dir.join("pg_ctl").exists())
}

/// The first folder on the way to `path` that `owner` may not enter.
fn first_closed(path: &Path, owner: &User) -> Option<PathBuf> {
    let mut above: Vec<&Path> = path.ancestors().skip(1).collect();
    above.reverse();
    let may_enter = |dir: &Path| {
        fs::metadata(dir).is_ok_and(|meta| {
            let bit = if meta.uid() == owner.uid.as_raw() {
                0o100
            } else if meta.gid() == owner.gid.as_raw() {
                0o010
            } else {
                0o001
            };
            meta.mode() & bit != 0
        })
    };
    above.into_iter().find(|dir| !may_enter(dir)).map(Path::to_owned)
}

fn last_lines(said: &str) -> String {
    let lines: Vec<&str> = said.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    lines[lines.len().saturating_sub(4)..].join("; ")
}
