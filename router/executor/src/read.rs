//! From an answer's bytes to nodes, guided by what the fetch takes of it.
//!
//! Members that the fetch doesn't take are passed over. What is read stands apart in the store until it is
//! merged, so an answer that turns out to be malformed at its last byte has changed nothing.

use std::ops::Range;

use bytes::Bytes;
use federation::Supergraph;
use federation::supergraph::TypeKind;
use graphql::json::{JsonError, Kind, Scanner, unescape, unescaped_eq};
use planner::plan::{FetchId, KeyId, Selection, Target};

use crate::store::{Full, Leaf, Node, NodeId, Object, ObjectType, Reason, Store};

/// Nested arrays and objects that are followed: bounds the stack. Operations nest some dozens deep, each level
/// an object and perhaps a list.
const DEPTH_MAX: usize = 256;

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

/// Reads an answer.
///
/// # Errors
/// Bytes that aren't a GraphQL response in JSON.
pub fn read_answer(
    store: &mut Store,
    supergraph: &Supergraph,
    (fetch, bytes): (FetchId, &Bytes),
    (expect, selection): (Expect, &Selection),
) -> Result<Answer, ReadError> {
    let buffer = store.add_buffer(bytes.clone(), fetch)?;
    let scanner = Scanner::new(bytes)?;
    let mut reader = Reader { scanner, store, supergraph, fetch, buffer, members: Vec::new() };
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

struct Reader<'a> {
    scanner: Scanner<'a>,
    store: &'a mut Store,
    supergraph: &'a Supergraph,
    fetch: FetchId,
    buffer: u32,
    /// Members of the objects that are being read, the innermost last: an object takes just the room that it needs, so
    /// that empty ones can't be made to take more.
    members: Vec<(KeyId, NodeId)>,
}

impl Reader<'_> {
    fn errors(&mut self) -> Result<Option<Range<usize>>, ReadError> {
        let kind = self.scanner.peek()?;
        let span = self.scanner.value(DEPTH_MAX)?;
        let text = self.scanner.slice(span.clone());
        let empty = kind == Kind::Array && text.iter().all(|byte| b"[] \t\r\n".contains(byte)) && text.len() >= 2 && {
            // `[[]]` is not empty.
            text.iter().filter(|byte| **byte == b'[').count() == 1
        };
        Ok((kind != Kind::Null && !empty).then_some(span))
    }

    fn data(&mut self, expect: Expect, selection: &Selection) -> Result<Data, ReadError> {
        match (self.scanner.peek()?, expect) {
            (Kind::Null, _) => {
                self.scanner.value(0)?;
                Ok(Data::None)
            }
            (Kind::Object, Expect::Root) => Ok(Data::Root(self.object(selection, DEPTH_MAX)?)),
            (Kind::Object, Expect::Entities) => self.entities(selection),
            _ => {
                self.scanner.value(DEPTH_MAX)?;
                Ok(Data::Malformed("data is not an object"))
            }
        }
    }

    fn entities(&mut self, selection: &Selection) -> Result<Data, ReadError> {
        let mut data = Data::Malformed("_entities is missing");
        self.scanner.enter();
        let mut key = self.scanner.object_first()?;
        while let Some(span) = key {
            if !unescaped_eq(self.scanner.slice(span), "_entities") {
                self.scanner.value(DEPTH_MAX)?;
            } else {
                match self.scanner.peek()? {
                    Kind::Array => data = Data::Entities(self.entity_list(selection)?),
                    Kind::Null => {
                        self.scanner.value(0)?;
                        data = Data::None;
                    }
                    _ => {
                        self.scanner.value(DEPTH_MAX)?;
                        data = Data::Malformed("_entities is not a list");
                    }
                }
            }
            key = self.scanner.object_next()?;
        }
        Ok(data)
    }

    fn entity_list(&mut self, selection: &Selection) -> Result<Vec<NodeId>, ReadError> {
        let mut entities = Vec::new();
        self.scanner.enter();
        let mut more = self.scanner.array_first()?;
        while more {
            entities.push(if self.scanner.peek()? == Kind::Object {
                self.object(selection, DEPTH_MAX)?
            } else {
                self.scanner.value(DEPTH_MAX)?;
                self.store.add(Node::Null(Reason::Answered))?
            });
            more = self.scanner.array_next()?;
        }
        Ok(entities)
    }

    fn value(&mut self, selection: Option<&Selection>, depth: usize) -> Result<NodeId, ReadError> {
        match (self.scanner.peek()?, selection) {
            (Kind::Null, _) => {
                self.scanner.value(0)?;
                Ok(self.store.add(Node::Null(Reason::Answered))?)
            }
            (Kind::Object, Some(selection)) => self.object(selection, depth),
            (Kind::Array, Some(selection)) => self.array(selection, depth),
            (kind, _) => {
                let span = self.scanner.value(depth)?;
                Ok(self.store.add(Node::Leaf(leaf(self.buffer, &span, kind)?))?)
            }
        }
    }

    fn array(&mut self, selection: &Selection, depth: usize) -> Result<NodeId, ReadError> {
        let depth = deeper(depth)?;
        let mut items = Vec::new();
        self.scanner.enter();
        let mut more = self.scanner.array_first()?;
        while more {
            items.push(self.value(Some(selection), depth)?);
            more = self.scanner.array_next()?;
        }
        Ok(self.store.add_array(&items, self.fetch)?)
    }

    fn object(&mut self, selection: &Selection, depth: usize) -> Result<NodeId, ReadError> {
        let depth = deeper(depth)?;
        let mut ty = ObjectType::NotAsked;
        let first = self.members.len();
        // Subgraphs answer in the order asked, so the next field is nearly always the one expected.
        let mut expected = 0;
        self.scanner.enter();
        let mut key = self.scanner.object_first()?;
        while let Some(span) = key {
            let name = self.scanner.slice(span);
            let found = match selection.fields.get(expected) {
                Some(field) if unescaped_eq(name, &field.response_key) => Some(expected),
                _ => selection.fields.iter().position(|field| unescaped_eq(name, &field.response_key)),
            };
            match found.and_then(|index| selection.fields.get(index).map(|field| (index, field))) {
                None => {
                    self.scanner.value(depth)?;
                }
                Some((index, field)) => {
                    expected = index + 1;
                    match field.target {
                        Target::Typename => ty = self.typename(depth)?,
                        Target::Key(key) => {
                            let node = self.value(field.selection.as_ref(), depth)?;
                            self.put(first, key, node);
                        }
                    }
                }
            }
            key = self.scanner.object_next()?;
        }
        let asked = || selection.fields.iter().any(|field| field.target == Target::Typename);
        if ty == ObjectType::NotAsked && asked() {
            ty = ObjectType::Untold;
        }
        let members = self.members.get(first..).unwrap_or_default().to_vec();
        self.members.truncate(first);
        Ok(self.store.add(Node::Object(Object { ty, told_by: self.fetch, members }))?)
    }

    /// Keeps a member of the object whose members begin at `first`; of two of one name the last stands.
    fn put(&mut self, first: usize, key: KeyId, node: NodeId) {
        match self.members.iter_mut().skip(first).find(|(name, _)| *name == key) {
            Some((_, present)) => *present = node,
            None => self.members.push((key, node)),
        }
    }

    fn typename(&mut self, depth: usize) -> Result<ObjectType, ReadError> {
        let kind = self.scanner.peek()?;
        let span = self.scanner.value(depth)?;
        if kind != Kind::String {
            return Ok(ObjectType::Invalid);
        }
        let Some(name) = unescape(self.scanner.slice(span)) else { return Ok(ObjectType::Invalid) };
        let Some(id) = self.supergraph.type_by_name.get(&*name).copied() else { return Ok(ObjectType::Invalid) };
        match self.supergraph.types.get(id.0 as usize).map(|ty| ty.kind) {
            Some(TypeKind::Object) => Ok(ObjectType::Known(id)),
            // A subgraph that knows an interface as an object tells nothing of the concrete type.
            Some(TypeKind::Interface) => Ok(ObjectType::NotAsked),
            _ => Ok(ObjectType::Invalid),
        }
    }
}

fn deeper(depth: usize) -> Result<usize, JsonError> {
    depth.checked_sub(1).ok_or(JsonError::TooDeep { limit: DEPTH_MAX })
}

fn leaf(buffer: u32, span: &Range<usize>, kind: Kind) -> Result<Leaf, Full> {
    let start = u32::try_from(span.start).map_err(|_| Full)?;
    let len = u32::try_from(span.len()).map_err(|_| Full)?;
    Ok(Leaf { buffer, start, len, kind })
}
