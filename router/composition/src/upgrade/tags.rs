//! Drops a `@tag` on an external field when the field's owner has the same one: federation 1 schemas repeat them.

use federation::subgraph::{Composite, Generation, Parsed, Subgraph};
use federation::vocabulary::TAG;
use graphql::Name;
use graphql::Node;
use graphql::ast::{Directive, Value};
use graphql::collections::IndexSet;

use super::{AllFacts, each_field};

type Tag = (Name, Name, String);

/// Drops repeated tags from the external fields of federation 1 subgraphs.
pub(crate) fn drop_repeated_on_external(subgraphs: &mut [Subgraph<Parsed>], all: &AllFacts) {
    let owned: IndexSet<Tag> = subgraphs
        .iter()
        .zip(all)
        .flat_map(|(subgraph, facts)| {
            let composites = subgraph.schema.types.values().filter_map(Composite::of);
            composites.flat_map(move |ty| {
                let own = ty.fields.values().filter(move |field| {
                    !facts.get(ty.name).and_then(|t| t.fields.get(&field.name)).is_some_and(|field| field.external)
                });
                own.flat_map(move |field| {
                    let tags = field.directives.get_all(TAG).filter_map(name_of);
                    tags.map(move |tag| (ty.name.clone(), field.name.clone(), tag))
                })
            })
        })
        .collect();
    for (subgraph, facts) in subgraphs.iter_mut().zip(all).filter(|(s, _)| s.generation == Generation::One) {
        each_field(subgraph, |parent, _, field| {
            let external = facts.get(parent).and_then(|t| t.fields.get(&field.name)).is_some_and(|f| f.external);
            if !external {
                return;
            }
            let name = field.name.clone();
            field.make_mut().directives.retain(|directive| {
                directive.name != TAG
                    || !name_of(directive).is_some_and(|tag| owned.contains(&(parent.clone(), name.clone(), tag)))
            });
        });
    }
}

fn name_of(tag: &Node<Directive>) -> Option<String> {
    match &**tag.specified_argument_by_name("name")? {
        Value::String(text) => Some(text.clone()),
        _ => None,
    }
}
