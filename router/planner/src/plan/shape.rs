//! How the response is made of the merged data.

use std::sync::Arc;

use federation::{FieldId, TypeSet, supergraph::FieldType};

use super::{BlockId, GroupId, KeyId, ResponseKey};

/// The response of one selection set, by concrete type.
#[derive(Clone, Debug, Default)]
pub struct Shape {
    /// Disjoint. With just one variant, the object's concrete type need not be known, unless a field asks for its name.
    pub variants: Vec<Variant>,
}

/// The response for objects of some types.
#[derive(Clone, Debug)]
pub struct Variant {
    /// The concrete types that it is for.
    pub types: TypeSet,
    /// In the client's order, each response key once.
    pub fields: Vec<ShapeField>,
    /// The blocks that begin at such an object.
    pub begun: Vec<BlockId>,
}

/// One response key.
#[derive(Clone, Debug)]
pub struct ShapeField {
    /// The response key.
    pub response_key: ResponseKey,
    /// Where its value is from.
    pub source: Source,
    /// Its field, for messages; `None` for `__typename`, `__schema` and `__type`.
    pub field: Option<FieldId>,
    /// Its type in the supergraph's API: null propagation and coercion go by it.
    pub ty: FieldType,
    /// What is answered of the objects in it; `None` for leaves. Where it is the same for several fields, it is there once.
    pub selection: Option<Arc<Shape>>,
    /// Line and column, from 1, of each field node of the client's text that asks for it.
    pub locations: Vec<(u32, u32)>,
    /// With which parts of the response it comes; `None`: with the first alone.
    pub deferred: Option<Deferred>,
}

/// With which parts of the response a field comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deferred {
    /// With which it is first delivered.
    pub group: GroupId,
    /// All blocks that ask for it, also where another part has delivered it.
    pub asked: Vec<BlockId>,
}

/// Where a response key's value is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    /// The merged data.
    Data(KeyId),
    /// The object's concrete type name.
    Typename,
    /// The answer to [`QueryPlan::introspection`] under the id's key.
    Introspection(IntrospectionId),
}

/// What one response key of [`QueryPlan::introspection`] is called: the client may give one name to several things.
///
/// [`QueryPlan::introspection`]: super::QueryPlan::introspection
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IntrospectionId(pub u32);

impl IntrospectionId {
    /// The response key there.
    pub fn key(self) -> String {
        format!("i{}", self.0)
    }
}
