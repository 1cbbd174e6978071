//! From a compose file to a supergraph: read the file, load every subgraph's schema, compose, report.
//!
//! Composition itself is the `composition` crate's; here is the reading of files and network around it.

mod introspect;
mod load;
mod manifest;
mod report;

use std::path::Path;
use std::sync::Arc;

use composition::{Composed, Options, SubgraphInput};
use federation::{Limits, Supergraph};

use crate::console;
use crate::failure::Failure;
use report::Sources;

/// Composes what a compose file (`supergraph.yaml`) names. Warnings and hints go to stderr.
pub async fn compose_file(path: &Path) -> Result<String, Failure> {
    let manifest = manifest::read(path)?;
    let subgraphs = load::load(&manifest, path).await?;
    compose(subgraphs)
}

/// Composes subgraphs that are loaded already.
pub fn compose(subgraphs: Vec<SubgraphInput>) -> Result<String, Failure> {
    let sources = Sources::new(subgraphs.iter().map(|subgraph| (subgraph.name.clone(), subgraph.sdl.clone())));
    let Composed { supergraph_sdl, hints } = composition::compose(subgraphs, &Options::default())
        .map_err(|findings| Failure::Refused(sources.refused(&findings)))?;
    for hint in &hints {
        tracing::debug!(code = hint.code, "{}", hint.message);
        if hint.severity <= graphql::Severity::Warning {
            console::tell(&sources.finding(hint));
        }
    }
    Ok(supergraph_sdl)
}

/// Loads a supergraph schema, which `place` names in the report if it is refused.
pub fn supergraph(sdl: &str, place: &str) -> Result<Arc<Supergraph>, Failure> {
    Supergraph::parse(sdl, Limits::default()).map(Arc::new).map_err(|findings| {
        let sources = Sources::new([(String::new(), sdl.to_owned())]);
        Failure::Refused(sources.listed(&format!("{place} is no supergraph schema"), &findings))
    })
}
