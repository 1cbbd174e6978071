//! `supergraph`: the router, the subgraphs and the schema tools in one program.
//!
//! Only this package sees both the router and the subgraphs. It reads files, environment and clock for them, and hands in
//! what they need.

mod calls;
mod commands;
mod compose;
mod console;
mod data_folder;
mod failure;
mod guarded;
mod listen;
mod live;
mod logging;
mod machine;
mod output_file;
mod postgres;
mod progress;
mod serving;
mod shop;
mod signals;
mod stack;

use std::process::ExitCode;

use clap::Parser;

use commands::{Cli, Command};

/// Schemas, plans and responses are millions of small pieces: the system's allocator takes a fifth of composition's time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let command = Cli::parse().command();
    let outcome = match command {
        // These become or guard another process: no runtime, no logging.
        Command::InternalRun(stage) => return internal(stage.become_program().map(|never| match never {})),
        Command::InternalGuard(stage) => return internal(guarded::guard::run(&stage)),
        command => commands::run(command),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            console::tell(&format!("error: {failure}"));
            failure.exit_code()
        }
    }
}

fn internal(outcome: std::io::Result<ExitCode>) -> ExitCode {
    outcome.unwrap_or_else(|error| {
        console::tell(&format!("FATAL: {error}"));
        ExitCode::from(2)
    })
}
