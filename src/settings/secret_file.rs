//! The file with the site's signing secret: made on first use, never shared.
//!
//! It is written under another name and then linked to its own, so it appears
//! whole or not at all. Of two processes that start together one link fails,
//! and both use the file of the other.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::error::SettingsError;
use crate::domain::reference::SigningKey;

/// Random bytes of a secret we make; they are written as twice as many hex digits.
const RANDOM_BYTES: usize = 32;

/// The key in this file, which is made when it is not there.
pub(super) fn open(path: &Path) -> Result<SigningKey, SettingsError> {
    if !path.try_exists().unwrap_or(true) {
        make(path)
            .map_err(|cause| refused("cannot make the secret file", path, make_yourself(path, &cause)))?;
    }
    let refused = |why| refused("cannot use the secret file", path, why);
    let text = read_private(path).map_err(refused)?;
    SigningKey::new(text.trim().into()).ok_or_else(|| refused(too_short(text.trim().len())))
}

/// Why a secret of so many bytes is refused, and what to do.
pub(super) fn too_short(bytes: usize) -> String {
    format!(
        "it has {bytes} bytes and needs at least {}; `openssl rand -hex 32` makes a good one",
        SigningKey::MIN_BYTES
    )
}

fn refused(doing: &'static str, path: &Path, why: String) -> SettingsError {
    SettingsError::SecretFile { doing, path: path.to_owned(), why }
}

fn make_yourself(path: &Path, cause: &io::Error) -> String {
    format!(
        "{cause}; let this user write to its folder, or make the file yourself: \
         (umask 077; openssl rand -hex 32 > '{}')",
        path.display()
    )
}

fn read_private(path: &Path) -> Result<String, String> {
    let mode = fs::metadata(path).map_err(|cause| cause.to_string())?.permissions().mode();
    if mode & 0o007 != 0 {
        return Err(format!(
            "every user of this machine can open it (mode {:04o}), and who knows it can forge reply addresses; \
             if nobody has read it, close it with `chmod 600 '{}'`, else delete it and a new one is made",
            mode & 0o777,
            path.display()
        ));
    }
    fs::read_to_string(path).map_err(|cause| cause.to_string())
}

/// Makes the file, unless another process was faster.
fn make(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let draft = draft_name(path)?;
    write_private(&draft, &random_hex()?)?;
    let linked = fs::hard_link(&draft, path);
    fs::remove_file(&draft)?;
    match linked {
        Err(cause) if cause.kind() != ErrorKind::AlreadyExists => Err(cause),
        // What was signed must still open after a power failure.
        _ => File::open(folder)?.sync_all(),
    }
}

fn draft_name(path: &Path) -> io::Result<PathBuf> {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{}.new", &random_hex()?[..16]));
    Ok(name.into())
}

fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
    if written.is_err() {
        fs::remove_file(path)?;
    }
    written
}

fn random_hex() -> io::Result<String> {
    let mut bytes = [0; RANDOM_BYTES];
    getrandom::fill(&mut bytes).map_err(|error| io::Error::other(error.to_string()))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;
    use std::thread;

    use super::*;
    use crate::domain::{PersonId, TicketId};

    fn sign(key: &SigningKey) -> String {
        key.reply_tag(TicketId(1), PersonId(1))
    }

    #[test]
    fn it_is_made_private_and_used_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deskgate.secret");
        let first = open(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!(text.len(), 64);
        assert!(text.bytes().all(|b| b.is_ascii_hexdigit()), "{text}");
        assert_eq!(sign(&open(&path).unwrap()), sign(&first));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no draft is left behind");
    }

    #[test]
    fn processes_that_start_together_use_one_secret() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deskgate.secret");
        let start = Barrier::new(16);
        let signed: Vec<String> = thread::scope(|scope| {
            let one = || {
                start.wait();
                sign(&open(&path).unwrap())
            };
            let all: Vec<_> = (0..16).map(|_| scope.spawn(one)).collect();
            all.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(signed.iter().all(|tag| *tag == signed[0]), "{signed:?}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_that_everybody_can_read_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("s");
        fs::write(&path, "x".repeat(64)).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        let told = open(&path).unwrap_err().to_string();
        assert_eq!(
            told.replace(folder.path().to_str().unwrap(), "DIR"),
            "cannot use the secret file DIR/s: every user of this machine can open it (mode 0644), and who knows \
             it can forge reply addresses; if nobody has read it, close it with `chmod 600 'DIR/s'`, else delete \
             it and a new one is made"
        );
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        assert!(open(&path).is_ok(), "a group may be given it on purpose");
    }

    #[test]
    fn a_short_secret_and_a_missing_folder_say_what_to_do() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("s");
        write_private(&path, "short\n").unwrap();
        let told = open(&path).unwrap_err().to_string();
        assert!(
            told.ends_with("it has 5 bytes and needs at least 32; `openssl rand -hex 32` makes a good one"),
            "{told}"
        );
        let told = open(&folder.path().join("nowhere/s")).unwrap_err().to_string();
        assert!(told.starts_with("cannot make the secret file ") && told.contains("umask 077"), "{told}");
    }
}
