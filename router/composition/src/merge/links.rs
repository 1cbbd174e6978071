//! `LINK_IMPORT_NAME_MISMATCH`: a composed directive must go by one name wherever it is applied, since the supergraph
//! can only write one.

use federation::subgraph::{Subgraph, Validated};
use federation::vocabulary::{AUTHENTICATED, CANONICAL_PREFIX, COMPOSED_SPECS, POLICY, REQUIRES_SCOPES};
use graphql::Name;
use graphql::ast::{Directive, Value};
use graphql::collections::IndexMap;

use super::context::Findings;
use super::join;
use crate::{report, walk};

/// What composed specifications' directives that are applied somewhere are called in the supergraph, by canonical name.
#[derive(Default)]
pub(crate) struct SpecNames {
    by_canonical: IndexMap<String, String>,
}

impl SpecNames {
    /// The supergraph's name of a canonical directive, without `@`; `None` for one that isn't composed.
    pub(crate) fn get(&self, canonical: &str) -> Option<&str> {
        self.by_canonical.get(canonical).map(String::as_str)
    }

    /// The canonical name of one of the supergraph's directives; `None` for one of no composed specification.
    pub(crate) fn canonical(&self, local: &str) -> Option<&str> {
        self.by_canonical.iter().find(|(_, name)| *name == local).map(|(canonical, _)| canonical.as_str())
    }

    /// Whether any subgraph restricts who may read something.
    pub(crate) fn ask_for_access(&self) -> bool {
        [AUTHENTICATED, REQUIRES_SCOPES, POLICY].iter().any(|name| self.by_canonical.contains_key(*name))
    }

    /// An application of a composed directive in the supergraph; `None` for one that isn't composed.
    pub(crate) fn directive(&self, canonical: &str, arguments: Vec<(&'static str, Value)>) -> Option<Directive> {
        let name = Name::new(self.get(canonical)?).ok()?;
        Some(Directive { name, arguments: join::arguments(arguments) })
    }
}

/// Finds the one name of each composed directive.
pub(crate) fn agree(subgraphs: &[Subgraph<Validated>], findings: &mut Findings) -> SpecNames {
    let applied: Vec<_> = subgraphs.iter().map(|subgraph| walk::applied_names(&subgraph.schema)).collect();
    let mut names = SpecNames::default();
    for plain in COMPOSED_SPECS.iter().flat_map(|spec| spec.directives) {
        let canonical = format!("{CANONICAL_PREFIX}{plain}");
        let mut local: IndexMap<&str, Vec<&Subgraph<Validated>>> = IndexMap::default();
        for (subgraph, applied) in subgraphs.iter().zip(&applied) {
            if applied.contains(canonical.as_str()) {
                local.entry(subgraph.local_name(&canonical)).or_default().push(subgraph);
            }
        }
        if local.len() > 1 {
            let parts: Vec<String> = local
                .iter()
                .map(|(name, graphs)| format!("\"@{name}\" in {}", report::subgraphs(graphs.iter().map(|g| &g.name))))
                .collect();
            let message = format!(
                "The \"@{plain}\" directive (from the specification {plain}) is imported with mismatched name between subgraphs: it is imported as {}",
                parts.join(" but ")
            );
            let labels = local.values().flatten().map(|subgraph| {
                subgraph.label(subgraph.links.federation().and_then(|link| link.location), "linked here")
            });
            findings.error(
                "LINK_IMPORT_NAME_MISMATCH",
                message,
                labels.collect(),
                "Import it under one name everywhere.",
            );
        }
        if let Some(name) = local.keys().next() {
            names.by_canonical.insert(canonical.clone(), (*name).to_owned());
        }
    }
    names
}
