//! Filling a place: every value that a node asks for is taken from some source, then the places below are filled.

use std::collections::BTreeSet;

use federation::TypeSet;
use graphql::Name;
use indexmap::{IndexMap, IndexSet};

use super::{Draft, PlaceId};
use crate::PlanError;
use crate::operation::{Call, GroupId, NodeId, What};

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

/// Types by call, client's key, the client's selection below it, and what is wanted below.
type Wants = IndexMap<(Call, Option<Name>, Option<NodeId>, Option<NodeId>), TypeSet>;

impl Draft<'_> {
    /// Takes what a node asks for at a place, for objects of some concrete types.
    pub(super) fn fill(&mut self, place: PlaceId, types: &TypeSet, node: NodeId) -> Result<(), PlanError> {
        let (wants, others) = self.wants(place, types, node)?;
        for group in others {
            self.put_off(place, node, group);
        }
        self.take(place, &wants)
    }

    /// Takes what a request is given of objects, part of which may be had only of a subgraph that is asked for the same
    /// objects again.
    pub(super) fn fill_given(&mut self, place: PlaceId, types: &TypeSet, node: NodeId) -> Result<(), PlanError> {
        let before = std::mem::replace(&mut self.is_given, true);
        let filled = self.fill(place, types, node);
        self.is_given = before;
        filled
    }

    /// What a node asks for at a place, for objects of some concrete types: of the group that is being filled. Gives
    /// the other groups of the node's fields, too.
    pub(super) fn wants(
        &mut self,
        place: PlaceId,
        types: &TypeSet,
        node: NodeId,
    ) -> Result<(Vec<Want>, BTreeSet<GroupId>), PlanError> {
        self.step(1)?;
        let node = self.operation.node(node);
        let mut others = BTreeSet::new();
        let possible = self.state.place(place).types.intersection(types);
        let variants: Vec<_> =
            node.variants.iter().map(|variant| (variant.types.intersection(&possible), &variant.fields)).collect();
        let stands = variants.iter().filter(|(types, _)| !types.is_empty());
        let asked = stands.clone().any(|(_, fields)| fields.iter().any(|field| field.what == What::Typename));
        let tells = match node.is_client() {
            true => asked || node.tells(&self.state.place(place).types),
            false => (asked || possible.len() > 1) && !self.is_unknown(place),
        };
        if tells {
            self.need_typename(place)?;
        }
        let mut wants = Wants::new();
        for (types, fields) in stands {
            for field in *fields {
                let What::Field(call) = &field.what else { continue };
                if field.key.is_some() && field.group != self.state.group {
                    others.insert(field.group);
                    continue;
                }
                if field.key.is_some() {
                    let known = (call.clone(), field.key.clone(), field.child, field.child);
                    wants.entry(known).or_default().union_with(types);
                    continue;
                }
                for ty in types.iter() {
                    // What the client selects anyway isn't asked twice.
                    let (key, client) = self.state.client_selection(&self.operation, (place, ty), call, field.child);
                    wants.entry((call.clone(), key, client, field.child)).or_default().insert(ty);
                }
            }
        }
        let wants = wants.into_iter();
        let wants = wants.map(|((call, key, client, child), types)| Want { call, key, client, child, types });
        Ok((wants.collect(), others))
    }

    /// Fills the places below the values of wants.
    pub(super) fn fill_below(&mut self, place: PlaceId, want: &Want) -> Result<(), PlanError> {
        let Some(node) = want.child else { return Ok(()) };
        let mut below = IndexSet::new();
        for ty in want.types.iter() {
            let values = self.state.place(place).values.candidates(&want.call, want.key.as_ref());
            below.extend(values.into_iter().find_map(|(_, value)| value.child(ty)));
        }
        for child in below {
            let types = self.state.place(child).types.clone();
            self.fill(child, &types, node)?;
        }
        Ok(())
    }
}
