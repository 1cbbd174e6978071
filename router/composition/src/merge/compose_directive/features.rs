//! The specifications behind composed directives: one major version, the newest minor one, and one name each.

use federation::link::{ElementKind, Link, Version};
use federation::subgraph::{Subgraph, Validated};
use federation::vocabulary::{COMPOSE_DIRECTIVE, SPECS_HOME};
use graphql::collections::IndexMap;
use graphql::{Label, Severity};

use super::request::Request;
use super::{CODE, Composed};
use crate::merge::context::{Findings, Graph};
use crate::report;

/// A specification as one subgraph links it.
type Linked<'a> = (Graph, &'a Subgraph<Validated>, &'a Link);

/// Checks that subgraphs agree on the specifications that are not federation's.
pub(super) fn check(
    subgraphs: &[Subgraph<Validated>],
    requests: &IndexMap<String, Request<'_>>,
    findings: &mut Findings,
) {
    let mut features: IndexMap<&str, Vec<Linked<'_>>> = IndexMap::default();
    for (graph, subgraph) in subgraphs.iter().enumerate() {
        for link in subgraph.links.all.iter().filter(|link| !link.url.identity.starts_with(SPECS_HOME)) {
            features.entry(&link.url.identity).or_default().push((graph, subgraph, link));
        }
    }
    features.sort_keys();
    for (identity, linked) in &features {
        majors(identity, linked, findings);
    }
    for request in requests.values() {
        names(subgraphs, request, findings);
    }
}

fn majors(identity: &str, linked: &[Linked<'_>], findings: &mut Findings) {
    let labels = || -> Vec<Label> {
        let label = |(_, subgraph, link): &Linked<'_>| subgraph.label(link.location, format!("v{}", link.version()));
        linked.iter().map(label).collect()
    };
    let differ = |list: &[&Linked<'_>]| {
        list.windows(2)
            .any(|pair| matches!(pair, [(_, _, one), (_, _, other)] if one.version().major != other.version().major))
    };
    let composing: Vec<&Linked<'_>> = linked.iter().filter(|linked| composes(linked)).collect();
    let versions = || {
        let list =
            linked.iter().map(|(_, subgraph, link)| format!("v{} in subgraph \"{}\"", link.version(), subgraph.name));
        list.collect::<Vec<_>>().join(", ")
    };
    if differ(&composing) {
        let message = format!(
            "Core feature \"{identity}\" requested to be merged has major version mismatch across subgraphs: {}",
            versions()
        );
        findings.error(CODE, message, labels(), "Use one major version everywhere.");
    } else if differ(&linked.iter().collect::<Vec<_>>()) {
        let message = format!(
            "Core feature \"{identity}\" has major version mismatch across subgraphs, where not all compose it: {}",
            versions()
        );
        findings.hint("DIRECTIVE_COMPOSITION_INFO", Severity::Information, message, labels());
    }
}

fn composes((_, subgraph, link): &Linked<'_>) -> bool {
    asks_for(subgraph, &link.url.identity)
}

/// Whether a subgraph asks to keep any directive of a specification.
fn asks_for(subgraph: &Subgraph<Validated>, identity: &str) -> bool {
    let of_it = |name| subgraph.links.directive_source(name).is_some_and(|(of, _)| of.url.identity == identity);
    asked(subgraph).any(of_it)
}

/// The names of the directives that a subgraph asks to keep.
fn asked(subgraph: &Subgraph<Validated>) -> impl Iterator<Item = &str> {
    let applications = subgraph.schema.schema_definition.directives.get_all(COMPOSE_DIRECTIVE);
    applications.filter_map(|application| application.specified_argument_by_name("name")?.as_str()?.strip_prefix('@'))
}

/// A subgraph that imports the directive under another name doesn't ask to keep it, or that would be an error.
fn names(subgraphs: &[Subgraph<Validated>], request: &Request<'_>, findings: &mut Findings) {
    let renaming = |subgraph: &&Subgraph<Validated>| {
        let link = subgraph.links.by_identity(&request.link.url.identity);
        let mut imports = link.into_iter().flat_map(|link| &link.imports);
        imports.any(|import| {
            import.kind == ElementKind::Directive
                && import.element == request.element.as_str()
                && import.local != request.name
        })
    };
    let renaming: Vec<&Subgraph<Validated>> =
        subgraphs.iter().filter(|subgraph| !asks_for(subgraph, &request.link.url.identity)).filter(renaming).collect();
    if renaming.is_empty() {
        return;
    }
    let message = format!(
        "Composed directive \"@{}\" is named differently in {}, which does not export it. Consistent naming will be required to export it.",
        request.name,
        report::subgraphs(renaming.iter().map(|subgraph| &subgraph.name))
    );
    let link = |subgraph: &Subgraph<Validated>| {
        subgraph.links.by_identity(&request.link.url.identity).and_then(|l| l.location)
    };
    let mut labels = vec![request.label.clone()];
    labels.extend(renaming.iter().map(|subgraph| subgraph.label(link(subgraph), "another name here")));
    findings.hint("DIRECTIVE_COMPOSITION_WARN", Severity::Warning, message, labels);
}

/// What the supergraph has of a directive: where it is meant, and the newest definition among those who ask for it. Who
/// doesn't ask may not bring a newer version than they do.
pub(super) fn settle(subgraphs: &[Subgraph<Validated>], request: &Request<'_>) -> Option<Composed> {
    let (identity, major) = (&request.link.url.identity, request.link.version().major);
    let linked = |subgraph: &Subgraph<Validated>| -> Option<Version> {
        let link = subgraph.links.by_identity(identity).filter(|link| link.version().major == major)?;
        Some(link.version())
    };
    let version = subgraphs.iter().filter(|subgraph| asks_for(subgraph, identity)).filter_map(linked).max()?;
    let means = |subgraph: &Subgraph<Validated>| {
        let source = subgraph.links.directive_source(request.name);
        source.is_some_and(|(of, element)| of.url.identity == *identity && element == request.element)
            && linked(subgraph).is_some_and(|own| own <= version)
    };
    let having = || subgraphs.iter().enumerate().filter(|(_, subgraph)| means(subgraph));
    let defined = having()
        .filter_map(|(_, subgraph)| Some((linked(subgraph), subgraph.schema.directive_definitions.get(request.name)?)));
    let (_, definition) = defined.max_by_key(|(version, _)| *version)?;
    Some(Composed {
        identity: identity.clone(),
        version,
        element: request.element.clone(),
        definition: definition.clone(),
        graphs: having().map(|(graph, _)| graph).collect(),
        asking: having().filter(|(_, s)| asked(s).any(|name| name == request.name)).map(|(graph, _)| graph).collect(),
    })
}
