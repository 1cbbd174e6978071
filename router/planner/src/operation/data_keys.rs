//! Keys in the merged data: the response keys, except where one of them means several things.
//!
//! A subgraph that knows an interface as an object is asked the same of all its objects, whatever they really are. Where
//! the client asks an implementation for something else under the same response key, what the interface object gives
//! would stand in its place: it gets a key of its own.

use std::collections::BTreeSet;

use federation::{Supergraph, TypeId, TypeSet};
use graphql::Name;
use indexmap::IndexMap;
use rustc_hash::FxHashMap;

use super::{Call, Variant, What};

/// Gives fields of interface objects keys of their own where their response keys mean something else for other types.
pub fn set(supergraph: &Supergraph, variants: &mut [Variant]) {
    if variants.len() < 2 {
        return;
    }
    let mut calls: IndexMap<&Name, IndexMap<&Call, Vec<&TypeSet>>> = IndexMap::new();
    for variant in variants.iter() {
        for field in &variant.fields {
            if let (Some(key), What::Field(call)) = (&field.key, &field.what) {
                calls.entry(key).or_default().entry(call).or_default().push(&variant.types);
            }
        }
    }
    let mut taken: BTreeSet<Name> = calls.keys().map(|&key| key.clone()).collect();
    let mut renamed: FxHashMap<(Name, Call), Name> = FxHashMap::default();
    for (key, calls) in calls.into_iter().filter(|(_, calls)| calls.len() > 1) {
        let is_shared = |(call, types): (&&Call, &Vec<&TypeSet>)| {
            let mut types = types.iter().flat_map(|types| types.iter());
            types.any(|ty| is_of_interface_object(supergraph, ty, call))
        };
        let kept = calls.iter().position(|call| !is_shared(call)).unwrap_or(0);
        for (index, (call, types)) in calls.iter().enumerate() {
            if index != kept && is_shared((call, types)) {
                renamed.insert((key.clone(), (*call).clone()), fresh(call, &mut taken));
            }
        }
    }
    if renamed.is_empty() {
        return;
    }
    for field in variants.iter_mut().flat_map(|variant| &mut variant.fields) {
        if let (Some(key), What::Field(call)) = (&field.key, &field.what)
            && let Some(name) = renamed.get(&(key.clone(), call.clone()))
        {
            field.key = Some(name.clone());
        }
    }
}

fn is_of_interface_object(supergraph: &Supergraph, ty: TypeId, call: &Call) -> bool {
    let field = supergraph.ty(ty).fields.get(&call.name);
    field.is_some_and(|&field| supergraph.graph.resolvers(field).iter().any(|resolver| resolver.via != ty))
}

/// A key that nothing else has there.
fn fresh(call: &Call, taken: &mut BTreeSet<Name>) -> Name {
    // Ends: there are fewer keys than numbers.
    let mut number: u32 = 0;
    loop {
        let name = Name::new_unchecked(&format!("_{}_{number}", call.name));
        if taken.insert(name.clone()) {
            return name;
        }
        number = number.wrapping_add(1);
    }
}
