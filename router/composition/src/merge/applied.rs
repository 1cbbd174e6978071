//! Directives applied to merged elements: those of composed specifications, those that subgraphs ask to keep, and
//! GraphQL's own. All others are the subgraph's private matter and drop.

use federation::vocabulary::{CACHE_TAG, TAG};
use graphql::ast::{Directive, DirectiveList};
use graphql::schema::Component;
use graphql::{Name, Node, Severity};
use indexmap::IndexMap;

use super::context::{Context, Findings, Graph};
use super::kinds::Source;
use super::strategy;

/// GraphQL's own directives of the type system.
const BUILT_IN: [&str; 3] = ["deprecated", "specifiedBy", "oneOf"];

/// Merges the directives applied to one element, called `place` in findings.
pub(crate) fn merge(
    context: &mut Context<'_>,
    place: &str,
    lists: Vec<(Graph, Vec<&Node<Directive>>)>,
    findings: &mut Findings,
) -> DirectiveList {
    let mut by_name: IndexMap<&Name, Vec<(Graph, &Node<Directive>)>> = IndexMap::new();
    for (graph, list) in &lists {
        for directive in list {
            by_name.entry(&directive.name).or_default().push((*graph, directive));
        }
    }
    by_name.sort_keys();
    let mut merged = DirectiveList::new();
    for (name, applications) in by_name {
        let spec_name = context.spec_names.get(name).map(str::to_owned);
        let repeatable = match (&spec_name, context.composed.get(name)) {
            (Some(_), _) => name == TAG,
            (None, Some(definition)) => definition.repeatable,
            (None, None) if BUILT_IN.contains(&name.as_str()) => false,
            (None, None) => {
                if name == CACHE_TAG {
                    let message = format!("{place} has @cacheTag, which is not part of the supergraph");
                    let labels =
                        applications.iter().flat_map(|(graph, d)| context.label(*graph, d.location(), "left out"));
                    findings.hint("DIRECTIVE_COMPOSITION_INFO", Severity::Information, message, labels.collect());
                }
                continue;
            }
        };
        let chosen: Vec<Directive> = if repeatable {
            distinct(&applications)
        } else {
            strategy::merge(context, place, &applications, findings).into_iter().collect()
        };
        if spec_name.is_some() {
            context.applied.insert(name.to_string());
        }
        let output = spec_name.and_then(|name| Name::new(&name).ok()).unwrap_or_else(|| name.clone());
        merged.extend(chosen.into_iter().map(|directive| Node::new(Directive { name: output.clone(), ..directive })));
    }
    merged
}

/// Merges the directives applied to a type.
pub(crate) fn merge_types(
    context: &mut Context<'_>,
    place: &str,
    sources: &[Source<'_>],
    findings: &mut Findings,
) -> Vec<Component<Directive>> {
    let lists = sources
        .iter()
        .map(|source| (source.graph, source.ty.directives().iter().map(|directive| &directive.node).collect()))
        .collect();
    merge(context, place, lists, findings).into_iter().map(Component::from).collect()
}

fn distinct(applications: &[(Graph, &Node<Directive>)]) -> Vec<Directive> {
    let mut kept: Vec<Directive> = Vec::new();
    for (_, application) in applications {
        if !kept.iter().any(|known| strategy::same(known, application)) {
            kept.push((***application).clone());
        }
    }
    kept
}
