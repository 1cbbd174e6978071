//! Measures the shop's message path in one run with its bounds: what PostgreSQL does with bare commits and inserts, and Pulsar with bare
//! publishes, on the same machine, minute and settings (`fsync` on).
//!
//! No number is judged here but that all was done that was begun: `tests/full throughput` prints the table.

#![allow(clippy::print_stdout, reason = "a program whose output is a table")]

mod bound;
mod machine;
mod outbox;
mod programs;
mod projection;
mod purchases;
mod table;
mod visible;

use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;

use machine::Meter;
use programs::{Postgres, Pulsar};
use table::Table;

/// Why a measurement can't be had.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

#[derive(Parser)]
struct Arguments {
    /// The program `supergraph`
    #[arg(long)]
    ours: PathBuf,
    /// Messages in the outbox, and events that a projection takes in
    #[arg(long, default_value_t = 100_000)]
    events: usize,
    /// How long each of the other measurements takes, in seconds
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// The script that runs Pulsar: its part is left out without one
    #[arg(long)]
    pulsar: Option<PathBuf>,
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let Arguments { ours, events, seconds, pulsar } = Arguments::parse();
    let within = Duration::from_secs(seconds.max(1));
    let mut table = Table::default();
    let postgres = Postgres::start(&ours).await?;

    bound::commits(&postgres, within, &mut table).await?;
    bound::inserts(&postgres, events, &mut table).await?;
    outbox::into_postgres(&postgres, events, &mut table).await?;
    projection::measure(&postgres, events, &mut table).await?;
    if let Some(run) = pulsar {
        let pulsar = Pulsar::start(&run).await?;
        bound::publishes(&pulsar, events, &mut table).await?;
        outbox::into_pulsar(&postgres, &pulsar, events, &mut table).await?;
    }
    let shop = programs::Shop::start(&ours, &postgres).await?;
    purchases::measure(&shop, within, &mut table).await?;
    visible::measure(&shop, within, &mut table).await?;
    println!("{table}");
    Ok(())
}

/// Does `work` on so many things, and puts down how many a second that is and what was busy meanwhile.
async fn rate<T>(
    table: &mut Table,
    name: &str,
    things: usize,
    work: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    let meter = Meter::start();
    let done = work.await?;
    let used = meter.stop();
    table.rate(name, things as f64 / used.elapsed.as_secs_f64(), &used);
    Ok(done)
}
