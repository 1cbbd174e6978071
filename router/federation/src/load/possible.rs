//! Which objects a value of a type may be: anywhere, and as each subgraph knows it. Gathered in one pass over the types,
//! since interfaces are many and so are their implementations.

use graphql::ast::Directive;
use graphql::schema::{ExtendedType, ObjectType, UnionType};
use rustc_hash::FxHashMap;

use super::Loading;
use super::arguments::{enum_value, string};
use crate::{SubgraphId, TypeId, TypeSet};

/// The objects of every type; of an object it is the object itself.
#[derive(Default)]
pub struct Possible {
    anywhere: FxHashMap<TypeId, TypeSet>,
    within: FxHashMap<(TypeId, SubgraphId), TypeSet>,
    /// Types whose values are of no type but this one.
    alone: FxHashMap<TypeId, TypeSet>,
}

impl Possible {
    /// Gathers the objects of all types.
    pub fn of(loading: &Loading<'_>) -> Self {
        let mut possible = Self::default();
        for (name, definition) in &loading.schema.types {
            let Some(&id) = loading.type_by_name.get(name) else { continue };
            match definition {
                ExtendedType::Object(object) => possible.add_object(loading, id, object),
                ExtendedType::Union(union) => possible.add_union(loading, id, union),
                _ => {}
            }
        }
        for (name, definition) in &loading.schema.types {
            let Some(&id) = loading.type_by_name.get(name) else { continue };
            let object = definition.is_object();
            // An interface that nothing implements, as when it is an interface object in all subgraphs but one: its
            // values are of no other type than itself.
            if object || (definition.is_interface() && !possible.anywhere.contains_key(&id)) {
                possible.alone.insert(id, TypeSet::one(id));
            }
        }
        possible
    }

    /// The objects that a value may be in any subgraph.
    pub fn anywhere(&self, id: TypeId) -> TypeSet {
        self.alone.get(&id).or_else(|| self.anywhere.get(&id)).cloned().unwrap_or_default()
    }

    /// The objects that a value may be as one subgraph knows the type.
    pub fn within(&self, id: TypeId, subgraph: SubgraphId) -> TypeSet {
        self.alone.get(&id).or_else(|| self.within.get(&(id, subgraph))).cloned().unwrap_or_default()
    }

    fn add_object(&mut self, loading: &Loading<'_>, id: TypeId, object: &ObjectType) {
        if object.implements_interfaces.is_empty() {
            return;
        }
        let told: Vec<&Directive> = named(&object.directives.0, &loading.directives.implements);
        let knowing = subgraphs_of(loading, &object.directives.0);
        for interface in &object.implements_interfaces {
            let Some(&interface_id) = loading.type_by_name.get(&interface.name) else { continue };
            self.anywhere.entry(interface_id).or_default().insert(id);
            let of_interface = told.iter().filter(|told| string(told, "interface") == Some(interface.name.as_str()));
            let subgraphs: Vec<SubgraphId> = match told.is_empty() {
                true => knowing.clone(),
                false => of_interface.filter_map(|told| graph_of(loading, told)).collect(),
            };
            for subgraph in subgraphs {
                self.within.entry((interface_id, subgraph)).or_default().insert(id);
            }
        }
    }

    fn add_union(&mut self, loading: &Loading<'_>, id: TypeId, union: &UnionType) {
        let told: Vec<&Directive> = named(&union.directives.0, &loading.directives.union_member);
        let mut telling: FxHashMap<&str, Vec<SubgraphId>> = FxHashMap::default();
        for directive in &told {
            if let (Some(member), Some(subgraph)) = (string(directive, "member"), graph_of(loading, directive)) {
                telling.entry(member).or_default().push(subgraph);
            }
        }
        for member in &union.members {
            let Some(&object) = loading.type_by_name.get(&member.name) else { continue };
            self.anywhere.entry(id).or_default().insert(object);
            let knowing = match (told.is_empty(), loading.schema.types.get(&member.name)) {
                (true, Some(definition)) => subgraphs_of(loading, &definition.directives().0),
                _ => telling.remove(member.name.as_str()).unwrap_or_default(),
            };
            for subgraph in knowing {
                self.within.entry((id, subgraph)).or_default().insert(object);
            }
        }
    }
}

fn named<'a>(directives: &'a [graphql::schema::Component<Directive>], name: &str) -> Vec<&'a Directive> {
    directives.iter().filter(|directive| directive.name == name).map(|directive| &***directive).collect()
}

fn graph_of(loading: &Loading<'_>, directive: &Directive) -> Option<SubgraphId> {
    enum_value(directive, "graph").and_then(|graph| loading.graphs.get(graph)).copied()
}

/// The subgraphs that have a type: all of them when nothing is said.
fn subgraphs_of(loading: &Loading<'_>, directives: &[graphql::schema::Component<Directive>]) -> Vec<SubgraphId> {
    let told = named(directives, &loading.directives.ty);
    match told.is_empty() {
        true => loading.graphs.values().copied().collect(),
        false => told.into_iter().filter_map(|directive| graph_of(loading, directive)).collect(),
    }
}
