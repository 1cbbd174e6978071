//! `@composeDirective`: the directives that subgraphs ask to keep, and the rules for asking.

mod features;
mod request;

use federation::link::Version;
use federation::subgraph::{Subgraph, Validated};
use federation::vocabulary::COMPOSE_DIRECTIVE;
use graphql::Node;
use graphql::ast::{Directive, DirectiveDefinition};
use graphql::collections::IndexMap;

use super::context::{Findings, Graph};
use super::links::SpecNames;
use request::Request;

/// A directive applied in a subgraph.
type Application<'d> = (Graph, &'d Node<Directive>);

const CODE: &str = "DIRECTIVE_COMPOSITION_ERROR";

/// Directives to keep, by their name in the schemas.
#[derive(Default)]
pub(crate) struct ComposedDirectives {
    by_name: IndexMap<String, Composed>,
}

/// One directive to keep.
#[derive(Clone)]
pub(crate) struct Composed {
    /// The identity of its specification.
    pub(crate) identity: String,
    /// The highest version of that among the subgraphs that ask to keep directives of it.
    pub(crate) version: Version,
    /// The directive's name in the specification.
    pub(crate) element: String,
    /// The definition of the highest version that has one.
    pub(crate) definition: Node<DirectiveDefinition>,
    /// The subgraphs where the name means this directive.
    graphs: Vec<Graph>,
    /// Those of them that ask to keep it.
    asking: Vec<Graph>,
}

impl Composed {
    /// A subgraph that means it.
    pub(crate) fn graph(&self) -> Graph {
        self.graphs.first().copied().unwrap_or_default()
    }
}

impl ComposedDirectives {
    /// The definition of a directive to keep.
    pub(crate) fn get(&self, name: &str) -> Option<&DirectiveDefinition> {
        self.by_name.get(name).map(|composed| &*composed.definition)
    }

    /// The applications to keep among those of one name at one place: all that mean the directive, if one of the
    /// subgraphs that ask to keep it applies it there. Names that no subgraph asks for are none of its business.
    pub(crate) fn kept<'d>(&self, name: &str, applications: Vec<Application<'d>>) -> Vec<Application<'d>> {
        let Some(composed) = self.by_name.get(name) else { return applications };
        if !applications.iter().any(|(graph, _)| composed.asking.contains(graph)) {
            return Vec::new();
        }
        applications.into_iter().filter(|(graph, _)| composed.graphs.contains(graph)).collect()
    }

    /// All of them, in name order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&String, &Composed)> {
        self.by_name.iter()
    }
}

/// Gathers the directives to keep.
pub(crate) fn gather(
    subgraphs: &[Subgraph<Validated>],
    names: &SpecNames,
    findings: &mut Findings,
) -> ComposedDirectives {
    let mut requests: IndexMap<String, Request<'_>> = IndexMap::default();
    for subgraph in subgraphs {
        for application in subgraph.schema.schema_definition.directives.get_all(COMPOSE_DIRECTIVE) {
            let Some(request) = request::read(subgraphs, names, subgraph, application, findings) else { continue };
            if request::agrees(&request, &requests, findings) {
                requests.entry(request.name.to_owned()).or_insert(request);
            }
        }
    }
    requests.sort_keys();
    features::check(subgraphs, &requests, findings);
    let mut composed = ComposedDirectives::default();
    for (name, request) in requests {
        composed.by_name.extend(features::settle(subgraphs, &request).map(|settled| (name, settled)));
    }
    composed
}
