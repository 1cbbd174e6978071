//! `IMPLICITLY_UPGRADED_FEDERATION_VERSION`: a subgraph links a specification that is newer than the federation version
//! that it links, so that the supergraph is written for the later one.

use federation::subgraph::{Generation, Subgraph, Validated};
use federation::vocabulary::{COMPOSED_SPECS, SPECS_HOME};
use graphql::{Diagnostic, Severity};

/// One hint a subgraph.
pub(crate) fn hints(subgraphs: &[Subgraph<Validated>]) -> Vec<Diagnostic> {
    let hint = |subgraph: &Subgraph<Validated>| {
        let (linked, implied) = (subgraph.federation, subgraph.implied_federation());
        let federation = subgraph.links.federation().filter(|_| implied > linked)?;
        let newer = COMPOSED_SPECS.iter().filter(|spec| spec.since == implied);
        let newer = newer.filter_map(|spec| subgraph.links.by_identity(&format!("{SPECS_HOME}{}", spec.name)));
        let message = format!(
            "Subgraph \"{}\" has been implicitly upgraded from federation v{linked} to v{implied}",
            subgraph.name
        );
        let found = Diagnostic::new("IMPLICITLY_UPGRADED_FEDERATION_VERSION", Severity::Information, message)
            .label(subgraph.label(federation.location, format!("links v{linked}")))
            .help(format!("Link federation v{implied}."));
        Some(newer.fold(found, |found, link| {
            let text = format!("{} came with v{implied}", link.url.name);
            found.label(subgraph.label(link.location, text))
        }))
    };
    subgraphs.iter().filter(|subgraph| subgraph.generation == Generation::Two).filter_map(hint).collect()
}
