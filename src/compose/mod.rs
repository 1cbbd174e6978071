//! From a compose file to a supergraph: read the file, load every subgraph's schema, compose, report.
//!
//! Composition itself is the `composition` crate's; here is the reading of files and network around it.

mod hints;
mod introspect;
mod load;
pub mod manifest;
mod report;
mod routing_url;
#[cfg(test)]
mod tests;
mod version;

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use composition::{Composed, Contract, Models, Options, SubgraphInput};
use federation::{Limits, Supergraph};
use graphql::{Diagnostic, Schema, Severity, Valid};

use crate::console;
use crate::failure::Failure;
pub use hints::Hints;
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
    /// Which hints are told.
    pub hints: Hints,
}

/// What comes out of a compose file.
#[derive(Debug)]
pub struct Supergraphs {
    /// The supergraph, or what the chosen contract leaves of it.
    pub supergraph: String,
    /// The supergraphs of the file's contracts, each with the file that it is for.
    pub contracts: Vec<(PathBuf, String)>,
    /// The files that it was made of.
    pub read: Vec<PathBuf>,
}

/// Composes what a compose file (`supergraph.yaml`) names, once in a program's life. Warnings and hints go to stderr.
pub async fn compose_file(path: &Path, choices: &Choices) -> Result<Supergraphs, Failure> {
    let manifest = manifest::read(path)?;
    let subgraphs = load::load(&manifest, path).await?;
    if choices.hints.show(Severity::Warning) {
        subgraphs
            .iter()
            .filter_map(|subgraph| routing_url::warning(subgraph, path))
            .for_each(|told| console::tell(&told));
    }
    let options = Options { models: Models::Left, ..options(&manifest, choices) };
    // Large schemas are kept for contracts alone, whose findings stand in them.
    let has_contracts = choices.contract.is_some() || !manifest.contracts.is_empty();
    let written = if has_contracts { subgraphs.clone() } else { Vec::new() };
    let composed = compose_with(subgraphs, &options, choices.hints)?;
    let whole = Whole { sdl: &composed, subgraphs: &written, hints: choices.hints };
    let contracts = contracts(&whole, &manifest, path);
    let supergraph = match &choices.contract {
        None => Ok(composed),
        Some(rules) => apply(&whole, "the contract", rules),
    };
    match (supergraph, contracts) {
        (Ok(supergraph), Ok(contracts)) => Ok(Supergraphs { supergraph, contracts, read: manifest.files(path) }),
        (supergraph, contracts) => {
            Err(Failure::together(supergraph.err().into_iter().chain(contracts.err().into_iter().flatten()).collect()))
        }
    }
}

/// A supergraph of which contracts are made.
struct Whole<'a> {
    sdl: &'a str,
    /// What it was composed of, as it was written.
    subgraphs: &'a [SubgraphInput],
    /// Which hints are told.
    hints: Hints,
}

/// The supergraph of each contract of a compose file; or all that is wrong with any.
fn contracts(
    whole: &Whole<'_>,
    manifest: &manifest::Manifest,
    path: &Path,
) -> Result<Vec<(PathBuf, String)>, Vec<Failure>> {
    let folder = path.parent().unwrap_or_else(|| Path::new(""));
    let (mut contracts, mut failures) = (Vec::with_capacity(manifest.contracts.len()), Vec::new());
    for (name, contract) in &manifest.contracts {
        match apply(whole, &format!("contract {name}"), &contract.rules()) {
            Ok(supergraph) => contracts.push((folder.join(&contract.output), supergraph)),
            Err(failure) => failures.push(failure),
        }
    }
    if failures.is_empty() { Ok(contracts) } else { Err(failures) }
}

/// Composes subgraphs that are loaded already.
pub fn compose(subgraphs: Vec<SubgraphInput>) -> Result<String, Failure> {
    compose_with(subgraphs, &Options::default(), Hints::default())
}

/// How a compose file is composed: what the command line doesn't say, the compose file does.
pub fn options(manifest: &manifest::Manifest, choices: &Choices) -> Options {
    let defaults = Options::default();
    let version = choices.federation_version.as_ref().unwrap_or(&manifest.federation_version);
    let paths_max = choices.subgraph_paths_max.or(manifest.subgraph_paths_max);
    Options {
        federation_version: version.pinned(),
        subgraph_paths_max: paths_max.map_or(defaults.subgraph_paths_max, NonZeroUsize::get),
        ..defaults
    }
}

/// Composes subgraphs that are loaded already, and tells those hints that are to be `shown`.
pub fn compose_with(subgraphs: Vec<SubgraphInput>, options: &Options, shown: Hints) -> Result<String, Failure> {
    let sources = Sources::new(subgraphs.iter().map(|subgraph| (subgraph.name.clone(), subgraph.sdl.clone())));
    let Composed { supergraph_sdl, hints } = composition::compose(subgraphs, options).map_err(|mut findings| {
        findings.retain(|finding| shown.show(finding.severity));
        Failure::Refused(sources.refused(&findings))
    })?;
    for hint in &hints {
        tracing::debug!(code = hint.code, "{}", hint.message);
        if shown.show(hint.severity) {
            console::tell(&sources.finding(hint));
        }
    }
    Ok(supergraph_sdl)
}

fn apply(whole: &Whole<'_>, name: &str, rules: &Contract) -> Result<String, Failure> {
    let sources = Sources::new(whole.subgraphs.iter().map(|subgraph| (subgraph.name.clone(), subgraph.sdl.clone())));
    let applied = composition::contract(whole.sdl, "supergraph", rules, whole.subgraphs).map_err(|findings| {
        Failure::Refused(sources.listed(&format!("{name} is refused; nothing is written"), &findings))
    })?;
    for hint in applied.hints.iter().filter(|hint| whole.hints.show(hint.severity)) {
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
    /// What the schema is called where it is read.
    const NAME: &str = "supergraph";
    let sources = Sources::new([(place.to_owned(), sdl.to_owned())]);
    let located = |finding: &Diagnostic| {
        let mut finding = finding.clone();
        finding
            .labels
            .iter_mut()
            .filter(|label| label.source == NAME)
            .for_each(|label| place.clone_into(&mut label.source));
        finding
    };
    let findings: Vec<Diagnostic> = findings.iter().map(located).collect();
    Failure::Refused(sources.listed(&format!("{place} is no supergraph schema"), &findings))
}
