//! Paths and representations in words, as all forms of a plan show them.

use std::fmt::Write;

use federation::{Supergraph, TypeSet};

use crate::plan::{ContextSource, ContextualArgument, PathSegment, QueryPlan, Representation, RepresentationMember};

/// Where something stands in the merged data: response keys, and `<Type>` where only some types are meant.
pub(super) fn path_text(plan: &QueryPlan, supergraph: &Supergraph, path: &[PathSegment]) -> String {
    let segments: Vec<String> = path
        .iter()
        .map(|segment| match segment {
            PathSegment::Key(key) => plan.keys.get(key.0 as usize).cloned().unwrap_or_default(),
            PathSegment::Type(types) => format!("<{}>", types_text(supergraph, types)),
        })
        .collect();
    segments.join(".")
}

/// A representation as `Type(members)`.
pub(super) fn representation_text(plan: &QueryPlan, supergraph: &Supergraph, given: &Representation) -> String {
    format!("{}({})", typename_text(supergraph, given), members_text(plan, &given.members))
}

/// The type name that a representation is sent under, or those that it may be sent under.
pub(super) fn typename_text(supergraph: &Supergraph, given: &Representation) -> String {
    given.typename.clone().unwrap_or_else(|| types_text(supergraph, &given.types))
}

fn types_text(supergraph: &Supergraph, types: &TypeSet) -> String {
    let names: Vec<&str> = types.iter().map(|ty| supergraph.ty(ty).name.as_str()).collect();
    names.join("|")
}

/// The members of a representation, as a selection set.
pub(super) fn members_text(plan: &QueryPlan, members: &[RepresentationMember]) -> String {
    let members = members.iter().map(|member| {
        let mut text = member.name.clone();
        if let Some(key) = member.source.and_then(|key| plan.keys.get(key.0 as usize))
            && *key != member.name
        {
            let _ = write!(text, "={key}");
        }
        for selection in &member.selection {
            let _ = write!(text, "{{{}}}", members_text(plan, &selection.members));
        }
        text
    });
    members.collect::<Vec<_>>().join(" ")
}

/// Where a contextual argument's variable has its value from: `$context0 from ../currency or ../..<Shop>/currency`, `..`
/// being the object around. Later ones are for what is not below an object that the earlier ones mean.
pub(super) fn context_text(plan: &QueryPlan, supergraph: &Supergraph, argument: &ContextualArgument) -> String {
    format!("${} from {}", argument.variable, context_sources(plan, supergraph, argument).join(" or "))
}

/// The same without the variable, one by one.
pub(super) fn context_sources(plan: &QueryPlan, supergraph: &Supergraph, argument: &ContextualArgument) -> Vec<String> {
    argument.sources.iter().map(|source| context_source(plan, supergraph, source)).collect()
}

fn context_source(plan: &QueryPlan, supergraph: &Supergraph, source: &ContextSource) -> String {
    let mut text = vec![".."; source.up as usize].join("/");
    if !source.types.is_empty() {
        let _ = write!(text, "<{}>", types_text(supergraph, &source.types));
    }
    let value = source.value.as_ref().map(|value| members_text(plan, std::slice::from_ref(value)));
    let _ = write!(text, "/{}", value.as_deref().unwrap_or("null"));
    text
}
