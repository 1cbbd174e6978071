//! Servers of others that run as long as this program does, and are never left behind.
//!
//! The chain of processes is `supergraph → guard → server`. The guard is this program again; it holds the read end of a pipe and
//! stops the server when the pipe closes, which happens however the parent ends. On Linux the server also asks the kernel for a
//! signal when the guard ends.

pub mod guard;
mod last_words;
mod stage;

use std::fs::File;
use std::process::Stdio;

use tokio::process::{Child, ChildStdin, Command};

pub use last_words::{last_words, last_words_in};
pub use stage::{Account, FOLDER, Stage, own_program};

/// The hidden command that is a stage.
pub const RUN: &str = "internal-run";
/// The hidden command that guards one.
const GUARD: &str = "internal-guard";

/// A server with its guard. Dropping it stops the server, [`Guarded::stop`] also waits for that.
#[derive(Debug)]
pub struct Guarded {
    guard: Child,
    /// Closing it makes the guard stop the server.
    pipe: Option<ChildStdin>,
}

impl Guarded {
    /// Starts a server, which writes what it says to `log`: whoever of guard and server still runs has that file open.
    pub fn start(stage: &Stage, environment: &[(&str, String)], log: File) -> std::io::Result<Self> {
        let mut guard = Command::new(own_program()?)
            .args(stage.command_line(GUARD))
            .envs(environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::piped())
            .stdout(log.try_clone()?)
            .stderr(log)
            // A group of its own: Ctrl-C at the terminal isn't for it.
            .process_group(0)
            .spawn()?;
        let pipe = guard.stdin.take();
        Ok(Self { guard, pipe })
    }

    /// Whether it runs no more.
    pub fn has_ended(&mut self) -> bool {
        self.guard.try_wait().ok().flatten().is_some()
    }

    /// Waits for an end that nobody asked for.
    pub async fn ended(&mut self) {
        // An error means that there is no such process any more: ended too.
        let _ = self.guard.wait().await;
    }

    /// Stops the server and waits until it is gone, a few seconds at most by the guard's steps.
    pub async fn stop(mut self) {
        drop(self.pipe.take());
        let _ = self.guard.wait().await;
    }
}
