//! The command line: one file a command.

mod compose;
mod config;
mod database_server;
mod dev;
mod dlq;
mod health;
mod job;
mod keys;
mod located;
mod migrate;
mod outbox;
mod plan;
mod postgres;
mod print;
mod projection;
mod router;
mod saga;
mod seed;
mod service_databases;
mod subgraph;
mod supergraph_file;
mod worker;

use std::future::Future;
use std::thread::available_parallelism;
use std::time::Duration;

use clap::{Parser, Subcommand};
use tokio::runtime::Builder;

use crate::failure::Failure;
use crate::guarded::Stage;

/// A GraphQL federation supergraph: router, subgraphs and schema tools in one program.
///
/// Without a command it does what `supergraph dev` does.
#[derive(Debug, Parser)]
#[command(name = "supergraph", version, args_conflicts_with_subcommands = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    dev: dev::Arguments,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the whole platform in one process, with demonstration data and GraphiQL
    Dev(dev::Arguments),
    /// Run the router alone, over a composed supergraph
    Router(router::Arguments),
    /// Run one domain service over HTTP, or print its schema
    Subgraph(subgraph::Arguments),
    /// Do what services do in the background: publish, consume, buy, tell
    Worker(worker::Arguments),
    /// Compose subgraph schemas to a supergraph schema
    Compose(compose::Arguments),
    /// Print a supergraph schema, or the API that clients see of it
    Print(print::Arguments),
    /// Show how an operation would be answered: which subgraph is asked what, after which others
    Plan(plan::Arguments),
    /// Print the configuration's schema and reference, or check a file
    #[command(subcommand)]
    Config(config::Action),
    /// Bring the services' databases to the newest version
    ///
    /// It makes those that are missing. It looks where workers do: on the server of --database-url, else where a service's own variable
    /// (USERS_DATABASE_URL and the like) or the services' file says, else on the server of DATABASE_URL.
    Migrate(migrate::Arguments),
    /// Load demonstration data into databases that are empty
    ///
    /// It makes those that are missing, brings them to the newest version, and looks for them where `supergraph migrate` does.
    Seed(seed::Arguments),
    /// Make the keys by which router and services know each other
    Keys(keys::Arguments),
    /// Ask a server whether it is well
    Health(health::Arguments),
    /// Show what services have decided and not yet published
    #[command(subcommand)]
    Outbox(outbox::Action),
    /// Show, replay or throw away messages that a consumer gave up
    #[command(subcommand)]
    Dlq(dlq::Action),
    /// Show how far read models are, or build one anew
    #[command(subcommand)]
    Projection(projection::Action),
    /// Show, try again or call off what services do in the background
    #[command(subcommand)]
    Job(job::Action),
    /// Show how matters of several services are doing, and have stuck ones go on
    #[command(subcommand)]
    Saga(saga::Action),
    /// Run the embedded PostgreSQL alone and print its URL
    Postgres(postgres::Arguments),
    /// The last stage before a program of others
    #[command(hide = true)]
    InternalRun(Stage),
    /// The guard that stops a server when this program ends
    #[command(hide = true)]
    InternalGuard(Stage),
}

impl Cli {
    /// The command, `dev` if none was given.
    pub fn command(self) -> Command {
        self.command.unwrap_or(Command::Dev(self.dev))
    }
}

/// Runs a command to its end. What becomes or guards another process isn't here: `main` does it without a runtime.
pub fn run(command: Command) -> Result<(), Failure> {
    match command {
        Command::Dev(arguments) => on_runtime(dev::run(arguments)),
        Command::Router(arguments) => on_runtime(router::run(arguments)),
        Command::Subgraph(arguments) => on_runtime(subgraph::run(arguments)),
        Command::Worker(arguments) => on_runtime(worker::run(arguments)),
        Command::Compose(arguments) => on_runtime(compose::run(arguments)),
        Command::Print(arguments) => on_runtime(print::run(arguments)),
        Command::Plan(arguments) => plan::run(&arguments),
        Command::Config(action) => config::run(action),
        Command::Migrate(arguments) => on_runtime(migrate::run(arguments)),
        Command::Seed(arguments) => on_runtime(seed::run(arguments)),
        Command::Keys(arguments) => keys::run(arguments),
        Command::Health(arguments) => on_runtime(health::run(arguments)),
        Command::Outbox(action) => on_runtime(outbox::run(action)),
        Command::Dlq(action) => on_runtime(dlq::run(action)),
        Command::Projection(action) => on_runtime(projection::run(action)),
        Command::Job(action) => on_runtime(job::run(action)),
        Command::Saga(action) => on_runtime(saga::run(action)),
        Command::Postgres(arguments) => on_runtime(postgres::run(arguments)),
        Command::InternalRun(_) | Command::InternalGuard(_) => Ok(()),
    }
}

fn on_runtime(work: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    let runtime =
        threads().enable_all().build().map_err(|error| Failure::environment(format!("cannot start: {error}")))?;
    let outcome = runtime.block_on(work);
    // What still runs then is cut off.
    runtime.shutdown_timeout(Duration::from_millis(200));
    outcome
}

/// As many as there are processors; a single one does its work without ways to hand it over.
fn threads() -> Builder {
    match available_parallelism() {
        Ok(one) if one.get() == 1 => Builder::new_current_thread(),
        _ => Builder::new_multi_thread(),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        <Cli as CommandFactory>::command().debug_assert();
    }

    #[test]
    fn an_age_is_one_that_databases_can_count_back() {
        let purge = |days: &str| Cli::try_parse_from(["supergraph", "dlq", "purge", "--older-than-days", days]).is_ok();
        assert!(purge("0") && purge("36500"));
        assert!(!purge("36501") && !purge("3000000") && !purge("-1"));
    }

    #[test]
    fn no_command_is_dev() {
        let cli = Cli::parse_from(["supergraph", "--listen", "127.0.0.1:0"]);
        assert!(matches!(cli.command(), Command::Dev(_)));
    }
}
