//! `UNKNOWN_FEDERATION_LINK_VERSION` under a pinned version: a supergraph for an older router can't hold what that
//! router doesn't know.

use federation::link::Version;
use federation::subgraph::{Generation, Subgraph, Validated};
use federation::vocabulary::{CANONICAL_PREFIX, COMPOSED_SPECS};

use super::context::Findings;
use crate::walk;

const CODE: &str = "UNKNOWN_FEDERATION_LINK_VERSION";

/// Checks that no subgraph needs a newer federation than the pinned one. What federation 1 is upgraded to doesn't count:
/// nothing that the upgrade writes came later than federation 2.0.
pub(crate) fn check(subgraphs: &[Subgraph<Validated>], pinned: Option<Version>, findings: &mut Findings) {
    let Some(pinned) = pinned else { return };
    for subgraph in subgraphs.iter().filter(|subgraph| subgraph.generation == Generation::Two) {
        let link = subgraph.links.federation();
        if let Some(link) = link.filter(|link| link.version() > pinned) {
            let message = format!(
                "[{}] The subgraph links federation v{}, but the supergraph is to be for v{pinned}",
                subgraph.name,
                link.version()
            );
            let help = format!("Link federation v{pinned} there, or pin a newer version.");
            findings.error(CODE, message, vec![subgraph.label(link.location, "linked here")], &help);
            continue;
        }
        let applied = walk::applied_names(&subgraph.schema);
        for spec in COMPOSED_SPECS.iter().filter(|spec| spec.since > pinned) {
            let mut names = spec.directives.iter().map(|name| format!("{CANONICAL_PREFIX}{name}"));
            if let Some(name) = names.find(|name| applied.contains(name.as_str())) {
                let message = format!(
                    "[{}] @{} needs federation v{}, but the supergraph is to be for v{pinned}",
                    subgraph.name,
                    subgraph.local_name(&name),
                    spec.since
                );
                let help = format!("Don't use it, or pin v{}.", spec.since);
                findings.error(CODE, message, vec![subgraph.label(None, "applied in this subgraph")], &help);
            }
        }
    }
}
