//! What is asked alike of all types that implement an interface is asked of the interface: `...on Actor{login}` rather
//! than once for each of its implementations. A document of that kind is what its client wrote, and doesn't grow with
//! the number of types.
//!
//! Only where that means the same to the subgraph: of the types that an object can have there, the interface must have just
//! those, and it must have each field with its arguments and what is below.

use federation::supergraph::TypeKind;
use federation::{TypeId, TypeSet};
use indexmap::{IndexMap, IndexSet};

use super::names::Names;
use super::writer::Writer;
use crate::draft::{Knows, Source};

/// By type, the response names of what is asked of it.
pub type ByType = IndexMap<TypeId, Vec<String>>;

impl Writer<'_, '_> {
    /// Folds what is asked at a source. Each response name is either asked of an interface then or of object types.
    pub fn fold(&self, source: &Source, names: &Names, by_type: &mut ByType) {
        let mut types: IndexMap<&str, TypeSet> = IndexMap::new();
        for (&ty, names) in by_type.iter() {
            for name in names {
                types.entry(name).or_default().insert(ty);
            }
        }
        let mut groups: IndexMap<TypeSet, IndexSet<String>> = IndexMap::new();
        for (name, types) in types {
            if types.len() > 1 {
                groups.entry(types).or_default().insert(name.to_owned());
            }
        }
        if groups.is_empty() {
            return;
        }
        let here = self.possible(source);
        for (types, mut group) in groups {
            for interface in self.interfaces_of(&types, &here) {
                let given = |name: &String| self.has(interface, source, names, name);
                let (given, left): (IndexSet<String>, IndexSet<String>) = group.into_iter().partition(given);
                group = left;
                if given.is_empty() || !self.is_shorter(by_type, (&types, interface), (&given, names)) {
                    continue;
                }
                for (_, names) in by_type.iter_mut().filter(|(ty, _)| types.contains(**ty)) {
                    names.retain(|name| !given.contains(name));
                }
                by_type.entry(interface).or_default().extend(given);
            }
        }
        by_type.retain(|_, names| !names.is_empty());
    }

    /// Whether a document is shorter for asking an interface for some names rather than its types.
    fn is_shorter(
        &self,
        by_type: &ByType,
        (types, interface): (&TypeSet, TypeId),
        (given, names): (&IndexSet<String>, &Names),
    ) -> bool {
        let around = |ty: TypeId| "...on {} ".len() + self.draft.supergraph.ty(ty).name.len();
        let length: usize = given.iter().map(|name| names.text(name).len() + 1).sum();
        let is_done = |ty: &TypeId| by_type.get(ty).is_some_and(|names| names.iter().all(|name| given.contains(name)));
        let saved: usize = types.iter().filter(is_done).map(around).sum();
        let added = if by_type.contains_key(&interface) { 0 } else { around(interface) };
        saved + types.len().saturating_sub(1) * length > added
    }

    /// The types that an object at a source can have in the subgraph: entities are of those that they are asked for as.
    fn possible(&self, source: &Source) -> TypeSet {
        let request = self.draft.state.request(source.request);
        if source.parent.is_none() && !request.inputs.is_empty() && request.via.is_none() {
            return request.inputs.iter().flat_map(|input| input.types.iter()).collect();
        }
        let join = self.draft.supergraph.ty(source.ty).join(self.subgraph);
        join.map(|join| join.possible_types.clone()).unwrap_or_default()
    }

    /// The interfaces of the subgraph that just these types implement, of those possible.
    fn interfaces_of(&self, types: &TypeSet, here: &TypeSet) -> Vec<TypeId> {
        let supergraph = self.draft.supergraph;
        let Some(first) = types.iter().next() else { return Vec::new() };
        let is_one = |id: &TypeId| {
            let ty = supergraph.ty(*id);
            ty.kind == TypeKind::Interface
                && ty.possible_types.contains(first)
                && ty
                    .join(self.subgraph)
                    .is_some_and(|join| !join.is_interface_object && join.possible_types.intersection(here) == *types)
        };
        (0..supergraph.types.len() as u32).map(TypeId).filter(is_one).collect()
    }

    /// Whether an interface has what a response name stands for.
    fn has(&self, interface: TypeId, source: &Source, names: &Names, name: &str) -> bool {
        let entry = names.entry(name).and_then(|index| source.entries.get(index));
        source.knows == Knows::Types && entry.is_some_and(|entry| self.gives(interface, entry))
    }
}
