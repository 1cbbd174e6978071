//! One request to one subgraph, for fields of a root or for entities.

use federation::{SubgraphId, TypeSet};

use super::{BodyStart, ContextualArgument, FetchId, Grouped, KeyId, Representation, Selection};

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
    /// How the body of each request begins.
    pub body_start: BodyStart,
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

impl FetchKind {
    /// Where the objects stand that it is for.
    pub fn paths(&self) -> &[Vec<PathSegment>] {
        match self {
            Self::Root { path } => std::slice::from_ref(path),
            Self::Entities(entities) => &entities.paths,
        }
    }
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
