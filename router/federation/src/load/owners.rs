//! Join v0.1, as federation 1 wrote it: an entity's fields belong to its owner unless said otherwise, and each subgraph
//! that has a key gives the key's fields too, since it refers to the entity by them.

use super::Loading;
use super::arguments::enum_value;
use super::fields::{Fields, plain_join};
use crate::SubgraphId;
use crate::supergraph::{FieldSetItem, Type};

/// Completes the joins of the fields of owned types.
pub fn complete(loading: &Loading<'_>, types: &[Type], fields: &mut Fields) {
    let name = loading.features.directive("join", "owner").unwrap_or_default();
    for ty in types {
        let directives = loading.schema.types.get(&ty.name).map(|ty| ty.directives().0.as_slice()).unwrap_or_default();
        let owner = directives.iter().find(|directive| directive.name == name.as_str());
        let owner = owner.and_then(|owner| enum_value(owner, "graph")).and_then(|graph| loading.graphs.get(graph));
        let Some(&owner) = owner else { continue };
        for id in ty.fields.values() {
            let Some(field) = fields.loaded.get_mut(id.0 as usize) else { continue };
            if fields.silent.contains(id) {
                field.joins.retain(|join| join.subgraph == owner);
            }
            let in_key = |join: &&crate::supergraph::TypeJoin| {
                let listed = join.keys.iter().flat_map(|key| &key.fields);
                let mut listed = listed.filter_map(|item| match item {
                    FieldSetItem::Field { field, .. } => *field,
                    FieldSetItem::Fragment { .. } => None,
                });
                listed.any(|listed| listed == *id)
            };
            let keyed: Vec<SubgraphId> = ty.joins.iter().filter(in_key).map(|join| join.subgraph).collect();
            for subgraph in keyed {
                if !field.joins.iter().any(|join| join.subgraph == subgraph) {
                    field.joins.push(plain_join(subgraph, field.ty.clone()));
                }
            }
        }
    }
}
