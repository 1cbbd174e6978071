//! Scalars: nothing to agree on but descriptions and directives.

use graphql::Name;
use graphql::schema::{ExtendedType, ScalarType};

use super::context::{Context, Findings};
use super::kinds::Source;
use super::{applied, description, join};

/// Merges a scalar.
pub(crate) fn merge(
    context: &Context<'_>,
    name: &Name,
    sources: &[Source<'_>],
    findings: &mut Findings,
) -> ExtendedType {
    let place = format_args!("Type \"{name}\"");
    let descriptions = sources.iter().map(|source| (source.graph, source.ty.description()));
    let description = description::merge(context, place, descriptions, findings);
    let mut directives = graphql::schema::DirectiveList::default();
    for source in sources {
        directives.extend(context.graphs.get(source.graph).map(|graph| join::plain_type(graph).into()));
    }
    directives.extend(applied::merge_types(context, place, sources, findings));
    ScalarType { description, name: name.clone(), directives }.into()
}
