//! `DIRECTIVE_COMPOSITION_WARN`, `DIRECTIVE_COMPOSITION_INFO`: subgraphs that link a composed directive's specification
//! without composing the directive, under another name or at another major version. Theirs is not carried on.

use federation::link::ElementKind;
use federation::subgraph::{Subgraph, Validated};
use graphql::Severity;

use super::ComposedDirectives;
use crate::merge::context::Findings;

/// Hints, by directive and subgraph.
pub(super) fn hint(subgraphs: &[Subgraph<Validated>], composed: &ComposedDirectives, findings: &mut Findings) {
    for (name, directive) in composed.iter() {
        let identity = directive.link.url.identity.as_str();
        for subgraph in subgraphs {
            let Some(link) = subgraph.links.by_identity(identity) else { continue };
            if link.version().major != directive.link.version().major {
                let message = format!(
                    "\"@{name}\" is composed from v{} of {identity}, but subgraph \"{}\" links v{}",
                    directive.link.version(),
                    subgraph.name,
                    link.version()
                );
                let label = subgraph.label(link.location, "another major version");
                findings.hint("DIRECTIVE_COMPOSITION_INFO", Severity::Information, message, vec![label]);
            }
            let mut imports = link.imports.iter().filter(|import| import.kind == ElementKind::Directive);
            let other =
                imports.find(|import| import.element == directive.element.as_str() && import.local != name.as_str());
            if let Some(other) = other {
                let message = format!(
                    "\"@{name}\" is composed from {identity}, but subgraph \"{}\" calls it \"@{}\" and does not compose it",
                    subgraph.name, other.local
                );
                let label = subgraph.label(other.location, "another name");
                findings.hint("DIRECTIVE_COMPOSITION_WARN", Severity::Warning, message, vec![label]);
            }
        }
    }
}
