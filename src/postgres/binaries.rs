//! Finds PostgreSQL's server programs on this machine, or has them fetched.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{PostgresError, Source, fetch};
use crate::guarded::{Account, RUN, Stage, own_program};

/// The oldest release that PostgreSQL itself still supports in late 2026.
const MAJOR_MIN: u32 = 14;

/// A folder with `initdb` and `postgres`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binaries {
    /// The folder.
    pub folder: PathBuf,
    /// The major version, such as 17.
    pub major: u32,
}

/// Finds binaries that the account can run: of the given major version if the data folder was made by one, else the
/// newest.
pub async fn find(source: Source, made_by: Option<u32>, account: Option<Account>) -> Result<Binaries, PostgresError> {
    if source != Source::Fetch
        && let Some(binaries) = installed(made_by, account)
    {
        return Ok(binaries);
    }
    if source == Source::Installed {
        let wanted = made_by.map_or_else(|| format!("{MAJOR_MIN} or newer"), |major| major.to_string());
        return Err(PostgresError::Binaries(format!(
            "no installed PostgreSQL {wanted} server found; install one, or set DATABASE_URL"
        )));
    }
    if let Some(major) = made_by
        && major != fetch::MAJOR
    {
        return Err(PostgresError::Binaries(format!(
            "the data folder was made by PostgreSQL {major}, which is not installed; install its server, or choose another --data-dir"
        )));
    }
    let folder = fetch::fetch().await?;
    match version(&folder, account) {
        Some(major) => Ok(Binaries { folder, major }),
        None => Err(PostgresError::Binaries(format!(
            "the PostgreSQL in {} does not run here; remove that folder, or install PostgreSQL",
            folder.display()
        ))),
    }
}

fn installed(made_by: Option<u32>, account: Option<Account>) -> Option<Binaries> {
    candidates()
        .into_iter()
        .filter(|folder| folder.join("initdb").is_file() && folder.join("postgres").is_file())
        .filter_map(|folder| version(&folder, account).map(|major| Binaries { folder, major }))
        .filter(|binaries| made_by.map_or(binaries.major >= MAJOR_MIN, |major| binaries.major == major))
        .max_by_key(|binaries| binaries.major)
}

/// Folders where packages put the server, in no particular order of preference.
fn candidates() -> Vec<PathBuf> {
    let mut folders = Vec::new();
    if let Ok(output) = Command::new("pg_config").arg("--bindir").output() {
        folders.push(PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()));
    }
    folders.extend(std::env::var_os("PATH").iter().flat_map(std::env::split_paths));
    for parent in ["/usr/lib/postgresql", "/usr/libexec/postgresql", "/opt/homebrew/opt", "/usr/local/opt"] {
        let versions = std::fs::read_dir(parent).into_iter().flatten().flatten();
        folders.extend(versions.filter(|entry| names_postgres(parent, entry)).map(|entry| entry.path().join("bin")));
    }
    folders.extend((MAJOR_MIN..30).map(|major| PathBuf::from(format!("/usr/pgsql-{major}/bin"))));
    folders.push("/usr/local/pgsql/bin".into());
    folders.retain(|folder| folder.is_absolute());
    folders.sort();
    folders.dedup();
    folders
}

fn names_postgres(parent: &str, entry: &std::fs::DirEntry) -> bool {
    parent.ends_with("postgresql") || entry.file_name().to_string_lossy().starts_with("postgresql")
}

/// The major version, by running the program as the account would: `postgres (PostgreSQL) 15.18 (Debian …)`.
fn version(folder: &Path, account: Option<Account>) -> Option<u32> {
    let stage = Stage::new(account, Path::new("/"), folder.join("postgres"), vec!["--version".to_owned()]);
    let output = Command::new(own_program().ok()?).args(stage.command_line(RUN)).output().ok()?;
    major_of(&String::from_utf8_lossy(&output.stdout))
}

fn major_of(text: &str) -> Option<u32> {
    let (_, version) = text.split_once(") ")?;
    let digits: String = version.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_major_version_of_releases_and_previews() {
        assert_eq!(major_of("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n"), Some(15));
        assert_eq!(major_of("postgres (PostgreSQL) 19beta1\n"), Some(19));
        assert_eq!(major_of("sh: not found"), None);
    }
}
