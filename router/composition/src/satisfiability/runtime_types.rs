//! Shared fields of an abstract type: subgraphs must be able to give the same objects, since any of them may be asked.

use federation::{FieldId, SubgraphId, Supergraph, TypeId, TypeSet};

use super::places::Place;

/// How far subgraphs agree on the objects that a field gives, with what each may give.
pub(super) enum Sharing {
    /// There is no object that all of them may give.
    Disjoint(Vec<(SubgraphId, TypeSet)>),
    /// There are some that all of them may give, and others that only some may.
    Partial(Vec<(SubgraphId, TypeSet)>),
}

/// The visible fields of an object that several subgraphs have, and know different objects as: the only ones that can
/// disagree anywhere.
pub(super) fn suspects(supergraph: &Supergraph, object: TypeId) -> Vec<FieldId> {
    let suspect = |field: &FieldId| {
        let definition = supergraph.field(*field);
        let resolvers = supergraph.graph.resolvers(*field);
        if definition.inaccessible || resolvers.len() < 2 || !supergraph.ty(definition.ty.named()).is_abstract() {
            return false;
        }
        let known = resolvers.iter().filter_map(|resolver| {
            let named = supergraph.join_of(resolver)?.ty.named();
            Some(&supergraph.ty(named).join(resolver.subgraph)?.possible_types)
        });
        let mut known = known.map(|types| types.iter().collect::<Vec<_>>());
        let first = known.next();
        known.any(|types| Some(&types) != first.as_ref())
    };
    supergraph.ty(object).fields.values().copied().filter(suspect).collect()
}

/// Compares what subgraphs may give; `None` when they agree. An interface object may be anything.
pub(super) fn compare(supergraph: &Supergraph, ty: TypeId, options: &[Place]) -> Option<Sharing> {
    if !supergraph.ty(ty).is_abstract() {
        return None;
    }
    let mut by_subgraph: Vec<(SubgraphId, TypeSet)> = Vec::new();
    for place in options {
        let join = supergraph.ty(place.ty).join(place.subgraph).filter(|join| !join.is_interface_object);
        let Some(join) = join else { continue };
        match by_subgraph.last_mut().filter(|(subgraph, _)| *subgraph == place.subgraph) {
            Some((_, types)) => types.union_with(&join.possible_types),
            None => by_subgraph.push((place.subgraph, join.possible_types.clone())),
        }
    }
    let ((_, first), rest) = by_subgraph.split_first()?;
    if rest.iter().all(|(_, types)| types.is_subset(first) && first.is_subset(types)) {
        return None;
    }
    let common = rest.iter().fold(first.clone(), |common, (_, types)| common.intersection(types));
    Some(if common.is_empty() { Sharing::Disjoint(by_subgraph) } else { Sharing::Partial(by_subgraph) })
}
