//! From a compose file to a supergraph: read the file, load every subgraph's schema, compose, report.
//!
//! Composition itself is the `composition` crate's; here is the reading of files and network around it.

mod introspect;
mod load;
pub mod manifest;
mod report;
#[cfg(test)]
mod tests;
mod version;

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use composition::{Composed, Contract, Models, Options, SubgraphInput, Unreachable};
use federation::{Limits, Supergraph};
use graphql::{Diagnostic, Schema, Valid};

use crate::console;
use crate::failure::Failure;
pub use load::load_one;
use report::Sources;
pub use version::FederationVersion;

/// What the command line says beside the compose file.
#[derive(Debug, Default)]
pub struct Choices {
    /// The federation version in place of the file's.
    pub federation_version: Option<FederationVersion>,
    /// The bound on satisfiability's work in place of the file's.
    pub subgraph_paths_max: Option<NonZeroUsize>,
    /// The contract that the supergraph is for; `None` for all that the subgraphs have.
    pub contract: Option<Contract>,
}

/// What comes out of a compose file.
#[derive(Debug)]
pub struct Supergraphs {
    /// The supergraph, or what the chosen contract leaves of it.
    pub supergraph: String,
    /// The supergraphs of the file's contracts, each with the file that it is for.
    pub contracts: Vec<(PathBuf, String)>,
}

/// Composes what a compose file (`supergraph.yaml`) names, once in a program's life. Warnings and hints go to stderr.
pub async fn compose_file(path: &Path, choices: &Choices) -> Result<Supergraphs, Failure> {
    let manifest = manifest::read(path)?;
    let subgraphs = load::load(&manifest, path).await?;
    let options = Options { models: Models::Left, ..options(&manifest, choices) };
    // Large schemas are kept for contracts alone, whose findings stand in them.
    let has_contracts = choices.contract.is_some() || !manifest.contracts.is_empty();
    let written = if has_contracts { subgraphs.clone() } else { Vec::new() };
    let composed = compose_with(subgraphs, &options)?;
    let folder = path.parent().unwrap_or_else(|| Path::new(""));
    let mut contracts = Vec::with_capacity(manifest.contracts.len());
    for (name, contract) in manifest.contracts {
        let unreachable = if contract.hide_unreachable { Unreachable::Hide } else { Unreachable::Keep };
        let rules = Contract { include: contract.include, exclude: contract.exclude, unreachable };
        contracts
            .push((folder.join(contract.output), apply(&composed, &format!("contract {name}"), &rules, &written)?));
    }
    let supergraph = match &choices.contract {
        None => composed,
        Some(rules) => apply(&composed, "the contract", rules, &written)?,
    };
    Ok(Supergraphs { supergraph, contracts })
}

/// Composes subgraphs that are loaded already.
pub fn compose(subgraphs: Vec<SubgraphInput>) -> Result<String, Failure> {
    compose_with(subgraphs, &Options::default())
}

/// Composes subgraphs of a compose file that are loaded already. Its contracts are left out.
pub fn compose_loaded(subgraphs: Vec<SubgraphInput>, manifest: &manifest::Manifest) -> Result<String, Failure> {
    compose_with(subgraphs, &options(manifest, &Choices::default()))
}

/// What the command line doesn't say, the compose file does.
fn options(manifest: &manifest::Manifest, choices: &Choices) -> Options {
    let defaults = Options::default();
    let version = choices.federation_version.as_ref().unwrap_or(&manifest.federation_version);
    let paths_max = choices.subgraph_paths_max.or(manifest.subgraph_paths_max);
    Options {
        federation_version: version.pinned(),
        subgraph_paths_max: paths_max.map_or(defaults.subgraph_paths_max, NonZeroUsize::get),
        ..defaults
    }
}

fn compose_with(subgraphs: Vec<SubgraphInput>, options: &Options) -> Result<String, Failure> {
    let sources = Sources::new(subgraphs.iter().map(|subgraph| (subgraph.name.clone(), subgraph.sdl.clone())));
    let Composed { supergraph_sdl, hints } =
        composition::compose(subgraphs, options).map_err(|findings| Failure::Refused(sources.refused(&findings)))?;
    for hint in &hints {
        tracing::debug!(code = hint.code, "{}", hint.message);
        if hint.severity <= graphql::Severity::Warning {
            console::tell(&sources.finding(hint));
        }
    }
    Ok(supergraph_sdl)
}

fn apply(supergraph: &str, name: &str, rules: &Contract, subgraphs: &[SubgraphInput]) -> Result<String, Failure> {
    let sources = Sources::new(subgraphs.iter().map(|subgraph| (subgraph.name.clone(), subgraph.sdl.clone())));
    let applied = composition::contract(supergraph, "supergraph", rules, subgraphs).map_err(|findings| {
        Failure::Refused(sources.listed(&format!("{name} is refused; nothing is written"), &findings))
    })?;
    for hint in &applied.hints {
        console::tell(&format!("{name}: {}", sources.finding(hint)));
    }
    Ok(applied.supergraph_sdl)
}

/// Loads a supergraph schema, which `place` names in the report if it is refused.
pub fn supergraph(sdl: &str, place: &str) -> Result<Arc<Supergraph>, Failure> {
    Supergraph::parse(sdl, Limits::default()).map(Arc::new).map_err(|findings| refused(sdl, place, &findings))
}

/// The schemas of a supergraph's subgraphs by id, by which plans are proved.
pub fn subgraph_schemas(sdl: &str, place: &str) -> Result<Vec<Valid<Schema>>, Failure> {
    Supergraph::subgraph_schemas(sdl, Limits::default()).map_err(|findings| refused(sdl, place, &findings))
}

fn refused(sdl: &str, place: &str, findings: &[Diagnostic]) -> Failure {
    let sources = Sources::new([(String::new(), sdl.to_owned())]);
    Failure::Refused(sources.listed(&format!("{place} is no supergraph schema"), findings))
}
