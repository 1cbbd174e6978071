//! The query plan: which subgraph is asked what, after which other answers, and how the response is made of it.
//!
//! A plan is made for one operation with its `@skip` and `@include` already decided (they depend on boolean
//! variables alone, whose values are part of the plan cache's key). So nothing in a plan is conditional:
//! the order of response keys, what a representation needs and which fetches run are all fixed, and the
//! variables of conditions never travel to a subgraph.

mod contexts;

use federation::{FieldId, SubgraphId, TypeId, TypeSet, supergraph::FieldType};
use graphql::{ExecutableDocument, json};

pub use contexts::{ContextSource, ContextualArgument, Grouped, Piece};

/// An index into [`QueryPlan::fetches`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FetchId(pub u32);

/// An index into [`QueryPlan::keys`]: the name of an object's member in the merged data. It is the client's
/// response key, or a name of the planner's own for what only representations need.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(pub u32);

/// An index into [`QueryPlan::blocks`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlockId(pub u32);

/// An index into [`QueryPlan::groups`]: the blocks with any of which a field is first delivered. 0 has no block: the
/// response's first part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupId(pub u32);

/// What an operation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names are the specification's")]
pub enum OperationKind {
    Query,
    Mutation,
    Subscription,
}

impl OperationKind {
    /// The specification's word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::Mutation => "mutation",
            Self::Subscription => "subscription",
        }
    }
}

/// How to answer one operation.
#[derive(Clone, Debug)]
pub struct QueryPlan {
    /// Query, mutation or subscription.
    pub kind: OperationKind,
    /// The root type, which the response's top object has.
    pub root: TypeId,
    /// Names of members; [`KeyId`] indexes it. Each text stands once.
    pub keys: Vec<String>,
    /// Producers before consumers; [`FetchId`] indexes it. Empty when everything is answered here.
    pub fetches: Vec<Fetch>,
    /// The response, all of its parts together.
    pub response: Shape,
    /// The response's later parts, outer before inner; [`BlockId`] indexes it. Empty where nothing is deferred.
    pub blocks: Vec<Block>,
    /// Sets of blocks, sorted; [`GroupId`] indexes it. The first is empty.
    pub groups: Vec<Vec<BlockId>>,
    /// The fetches that have to be done before the first part can be written; unused where nothing is deferred.
    pub first: Vec<FetchId>,
    /// Fetches that are sent as one request: no fetch is in two. They wait for the same fetches, so that they become
    /// ready together.
    pub joint: Vec<Joint>,
    /// The client's `__schema` and `__type` fields alone, to be answered here.
    pub introspection: Option<Box<graphql::Valid<ExecutableDocument>>>,
}

impl QueryPlan {
    /// How many requests to subgraphs it takes.
    pub fn requests(&self) -> usize {
        let saved: usize = self.joint.iter().map(|joint| joint.members.len().saturating_sub(1)).sum();
        self.fetches.len().saturating_sub(saved)
    }

    /// How many of them come one after another at most: the length of the longest chain of fetches.
    pub fn steps(&self) -> u32 {
        self.depths().into_iter().max().unwrap_or(0)
    }

    /// The step in which each fetch runs, from 1.
    pub fn depths(&self) -> Vec<u32> {
        let mut depths: Vec<u32> = Vec::with_capacity(self.fetches.len());
        for fetch in &self.fetches {
            let after = fetch.after.iter().filter_map(|id| depths.get(id.0 as usize).copied());
            depths.push(after.max().unwrap_or(0).saturating_add(1));
        }
        depths
    }
}

/// Fetches of entities of one subgraph in one request: each is an `_entities` field of its own there, so that each has
/// representations and a selection of its own.
#[derive(Clone, Debug, PartialEq)]
pub struct Joint {
    /// At least two, in order.
    pub members: Vec<JointMember>,
    /// The text of the operation, minified.
    pub document: String,
    /// Its name, for the subgraph's logs.
    pub operation_name: Option<String>,
    /// How the body of each request begins: see [`body_start`].
    pub body_start: Vec<u8>,
    /// The client's variables that the document uses, by name without `$`.
    pub variables: Vec<String>,
}

/// One fetch of a [`Joint`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JointMember {
    /// The fetch.
    pub fetch: FetchId,
    /// The response key of its entities.
    pub response_key: String,
    /// The name of the variable that holds its representations, without `$`.
    pub variable: String,
}

/// A deferred fragment at one place of the response.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// The client's name for it.
    pub label: Option<String>,
    /// The block around it.
    pub parent: Option<BlockId>,
    /// The fetches that have to be done before it can be written.
    pub needs: Vec<FetchId>,
}

/// One request to one subgraph.
#[derive(Clone, Debug, PartialEq)]
pub struct Fetch {
    /// Who is asked.
    pub subgraph: SubgraphId,
    /// A root selection, or entities.
    pub kind: FetchKind,
    /// The subgraph operation's text, minified.
    pub document: String,
    /// Its name, for the subgraph's logs.
    pub operation_name: Option<String>,
    /// How the body of each request begins: see [`body_start`].
    pub body_start: Vec<u8>,
    /// The client's variables that the document uses, by name without `$`, in order of first use.
    pub variables: Vec<String>,
    /// What of the answer is taken, and where it goes. For entities: of each entity.
    pub output: Selection,
    /// The fetches whose answers this one reads or, for mutations, has to follow. Each is before this one.
    pub after: Vec<FetchId>,
    /// For entities: the same in parts, for objects that lack what some of the fields require; each of these parts
    /// needs something else. They bring the same under the same keys. Empty where all fields require the same.
    pub apart: Vec<Fetch>,
}

/// How the body of a request begins, `{"query":…` and the operation's name: escaped once a plan rather than once a call.
pub fn body_start(document: &str, operation_name: Option<&str>) -> Vec<u8> {
    let mut start = Vec::with_capacity(document.len() + document.len() / 8 + 32);
    start.extend_from_slice(b"{\"query\":");
    json::write_string(document, &mut start);
    if let Some(name) = operation_name {
        start.extend_from_slice(b",\"operationName\":");
        json::write_string(name, &mut start);
    }
    start
}

/// What a fetch asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum FetchKind {
    /// Fields of a root type; the answer merges into the object at `path` (empty: the response's top).
    Root {
        /// Where a root type is reached again below the top; mostly empty.
        path: Vec<PathSegment>,
    },
    /// `_entities` for all objects found at a path.
    Entities(Entities),
}

/// The entities that a fetch asks for.
#[derive(Clone, Debug, PartialEq)]
pub struct Entities {
    /// Where they stand in the merged data: at any of these places. Lists on the way, of any depth, stand for all
    /// of their items. There is at least one; there are several where the same is asked at several places.
    pub paths: Vec<Vec<PathSegment>>,
    /// How to write a representation, by the object's concrete type. Objects of no listed type are left out.
    pub representations: Vec<Representation>,
    /// The name of the variable that holds the representations, without `$`.
    pub variable: String,
    /// What is read from contexts for them: mostly nothing. Entities with different values are asked apart.
    pub contexts: Vec<ContextualArgument>,
    /// How they are asked in one request; there where anything is read from contexts.
    pub grouped: Option<Box<Grouped>>,
}

/// A step down the merged data.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum PathSegment {
    /// Into the member of this name.
    Key(KeyId),
    /// Only objects of one of these types.
    Type(TypeSet),
}

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

/// What is taken of an object in a subgraph's answer. Each response key stands once: where two types ask different
/// things under one key, the planner has given them aliases.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Selection {
    /// In the order in which the document asks.
    pub fields: Vec<OutputField>,
}

/// One member of an object in a subgraph's answer.
#[derive(Clone, Debug, PartialEq)]
pub struct OutputField {
    /// Its name in the answer.
    pub response_key: String,
    /// Where it goes.
    pub target: Target,
    /// The field, for its type in the subgraph.
    pub field: Option<FieldId>,
    /// What is taken of the objects in it; `None` for leaves, which are taken whole.
    pub selection: Option<Selection>,
}

/// Where a member of an answer goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    /// It tells the object's concrete type, unless that is known already.
    Typename,
    /// It is the object's member of this name.
    Key(KeyId),
}

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
    pub response_key: String,
    /// Where its value is from.
    pub source: Source,
    /// Its field, for messages; `None` for `__typename`, `__schema` and `__type`.
    pub field: Option<FieldId>,
    /// Its type in the supergraph's API: null propagation and coercion go by it.
    pub ty: FieldType,
    /// What is answered of the objects in it; `None` for leaves.
    pub selection: Option<Shape>,
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
    /// The answer to [`QueryPlan::introspection`], under the same response key.
    Introspection,
}
