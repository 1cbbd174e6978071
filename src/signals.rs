//! The signals that end the program, Ctrl-C and SIGTERM, and the one that has the router read its files again.

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;

use crate::failure::Failure;

/// A token that the first Ctrl-C or SIGTERM cancels. A second one ends the process at once, for a person who won't wait;
/// what it leaves behind stops by itself.
pub fn shutdown_token() -> Result<CancellationToken, Failure> {
    let (mut interrupt, mut terminate) = (watch(SignalKind::interrupt())?, watch(SignalKind::terminate())?);
    let token = CancellationToken::new();
    let cancelled = token.clone();
    tokio::spawn(async move {
        loop {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            if cancelled.is_cancelled() {
                std::process::exit(130);
            }
            cancelled.cancel();
        }
    });
    Ok(token)
}

/// SIGHUPs from now on: without this one ends the process.
pub fn hangups() -> Result<Signal, Failure> {
    watch(SignalKind::hangup())
}

fn watch(kind: SignalKind) -> Result<Signal, Failure> {
    signal(kind).map_err(|error| Failure::environment(format!("cannot watch signals: {error}")))
}
