//! What a draft is made of: places, the sources at them, the values taken from these, and the requests they belong to.

mod journal;
mod kept;
mod keyed;
mod lookup;

use std::sync::Arc;

use federation::query_graph::View;
use federation::supergraph::FieldType;
use federation::{FieldId, SubgraphId, TypeId, TypeSet};
use graphql::Name;
use rustc_hash::FxHashSet;

use super::later::{Job, PartId};
use crate::operation::{Call, GroupId, NodeId};

use kept::Try;
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
