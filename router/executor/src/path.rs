//! Finding the objects at a path of the merged data: through lists of any depth, by type conditions.

use fixedbitset::FixedBitSet;
use planner::plan::{KeyId, PathSegment};

use crate::store::{Node, NodeId, ObjectType, Store};

/// A step from the response's top to a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Into a member.
    Key(KeyId),
    /// Into a list's item.
    Index(u32),
}

/// All objects at any of the paths, in the order of the paths and then of the data, each once.
pub fn objects_at(store: &Store<'_>, paths: &[Vec<PathSegment>]) -> Vec<NodeId> {
    let mut found = Vec::new();
    for path in paths {
        visit(store, store.root(), path, &mut Once::new(store), &mut |node, _| found.push(node));
    }
    if paths.len() > 1 {
        let mut seen = FixedBitSet::with_capacity(store.nodes_len());
        found.retain(|node| !seen.put(node.index()));
    }
    found
}

/// What is remembered of the way to a node.
trait Way {
    /// Whether to follow a step down to a node.
    fn enter(&mut self, step: Step, node: NodeId) -> bool;
    fn leave(&mut self);
}

/// Nothing, but which of the nodes that stand at several places were come to.
struct Once<'s> {
    repeated: &'s FixedBitSet,
    seen: FixedBitSet,
}

impl<'s> Once<'s> {
    fn new(store: &'s Store<'_>) -> Self {
        let repeated = store.repeated();
        Self { repeated, seen: FixedBitSet::with_capacity(repeated.len()) }
    }
}

impl Way for Once<'_> {
    fn enter(&mut self, _: Step, node: NodeId) -> bool {
        !self.repeated.contains(node.index()) || !self.seen.put(node.index())
    }

    fn leave(&mut self) {}
}

impl Way for Vec<Step> {
    fn enter(&mut self, step: Step, _: NodeId) -> bool {
        self.push(step);
        true
    }

    fn leave(&mut self) {
        self.pop();
    }
}

/// Calls back for every place at any of the paths where an object stands, with the steps that lead to it.
pub fn visit_objects(store: &Store<'_>, paths: &[Vec<PathSegment>], found: &mut impl FnMut(NodeId, &[Step])) {
    let mut steps = Vec::new();
    for path in paths {
        visit(store, store.root(), path, &mut steps, &mut |node, steps: &Vec<Step>| found(node, steps));
    }
}

fn visit<W: Way>(
    store: &Store<'_>,
    node: NodeId,
    path: &[PathSegment],
    way: &mut W,
    found: &mut impl FnMut(NodeId, &W),
) {
    match (store.node(node), path.split_first()) {
        (Node::Null(_) | Node::Leaf(_), _) => {}
        (&Node::Array { start, len, .. }, _) => {
            for (item, index) in store.items(start, len).iter().zip(0u32..) {
                if way.enter(Step::Index(index), *item) {
                    visit(store, *item, path, way, found);
                    way.leave();
                }
            }
        }
        (Node::Object(_), None) => found(node, way),
        (Node::Object(object), Some((PathSegment::Key(key), rest))) => {
            if let Some(member) = store.member(object, *key).filter(|member| way.enter(Step::Key(*key), *member)) {
                visit(store, member, rest, way, found);
                way.leave();
            }
        }
        (Node::Object(object), Some((PathSegment::Type(types), rest))) => {
            if matches!(object.ty, ObjectType::Known(ty) if types.contains(ty)) {
                visit(store, node, rest, way, found);
            }
        }
    }
}
