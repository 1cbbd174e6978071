//! Unions: the members of all subgraphs.

use graphql::schema::{ComponentName, ExtendedType, UnionType};
use graphql::{Name, Severity};

use super::context::{Context, Findings};
use super::kinds::Source;
use super::{applied, description, join};

/// Merges a union.
pub(crate) fn merge(
    context: &Context<'_>,
    name: &Name,
    sources: &[Source<'_>],
    findings: &mut Findings,
) -> ExtendedType {
    let place = format_args!("Type \"{name}\"");
    let descriptions = sources.iter().map(|source| (source.graph, source.ty.description()));
    let description = description::merge(context, place, descriptions, findings);
    let unions: Vec<(usize, &UnionType)> =
        sources.iter().filter_map(|source| Some((source.graph, source.ty.as_union()?))).collect();
    let mut members: graphql::collections::IndexSet<ComponentName> = Default::default();
    for (_, union) in &unions {
        members.extend(union.members.iter().map(|member| ComponentName::from(&member.name)));
    }
    let mut directives = graphql::schema::DirectiveList::default();
    for (graph, _) in &unions {
        directives.extend(context.graphs.get(*graph).map(|graph| join::plain_type(graph).into()));
    }
    for (graph, union) in &unions {
        let Some(value) = context.graphs.get(*graph) else { continue };
        directives.extend(union.members.iter().map(|member| join::union_member(value, &member.name).into()));
    }
    for member in &members {
        let lacking = unions.iter().filter(|(_, union)| !union.members.contains(member)).map(|(graph, _)| *graph);
        let lacking = context.names(lacking);
        if !lacking.is_empty() {
            let message =
                format!("Union \"{name}\" lacks member \"{}\" in {}", member.name, crate::report::subgraphs(lacking));
            let labels = unions.iter().flat_map(|(graph, union)| {
                let text = if union.members.contains(member) { "has it" } else { "lacks it" };
                context.label(*graph, union.name.location(), text)
            });
            findings.hint("INCONSISTENT_UNION_MEMBER", Severity::Debug, message, labels.collect());
        }
    }
    directives.extend(applied::merge_types(context, place, sources, findings));
    UnionType { description, name: name.clone(), directives, members }.into()
}
