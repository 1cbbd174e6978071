//! Making the query graph once, when the supergraph is loaded.

use super::{Entry, QueryGraph, Resolver};
use crate::supergraph::{Field, Type, TypeKind};
use crate::{FieldId, SubgraphId, TypeId};

impl QueryGraph {
    /// Makes the graph of all types and fields.
    pub(crate) fn new(types: &[Type], fields: &[Field]) -> Self {
        let interfaces = interface_objects(types);
        let resolvers = fields.iter().enumerate().map(|(id, field)| {
            let id = FieldId(id as u32);
            let own = field.joins.iter().map(|join| Resolver { subgraph: join.subgraph, via: field.parent, field: id });
            let mut all: Vec<Resolver> = own.collect();
            if is_object(types, field.parent) {
                for (interface, subgraph) in of_object(types, &interfaces, field.parent) {
                    let interface_field = types.get(interface.0 as usize).and_then(|ty| ty.fields.get(&field.name));
                    let Some(&interface_field) = interface_field else { continue };
                    let joined = fields.get(interface_field.0 as usize).and_then(|field| field.join(subgraph));
                    if joined.is_some() {
                        all.push(Resolver { subgraph, via: interface, field: interface_field });
                    }
                }
            }
            all.sort_by_key(|resolver| resolver.subgraph);
            all
        });
        let entries = types.iter().enumerate().map(|(id, ty)| {
            let id = TypeId(id as u32);
            let mut all: Vec<Entry> = entries_via(ty, id, None);
            if ty.kind == TypeKind::Object {
                for (interface, subgraph) in of_object(types, &interfaces, id) {
                    let Some(interface_type) = types.get(interface.0 as usize) else { continue };
                    all.extend(entries_via(interface_type, interface, Some(subgraph)));
                }
            }
            all.sort_by_key(|entry| entry.subgraph);
            all
        });
        Self { resolvers: resolvers.collect(), entries: entries.collect() }
    }
}

fn entries_via(ty: &Type, via: TypeId, only: Option<SubgraphId>) -> Vec<Entry> {
    let joins = ty.joins.iter().filter(|join| only.is_none_or(|subgraph| join.subgraph == subgraph));
    let keys = joins.flat_map(|join| join.keys.iter().map(|key| (join.subgraph, key)));
    keys.filter(|(_, key)| key.resolvable)
        .map(|(subgraph, key)| Entry { subgraph, via, key: key.fields.clone() })
        .collect()
}

fn is_object(types: &[Type], ty: TypeId) -> bool {
    types.get(ty.0 as usize).is_some_and(|ty| ty.kind == TypeKind::Object)
}

/// Every interface that a subgraph knows as an object, by subgraph.
fn interface_objects(types: &[Type]) -> Vec<(TypeId, SubgraphId)> {
    let of_type = |(id, ty): (usize, &Type)| {
        let known = ty.joins.iter().filter(|join| join.is_interface_object);
        known.map(|join| (TypeId(id as u32), join.subgraph)).collect::<Vec<_>>()
    };
    let mut all: Vec<_> = types.iter().enumerate().flat_map(of_type).collect();
    all.sort_by_key(|(interface, subgraph)| (*subgraph, *interface));
    all
}

/// The interface objects that an object may stand as.
fn of_object(
    types: &[Type],
    interfaces: &[(TypeId, SubgraphId)],
    object: TypeId,
) -> impl Iterator<Item = (TypeId, SubgraphId)> {
    let stands_as =
        move |interface: TypeId| types.get(interface.0 as usize).is_some_and(|ty| ty.possible_types.contains(object));
    interfaces.iter().copied().filter(move |(interface, _)| stands_as(*interface))
}
