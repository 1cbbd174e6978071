//! From an answer's bytes to nodes, guided by what the fetch takes of it.
//!
//! Members that the fetch doesn't take are passed over. What is read stands apart in the store until it is
//! merged, so an answer that turns out to be malformed at its last byte has changed nothing.

mod members;
mod repeated;
mod together;
mod values;

use std::ops::Range;

use bytes::Bytes;
use federation::{SubgraphId, Supergraph};
use graphql::json::{JsonError, Kind, Scanner, unescaped_eq};
use planner::plan::{FetchId, KeyId, Selection};
use rustc_hash::FxHashMap;

use crate::names::Names;
use crate::store::{Full, NodeId, Store};

use repeated::Repeated;

pub use together::{Together, read_together};

/// Nested arrays and objects that are followed: bounds the stack. Operations nest some dozens deep, each level
/// an object and perhaps a list.
pub const DEPTH_MAX: usize = 256;

/// What a subgraph answered.
#[derive(Debug)]
pub struct Answer {
    /// The member `data`.
    pub data: Data,
    /// Where the member `errors` stands in the bytes; `None` if it is absent, null or an empty list.
    pub errors: Option<Range<usize>>,
}

/// The member `data` of an answer.
#[derive(Debug)]
pub enum Data {
    /// Absent, or null.
    None,
    /// The root object.
    Root(NodeId),
    /// The list `_entities`: objects and nulls.
    Entities(Vec<NodeId>),
    /// Something else.
    Malformed(&'static str),
}

impl Data {
    /// What an answer without entities has.
    const MISSING: Self = Self::Malformed("_entities is missing");
}

/// What `data` should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect {
    /// An object of the selection.
    Root,
    /// `_entities`, each an object of the selection.
    Entities,
}

/// Why an answer can't be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// Not JSON.
    #[error(transparent)]
    Json(JsonError),
    /// Not a GraphQL response.
    #[error("{0}")]
    Shape(&'static str),
    /// More data than one request may have.
    #[error("too much data")]
    Full,
}

impl From<JsonError> for ReadError {
    fn from(error: JsonError) -> Self {
        Self::Json(match error {
            // The scanner knows only how many levels were left.
            JsonError::TooDeep { .. } => JsonError::TooDeep { limit: DEPTH_MAX },
            error => error,
        })
    }
}

impl From<Full> for ReadError {
    fn from(_: Full) -> Self {
        Self::Full
    }
}

/// Reads an answer of a subgraph.
///
/// # Errors
/// Bytes that aren't a GraphQL response in JSON.
pub fn read_answer<'p>(
    store: &mut Store<'p>,
    of: (&Supergraph, SubgraphId),
    answer: (FetchId, &Bytes),
    as_asked: (Expect, &'p Selection),
) -> Result<Answer, ReadError> {
    let before = store.mark();
    let mut repeated = Some(Repeated::default());
    let read = read(Reader::new(store, of, answer, &mut repeated)?, as_asked)?;
    if read.errors.is_none() || repeated.is_none_or(|repeated| repeated.found == 0) {
        return Ok(read);
    }
    // Errors may speak of one of several places where equal objects stand.
    store.forget(before);
    self::read(Reader::new(store, of, answer, &mut None)?, as_asked)
}

fn read<'p>(mut reader: Reader<'_, 'p>, (expect, selection): (Expect, &'p Selection)) -> Result<Answer, ReadError> {
    let mut answer = Answer { data: Data::None, errors: None };
    if reader.scanner.peek()? != Kind::Object {
        return Err(ReadError::Shape("it is not an object"));
    }
    reader.scanner.enter();
    let (mut has_data, mut has_errors) = (false, false);
    let mut key = reader.scanner.object_first()?;
    while let Some(span) = key {
        let name = reader.scanner.slice(span);
        if unescaped_eq(name, "data") {
            has_data = true;
            answer.data = reader.data(expect, selection)?;
        } else if unescaped_eq(name, "errors") {
            has_errors = true;
            answer.errors = reader.errors()?;
        } else {
            reader.scanner.value(DEPTH_MAX)?;
        }
        key = reader.scanner.object_next()?;
    }
    reader.scanner.finish()?;
    if !has_data && !has_errors {
        return Err(ReadError::Shape("it has neither data nor errors"));
    }
    Ok(answer)
}

struct Reader<'a, 'p> {
    scanner: Scanner<'a>,
    store: &'a mut Store<'p>,
    supergraph: &'a Supergraph,
    /// Who answers.
    subgraph: SubgraphId,
    fetch: FetchId,
    buffer: u32,
    /// By selection of many fields: their names, where they had to be looked for.
    names: FxHashMap<*const Selection, Names<'p>>,
    /// Members of the objects that are being read, the innermost last: an object takes just the room that it needs, so
    /// that empty ones can't be made to take more.
    members: Vec<(KeyId, NodeId)>,
    /// Items of the lists that are being read, the innermost last.
    items: Vec<NodeId>,
    /// Where equal objects may be kept once: what was read.
    repeated: &'a mut Option<Repeated>,
}

impl<'a, 'p> Reader<'a, 'p> {
    fn new(
        store: &'a mut Store<'p>,
        (supergraph, subgraph): (&'a Supergraph, SubgraphId),
        (fetch, bytes): (FetchId, &'a Bytes),
        repeated: &'a mut Option<Repeated>,
    ) -> Result<Self, ReadError> {
        let buffer = store.add_buffer(bytes.clone(), fetch)?;
        store.expect_values(bytes.len());
        let (scanner, names) = (Scanner::new(bytes)?, FxHashMap::default());
        let (members, items) = (Vec::new(), Vec::new());
        Ok(Self { scanner, store, supergraph, subgraph, fetch, buffer, names, members, items, repeated })
    }
}
