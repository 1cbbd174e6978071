//! Nulls for what a fetch should have brought and hasn't, and why.

use planner::plan::{Selection, Target};

use crate::null::Reason;
use crate::path::Step;
use crate::store::{Full, Node, NodeId, ObjectType, Store};

/// Makes null all that a fetch was to bring of an object that it was for. If it was to tell the type, nobody does.
///
/// # Errors
/// As [`fill`].
pub fn give_up<'p>(store: &mut Store<'p>, object: NodeId, output: &'p Selection, reason: Reason) -> Result<(), Full> {
    let is_untold = output.fields.iter().any(|field| field.target == Target::Typename);
    if let Some(object) = store.object_mut(object).filter(|object| is_untold && object.ty == ObjectType::NotAsked) {
        object.ty = ObjectType::NotLearnt;
    }
    fill(store, object, output, reason)
}

/// Makes null what is absent of a fetch's output in an object, or in the objects of a list. Nulls that are there already
/// are so for this reason too.
///
/// # Errors
/// If the store is full; then what is still absent is told as missing.
pub fn fill<'p>(store: &mut Store<'p>, target: NodeId, selection: &'p Selection, reason: Reason) -> Result<(), Full> {
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
            store.null_too(target, reason, Some(selection));
            return Ok(());
        }
        Node::Leaf(_) => return Ok(()),
    }
    for field in &selection.fields {
        let Target::Key(key) = field.target else { continue };
        let present = store.object(target).and_then(|object| store.member(object, key));
        match (present, &field.selection) {
            (None, selection) => {
                let null = store.add_null(reason, selection.as_ref())?;
                store.add_member(target, key, null)?;
            }
            (Some(present), Some(selection)) => fill(store, present, selection, reason)?,
            (Some(present), None) => store.null_too(present, reason, None),
        }
    }
    Ok(())
}

/// Marks the first null on the way from an object of an answer as failed. `false` if the way ends at something, or
/// nowhere.
pub fn fail_on_the_way(store: &mut Store<'_>, from: NodeId, steps: &[Step], reason: Reason) -> bool {
    let Some(at) = follow(store, from, steps) else { return false };
    let is_null = matches!(store.node(at), Node::Null(_));
    if is_null {
        store.fail_null(at, reason);
    }
    is_null
}

/// The end of a way from an object, or the null on it; `None` if it leads nowhere.
fn follow(store: &Store<'_>, from: NodeId, steps: &[Step]) -> Option<NodeId> {
    let mut at = from;
    for step in steps {
        if matches!(store.node(at), Node::Null(_)) {
            break;
        }
        at = store.below(at, *step)?;
    }
    Some(at)
}
