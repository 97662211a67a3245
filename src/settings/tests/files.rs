//! Which file is read, and what its paths mean.

use super::*;

#[test]
fn a_named_file_must_be_there() {
    let told = load(Some(Path::new("/nowhere/desk.toml")), []).unwrap_err().to_string();
    assert_eq!(
        told,
        "cannot read the configuration /nowhere/desk.toml: No such file or directory (os error 2); \
         `deskgate init` writes a sample to start from"
    );
}

#[test]
fn without_a_file_and_without_variables_there_is_nothing() {
    // The project's own folder holds a sample, no configuration.
    let told = load(None, []).unwrap_err().to_string();
    assert!(told.starts_with("there is no deskgate.toml in /") && told.contains("deskgate init"), "{told}");
}

#[test]
fn paths_are_relative_to_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("desk.toml");
    fs::write(&path, MINIMAL).unwrap();
    let settings = load(Some(&path), []).unwrap();
    assert_eq!(settings.database.data_dir, folder.path().join("var/postgres"));
    assert_eq!(settings.source, path.display().to_string());
    assert!(settings.site.signing_key().is_ok());
    assert!(folder.path().join("deskgate.secret").exists());
}
