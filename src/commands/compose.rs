//! `supergraph compose`: subgraph schemas in, supergraph schema out.

use std::path::PathBuf;

use crate::failure::Failure;
use crate::{compose, console, output_file};

/// Arguments of `supergraph compose`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The compose file: each subgraph's name, routing_url and schema
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
    /// Write the supergraph schema to a file rather than to stdout
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Composes; on a refusal nothing is written.
pub async fn run(arguments: Arguments) -> Result<(), Failure> {
    let supergraph = compose::compose_file(&arguments.config).await?;
    match arguments.output {
        Some(path) => output_file::write(&path, &supergraph),
        None => console::print(&supergraph),
    }
}
