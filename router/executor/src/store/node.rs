//! Values as the store keeps them.

use federation::TypeId;
use graphql::json::Kind;
use planner::plan::FetchId;

use super::Members;
use crate::null::Null;

/// A value.
#[derive(Clone, Copy, Debug)]
pub enum Node {
    /// Null.
    Null(Null),
    /// A scalar, or any JSON that is taken whole.
    Leaf(Leaf),
    /// An object whose members are known one by one.
    Object(Object),
    /// A list of the store's items.
    Array {
        /// The first item's place.
        start: u32,
        /// The number of items.
        len: u32,
        /// The first fetch of the plan that brought it.
        fetch: FetchId,
    },
}

/// A span of a buffer.
#[derive(Clone, Copy, Debug)]
pub struct Leaf {
    /// Which answer.
    pub buffer: u32,
    /// The first byte.
    pub start: u32,
    /// The number of bytes.
    pub len: u32,
    /// What the bytes are.
    pub kind: Kind,
}

/// What is known of an object.
#[derive(Clone, Copy, Debug)]
pub struct Object {
    /// Its concrete type.
    pub ty: ObjectType,
    /// The first fetch of the plan that told the type.
    pub told_by: FetchId,
    /// Its members, each key once, in the order of arrival.
    pub members: Members,
}

/// What is known of an object's concrete type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum ObjectType {
    /// No subgraph was asked for it.
    #[default]
    NotAsked,
    /// No subgraph told, and the one that was to be asked for it gave nothing of the object.
    NotLearnt,
    /// A subgraph was asked and did not tell.
    Untold,
    /// A subgraph told a name that is no object type's.
    Invalid,
    /// This.
    Known(TypeId),
}
