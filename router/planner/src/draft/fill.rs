//! Filling a place: every value that a node asks for is taken from some source, then the places below are filled.

use federation::{TypeId, TypeSet};
use graphql::Name;
use indexmap::IndexSet;

use super::{Draft, PlaceId};
use crate::PlanError;
use crate::operation::{Call, NodeId, What};

/// A value wanted at a place.
#[derive(Clone, Debug)]
pub struct Want {
    /// The field.
    pub call: Call,
    /// The client's response key; `None`: any key will do.
    pub key: Option<Name>,
    /// What the client selects below that key.
    pub client: Option<NodeId>,
    /// What is wanted below.
    pub child: Option<NodeId>,
    /// For which concrete types.
    pub types: TypeSet,
}

impl Draft<'_> {
    /// Takes what a node asks for at a place, for objects of some concrete types.
    pub(super) fn fill(&mut self, place: PlaceId, types: &TypeSet, node: NodeId) -> Result<(), PlanError> {
        self.step(1)?;
        let node = self.operation.node(node);
        let possible = self.state.place(place).types.intersection(types);
        let variants: Vec<_> =
            node.variants.iter().map(|variant| (variant.types.intersection(&possible), &variant.fields)).collect();
        let stands = variants.iter().filter(|(types, _)| !types.is_empty());
        let asked = stands.clone().any(|(_, fields)| fields.iter().any(|field| field.what == What::Typename));
        let tells = match node.is_client() {
            true => asked || node.variants.len() > 1,
            false => (asked || possible.len() > 1) && !self.is_unknown(place),
        };
        if tells {
            self.need_typename(place)?;
        }
        let mut wants: Vec<Want> = Vec::new();
        for (types, fields) in stands {
            for field in *fields {
                let What::Field(call) = &field.what else { continue };
                if field.key.is_some() {
                    add(&mut wants, call, (field.key.clone(), field.child), field.child, types);
                    continue;
                }
                for ty in types.iter() {
                    // What the client selects anyway isn't asked twice.
                    let (key, client) = self.client_selection(place, ty, call);
                    add(&mut wants, call, (key, client), field.child, &TypeSet::one(ty));
                }
            }
        }
        self.take(place, &wants)
    }

    /// The client's own key for a field of objects of a type, and what it selects below.
    fn client_selection(&self, place: PlaceId, ty: TypeId, call: &Call) -> (Option<Name>, Option<NodeId>) {
        let Some(node) = self.state.place(place).node else { return (None, None) };
        let node = self.operation.node(node);
        let variant = node.variants.iter().find(|variant| variant.types.contains(ty));
        let mut fields = variant.into_iter().flat_map(|variant| &variant.fields);
        let selected = fields.find(|field| matches!(&field.what, What::Field(known) if known == call));
        selected.map(|selected| (selected.key.clone(), selected.child)).unwrap_or_default()
    }

    /// Fills the places below the values of wants.
    pub(super) fn fill_below(&mut self, place: PlaceId, want: &Want) -> Result<(), PlanError> {
        let Some(node) = want.child else { return Ok(()) };
        let mut below = IndexSet::new();
        for ty in want.types.iter() {
            let value = self.state.place(place).values.iter().filter(|value| value.call == want.call);
            let mut value = value.filter(|value| want.key.as_ref().is_none_or(|key| value.key == *key));
            below.extend(value.find_map(|value| value.child(ty)));
        }
        for child in below {
            let types = self.state.place(child).types.clone();
            self.fill(child, &types, node)?;
        }
        Ok(())
    }
}

fn add(
    wants: &mut Vec<Want>,
    call: &Call,
    (key, client): (Option<Name>, Option<NodeId>),
    child: Option<NodeId>,
    types: &TypeSet,
) {
    let same = wants
        .iter_mut()
        .find(|want| want.call == *call && want.key == key && want.client == client && want.child == child);
    match same {
        Some(want) => want.types.union_with(types),
        None => wants.push(Want { call: call.clone(), key, client, child, types: types.clone() }),
    }
}
