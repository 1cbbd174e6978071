//! Merging what a fetch brought into what is there.
//!
//! Null never overwrites. Objects merge deeply, lists by index if equally long. A concrete type once known
//! stays. Of two leaves that differ the one of the earlier fetch in the plan stays, whichever came first.

use crate::store::{Full, Node, NodeId, Object, ObjectType, Reason, Store};

/// Something that can't be merged: lists of different lengths, or an object where a leaf is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Conflicts(pub usize);

/// Merges an object, which nobody else refers to, into another.
pub fn merge(store: &mut Store, target: NodeId, source: NodeId) -> Conflicts {
    let mut conflicts = Conflicts::default();
    merge_node(store, target, source, &mut conflicts);
    conflicts
}

fn merge_node(store: &mut Store, target: NodeId, source: NodeId, conflicts: &mut Conflicts) {
    match (store.node(target), store.node(source)) {
        (_, Node::Null(_)) => {}
        (Node::Null(_), _) => replace(store, target, source),
        (Node::Object(_), Node::Object(_)) => merge_object(store, target, source, conflicts),
        (&Node::Array { start, len }, &Node::Array { start: source_start, len: source_len }) if len == source_len => {
            for (place, source_place) in Store::item_range(start, len).zip(Store::item_range(source_start, source_len))
            {
                if let (Some(target), Some(source)) = (store.item(place), store.item(source_place)) {
                    merge_node(store, target, source, conflicts);
                }
            }
        }
        (Node::Leaf(here), Node::Leaf(there)) => {
            if store.origin(*there) < store.origin(*here) {
                replace(store, target, source);
            }
        }
        _ => conflicts.0 = conflicts.0.saturating_add(1),
    }
}

fn merge_object(store: &mut Store, target: NodeId, source: NodeId, conflicts: &mut Conflicts) {
    let Some(Object { ty, members }) = store.object_mut(source).map(std::mem::take) else { return };
    let Some(object) = store.object_mut(target) else { return };
    if !matches!(object.ty, ObjectType::Known(_)) && ty != ObjectType::NotAsked {
        object.ty = ty;
    }
    if object.members.is_empty() {
        object.members = members;
        return;
    }
    for (key, node) in members {
        match store.object(target).and_then(|object| object.member(key)) {
            Some(present) => merge_node(store, present, node, conflicts),
            None => {
                if let Some(object) = store.object_mut(target) {
                    object.members.push((key, node));
                }
            }
        }
    }
}

fn replace(store: &mut Store, target: NodeId, source: NodeId) {
    let Some(node) = store.node_mut(source).map(|node| std::mem::replace(node, Node::Null(Reason::Answered))) else {
        return;
    };
    if let Some(place) = store.node_mut(target) {
        *place = node;
    }
}

/// A copy of a node and all below it, for a second place. Leaves still refer to the same bytes.
///
/// # Errors
/// If the store is full.
pub fn copy(store: &mut Store, node: NodeId) -> Result<NodeId, Full> {
    match store.node(node).clone() {
        Node::Object(Object { ty, mut members }) => {
            for (_, member) in &mut members {
                *member = copy(store, *member)?;
            }
            store.add(Node::Object(Object { ty, members }))
        }
        Node::Array { start, len } => {
            let mut items = store.items(start, len).to_vec();
            for item in &mut items {
                *item = copy(store, *item)?;
            }
            store.add_array(&items)
        }
        leaf => store.add(leaf),
    }
}
