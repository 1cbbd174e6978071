//! How far a path leads to what a response can have.
//!
//! Subgraphs may report errors beyond the end of a list, at a key of a list or at an index of an object: clients that follow
//! such a path through the data find nothing, or something else. What could stand below a null is possible.

use federation::supergraph::FieldType;
use graphql::json::{Kind, Scanner};
use planner::plan::Source;

use super::place::ClientStep;
use crate::read::DEPTH_MAX;
use crate::store::{Node, NodeId, Store};

/// Bytes of a list of leaves in which an item is looked for. An error beyond is told of the list.
const LIST_BYTES_MAX: usize = 64 * 1024;

/// The longest beginning of a path that a response with this data can have.
pub fn possible<'s, 'p>(store: &Store<'_>, path: &'s [ClientStep<'p>]) -> &'s [ClientStep<'p>] {
    let mut place = Place { ty: None, value: Value::Node(store.root()) };
    for (number, step) in path.iter().enumerate() {
        let Some(next) = place.step(store, step) else { return path.get(..number).unwrap_or(path) };
        place = next;
    }
    path
}

/// What stands at the end of a path.
struct Place<'a> {
    /// Of the value; `None` at the top.
    ty: Option<&'a FieldType>,
    value: Value<'a>,
}

#[derive(Clone, Copy)]
enum Value<'a> {
    Node(NodeId),
    /// A list of leaves, or an item of one.
    Text(&'a [u8]),
    /// Null, or nothing.
    None,
}

impl<'a> Place<'a> {
    /// One step down; `None` if nothing can be there.
    fn step(self, store: &'a Store<'_>, step: &ClientStep<'a>) -> Option<Self> {
        match (step, self.ty) {
            (ClientStep::Key(field), None | Some(FieldType::Named { .. })) => {
                let value = self.value.member(store, field.source)?;
                Some(Self { ty: Some(&field.ty), value })
            }
            (ClientStep::Index(index), Some(FieldType::List { item, .. })) => {
                Some(Self { ty: Some(item), value: self.value.item(store, *index)? })
            }
            _ => None,
        }
    }
}

impl<'a> Value<'a> {
    fn member(self, store: &Store<'_>, source: Source) -> Option<Self> {
        let Self::Node(id) = self else { return matches!(self, Self::None).then_some(Self::None) };
        match (store.node(id), source) {
            (Node::Object(object), Source::Data(key)) => Some(store.member(object, key).map_or(Self::None, Self::Node)),
            (Node::Object(_), _) | (Node::Null(_), _) => Some(Self::None),
            (Node::Array { .. } | Node::Leaf(_), _) => None,
        }
    }

    fn item(self, store: &'a Store<'_>, index: u32) -> Option<Self> {
        let text = match self {
            Self::None => return Some(Self::None),
            Self::Text(text) => text,
            Self::Node(id) => match store.node(id) {
                Node::Null(_) => return Some(Self::None),
                &Node::Array { start, len, .. } => {
                    return store.items(start, len).get(index as usize).copied().map(Self::Node);
                }
                Node::Leaf(leaf) => store.text(*leaf),
                Node::Object(_) => return None,
            },
        };
        item_of_text(text, index).map(|(kind, text)| if kind == Kind::Null { Self::None } else { Self::Text(text) })
    }
}

fn item_of_text(text: &[u8], index: u32) -> Option<(Kind, &[u8])> {
    let mut scanner = Scanner::resume(text.get(..LIST_BYTES_MAX).unwrap_or(text));
    if scanner.peek() != Ok(Kind::Array) {
        return None;
    }
    scanner.enter();
    let mut more = scanner.array_first();
    for _ in 0..index {
        if more != Ok(true) {
            break;
        }
        scanner.value(DEPTH_MAX).ok()?;
        more = scanner.array_next();
    }
    if more != Ok(true) {
        return None;
    }
    let kind = scanner.peek().ok()?;
    let span = scanner.value(DEPTH_MAX).ok()?;
    Some((kind, scanner.slice(span)))
}
