//! The embedded PostgreSQL: found or fetched, initialised, started as a child process, and never left behind.
//!
//! The chain of processes is `supergraph → guard → postgres`. The guard is this program again; it holds the read end of
//! a pipe and stops PostgreSQL when the pipe closes, which happens however the parent ends. On Linux PostgreSQL also asks the
//! kernel for a signal when the guard ends. If everything is killed at once, the next start finds PostgreSQL by its pid file.
//!
//! It listens on 127.0.0.1 only, with a random password that only the data folder's owner can read.

mod account;
mod binaries;
mod cluster;
mod fetch;
mod password;
pub mod running;
mod server;
mod stale;

pub use server::Server;

use std::path::PathBuf;

/// Where the binaries come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Source {
    /// Installed ones if there are any, else fetched ones.
    #[default]
    Auto,
    /// Installed ones only.
    Installed,
    /// Fetched ones only.
    Fetch,
}

/// Why there is no PostgreSQL. Each text is one line that says what to do.
#[derive(Debug, thiserror::Error)]
pub enum PostgresError {
    /// No binaries that fit.
    #[error("{0}")]
    Binaries(String),
    /// The registry gave none.
    #[error("cannot fetch PostgreSQL {version}: {reason}; install PostgreSQL, set DATABASE_URL, or check the network")]
    Fetch {
        /// The version asked for.
        version: &'static str,
        /// What went wrong.
        reason: String,
    },
    /// A file or folder in the way.
    #[error("cannot {doing} {path}: {error}; choose another --data-dir or repair its permissions")]
    Folder {
        /// The deed, such as `create`.
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The system's answer.
        error: std::io::Error,
    },
    /// Root can't run PostgreSQL, and there is nobody else.
    #[error(
        "PostgreSQL refuses to run as root, and there is no user `postgres` or `nobody`; create one, or set DATABASE_URL"
    )]
    NoAccount,
    /// It ran and ended.
    #[error("PostgreSQL {doing} failed: {reason}; see {log}")]
    Ended {
        /// The step, such as `start`.
        doing: &'static str,
        /// Its last words.
        reason: String,
        /// The whole story.
        log: PathBuf,
    },
    /// A process couldn't be started.
    #[error("cannot run {program}: {error}")]
    Spawn {
        /// The program.
        program: PathBuf,
        /// The system's answer.
        error: std::io::Error,
    },
    /// An older server on the same folder won't go.
    #[error("PostgreSQL process {pid} still uses {path} and does not stop; end it and try again")]
    StaleServer {
        /// Its process id.
        pid: i32,
        /// The cluster's folder.
        path: PathBuf,
    },
}

impl PostgresError {
    fn folder(doing: &'static str, path: &std::path::Path, error: std::io::Error) -> Self {
        Self::Folder { doing, path: path.to_owned(), error }
    }
}
