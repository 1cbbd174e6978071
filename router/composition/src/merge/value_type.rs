//! Merges the types of one field or argument: the widest for what comes out, the narrowest for what goes in.

use graphql::ast::Type;

use super::subtypes::Subtypes;

/// Which way values flow.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flow {
    /// Out of subgraphs: every subgraph's value must fit, so the widest type wins.
    Output,
    /// Into subgraphs: the value must fit every subgraph, so the narrowest type wins.
    Input,
}

/// The merged type, and whether all were the same.
pub(crate) enum MergedType {
    /// All the same.
    Equal(Type),
    /// Different, and compatible.
    Compatible(Type),
    /// No type of these fits all.
    Incompatible(Type),
}

impl MergedType {
    /// The type to go on with.
    pub(crate) fn ty(&self) -> &Type {
        match self {
            Self::Equal(ty) | Self::Compatible(ty) | Self::Incompatible(ty) => ty,
        }
    }

    /// Whether all were the same.
    pub(crate) fn is_equal(&self) -> bool {
        matches!(self, Self::Equal(_))
    }
}

/// Merges types in the order given. Greedy: no type is made up that no subgraph has.
pub(crate) fn merge<'a>(
    subtypes: &Subtypes,
    flow: Flow,
    types: impl IntoIterator<Item = &'a Type>,
) -> Option<MergedType> {
    let mut types = types.into_iter();
    let mut merged = types.next()?.clone();
    let (mut equal, mut compatible) = (true, true);
    for ty in types {
        if *ty == merged {
            continue;
        }
        equal = false;
        let (narrower, wider) = (subtypes.is_subtype(ty, &merged), subtypes.is_subtype(&merged, ty));
        match (flow, narrower, wider) {
            (Flow::Output, true, _) | (Flow::Input, _, true) => {}
            (Flow::Output, false, true) | (Flow::Input, true, false) => merged = ty.clone(),
            (_, false, false) => compatible = false,
        }
    }
    Some(match (equal, compatible) {
        (true, _) => MergedType::Equal(merged),
        (false, true) => MergedType::Compatible(merged),
        (false, false) => MergedType::Incompatible(merged),
    })
}
