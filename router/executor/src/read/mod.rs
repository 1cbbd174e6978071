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

/// Nested arrays and objects of one answer that are followed: bounds the stack while it is read. Operations nest some dozens
/// deep, each level an object and perhaps a list.
pub const DEPTH_MAX: usize = 256;

/// Lists right within each other that are followed; types of fields nest two or three. Answers stand below each other, so
/// this bounds the stack of whatever goes through them all.
const LISTS_MAX: usize = 8;

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
/// Bytes that aren't a GraphQL response in JSON. Then nothing of it is kept.
pub fn read_answer<'p>(
    store: &mut Store<'p>,
    of: (&Supergraph, SubgraphId),
    answer: (FetchId, &Bytes),
    as_asked: (Expect, &'p Selection),
) -> Result<Answer, ReadError> {
    let before = store.mark();
    let mut read = Reader::new(store, of, answer, Some(Repeated::default())).and_then(|reader| reader.answer(as_asked));
    if matches!(&read, Ok((answer, found)) if answer.errors.is_some() && *found > 0) {
        // Errors may speak of one of several places where equal objects stand.
        store.forget(before);
        read = Reader::new(store, of, answer, None).and_then(|reader| reader.answer(as_asked));
    }
    if read.is_err() {
        store.forget(before);
    }
    Ok(read?.0)
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
    repeated: Option<Repeated>,
}

impl<'a, 'p> Reader<'a, 'p> {
    fn new(
        store: &'a mut Store<'p>,
        (supergraph, subgraph): (&'a Supergraph, SubgraphId),
        (fetch, bytes): (FetchId, &'a Bytes),
        repeated: Option<Repeated>,
    ) -> Result<Self, ReadError> {
        let buffer = store.add_buffer(bytes.clone(), fetch)?;
        store.expect_values(bytes.len());
        let (scanner, names) = (Scanner::new(bytes)?, FxHashMap::default());
        let (members, items) = (Vec::new(), Vec::new());
        Ok(Self { scanner, store, supergraph, subgraph, fetch, buffer, names, members, items, repeated })
    }

    /// The whole answer, and how many objects in it are kept once that came before.
    fn answer(mut self, (expect, selection): (Expect, &'p Selection)) -> Result<(Answer, usize), ReadError> {
        let mut answer = Answer { data: Data::None, errors: None };
        if self.scanner.peek()? != Kind::Object {
            return Err(ReadError::Shape("it is not an object"));
        }
        self.scanner.enter();
        let (mut has_data, mut has_errors) = (false, false);
        let mut key = self.scanner.object_first()?;
        while let Some(span) = key {
            let name = self.scanner.slice(span);
            if unescaped_eq(name, "data") {
                has_data = true;
                answer.data = self.data(expect, selection)?;
            } else if unescaped_eq(name, "errors") {
                has_errors = true;
                answer.errors = self.errors()?;
            } else {
                self.scanner.value(DEPTH_MAX)?;
            }
            key = self.scanner.object_next()?;
        }
        self.scanner.finish()?;
        if !has_data && !has_errors {
            return Err(ReadError::Shape("it has neither data nor errors"));
        }
        Ok((answer, self.repeated.map_or(0, |repeated| repeated.found)))
    }
}
