//! What a draft is made of: places, the sources at them, the values taken from these, and the requests they belong to.

mod journal;
mod keyed;

use std::collections::BTreeSet;
use std::sync::Arc;

use federation::query_graph::View;
use federation::supergraph::FieldType;
use federation::{FieldId, SubgraphId, TypeId, TypeSet};
use graphql::Name;
use rustc_hash::FxHashSet;

use super::later::{Job, PartId};
use crate::operation::{Call, GroupId, NodeId, Operation, What};

use journal::Try;
pub use keyed::{Entries, Values};

/// An index into [`State::places`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlaceId(pub u32);

/// An index into [`State::sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(pub u32);

/// An index into [`State::requests`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestId(pub u32);

/// A position in the merged data.
#[derive(Clone, Debug)]
pub struct Place {
    /// Where it hangs; `None` is the response's top.
    pub parent: Option<Parent>,
    /// The supergraph's type of it.
    pub declared: TypeId,
    /// The concrete types that its first sources may give it.
    pub types: TypeSet,
    /// What the client selects here.
    pub node: Option<NodeId>,
    /// Response keys of the client here: never used for anything else.
    pub client_keys: Arc<FxHashSet<Name>>,
    /// What there is to take values from.
    pub sources: Vec<SourceId>,
    /// What has been taken.
    pub values: Values,
    /// The source that tells the concrete type, once somebody asked.
    pub typename: Option<SourceId>,
}

/// Where a place hangs.
#[derive(Clone, Debug)]
pub struct Parent {
    /// The place above.
    pub place: PlaceId,
    /// The key of the value there.
    pub key: Name,
    /// The field.
    pub call: Call,
    /// The concrete types of the place above for which this is the place below.
    pub types: TypeSet,
}

/// A value taken at a place.
#[derive(Clone, Debug)]
pub struct Value {
    /// Its key in the merged data.
    pub key: Name,
    /// Whose key it is.
    pub owner: Owner,
    /// The field.
    pub call: Call,
    /// From where, for which concrete types.
    pub producers: Vec<(TypeSet, SourceId)>,
    /// The places below.
    pub children: Vec<Child>,
}

/// Whose a value's key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// The client's response key.
    Client,
    /// The planner's own name: nothing that happens there shows in the response.
    Planner,
}

/// The place below a value, for some concrete types.
#[derive(Clone, Debug)]
pub struct Child {
    /// The types of the object that has the value.
    pub types: TypeSet,
    /// The client's selection there; `None` if only representations go there.
    pub node: Option<NodeId>,
    /// The place.
    pub place: PlaceId,
}

/// A selection of a request at a place.
#[derive(Clone, Debug)]
pub struct Source {
    /// The request.
    pub request: RequestId,
    /// The selection around it.
    pub parent: Option<SourceId>,
    /// The place.
    pub place: PlaceId,
    /// The type that the subgraph gives it.
    pub ty: TypeId,
    /// The subgraph knows an interface as an object: concrete types are unknown to it.
    pub knows: Knows,
    /// What is provided here although external.
    pub view: View,
    /// The concrete types that it may have in this subgraph, for the objects asked.
    pub types: TypeSet,
    /// The fields selected.
    pub entries: Entries,
    /// Whether `__typename` is selected.
    pub typename: bool,
}

/// What a subgraph knows of the objects at a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Knows {
    /// Their concrete types.
    Types,
    /// Only that they are of the interface: it is an interface object.
    Interface,
}

/// A selected field.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key of the value that it gives.
    pub key: Name,
    /// The field.
    pub call: Call,
    /// The concrete types of which it is asked.
    pub types: TypeSet,
    /// The field as the subgraph has it, for one of the types.
    pub field: FieldId,
    /// What is selected below.
    pub child: Option<SourceId>,
    /// Its arguments that are read from contexts.
    pub readings: Vec<Reading>,
}

/// An argument that is read from a context.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// The argument.
    pub argument: Name,
    /// Its type in the subgraph.
    pub ty: FieldType,
    /// Where it is read, nearest first.
    pub sources: Vec<ReadAt>,
}

/// A place whose objects, some or all, set a context.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadAt {
    /// The place.
    pub place: PlaceId,
    /// How many places it is above the reader's.
    pub up: u32,
    /// The concrete types that set it so.
    pub types: TypeSet,
    /// Whether it takes the concrete type to tell them from others.
    pub by_type: bool,
    /// What is read of them; `None` is nothing, which makes the argument null.
    pub node: Option<NodeId>,
}

/// A request to a subgraph.
#[derive(Clone, Debug)]
pub struct Request {
    /// The subgraph.
    pub subgraph: SubgraphId,
    /// Its selection at its place.
    pub top: SourceId,
    /// Entities to ask for; none for a request for root fields.
    pub inputs: Vec<Input>,
    /// The interface as which all entities are asked for; `None`: as what they are.
    pub via: Option<TypeId>,
    /// How many requests come one after another up to this one.
    pub depth: u32,
    /// Which root field of a mutation it serves: all of an earlier one come before.
    pub stage: u32,
    /// The part of the response that it was made for.
    pub part: PartId,
    /// Everything in it was moved to another one.
    pub merged: bool,
}

/// What is sent of entities of some types.
#[derive(Clone, Debug)]
pub struct Input {
    /// The concrete types.
    pub types: TypeSet,
    /// The key.
    pub key: NodeId,
    /// What fields in the request require.
    pub requires: Vec<NodeId>,
}

/// The growing part of a draft.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// All places.
    pub places: Vec<Place>,
    /// All sources.
    pub sources: Vec<Source>,
    /// All requests.
    pub requests: Vec<Request>,
    pub(super) stage: u32,
    /// The part of the response that is being filled, and its group of fields.
    pub(super) part: PartId,
    pub(super) group: GroupId,
    /// What is filled after the first part.
    pub(super) jobs: Vec<Job>,
    /// What is being tried.
    tries: Vec<Try>,
    copied: u64,
}

#[expect(clippy::indexing_slicing, reason = "ids are made by this draft alone, and nothing is ever removed")]
impl State {
    /// The place of an id.
    pub fn place(&self, id: PlaceId) -> &Place {
        &self.places[id.0 as usize]
    }

    fn place_at(&mut self, id: PlaceId) -> &mut Place {
        &mut self.places[id.0 as usize]
    }

    /// The source of an id.
    pub fn source(&self, id: SourceId) -> &Source {
        &self.sources[id.0 as usize]
    }

    fn source_at(&mut self, id: SourceId) -> &mut Source {
        &mut self.sources[id.0 as usize]
    }

    /// The request of an id.
    pub fn request(&self, id: RequestId) -> &Request {
        &self.requests[id.0 as usize]
    }

    fn request_at(&mut self, id: RequestId) -> &mut Request {
        &mut self.requests[id.0 as usize]
    }

    /// The subgraph of a source.
    pub fn subgraph(&self, source: SourceId) -> SubgraphId {
        self.request(self.source(source).request).subgraph
    }

    /// The value of a call at a place for a concrete type that keys and requirements read: under the client's own key
    /// if it selects the same, since what is needed below was taken there.
    pub fn value(
        &self,
        operation: &Operation,
        (place, ty): (PlaceId, TypeId),
        call: &Call,
        child: Option<NodeId>,
    ) -> Option<&Value> {
        let values = &self.place(place).values;
        let (key, _) = self.client_selection(operation, (place, ty), call, child);
        let own = key.and_then(|key| values.find(call, Some(&key), ty));
        own.or_else(|| values.find(call, None, ty))
    }

    /// The client's own key for a field of objects of a type, and what it selects below: the first of several under
    /// which what is wanted below may stand too.
    pub fn client_selection(
        &self,
        operation: &Operation,
        (place, ty): (PlaceId, TypeId),
        call: &Call,
        wanted: Option<NodeId>,
    ) -> (Option<Name>, Option<NodeId>) {
        let Some(node) = self.place(place).node else { return (None, None) };
        let node = operation.node(node);
        let variant = node.variants.iter().find(|variant| variant.types.contains(ty));
        let mut fields = variant.into_iter().flat_map(|variant| &variant.fields);
        let selected = fields.find(|field| {
            matches!(&field.what, What::Field(known) if known == call)
                && field.child.zip(wanted).is_none_or(|(client, wanted)| operation.may_share(client, wanted))
        });
        selected.map(|selected| (selected.key.clone(), selected.child)).unwrap_or_default()
    }

    /// The requests that give the values of a node at a place, for one concrete type.
    pub fn producers(&self, operation: &Operation, place: PlaceId, ty: TypeId, node: NodeId) -> BTreeSet<RequestId> {
        let mut found = BTreeSet::new();
        let mut open = vec![(place, ty, node)];
        while let Some((place, ty, node)) = open.pop() {
            let node = operation.node(node);
            let Some(variant) = node.variants.iter().find(|variant| variant.types.contains(ty)) else { continue };
            for selected in &variant.fields {
                let What::Field(call) = &selected.what else {
                    found.extend(self.place(place).typename.map(|source| self.source(source).request));
                    continue;
                };
                let Some(value) = self.value(operation, (place, ty), call, selected.child) else { continue };
                match (selected.child, value.child(ty)) {
                    (Some(node), Some(child)) => {
                        if self.place(child).types.len() > 1 {
                            found.extend(self.place(child).typename.map(|source| self.source(source).request));
                        }
                        let types: Vec<TypeId> = self.place(child).types.iter().collect();
                        open.extend(types.into_iter().map(|ty| (child, ty, node)));
                        found.extend(value.producer(ty).map(|source| self.source(source).request));
                    }
                    _ => found.extend(value.producer(ty).map(|source| self.source(source).request)),
                }
            }
        }
        found
    }
}

impl Value {
    /// The source that gives it for a concrete type.
    pub fn producer(&self, ty: TypeId) -> Option<SourceId> {
        self.producers.iter().find(|(types, _)| types.contains(ty)).map(|(_, source)| *source)
    }

    /// Whether none of those that lead to a place below have the value from another source.
    pub fn is_from(&self, child: &Child, source: SourceId) -> bool {
        child.types.iter().all(|ty| self.producer(ty).is_none_or(|producer| producer == source))
    }

    /// The place below for a concrete type.
    pub fn child(&self, ty: TypeId) -> Option<PlaceId> {
        self.children.iter().find(|child| child.types.contains(ty)).map(|child| child.place)
    }
}
