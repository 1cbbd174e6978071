//! One service that is started, or runs.

use std::path::{Path, PathBuf};
use std::time::Instant;

use super::addresses::Addresses;
use super::kind::Kind;
use super::log::Log;
use super::ready;
use crate::failure::Failure;
use crate::guarded::{Guarded, Stage, last_words_in};

/// A service that was started. Dropping it stops it; [`Service::stop`] also waits for that.
pub struct Service {
    kind: Kind,
    process: Guarded,
    log: PathBuf,
}

impl Service {
    /// Starts it, and returns when it can be used. `scripts` is the folder with the start files, `place` that of the data.
    pub async fn start(
        kind: Kind,
        addresses: &Addresses,
        (scripts, place): (&Path, &Path),
        log: Log,
    ) -> Result<Self, Failure> {
        let script = scripts.join(kind.script()).join("run");
        // Its data outlives the machine's end, as a database's should.
        let mut arguments = vec!["DURABLE=1".to_owned(), script.display().to_string()];
        arguments.extend([addresses.socket(kind).port().to_string(), place.join(kind.name()).display().to_string()]);
        arguments.extend(addresses.arguments(kind));
        let stage = Stage::new(None, place, PathBuf::from("/usr/bin/env"), arguments).stopped_by(kind.stop_signal());
        let process = Guarded::start(&stage, &addresses.environment(kind), log.file);
        let process = process.map_err(|error| Failure::path("start", &script, &error, "see --services-dir"))?;
        let mut service = Self { kind, process, log: log.path };
        let started = Instant::now();
        tokio::select! {
            outcome = ready::wait(kind, addresses) => outcome?,
            reason = service.ended() => return Err(Failure::environment(reason)),
        }
        tracing::info!(service = kind.name(), seconds = started.elapsed().as_secs_f32(), "ready");
        Ok(service)
    }

    /// Waits for an end that nobody asked for; says why.
    pub async fn ended(&mut self) -> String {
        self.process.ended().await;
        let said = last_words_in(&self.log);
        format!("{} ended: {said}; its log is {}", self.kind.name(), self.log.display())
    }

    /// Stops it and waits until it is gone, a few seconds at most by the guard's steps.
    pub async fn stop(self) {
        self.process.stop().await;
    }
}
