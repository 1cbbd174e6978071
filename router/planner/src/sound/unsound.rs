//! What may be wrong with a plan.

use crate::plan::FetchId;

/// A fault of a plan. Each but the first is a fault of planning: no operation, schema or data excuses it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unsound {
    /// The proof was stopped: the plan may well be sound.
    #[error("the proof was stopped before its end")]
    Unproved,
    /// The document has no such operation, or one of another kind.
    #[error("there is no such operation")]
    Operation,
    /// Introspection is answered for nobody.
    #[error("introspection is answered that nothing asks for")]
    Introspection,
    /// A document that its subgraph would refuse.
    #[error("#{} is invalid: {why}", .fetch.0)]
    Invalid {
        /// The fetch.
        fetch: FetchId,
        /// What validation says.
        why: String,
    },
    /// A fetch waits for itself, for a later one, or for none although it reads from one.
    #[error("#{} waits for #{}", .fetch.0, .after.0)]
    Order {
        /// The fetch.
        fetch: FetchId,
        /// What it waits for.
        after: FetchId,
    },
    /// A root field of a mutation, or what belongs to it, runs beside a later one.
    #[error("#{} runs before #{} is done, which belongs to an earlier root field", .fetch.0, .earlier.0)]
    MutationOrder {
        /// The fetch of the later root field.
        fetch: FetchId,
        /// The fetch that it should wait for.
        earlier: FetchId,
    },
    /// A root field of a mutation is run by no fetch, or by several.
    #[error("the root field {key} is run {times} times")]
    MutationTimes {
        /// Its response key.
        key: String,
        /// How many fetches run it.
        times: usize,
    },
    /// A path that leads to no object.
    #[error("#{} reads from a path where nothing is known: {path}", .fetch.0)]
    Path {
        /// The fetch.
        fetch: FetchId,
        /// Its path.
        path: String,
    },
    /// A type has to be known where no earlier fetch asks for it.
    #[error("#{} needs the type of {types}, which no earlier fetch tells", .fetch.0)]
    UnknownType {
        /// The fetch.
        fetch: FetchId,
        /// The possible types.
        types: String,
    },
    /// A representation without a whole key or without what is required.
    #[error("#{} sends a representation of {ty} that lacks {what}", .fetch.0)]
    Representation {
        /// The fetch.
        fetch: FetchId,
        /// The concrete type.
        ty: String,
        /// What is missing or wrong.
        what: String,
    },
    /// A representation with a member that nothing needs.
    #[error("#{} sends more of {ty} than a key and what is required", .fetch.0)]
    Needless {
        /// The fetch.
        fetch: FetchId,
        /// The concrete type.
        ty: String,
    },
    /// A field is asked of a subgraph that does not resolve it there.
    #[error("#{} asks for {coordinate}: {why}", .fetch.0)]
    Unresolved {
        /// The fetch.
        fetch: FetchId,
        /// The field.
        coordinate: String,
        /// Why it is not resolved.
        why: String,
    },
    /// Document and output of a fetch don't fit.
    #[error("#{} takes {response_key} from its answer: {why}", .fetch.0)]
    Output {
        /// The fetch.
        fetch: FetchId,
        /// The response key.
        response_key: String,
        /// What is wrong.
        why: String,
    },
    /// Two different values under one key.
    #[error("#{} overwrites {key} of {types} by {by}", .fetch.0)]
    Overwritten {
        /// The fetch that comes later.
        fetch: FetchId,
        /// The key.
        key: String,
        /// The types of the object.
        types: String,
        /// The later field with its arguments.
        by: String,
    },
    /// The response lacks something, or has it from somewhere else.
    #[error("the response at {path} of {types}: {why}")]
    Response {
        /// The response path, without indexes.
        path: String,
        /// The types of the object.
        types: String,
        /// What is wrong.
        why: String,
    },
    /// A part of the response that doesn't begin where it should, or waits for too little or too much.
    #[error("{part} {why}")]
    Part {
        /// The part.
        part: String,
        /// What is wrong.
        why: String,
    },
    /// A part of the response waits for what it has nothing of.
    #[error("{part} waits for #{}, of which it has nothing", .fetch.0)]
    PartWaits {
        /// The part.
        part: String,
        /// What it waits for.
        fetch: FetchId,
    },
    /// A fetch that is something else when it is asked in parts.
    #[error("#{} in parts: {why}", .fetch.0)]
    Apart {
        /// The fetch.
        fetch: FetchId,
        /// What is wrong.
        why: String,
    },
    /// A fetch waits for one that it has nothing of.
    #[error("#{} waits for #{} without need", .fetch.0, .after.0)]
    Waits {
        /// The fetch.
        fetch: FetchId,
        /// What it waits for.
        after: FetchId,
    },
    /// A fetch of which nothing is used, or that brings nothing that isn't known before.
    #[error("nothing of #{} is used or new", .fetch.0)]
    Unused {
        /// The fetch.
        fetch: FetchId,
    },
}

impl Unsound {
    /// Whether something is asked or waited for in vain, and nothing else is wrong.
    pub(super) fn is_needless(&self) -> bool {
        matches!(self, Self::Waits { .. } | Self::Unused { .. } | Self::PartWaits { .. })
    }
}
