//! The arguments that fields read from contexts, as the monolith is told: clients know nothing of them, so the API schema
//! doesn't say.

use std::collections::BTreeMap;

use federation::Supergraph;
use federation::supergraph::{ContextArgument, FieldSetItem, TypeKind};
use serde::Serialize;

/// An argument that is read of an ancestor.
#[derive(Clone, Debug, Serialize)]
pub struct Read {
    name: String,
    /// By the ancestor's type: the fields on the way to the value; `None` is null.
    reads: BTreeMap<String, Option<Vec<String>>>,
}

impl Read {
    /// Whether a value that an argument takes may stand in an object of a type: one that sets the context, or any if what
    /// is read stands below it.
    pub fn may_be_of(&self, supergraph: &Supergraph, ty: &str) -> bool {
        let is_of = |setter: &String| {
            let (setter, ty) = (supergraph.type_by_name.get(setter.as_str()), supergraph.type_by_name.get(ty));
            setter.zip(ty).is_none_or(|(setter, ty)| supergraph.is_of(*setter, *ty))
        };
        self.reads.iter().any(|(setter, path)| path.as_ref().is_some_and(|path| path.len() > 1) || is_of(setter))
    }
}

/// What fields of objects read, by coordinate.
pub fn contexts(supergraph: &Supergraph) -> BTreeMap<String, Vec<Read>> {
    let mut found = BTreeMap::new();
    for ty in supergraph.types.iter().filter(|ty| ty.kind == TypeKind::Object) {
        for (name, &field) in &ty.fields {
            let resolvers = supergraph.graph.resolvers(field).iter();
            let mut joins = resolvers.filter_map(|resolver| supergraph.join_of(resolver));
            let Some(join) = joins.find(|join| !join.context_arguments.is_empty()) else { continue };
            let arguments = join.context_arguments.iter();
            found.insert(format!("{}.{name}", ty.name), arguments.map(|argument| read(supergraph, argument)).collect());
        }
    }
    found
}

fn read(supergraph: &Supergraph, argument: &ContextArgument) -> Read {
    let objects = (0..).map(federation::TypeId).zip(&supergraph.types);
    let objects = objects.filter(|(_, ty)| ty.kind == TypeKind::Object);
    let setters = objects.filter(|(id, _)| supergraph.sets_context(*id, argument.context));
    let reads = setters.map(|(id, ty)| {
        let selection = argument.selection_of(supergraph, id);
        let path = selection.and_then(|selection| {
            let mut path = Vec::new();
            let applies = |on| supergraph.is_of(id, on);
            way(supergraph, &selection.fields, &applies, &mut path).then_some(path)
        });
        (ty.name.to_string(), path)
    });
    Read { name: argument.name.to_string(), reads: reads.collect() }
}

/// The one way that a selection goes for an object; whether there is any.
fn way(
    supergraph: &Supergraph,
    set: &[FieldSetItem],
    applies: &dyn Fn(federation::TypeId) -> bool,
    path: &mut Vec<String>,
) -> bool {
    set.iter().any(|item| match item {
        FieldSetItem::Field { field, selection, .. } => {
            path.push(field.map_or("__typename", |field| supergraph.field(field).name.as_str()).to_owned());
            selection.is_empty() || way(supergraph, selection, &|_| true, path)
        }
        FieldSetItem::Fragment { on, selection } => applies(*on) && way(supergraph, selection, applies, path),
    })
}
