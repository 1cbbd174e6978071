//! How an entity is represented: what is read of the merged data to ask a subgraph for it.

use federation::TypeSet;

use super::KeyId;

/// How to write the representation of an object.
#[derive(Clone, Debug, PartialEq)]
pub struct Representation {
    /// The concrete types that it is for; empty: any object, its type known or not, as interface objects are.
    pub types: TypeSet,
    /// The type name to send: the interface's for an interface object; `None` sends the object's own.
    pub typename: Option<String>,
    /// The members, in order.
    pub members: Vec<RepresentationMember>,
}

/// A member of a representation.
#[derive(Clone, Debug, PartialEq)]
pub struct RepresentationMember {
    /// The field's name, as the subgraph knows it.
    pub name: String,
    /// Where its value stands in the merged data; `None` is the object's type name.
    pub source: Option<KeyId>,
    /// Whether null (or absence) leaves the entity out: true for what the subgraph types as non-null and for key members.
    pub required: bool,
    /// What to send of an object, by its concrete type; empty for leaves, which are sent as they came.
    pub selection: Vec<RepresentationSelection>,
}

/// The members to send of nested objects of some types.
#[derive(Clone, Debug, PartialEq)]
pub struct RepresentationSelection {
    /// The concrete types that it is for; empty: any object, its type known or not.
    pub types: TypeSet,
    /// The members, in order.
    pub members: Vec<RepresentationMember>,
}
