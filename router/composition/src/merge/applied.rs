//! Directives applied to merged elements: those of composed specifications, those that subgraphs ask to keep, and
//! GraphQL's own. All others are the subgraph's private matter and drop.

use std::fmt::Arguments;

use federation::vocabulary::{CACHE_TAG, CONTEXT, TAG};
use graphql::ast::{Directive, DirectiveList};
use graphql::collections::IndexMap;
use graphql::schema::Component;
use graphql::{Name, Node};

use super::context::{Context, Findings, Graph};
use super::kinds::Source;
use super::{carried, contextual, strategy};

/// GraphQL's own directives of the type system.
const BUILT_IN: [&str; 3] = ["deprecated", "specifiedBy", "oneOf"];

/// Merges the directives applied to one element, called `place` in findings.
pub(crate) fn merge(
    context: &Context<'_>,
    place: Arguments<'_>,
    lists: Vec<(Graph, Vec<&Node<Directive>>)>,
    findings: &mut Findings,
) -> DirectiveList {
    let mut by_name: IndexMap<&Name, Vec<(Graph, &Node<Directive>)>> = IndexMap::default();
    for (graph, list) in &lists {
        for directive in list {
            by_name.entry(&directive.name).or_default().push((*graph, directive));
        }
    }
    by_name.sort_keys();
    let mut merged = DirectiveList::new();
    for (name, applications) in by_name {
        let applications = context.composed.kept(name, applications);
        let spec_name = context.spec_names.get(name).map(str::to_owned);
        let repeatable = match (&spec_name, context.composed.get(name)) {
            (Some(_), _) => name == TAG || name == CONTEXT,
            (None, Some(definition)) => definition.repeatable,
            (None, None) if BUILT_IN.contains(&name.as_str()) => false,
            (None, None) => continue,
        };
        if name == CACHE_TAG {
            findings.note_applied(name);
            merged.extend(carried::directives(context, &applications).into_iter().map(Node::new));
            continue;
        }
        let chosen: Vec<Directive> = if name == CONTEXT {
            contextual::set_on_type(context, &applications)
        } else if repeatable {
            distinct(context, &applications)
        } else {
            strategy::merge(context, place, &applications, findings).into_iter().collect()
        };
        if spec_name.is_some() {
            findings.note_applied(name);
        }
        let output = spec_name.and_then(|name| Name::new(&name).ok()).unwrap_or_else(|| name.clone());
        merged.extend(chosen.into_iter().map(|directive| Node::new(Directive { name: output.clone(), ..directive })));
    }
    merged
}

/// Merges the directives applied to a type.
pub(crate) fn merge_types(
    context: &Context<'_>,
    place: Arguments<'_>,
    sources: &[Source<'_>],
    findings: &mut Findings,
) -> Vec<Component<Directive>> {
    let lists = sources
        .iter()
        .map(|source| (source.graph, source.ty.directives().iter().map(|directive| &directive.node).collect()))
        .collect();
    merge(context, place, lists, findings).into_iter().map(Component::from).collect()
}

fn distinct(context: &Context<'_>, applications: &[(Graph, &Node<Directive>)]) -> Vec<Directive> {
    let mut kept: Vec<Directive> = Vec::new();
    for (_, application) in applications {
        if !kept.iter().any(|known| strategy::same(context, known, application)) {
            kept.push((***application).clone());
        }
    }
    kept
}
