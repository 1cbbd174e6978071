//! Paths and representations in words, as all forms of a plan show them.

use std::fmt::Write;

use federation::{Supergraph, TypeSet};

use crate::plan::{PathSegment, QueryPlan, Representation, RepresentationMember};

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
