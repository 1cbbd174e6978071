//! Traces of a process with services, exported where the services' file or the environment says.

use otlp::Exporting;

use super::config::ServicesConfig;
use crate::failure::{Failure, chain};

/// Traces that are exported, or aren't.
pub struct Traces(Option<Exporting>);

impl Traces {
    /// Exports what `process` does from now on, if somebody has said where to.
    pub fn start(config: &ServicesConfig, process: &str) -> Result<Self, Failure> {
        let started = otlp::start(&config.telemetry.traces, process);
        let exporting = started.map_err(|error| {
            Failure::Refused(format!("cannot export traces: {}; look at telemetry.traces and OTEL_…", chain(&error)))
        })?;
        Ok(Self(exporting))
    }

    /// Sends what there still is, for a moment.
    pub async fn end(self) {
        if let Some(exporting) = self.0 {
            exporting.end().await;
        }
    }
}
