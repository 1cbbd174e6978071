//! The database cluster's folder: made by `initdb` once, whole or not at all.
//!
//! `<data folder>/postgres/` belongs to the account that runs PostgreSQL and holds `cluster/` (PostgreSQL's own),
//! `password` and `log`.

use std::os::unix::fs::{DirBuilderExt, chown};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use super::PostgresError;
use super::binaries::Binaries;
use crate::guarded::{Account, FOLDER, RUN, Stage, last_words, own_program};

/// The one role: the owner of everything in this private server.
pub const ROLE: &str = "supergraph";

/// Where things are.
#[derive(Clone, Debug)]
pub struct Layout {
    /// `<data folder>/postgres`.
    pub folder: PathBuf,
}

impl Layout {
    /// PostgreSQL's data directory.
    pub fn cluster(&self) -> PathBuf {
        self.folder.join("cluster")
    }

    /// The role's password.
    pub fn password(&self) -> PathBuf {
        self.folder.join("password")
    }

    /// What PostgreSQL said since the last start.
    pub fn log(&self) -> PathBuf {
        self.folder.join("log")
    }

    /// The major version that made the cluster, if there is one.
    pub fn made_by(&self) -> Option<u32> {
        std::fs::read_to_string(self.cluster().join("PG_VERSION")).ok()?.trim().parse().ok()
    }

    /// Makes the folder, and its owner the account.
    pub fn create(&self, account: Option<Account>) -> Result<(), PostgresError> {
        let owned = |error| PostgresError::folder("create", &self.folder, error);
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&self.folder).map_err(owned)?;
        if let Some(account) = account {
            chown(&self.folder, Some(account.user.as_raw()), Some(account.group.as_raw())).map_err(owned)?;
        }
        Ok(())
    }
}

/// Makes the cluster if there is none. Made beside its place and renamed when whole.
pub fn initialise(layout: &Layout, binaries: &Binaries, account: Option<Account>) -> Result<(), PostgresError> {
    if layout.made_by().is_some() {
        return Ok(());
    }
    let unfinished = layout.folder.join("cluster.new");
    if unfinished.exists() {
        std::fs::remove_dir_all(&unfinished).map_err(|error| PostgresError::folder("remove", &unfinished, error))?;
    }
    let arguments = [
        format!("--pgdata={FOLDER}/cluster.new"),
        format!("--pwfile={FOLDER}/password"),
        format!("--username={ROLE}"),
        "--auth=scram-sha-256".to_owned(),
        "--encoding=UTF8".to_owned(),
        // The same order of text on every machine.
        "--locale=C".to_owned(),
    ];
    let program = binaries.folder.join("initdb");
    let stage = Stage::new(account, &layout.folder, program.clone(), arguments.to_vec());
    let spawned = |error| PostgresError::Spawn { program: program.clone(), error };
    let output = Command::new(own_program().map_err(spawned)?)
        .args(stage.command_line(RUN))
        .stdin(Stdio::null())
        .output()
        .map_err(spawned)?;
    if !output.status.success() {
        // The log can't be written on a full disk; the error's text says the main thing.
        let _ = std::fs::write(layout.log(), [output.stdout, output.stderr.clone()].concat());
        let reason = last_words(&String::from_utf8_lossy(&output.stderr));
        return Err(PostgresError::Ended { doing: "initialisation", reason, log: layout.log() });
    }
    let cluster = layout.cluster();
    std::fs::rename(&unfinished, &cluster).map_err(|error| PostgresError::folder("create", &cluster, error))
}
