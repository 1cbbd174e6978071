//! Keeps a running router up to date: when one of its files changes, or on SIGHUP, everything is read again.
//!
//! What is wrong with the new version is told in the log and in the metrics, and the old one goes on serving. Nothing that a
//! file can hold, or be, may end that.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use gateway::{Edition, Gateway, GatewayError};
use tokio::signal::unix::Signal;
use tokio::time::sleep;

use super::inputs::Inputs;
use super::watch::Watch;
use crate::failure::{Failure, chain};

/// After a version was refused for want of something that isn't watched: it is tried again, for it may have come.
const TRY_AGAIN: Duration = Duration::from_secs(10);

/// What came of a reload.
enum Outcome {
    Applied(String),
    Refused(Failure),
    /// By something that may be gone without a file's changing.
    RefusedForNow(Failure),
}

/// Reloads for ever.
pub async fn keep_current(gateway: &Gateway, inputs: Arc<Inputs>, mut watch: Watch, mut hangups: Signal) {
    let mut last = None;
    loop {
        let passes = async {
            match last {
                Some(Outcome::RefusedForNow(_)) => sleep(TRY_AGAIN).await,
                _ => std::future::pending().await,
            }
        };
        let cause = tokio::select! {
            files = watch.changed() => names(&files),
            _ = hangups.recv() => {
                // What is read now needn't be read again because it has changed.
                watch.refresh().await;
                "SIGHUP".to_owned()
            }
            () = passes => "what was refused is tried again".to_owned(),
        };
        let outcome = reload(gateway, &inputs, &mut watch).await;
        match &outcome {
            Outcome::Applied(told) => tracing::info!(cause, version = version(gateway), "reloaded{told}"),
            Outcome::Refused(failure) | Outcome::RefusedForNow(failure) => {
                let text = failure.to_string();
                gateway.refused_reload(&text);
                tracing::error!(cause, "reload refused, the running version serves on: {text}");
            }
        }
        last = Some(outcome);
    }
}

async fn reload(gateway: &Gateway, inputs: &Arc<Inputs>, watch: &mut Watch) -> Outcome {
    let edition = match read(inputs, watch).await {
        Ok(edition) => edition,
        Err(failure) => return Outcome::Refused(failure),
    };
    let files = inputs.files(&edition);
    // The files of the running version are watched on until the new one serves: they are those to go back to. And its own
    // from now on, so that it is tried again when one of them comes or changes.
    watch.add(files.clone()).await;
    if let Err(failure) = check_kinds(watch) {
        return Outcome::Refused(failure);
    }
    match gateway.reload(edition).await {
        Ok(reloaded) => {
            watch.set(files).await;
            let mut told = format!(", {} operations planned ahead", reloaded.planned);
            if !reloaded.restart_needed.is_empty() {
                told.push_str(&format!("; a restart is needed for {}", reloaded.restart_needed.join(", ")));
            }
            Outcome::Applied(told)
        }
        Err(error) => {
            let failure = Failure::environment(chain(&error));
            match error {
                GatewayError::JwksUnreachable { .. } => Outcome::RefusedForNow(failure),
                _ => Outcome::Refused(failure),
            }
        }
    }
}

/// Reads everything, beside the serving threads.
async fn read(inputs: &Arc<Inputs>, watch: &Watch) -> Result<Edition, Failure> {
    check_kinds(watch)?;
    let reading = Arc::clone(inputs);
    let read = tokio::task::spawn_blocking(move || reading.edition(reading.config()?)).await;
    read.map_err(|_| Failure::environment("reading the new version broke off"))?
}

/// A pipe in a file's place would be waited on for ever.
fn check_kinds(watch: &Watch) -> Result<(), Failure> {
    match watch.irregular() {
        Some(path) => {
            Err(Failure::environment(format!("cannot read {}: it is no file; put one in its place", path.display())))
        }
        None => Ok(()),
    }
}

fn version(gateway: &Gateway) -> String {
    gateway.version().map_or_else(String::new, |version| format!("{version:016x}"))
}

fn names(files: &[PathBuf]) -> String {
    files.iter().map(|file| file.display().to_string()).collect::<Vec<_>>().join(", ")
}
