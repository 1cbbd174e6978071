//! Fetches that are sent as one request.

use super::{BodyStart, FetchId};

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
    /// How the body of each request begins.
    pub body_start: BodyStart,
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
