//! The command line: one file a command.

mod compose;
mod config;
mod postgres;

use std::future::Future;

use clap::{Parser, Subcommand};

use crate::failure::Failure;
use crate::postgres::stage::Stage;

/// A GraphQL federation supergraph: router, subgraphs and schema tools in one program.
///
/// Without a command it does what `supergraph dev` does.
#[derive(Debug, Parser)]
#[command(name = "supergraph", version)]
pub struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Compose subgraph schemas to a supergraph schema
    Compose(compose::Arguments),
    /// Print the configuration's schema and reference, or check a file
    Config(config::Arguments),
    /// Run the embedded PostgreSQL alone and print its URL
    Postgres(postgres::Arguments),
    /// The last stage before one of PostgreSQL's programs
    #[command(hide = true)]
    InternalPostgresRun(Stage),
    /// The guard that stops PostgreSQL when this program ends
    #[command(hide = true)]
    InternalPostgresGuard(Stage),
}

impl Cli {
    /// The command, `dev` if none was given.
    pub fn command(self) -> Command {
        self.command.unwrap()
    }
}

/// Runs a command to its end.
pub fn run(command: Command) -> Result<(), Failure> {
    match command {
        Command::Compose(arguments) => serve(compose::run(arguments)),
        Command::Config(arguments) => config::run(arguments),
        Command::Postgres(arguments) => serve(postgres::run(arguments)),
        Command::InternalPostgresRun(_) | Command::InternalPostgresGuard(_) => Ok(()),
    }
}

/// Runs a command that serves: with logging, on all processors.
fn serve(work: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    crate::logging::start();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::environment(format!("cannot start: {error}")))?;
    let outcome = runtime.block_on(work);
    // Whatever still runs then is cut off.
    runtime.shutdown_timeout(std::time::Duration::from_millis(200));
    outcome
}
