//! Nulls for what a fetch should have brought and hasn't, and why.

use planner::plan::{Selection, Target};

use crate::path::Step;
use crate::store::{Full, Node, NodeId, Reason, Store};

/// Makes null what is absent of a fetch's output in an object, or in the objects of a list. If it failed, nulls that
/// are there already count as failed too.
///
/// # Errors
/// If the store is full; then what is still absent is told as missing.
pub fn fill(store: &mut Store, target: NodeId, selection: &Selection, reason: Reason) -> Result<(), Full> {
    match store.node(target) {
        Node::Object(_) => {}
        &Node::Array { start, len, .. } => {
            for place in Store::item_range(start, len) {
                if let Some(item) = store.item(place) {
                    fill(store, item, selection, reason)?;
                }
            }
            return Ok(());
        }
        Node::Null(_) => {
            mark(store, target, reason);
            return Ok(());
        }
        Node::Leaf(_) => return Ok(()),
    }
    for field in &selection.fields {
        let Target::Key(key) = field.target else { continue };
        let present = store.object(target).and_then(|object| object.member(key));
        match (present, &field.selection) {
            (None, _) => {
                let null = store.add(Node::Null(reason))?;
                if let Some(object) = store.object_mut(target) {
                    object.members.push((key, null));
                }
            }
            (Some(present), Some(selection)) => fill(store, present, selection, reason)?,
            (Some(present), None) => mark(store, present, reason),
        }
    }
    Ok(())
}

/// Marks the first null on the way from an object as failed. Whether the way goes on to its end: then what the fetch
/// brought to the object itself has failed.
pub fn fail_on_the_way(store: &mut Store, from: NodeId, steps: &[Step]) -> bool {
    let Some(at) = follow(store, from, steps) else { return false };
    mark(store, at, Reason::Failed);
    at == from
}

/// The end of a way from an object, or the null on it; `None` if it leads nowhere.
pub fn follow(store: &Store, from: NodeId, steps: &[Step]) -> Option<NodeId> {
    let mut at = from;
    for step in steps {
        at = match (store.node(at), step) {
            (Node::Null(_), _) => return Some(at),
            (Node::Object(object), Step::Key(key)) => object.member(*key)?,
            (&Node::Array { start, len, .. }, Step::Index(index)) => {
                store.items(start, len).get(*index as usize).copied()?
            }
            _ => return None,
        };
    }
    Some(at)
}

fn mark(store: &mut Store, node: NodeId, reason: Reason) {
    if reason == Reason::Failed
        && let Some(Node::Null(present)) = store.node_mut(node)
    {
        *present = reason;
    }
}
