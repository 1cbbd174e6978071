//! Values, as far as the fetch takes them: what it doesn't take is passed over.

use std::ops::Range;

use federation::supergraph::TypeKind;
use graphql::json::{JsonError, Kind, unescape, unescaped_eq};
use planner::plan::{KeyId, Selection, Target};

use super::{DEPTH_MAX, LISTS_MAX, ReadError, Reader};
use crate::names::Names;
use crate::null::Reason;
use crate::store::{Full, Leaf, Node, NodeId, ObjectType};

/// So many fields are compared with a member one after another.
const FEW: usize = 8;

impl<'p> Reader<'_, 'p> {
    pub fn object(&mut self, selection: &'p Selection, depth: usize) -> Result<NodeId, ReadError> {
        let depth = deeper(depth)?;
        let mut ty = ObjectType::NotAsked;
        let first = self.members.len();
        // Subgraphs answer in the order asked, so the next field is nearly always the one expected.
        let mut expected = 0;
        self.scanner.enter();
        let mut more = self.scanner.member_first();
        while more {
            let found = match selection.fields.get(expected) {
                Some(field) if self.scanner.key_is(&field.response_key) => Some(expected),
                _ => {
                    let key = self.scanner.key()?;
                    self.place(selection, self.scanner.slice(key))
                }
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
                            let node = self.value(field.selection.as_ref(), depth, 0)?;
                            self.put(first, key, node);
                        }
                    }
                }
            }
            more = self.scanner.member_next()?;
        }
        if ty == ObjectType::NotAsked {
            ty = untold(selection);
        }
        let members = self.members.get(first..).unwrap_or_default();
        let object = self.store.add_object(ty, self.fetch, members)?;
        self.members.truncate(first);
        Ok(object)
    }

    /// An object that has nothing of what was asked.
    pub fn empty(&mut self, selection: &Selection) -> Result<NodeId, Full> {
        self.store.add_object(untold(selection), self.fetch, &[])
    }

    /// A value within so many lists.
    fn value(&mut self, selection: Option<&'p Selection>, depth: usize, lists: usize) -> Result<NodeId, ReadError> {
        match (self.scanner.peek()?, selection) {
            (Kind::Null, _) => {
                self.scanner.value(0)?;
                Ok(self.store.add_null(Reason::Answered, selection)?)
            }
            (Kind::Object, Some(selection)) => self.object_below(selection, depth),
            (Kind::Array, Some(selection)) => self.array(selection, depth, lists + 1),
            (kind, _) => {
                let span = self.scanner.value_of(kind, depth)?;
                Ok(self.store.add(Node::Leaf(leaf(self.buffer, &span, kind)?))?)
            }
        }
    }

    /// An object, kept once if it came before and may be.
    fn object_below(&mut self, selection: &'p Selection, depth: usize) -> Result<NodeId, ReadError> {
        let (Some(alike), Some(repeated)) = (selection.alike, self.repeated.as_mut()) else {
            return self.object(selection, depth);
        };
        if let Some(node) = repeated.find(alike, depth, |span| self.scanner.value_is(span)) {
            self.store.mark_repeated(node);
            return Ok(node);
        }
        let start = self.scanner.position();
        let node = self.object(selection, depth)?;
        if let Some(repeated) = self.repeated.as_mut() {
            repeated.keep(alike, depth, (start..self.scanner.position(), node));
        }
        Ok(node)
    }

    fn array(&mut self, selection: &'p Selection, depth: usize, lists: usize) -> Result<NodeId, ReadError> {
        let depth = deeper(depth)?;
        if lists > LISTS_MAX {
            return Err(ReadError::Shape("its lists are nested too deep"));
        }
        let first = self.items.len();
        self.scanner.enter();
        let mut more = self.scanner.array_first()?;
        while more {
            let item = self.value(Some(selection), depth, lists)?;
            self.items.push(item);
            more = self.scanner.array_next()?;
        }
        let items = self.items.get(first..).unwrap_or_default();
        let array = self.store.add_array(items, self.fetch)?;
        self.items.truncate(first);
        Ok(array)
    }

    /// The place of the field that a member is for.
    fn place(&mut self, selection: &'p Selection, name: &[u8]) -> Option<usize> {
        let fields = &selection.fields;
        if fields.len() <= FEW {
            return fields.iter().position(|field| unescaped_eq(name, &field.response_key));
        }
        let keys = || fields.iter().map(|field| field.response_key.as_str());
        self.names.entry(std::ptr::from_ref(selection)).or_insert_with(|| Names::new(keys())).place(name)
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
        let Some(ty) = self.supergraph.types.get(id.0 as usize) else { return Ok(ObjectType::Invalid) };
        Ok(match ty.kind {
            TypeKind::Object => ObjectType::Known(id),
            // A subgraph that knows an interface as an object tells nothing of the concrete type.
            TypeKind::Interface if ty.join(self.subgraph).is_some_and(|join| join.is_interface_object) => {
                ObjectType::NotAsked
            }
            _ => ObjectType::Invalid,
        })
    }
}

/// The type of an object that doesn't tell it.
fn untold(selection: &Selection) -> ObjectType {
    let is_asked = selection.fields.iter().any(|field| field.target == Target::Typename);
    if is_asked { ObjectType::Untold } else { ObjectType::NotAsked }
}

fn deeper(depth: usize) -> Result<usize, JsonError> {
    depth.checked_sub(1).ok_or(JsonError::TooDeep { limit: DEPTH_MAX })
}

fn leaf(buffer: u32, span: &Range<usize>, kind: Kind) -> Result<Leaf, Full> {
    let start = u32::try_from(span.start).map_err(|_| Full)?;
    let len = u32::try_from(span.len()).map_err(|_| Full)?;
    Ok(Leaf { buffer, start, len, kind })
}
