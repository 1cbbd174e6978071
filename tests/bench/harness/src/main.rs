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
mod record;
mod replay;
mod report;
mod routers;
mod studies;
mod wanted;
mod wire;
mod workloads;

use std::process::ExitCode;

use clap::Parser;
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::LocalSet;

use arguments::Arguments;
use console::tell;
use failure::{Failure, Result, Tried};
use measure::Machine;
use measurement::Settings;
use record::{How, Record};
use wanted::{Study, Wanted, wanted};
use workloads::Workload;

/// The file with all results, beside the page.
const RESULTS: &str = "benchmarks/router.json";

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match start(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            tell(&format!("bench: {failure}"));
            ExitCode::FAILURE
        }
    }
}

/// Goes to its core, with all that it starts there.
fn start(arguments: &Arguments) -> Result<()> {
    let cores = arguments.cores()?;
    let settings = arguments.settings(cores);
    settings.programs.check()?;
    measure::on_core(settings.load_core, || {
        measure::raise_descriptors()?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().tried("making a runtime")?;
        LocalSet::new().block_on(&runtime, async {
            tokio::select! {
                done = run(arguments, &settings) => done,
                ended = end() => ended,
            }
        })
    })
}

/// Everything that was asked for, each written as soon as it is known.
async fn run(arguments: &Arguments, settings: &Settings) -> Result<()> {
    let how = How {
        machine: Machine::here(),
        versions: arguments.versions.clone(),
        rounds: settings.rounds,
        seconds: settings.duration.as_secs_f64(),
    };
    let wanted = wanted(&arguments.workloads)?;
    let mut record = match &arguments.docs {
        Some(docs) => Record::read(&docs.join(RESULTS))?,
        None => Record::default(),
    };
    let mut faults = Vec::new();
    for each in wanted {
        let measured = match each {
            Wanted::Rounds(workload) => rounds(&workload, settings, &how, &mut record).await,
            Wanted::Study(study) => conduct(study, settings, &how, &mut record).await.map(|()| Vec::new()),
        };
        // The others are measured all the same: all of it takes an hour.
        match measured {
            Ok(found) => faults.extend(found),
            Err(failure) => faults.push(failure.to_string()),
        }
        if let Some(docs) = &arguments.docs {
            record.write(&docs.join(RESULTS))?;
            report::publish(&record, docs)?;
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Failure::Answer(faults.join("\n"))) }
}

/// One workload; what was wrong with it.
async fn rounds(workload: &Workload, settings: &Settings, how: &How, record: &mut Record) -> Result<Vec<String>> {
    tell(&format!("\n{}: {}", workload.name, workload.title));
    let result = measurement::measure(workload, settings).await?;
    tell(&report::table(&result));
    let faults = result.faults();
    record.workloads.insert(workload.name.clone(), how.took(result));
    Ok(faults)
}

/// One study.
async fn conduct(study: Study, settings: &Settings, how: &How, record: &mut Record) -> Result<()> {
    tell(&format!("\n{study:?}"));
    let bench = workloads::bench_query();
    match study {
        Study::Latency => {
            let result = studies::latency(&bench, settings).await?;
            tell(&report::latency(&result));
            record.latency = Some(how.took(result));
        }
        Study::Overload => {
            let result = studies::overload(settings).await?;
            tell(&report::overload(&result));
            record.overload = Some(how.took(result));
        }
        Study::Start => {
            let result = studies::start(&bench, settings).await?;
            tell(&report::start(&result));
            record.start = Some(how.took(result));
        }
        Study::Sizes => {
            let result = studies::sizes(settings).await?;
            tell(&report::sweep(&result, "bytes"));
            record.sizes = Some(how.took(result));
        }
        Study::Fetches => {
            let result = studies::fetches(settings).await?;
            tell(&report::sweep(&result, "fetches"));
            record.fetches = Some(how.took(result));
        }
        Study::Forms => {
            let result = studies::forms(settings).await?;
            tell(&report::forms(&result));
            record.forms = Some(how.took(result));
        }
        Study::Soak => {
            let result = studies::soak(&workloads::mixed(), settings).await?;
            tell(&report::soak(&result));
            record.soak = Some(how.took(result));
        }
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
