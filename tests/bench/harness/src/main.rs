//! `bench`: what a request costs the router, beside what it costs others.
//!
//! The router runs on one core; on the other, in one thread, run the clients and the replayed subgraphs, cheap enough not to be
//! what is measured. `docs/benchmarks.md` says how to read the results, and `tests/bench/run` builds and starts all of this.
//!
//! Nothing here uses the router's crates: it is measured as its users run it.

mod arguments;
mod console;
mod failure;
mod load;
mod measure;
mod measurement;
mod replay;
mod report;
mod routers;
mod wire;
mod workloads;

use std::process::ExitCode;

use clap::Parser;
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::LocalSet;

use arguments::Arguments;
use console::tell;
use failure::{Failure, Result, Tried};

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = measure::on_core(arguments.load_core, || {
        measure::raise_descriptors()?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().tried("making a runtime")?;
        LocalSet::new().block_on(&runtime, async {
            tokio::select! {
                done = run(&arguments) => done,
                ended = end() => ended,
            }
        })
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            tell(&format!("bench: {failure}"));
            ExitCode::FAILURE
        }
    }
}

/// Everything that was asked for.
async fn run(arguments: &Arguments) -> Result<()> {
    let settings = arguments.settings();
    let mut results = Vec::new();
    for workload in arguments.workloads()? {
        tell(&format!("\n{}: {}", workload.name, workload.title));
        let result = measurement::measure(&workload, &settings).await?;
        tell(&report::table(&result));
        results.push(result);
    }
    Ok(())
}

/// Ends everything in order when it is interrupted: what runs is dropped, and with it the processes.
async fn end() -> Result<()> {
    let mut terminated = signal(SignalKind::terminate()).tried("listening for signals")?;
    let mut interrupted = signal(SignalKind::interrupt()).tried("listening for signals")?;
    tokio::select! { _ = terminated.recv() => {}, _ = interrupted.recv() => {} }
    Err(Failure::Program("interrupted".into()))
}
