//! Turns federation 1 schemas into federation 2 ones with the same meaning.
//!
//! Federation 1 shared value types silently, ignored stray `@external`s and allowed a few spellings that federation 2
//! refuses. Each step rewrites one such liberty; what is left must pass federation 2's rules like any other schema.
//! Federation 2 schemas pass through untouched. Steps run over all subgraphs before the next one starts, since
//! sharing can only be judged once unused externals are gone everywhere.

mod extensions;
mod external;
mod field_sets;
mod interfaces;
mod shareable;
mod tags;

use federation::subgraph::{Composite, Generation, Parsed, Subgraph, TypeFacts, facts};
use graphql::Name;
use graphql::collections::{IndexMap, IndexSet};
use graphql::schema::{Component, ExtendedType, FieldDefinition};

use crate::parse::Failure;
use crate::validate::Soundness;

/// Upgrades every federation 1 subgraph.
///
/// # Errors
/// `EXTENSION_WITH_NO_BASE`, `TYPE_WITH_ONLY_UNUSED_EXTERNAL`, with the subgraphs whose own rules can still be checked.
pub(crate) fn upgrade(mut subgraphs: Vec<Subgraph<Parsed>>) -> Result<Vec<Subgraph<Parsed>>, Failure> {
    if subgraphs.iter().all(|subgraph| subgraph.generation == Generation::Two) {
        return Ok(subgraphs);
    }
    let mut errors = extensions::check(&subgraphs);
    errors.extend(interfaces::check_interface_objects(&subgraphs));
    let mut emptied = IndexSet::default();
    let before = subgraphs.clone();
    for (index, subgraph) in subgraphs.iter_mut().enumerate().filter(|(_, s)| s.generation == Generation::One) {
        field_sets::normalise(subgraph);
        interfaces::drop_unsupported(subgraph);
        external::drop_meaningless(subgraph, &before, index);
        field_sets::trim_non_external(subgraph);
        extensions::become_definitions(subgraph);
        let found = external::remove_unused(subgraph);
        if !found.is_empty() {
            emptied.insert(subgraph.name.clone());
        }
        errors.extend(found);
    }
    let all_facts: Vec<_> = subgraphs.iter().map(|subgraph| facts(&subgraph.schema)).collect();
    for (index, subgraph) in subgraphs.iter_mut().enumerate().filter(|(_, s)| s.generation == Generation::One) {
        shareable::add(subgraph, &all_facts, index);
    }
    tags::drop_repeated_on_external(&mut subgraphs, &all_facts);
    if errors.is_empty() {
        return Ok(subgraphs);
    }
    // A type of which nothing is left is wrong by every rule.
    subgraphs.retain(|subgraph| !emptied.contains(&subgraph.name));
    Err(Failure { errors, readable: subgraphs, soundness: Soundness::Valid })
}

/// The facts of every subgraph, in subgraph order.
pub(crate) type AllFacts = [IndexMap<Name, TypeFacts>];

/// Calls `change` on every field of every object and interface type of a subgraph.
fn each_field(
    subgraph: &mut Subgraph<Parsed>,
    mut change: impl FnMut(&Name, TypeKind, &mut Component<FieldDefinition>),
) {
    for (name, ty) in subgraph.schema.types.iter_mut().filter(|(_, ty)| !ty.is_built_in()) {
        let kind = if matches!(ty, ExtendedType::Interface(_)) { TypeKind::Interface } else { TypeKind::Object };
        if let Some(fields) = Composite::fields_mut(ty) {
            fields.values_mut().for_each(|field| change(name, kind, field));
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum TypeKind {
    Object,
    Interface,
}
