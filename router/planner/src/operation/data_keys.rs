//! Keys in the merged data: the response keys, except where one of them means several things.
//!
//! A subgraph that knows an interface as an object is asked the same of all its objects, whatever they really are. Where
//! the client asks an implementation for something else under the same response key, what the interface object gives
//! would stand in its place: it gets a key of its own. So it does where but something below has one key and two meanings.

use std::collections::BTreeSet;

use federation::{Supergraph, TypeId};
use graphql::Name;
use indexmap::{IndexMap, IndexSet};
use rustc_hash::{FxHashMap, FxHashSet};

use super::{Call, Node, NodeId, Operation, Variant, What};

/// So many selections are put under one key at most: each is held against all others there.
const TOGETHER_MAX: usize = 16;

/// So many fields are looked at to find out whether two selections agree: beyond it they are said not to.
const LOOKED_MAX: usize = 4_096;

/// What a response key means for some types.
struct Meaning<'v> {
    call: &'v Call,
    /// What is selected below.
    below: Vec<NodeId>,
    /// Whether an interface object may give it, to objects of other types as well.
    is_shared: bool,
}

/// Gives fields of interface objects keys of their own where their response keys mean something else for other types.
/// Says how many fields it looked at.
pub fn set(supergraph: &Supergraph, operation: &Operation, variants: &mut [Variant]) -> usize {
    if variants.len() < 2 {
        return 0;
    }
    let mut looked = Looked { operation, fields: 0 };
    let mut by_key: IndexMap<&Name, Vec<Meaning<'_>>> = IndexMap::new();
    for variant in variants.iter() {
        for field in &variant.fields {
            if let (Some(key), What::Field(call)) = (&field.key, &field.what) {
                let is_shared = variant.types.iter().any(|ty| is_of_interface_object(supergraph, ty, call));
                let new = Meaning { call, below: field.child.into_iter().collect(), is_shared };
                looked.add(by_key.entry(key).or_default(), new);
            }
        }
    }
    let mut taken: BTreeSet<Name> = by_key.keys().map(|&key| key.clone()).collect();
    let mut renamed: FxHashMap<(Name, Call, Option<NodeId>), Name> = FxHashMap::default();
    for (key, meanings) in by_key.into_iter().filter(|(_, meanings)| meanings.len() > 1) {
        let kept = meanings.iter().position(|meaning| !meaning.is_shared).unwrap_or(0);
        for (_, meaning) in meanings.iter().enumerate().filter(|(index, meaning)| *index != kept && meaning.is_shared) {
            let name = fresh(meaning.call, &mut taken);
            let leaf = meaning.below.is_empty().then_some(None);
            for below in meaning.below.iter().copied().map(Some).chain(leaf) {
                renamed.insert((key.clone(), meaning.call.clone(), below), name.clone());
            }
        }
    }
    let fields = looked.fields;
    if renamed.is_empty() {
        return fields;
    }
    for field in variants.iter_mut().flat_map(|variant| &mut variant.fields) {
        if let (Some(key), What::Field(call)) = (&field.key, &field.what)
            && let Some(name) = renamed.get(&(key.clone(), call.clone(), field.child))
        {
            field.key = Some(name.clone());
        }
    }
    fields
}

/// Looks at what is selected below.
struct Looked<'o> {
    operation: &'o Operation,
    fields: usize,
}

impl Looked<'_> {
    /// Adds a meaning to those of a key: to the same one if what is selected below may be had together.
    fn add<'v>(&mut self, meanings: &mut Vec<Meaning<'v>>, new: Meaning<'v>) {
        let of_call = |known: &&mut Meaning<'_>| known.call == new.call;
        if let Some(same) = meanings.iter_mut().filter(of_call).find(|known| known.below.ends_with(&new.below)) {
            same.is_shared |= new.is_shared;
            return;
        }
        let fits = |known: &&mut Meaning<'_>| {
            let mut pairs = known.below.iter().flat_map(|&known| new.below.iter().map(move |&new| (known, new)));
            !(known.is_shared || new.is_shared)
                || (known.below.len() < TOGETHER_MAX && pairs.all(|pair| self.agree(pair)))
        };
        match meanings.iter_mut().rfind(of_call).filter(fits) {
            Some(known) => {
                known.is_shared |= new.is_shared;
                known.below.extend(new.below);
            }
            None => meanings.push(new),
        }
    }

    /// Whether no key means different things in two selections, nor further below, as far as may be looked.
    fn agree(&mut self, pair: (NodeId, NodeId)) -> bool {
        let most = self.fields.saturating_add(LOOKED_MAX);
        let mut seen = FxHashSet::default();
        let mut open = vec![pair];
        while let Some((a, b)) = open.pop() {
            if a == b || !seen.insert((a, b)) {
                continue;
            }
            let (a, b) = (self.operation.node(a), self.operation.node(b));
            let mut meant: FxHashMap<&Name, IndexSet<Meant<'_>>> = FxHashMap::default();
            for (key, meaning) in values(&a) {
                self.fields += 1;
                meant.entry(key).or_default().insert(meaning);
            }
            for (key, (call, child)) in values(&b) {
                for (other, below) in meant.get(key).into_iter().flatten() {
                    self.fields += 1;
                    if *other != call || self.fields > most {
                        return false;
                    }
                    open.extend(below.zip(child));
                }
            }
        }
        true
    }
}

/// What a key means: a field, and what is selected below that.
type Meant<'n> = (&'n Call, Option<NodeId>);

/// The fields of a node that have values, for whichever types.
fn values(node: &Node) -> impl Iterator<Item = (&Name, Meant<'_>)> {
    let fields = node.variants.iter().flat_map(|variant| &variant.fields);
    fields.filter_map(|field| match (&field.key, &field.what) {
        (Some(key), What::Field(call)) => Some((key, (call, field.child))),
        _ => None,
    })
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
