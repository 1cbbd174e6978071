//! Keeps a running router up to date: when one of its files changes, or on SIGHUP, everything is read again.
//!
//! What is wrong with the new version is told in the log and in the metrics, and the old one goes on serving.

pub mod watch;

use std::path::PathBuf;
use std::sync::Arc;

use gateway::{Edition, Gateway, GatewayError};
use tokio::signal::unix::{SignalKind, signal};

use crate::failure::{Failure, chain};
use watch::Watch;

/// Reads and checks everything, and gives it with the files that it was read from. Runs beside the serving threads.
pub trait Read: Send + Sync + 'static {
    /// Everything as it is now.
    fn read(&self) -> Result<Edition, Failure>;

    /// The files to watch for an edition.
    fn files(&self, edition: &Edition) -> Vec<PathBuf>;
}

/// Reloads for ever.
pub async fn keep_current(gateway: &Gateway, source: Arc<dyn Read>, mut watch: Watch) -> Result<(), Failure> {
    let mut hangups =
        signal(SignalKind::hangup()).map_err(|error| Failure::environment(format!("cannot watch signals: {error}")))?;
    loop {
        let cause = tokio::select! {
            files = watch.changed() => names(&files),
            _ = hangups.recv() => {
                // What is read now needn't be read again because it has changed.
                watch.refresh().await;
                "SIGHUP".to_owned()
            }
        };
        match reload(gateway, &source, &mut watch).await {
            Ok(told) => tracing::info!(cause, version = version(gateway), "reloaded{told}"),
            Err(failure) => {
                let text = failure.to_string();
                gateway.refused_reload(&text);
                tracing::error!(cause, "reload refused, the running version serves on: {text}");
            }
        }
    }
}

async fn reload(gateway: &Gateway, source: &Arc<dyn Read>, watch: &mut Watch) -> Result<String, Failure> {
    let reading = Arc::clone(source);
    let read = tokio::task::spawn_blocking(move || reading.read()).await;
    let edition = read.map_err(|_| Failure::environment("reading the new version broke off"))??;
    let files = source.files(&edition);
    let reloaded = gateway.reload(edition).await.map_err(|error: GatewayError| Failure::environment(chain(&error)))?;
    // Only once it serves: until then the files of the running version are those to go back to.
    watch.set(files).await;
    let mut told = format!(", {} operations planned ahead", reloaded.planned);
    if !reloaded.restart_needed.is_empty() {
        told.push_str(&format!("; a restart is needed for {}", reloaded.restart_needed.join(", ")));
    }
    Ok(told)
}

fn version(gateway: &Gateway) -> String {
    gateway.version().map_or_else(String::new, |version| format!("{version:016x}"))
}

fn names(files: &[PathBuf]) -> String {
    files.iter().map(|file| file.display().to_string()).collect::<Vec<_>>().join(", ")
}
