//! The real services under `dev --stack real`: PostgreSQL and Pulsar, started from what `tests/services/install` installs. Their data is in the data folder, they listen on 127.0.0.1 alone, and end with this program.
//!
//! A service that runs already is used as it is, where its address is given. This is for development and tests: nothing here has
//! a password, and whoever is on this machine may use it.

mod addresses;
mod ports;
mod ready;
mod service;

use std::path::{Path, PathBuf};

use futures::future::try_join_all;

pub use addresses::{Addresses, Located};

use crate::data_folder::DataFolder;
use crate::failure::Failure;
use crate::guarded::Guarded;

/// The services that were started, and where all of them are.
pub struct Stack {
    /// Where they are.
    pub addresses: Located,
    running: Vec<(&'static str, Guarded)>,
}

impl Stack {
    /// Starts those that `given` doesn't name; returns when each answers. `scripts` is the folder with their start files.
    pub async fn start(scripts: &Path, folder: &DataFolder, given: Addresses) -> Result<Self, Failure> {
        let scripts = scripts_in(scripts)?;
        let place = folder.open_to_others("stack")?;
        let ports = ports::kept_or_made(folder)?;
        let (addresses, wanted) = given.located(&ports);
        let mut running = Vec::new();
        for service in &wanted {
            running.push((service.name, service.start(&scripts, &place)?));
        }
        let mut stack = Self { addresses, running };
        let ready = try_join_all(wanted.iter().map(|service| service.ready.wait(service.name)));
        let outcome = tokio::select! {
            outcome = ready => outcome.map(|_| ()),
            name = ended(&mut stack.running) => Err(Failure::environment(format!(
                "{name} ended; see {}", place.join(format!("{name}.log")).display()
            ))),
        };
        match outcome {
            Ok(()) => Ok(stack),
            Err(failure) => {
                stack.stop().await;
                Err(failure)
            }
        }
    }

    /// Waits for the end of one that nobody asked for; its name.
    pub async fn ended(&mut self) -> &'static str {
        ended(&mut self.running).await
    }

    /// Stops those that were started, all at once.
    pub async fn stop(self) {
        futures::future::join_all(self.running.into_iter().map(|(_, process)| process.stop())).await;
    }
}

async fn ended(running: &mut [(&'static str, Guarded)]) -> &'static str {
    if running.is_empty() {
        return std::future::pending().await;
    }
    let ends = running.iter_mut().map(|(name, process)| {
        Box::pin(async move {
            process.ended().await;
            *name
        })
    });
    futures::future::select_all(ends).await.0
}

fn scripts_in(folder: &Path) -> Result<PathBuf, Failure> {
    let advice = "name the checkout's tests/services with --services-dir, and run its `install` once";
    let folder = std::path::absolute(folder).map_err(|error| Failure::path("use", folder, &error, advice))?;
    let script = folder.join("postgres/run");
    script.metadata().map_err(|error| Failure::path("find", &script, &error, advice))?;
    Ok(folder)
}
