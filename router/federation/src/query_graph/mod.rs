//! The query graph: which subgraph resolves a field of an object, on what condition, and by which keys one gets
//! from one subgraph into another.
//!
//! Its edges:
//! - *field*: a [`Resolver`] whose join is neither external, nor disabled, nor has requirements;
//! - *requires*: a [`Resolver`] whose join has them: needs the set, then an [`Entry`] back into its own subgraph;
//! - *provides*: an external field's [`Resolver`], legal within a [`View`] that lists it;
//! - *key*: an [`Entry`];
//! - *interface object*: a [`Resolver`] or [`Entry`] whose `via` is an interface instead of the object itself; an
//!   entry of the interface into a subgraph that knows its implementations tells the object's real type;
//! - *cast*: [`crate::supergraph::TypeJoin::possible_types`];
//! - *root re-entry*: a root type is entered anywhere without a key ([`Supergraph::is_root`]).
//!
//! It says what is possible, never what is best: choosing is the planner's work, proving is composition's.

mod build;
mod view;

use crate::supergraph::{FieldJoin, FieldSet, Supergraph};
use crate::{FieldId, LabelSet, SubgraphId, TypeId};

pub use view::View;

/// A subgraph that knows a field of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resolver {
    /// The subgraph.
    pub subgraph: SubgraphId,
    /// As what the object stands there: its own type, or an interface that the subgraph knows as an object.
    pub via: TypeId,
    /// The field of `via`, whose joins hold the conditions.
    pub field: FieldId,
}

/// A way into a subgraph for a value of some type.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The subgraph.
    pub subgraph: SubgraphId,
    /// As what the value is asked for there: its own type, or an interface.
    pub via: TypeId,
    /// What the subgraph has to be given.
    pub key: FieldSet,
}

/// The edges, by the ids that they start from.
#[derive(Clone, Debug, Default)]
pub struct QueryGraph {
    resolvers: Vec<Vec<Resolver>>,
    entries: Vec<Vec<Entry>>,
}

impl QueryGraph {
    /// The subgraphs that know a field, in subgraph order; for an object's field interface objects included.
    pub fn resolvers(&self, field: FieldId) -> &[Resolver] {
        self.resolvers.get(field.0 as usize).map(Vec::as_slice).unwrap_or_default()
    }

    /// The ways into subgraphs for a type, in subgraph order, then in the order of keys.
    pub fn entries(&self, ty: TypeId) -> &[Entry] {
        self.entries.get(ty.0 as usize).map(Vec::as_slice).unwrap_or_default()
    }
}

/// On what condition a subgraph resolves a field.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Condition<'a> {
    /// On none.
    Always,
    /// On being sent these along with a key.
    Requires(&'a FieldSet),
    /// On a path that provides it.
    Provided,
    /// Never: another subgraph took the field over.
    Never,
}

impl FieldJoin {
    /// On what condition the field is resolved here when no label of a progressive override is in force.
    pub fn condition(&self) -> Condition<'_> {
        self.condition_under(&LabelSet::default())
    }

    /// On what condition the field is resolved here while just these labels are in force.
    pub fn condition_under(&self, labels: &LabelSet) -> Condition<'_> {
        match &self.requires {
            _ if self.is_disabled_under(labels) => Condition::Never,
            _ if self.external => Condition::Provided,
            Some(set) => Condition::Requires(set),
            None => Condition::Always,
        }
    }
}

impl Supergraph {
    /// The join of a resolver.
    pub fn join_of(&self, resolver: &Resolver) -> Option<&FieldJoin> {
        self.field(resolver.field).join(resolver.subgraph)
    }

    /// Whether a type is a root: every subgraph that has it is entered without a key.
    pub fn is_root(&self, ty: TypeId) -> bool {
        ty == self.query || Some(ty) == self.mutation || Some(ty) == self.subscription
    }

    /// Whether a subgraph knows the interface as an object, and so not what its values really are.
    pub fn is_interface_object(&self, ty: TypeId, subgraph: SubgraphId) -> bool {
        self.ty(ty).join(subgraph).is_some_and(|join| join.is_interface_object)
    }
}
