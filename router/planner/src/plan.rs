//! The query plan: which subgraph is asked what, after which other answers, and how the response is made of it.
//!
//! A plan is made for one operation with its `@skip` and `@include` already decided (they depend on boolean
//! variables alone, whose values are part of the plan cache's key). So nothing in a plan is conditional:
//! the order of response keys, what a representation needs and which fetches run are all fixed, and the
//! variables of conditions never travel to a subgraph.

mod alike;
mod body_start;
mod contexts;
mod fetch;
mod joint;
mod memory;
mod representation;
mod response_key;
mod selection;
mod shape;

use federation::TypeId;
use graphql::ExecutableDocument;

pub use alike::AlikeId;
pub use body_start::BodyStart;
pub use contexts::{ContextSource, ContextualArgument, Grouped, Piece};
pub use fetch::{Entities, Fetch, FetchKind, PathSegment};
pub use joint::{Joint, JointMember};
pub use representation::{Representation, RepresentationMember, RepresentationSelection};
pub use response_key::ResponseKey;
pub use selection::{OutputField, Selection, Target};
pub use shape::{Deferred, IntrospectionId, Shape, ShapeField, Source, Variant};

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
    /// The client's `__schema` and `__type` fields alone, wherever they stand, each under its [`IntrospectionId::key`]: to be
    /// answered here.
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

    /// Writes how the bodies of requests begin, of documents that don't change any more.
    pub(crate) fn begin_bodies(&mut self) {
        for fetch in &mut self.fetches {
            for asked in fetch.apart.iter_mut() {
                asked.body_start = BodyStart::new(&asked.document, asked.operation_name.as_deref());
            }
            fetch.body_start = BodyStart::new(&fetch.document, fetch.operation_name.as_deref());
        }
        for joint in &mut self.joint {
            joint.body_start = BodyStart::new(&joint.document, joint.operation_name.as_deref());
        }
    }
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
