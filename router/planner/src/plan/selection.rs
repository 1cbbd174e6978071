//! What is taken of a subgraph's answer, and where it goes.

use federation::FieldId;

use super::{AlikeId, KeyId};

/// What is taken of an object in a subgraph's answer. Each response key stands once: where two types ask different
/// things under one key, the planner has given them aliases.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Selection {
    /// In the order in which the document asks.
    pub fields: Vec<OutputField>,
    /// Set where all objects that come are treated alike, so that equal ones may be kept once.
    pub alike: Option<AlikeId>,
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
