//! `supergraph compose`: subgraph schemas in, supergraph schema out.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use composition::{Contract, Unreachable};

use crate::compose::{Choices, FederationVersion, Hints};
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
    /// The newest federation version to use, such as 2.9; the compose file's if left out
    #[arg(long, value_name = "VERSION")]
    federation_version: Option<FederationVersion>,
    /// Give up after looking at this many ways through subgraphs; the compose file's, or 1,000,000, if left out
    #[arg(long, value_name = "COUNT")]
    subgraph_paths_max: Option<NonZeroUsize>,
    /// Hide fields and unions without one of these tags; may be given more than once
    #[arg(long, value_name = "TAG")]
    include_tag: Vec<String>,
    /// Hide what has one of these tags; may be given more than once
    #[arg(long, value_name = "TAG")]
    exclude_tag: Vec<String>,
    /// Hide types that no query can reach
    #[arg(long)]
    hide_unreachable: bool,
    /// Which hints are told beside what is wrong; docs/composition-codes.md explains each
    #[arg(long, value_name = "LEAST", default_value = "warn")]
    hints: Hints,
}

impl Arguments {
    fn choices(&self) -> Choices {
        let filters = !self.include_tag.is_empty() || !self.exclude_tag.is_empty() || self.hide_unreachable;
        let contract = filters.then(|| Contract {
            include: self.include_tag.clone(),
            exclude: self.exclude_tag.clone(),
            unreachable: if self.hide_unreachable { Unreachable::Hide } else { Unreachable::Keep },
        });
        Choices {
            federation_version: self.federation_version.clone(),
            subgraph_paths_max: self.subgraph_paths_max,
            contract,
            hints: self.hints,
        }
    }
}

/// Composes, and writes the contracts that the compose file lists; on a refusal nothing is written.
pub async fn run(arguments: Arguments) -> Result<(), Failure> {
    let composed = compose::compose_file(&arguments.config, &arguments.choices()).await?;
    let contracts = composed.contracts.iter().map(|(file, supergraph)| (file.as_path(), supergraph.as_str()));
    let whole = arguments.output.as_deref().map(|file| (file, composed.supergraph.as_str()));
    let outputs: Vec<(&Path, &str)> = whole.into_iter().chain(contracts).collect();
    output_file::write_all(&outputs, &composed.read)?;
    if arguments.output.is_none() { console::print(&composed.supergraph) } else { Ok(()) }
}
