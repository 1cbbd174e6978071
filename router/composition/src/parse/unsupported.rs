//! `UNSUPPORTED_FEATURE`: specifications that change what a subgraph is, which nobody here could act upon. Composing
//! without them would give a supergraph that doesn't do what its authors wrote.

use federation::subgraph::Subgraph;
use federation::vocabulary::SPECS_HOME;
use graphql::Diagnostic;

use crate::report;

/// Name and what it does, of each such specification.
const UNSUPPORTED: [(&str, &str); 2] = [
    ("connect", "REST connectors make a subgraph out of an HTTP API, and need a router that calls it"),
    ("source", "data sources make a subgraph out of another API, and need a router that calls it"),
];

/// Refuses links to unsupported specifications.
pub(super) fn check<Stage>(subgraph: &Subgraph<Stage>) -> Vec<Diagnostic> {
    let of_link = |link: &federation::link::Link| {
        let name = link.url.identity.strip_prefix(SPECS_HOME)?;
        let (_, why) = UNSUPPORTED.iter().find(|(unsupported, _)| *unsupported == name)?;
        let message = format!("The specification {} is not supported: {why}", link.url);
        let diagnostic = report::within(subgraph, "UNSUPPORTED_FEATURE", link.location, message);
        Some(diagnostic.help("Write a subgraph that calls the API, and remove the link."))
    };
    subgraph.links.all.iter().filter_map(of_link).collect()
}
