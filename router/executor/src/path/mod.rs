//! Walking along a path of the merged data: through lists of any depth, by type conditions.
//!
//! A node may stand at several places, and what is above it may, too: so few nodes can stand at more places than anybody
//! could visit. No walk enters a node as often as it stands somewhere; all take time linear in the number of nodes.

mod count;
mod objects;
mod places;

use std::ops::ControlFlow;

use planner::plan::{KeyId, PathSegment};

use crate::store::{Node, NodeId, ObjectType, Store};

pub use count::count_places;
pub use objects::objects_at;
pub use places::visit_places;

/// A step from the response's top to a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Into a member.
    Key(KeyId),
    /// Into a list's item.
    Index(u32),
}

/// Decides which steps are followed, is told when they are left, and takes what is at the path's end.
trait Walk {
    /// Whether to follow a step down to a node.
    fn enter(&mut self, step: Step, node: NodeId) -> bool;

    /// The last step that was followed, which led to this node, is taken back.
    fn leave(&mut self, node: NodeId);

    /// An object is at the path's end. The walk ends where this breaks it off.
    fn found(&mut self, object: NodeId) -> ControlFlow<()>;
}

/// Walks on from a node, along the rest of a path.
fn walk(store: &Store<'_>, node: NodeId, path: &[PathSegment], walker: &mut impl Walk) -> ControlFlow<()> {
    match (store.node(node), path.split_first()) {
        (Node::Null(_) | Node::Leaf(_), _) => {}
        (&Node::Array { start, len, .. }, _) => {
            for (item, index) in store.items(start, len).iter().zip(0u32..) {
                if walker.enter(Step::Index(index), *item) {
                    walk(store, *item, path, walker)?;
                    walker.leave(*item);
                }
            }
        }
        (Node::Object(_), None) => walker.found(node)?,
        (Node::Object(object), Some((PathSegment::Key(key), rest))) => {
            if let Some(member) = store.member(object, *key).filter(|member| walker.enter(Step::Key(*key), *member)) {
                walk(store, member, rest, walker)?;
                walker.leave(member);
            }
        }
        (Node::Object(object), Some((PathSegment::Type(types), rest))) => {
            if matches!(object.ty, ObjectType::Known(ty) if types.contains(ty)) {
                walk(store, node, rest, walker)?;
            }
        }
    }
    ControlFlow::Continue(())
}
