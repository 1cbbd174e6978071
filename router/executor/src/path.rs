//! Finding the objects at a path of the merged data: through lists of any depth, by type conditions.

use fixedbitset::FixedBitSet;
use planner::plan::{Fetch, FetchKind, KeyId, PathSegment};

use crate::store::{Node, NodeId, ObjectType, Store};

/// A step from the response's top to a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Into a member.
    Key(KeyId),
    /// Into a list's item.
    Index(u32),
}

/// Where the objects stand that a fetch is for.
pub fn paths(fetch: &Fetch) -> &[Vec<PathSegment>] {
    match &fetch.kind {
        FetchKind::Root { path } => std::slice::from_ref(path),
        FetchKind::Entities(entities) => &entities.paths,
    }
}

/// All objects at any of the paths, in the order of the paths and then of the data, each once.
pub fn objects_at(store: &Store<'_>, paths: &[Vec<PathSegment>]) -> Vec<NodeId> {
    let mut found = Vec::new();
    for path in paths {
        collect(store, store.root(), path, &mut found);
    }
    if paths.len() > 1 {
        let mut seen = FixedBitSet::with_capacity(store.nodes_len());
        found.retain(|node| !seen.put(node.index()));
    }
    found
}

/// Adds the objects at a path below a node.
fn collect(store: &Store<'_>, node: NodeId, path: &[PathSegment], found: &mut Vec<NodeId>) {
    match (store.node(node), path.split_first()) {
        (Node::Null(_) | Node::Leaf(_), _) => {}
        (&Node::Array { start, len, .. }, _) => {
            for item in store.items(start, len) {
                collect(store, *item, path, found);
            }
        }
        (Node::Object(_), None) => found.push(node),
        (Node::Object(object), Some((PathSegment::Key(key), rest))) => {
            if let Some(member) = store.member(object, *key) {
                collect(store, member, rest, found);
            }
        }
        (Node::Object(object), Some((PathSegment::Type(types), rest))) => {
            if matches!(object.ty, ObjectType::Known(ty) if types.contains(ty)) {
                collect(store, node, rest, found);
            }
        }
    }
}

/// Calls back for every object at any of the paths, with the steps that lead to it.
pub fn visit_objects(store: &Store<'_>, paths: &[Vec<PathSegment>], found: &mut impl FnMut(NodeId, &[Step])) {
    let mut steps = Vec::new();
    for path in paths {
        visit(store, store.root(), path, &mut steps, found);
    }
}

fn visit(
    store: &Store<'_>,
    node: NodeId,
    path: &[PathSegment],
    steps: &mut Vec<Step>,
    found: &mut impl FnMut(NodeId, &[Step]),
) {
    match (store.node(node), path.split_first()) {
        (Node::Null(_) | Node::Leaf(_), _) => {}
        (&Node::Array { start, len, .. }, _) => {
            for (item, index) in store.items(start, len).iter().zip(0u32..) {
                steps.push(Step::Index(index));
                visit(store, *item, path, steps, found);
                steps.pop();
            }
        }
        (Node::Object(_), None) => found(node, steps),
        (Node::Object(object), Some((PathSegment::Key(key), rest))) => {
            if let Some(member) = store.member(object, *key) {
                steps.push(Step::Key(*key));
                visit(store, member, rest, steps, found);
                steps.pop();
            }
        }
        (Node::Object(object), Some((PathSegment::Type(types), rest))) => {
            if matches!(object.ty, ObjectType::Known(ty) if types.contains(ty)) {
                visit(store, node, rest, steps, found);
            }
        }
    }
}
