//! Merging what a fetch brought into what is there.
//!
//! What stands in the end depends on the plan's order alone, never on which answer came first. Null never overwrites.
//! Objects merge deeply, lists of objects by index if equally long. Where subgraphs disagree on a leaf, on an object's
//! concrete type or on the length of a list of objects, the word of the plan's earlier fetch stands. A list of scalars is
//! one leaf: subgraphs may disagree on it as on any shared value, and no error is told.

use planner::plan::{FetchId, KeyId};

use crate::fill::fill;
use crate::null::{Null, Part};
use crate::path::Step;
use crate::store::{Full, Members, Node, NodeId, Object, ObjectType, Store};

/// Places that are remembered of one merge; beyond, clients learn nothing more.
const PLACES_MAX: usize = 20;

/// Where two answers contradict each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The steps from the merged object.
    pub steps: Vec<Step>,
    /// In what.
    pub kind: ConflictKind,
}

/// What two answers can't both be right about. Of several at one place the first of these is told: which of the others are
/// found depends on what came first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ConflictKind {
    /// Whether a value is a list, an object or a leaf.
    Form,
    /// The length of a list of objects.
    Length,
    /// The concrete type of an object.
    Type,
}

/// Merges an object, which nobody else refers to, into another.
pub fn merge(store: &mut Store<'_>, target: NodeId, source: NodeId) -> Vec<Conflict> {
    let mut merger = Merger { store, steps: Vec::new(), conflicts: Vec::new() };
    merger.node(target, source);
    merger.conflicts
}

/// Merges a copy of an object, which others are to get as well, into another.
///
/// # Errors
/// If the store is full.
pub fn merge_copy(store: &mut Store<'_>, target: NodeId, source: NodeId) -> Result<Vec<Conflict>, Full> {
    let mut merger = Merger { store, steps: Vec::new(), conflicts: Vec::new() };
    match (merger.store.object(target), merger.store.object(source)) {
        (Some(_), Some(_)) => merger.object_copy(target, source)?,
        _ => {
            let source = copy(merger.store, source)?;
            merger.node(target, source);
        }
    }
    Ok(merger.conflicts)
}

struct Merger<'s, 'p> {
    store: &'s mut Store<'p>,
    steps: Vec<Step>,
    conflicts: Vec<Conflict>,
}

impl Merger<'_, '_> {
    fn node(&mut self, target: NodeId, source: NodeId) {
        match (self.store.node(target), self.store.node(source)) {
            (Node::Null(_), &Node::Null(null)) => self.store.join_nulls(target, null),
            (_, &Node::Null(null)) => self.fill_below(target, null),
            (&Node::Null(null), _) => {
                self.store.swap(target, source);
                self.fill_below(target, null);
            }
            (Node::Object(_), Node::Object(_)) => self.object(target, source),
            (&Node::Array { len, .. }, &Node::Array { len: source_len, .. }) if len == source_len => {
                self.list(target, source);
            }
            (Node::Array { .. }, Node::Array { .. }) => self.unequal_lists(target, source),
            (Node::Leaf(here), Node::Leaf(there)) => {
                if self.store.origin(*there) < self.store.origin(*here) {
                    self.store.swap(target, source);
                }
            }
            (here, there) => {
                if rank(there) > rank(here) {
                    self.store.swap(target, source);
                }
                self.conflict(ConflictKind::Form);
            }
        }
    }

    /// What was asked below a null that stood or stands here is null in what another subgraph has. A full store shows as
    /// missing values, which are told.
    fn fill_below(&mut self, target: NodeId, null: Null) {
        for Part { selection, reason } in self.store.asked_below(null) {
            let _ = fill(self.store, target, selection, reason);
        }
    }

    fn object(&mut self, target: NodeId, source: NodeId) {
        let Some(there) = self.learn(target, source) else { return };
        match self.store.object_mut(target) {
            // Nobody else refers to them.
            Some(object) if object.members.is_empty() => object.members = there,
            _ => {
                for place in there.places() {
                    if let Some((key, node)) = self.store.member_at(place) {
                        self.member(target, key, node);
                    }
                }
            }
        }
    }

    fn object_copy(&mut self, target: NodeId, source: NodeId) -> Result<(), Full> {
        let Some(there) = self.learn(target, source) else { return Ok(()) };
        self.store.reserve_members(target, there.places().len())?;
        for place in there.places() {
            if let Some((key, node)) = self.store.member_at(place) {
                let node = copy(self.store, node)?;
                self.member(target, key, node);
            }
        }
        Ok(())
    }

    /// Takes what an object tells of its type; gives its members.
    fn learn(&mut self, target: NodeId, source: NodeId) -> Option<Members> {
        let Object { ty, told_by, members } = *self.store.object(source)?;
        let object = self.store.object_mut(target)?;
        let differ = match (object.ty, ty) {
            (_, ObjectType::NotAsked) => false,
            (ObjectType::Known(_) | ObjectType::Invalid, ObjectType::NotLearnt | ObjectType::Untold) => false,
            (ObjectType::Known(_), ObjectType::Invalid) | (ObjectType::Untold, ObjectType::NotLearnt) => false,
            (ObjectType::Known(here), ObjectType::Known(there)) => {
                if told_by < object.told_by {
                    (object.ty, object.told_by) = (ty, told_by);
                }
                here != there
            }
            _ => {
                (object.ty, object.told_by) = (ty, told_by);
                false
            }
        };
        if differ {
            self.conflict(ConflictKind::Type);
        }
        Some(members)
    }

    fn member(&mut self, target: NodeId, key: KeyId, node: NodeId) {
        match self.store.object(target).and_then(|object| self.store.member(object, key)) {
            Some(present) => {
                self.steps.push(Step::Key(key));
                self.node(present, node);
                self.steps.pop();
            }
            // A full store shows as missing values, which are told.
            None => {
                let _ = self.store.add_member(target, key, node);
            }
        }
    }

    /// Merges lists of one length, item by item.
    fn list(&mut self, target: NodeId, source: NodeId) {
        let (&Node::Array { start, len, .. }, &Node::Array { start: other, fetch: second, .. }) =
            (self.store.node(target), self.store.node(source))
        else {
            return;
        };
        if let Some(Node::Array { fetch, .. }) = self.store.node_mut(target) {
            *fetch = second.min(*fetch);
        }
        let pairs = Store::item_range(start, len).zip(Store::item_range(other, len));
        for ((place, source_place), index) in pairs.zip(0u32..) {
            if let (Some(target), Some(source)) = (self.store.item(place), self.store.item(source_place)) {
                self.steps.push(Step::Index(index));
                self.node(target, source);
                self.steps.pop();
            }
        }
    }

    /// Lists of one length merge with each other; of those of different lengths the one with the plan's earliest fetch
    /// stands. The others are kept, as what is still to come may belong to them.
    fn unequal_lists(&mut self, target: NodeId, source: NodeId) {
        self.conflict(ConflictKind::Length);
        let length = |node: &Node| if let Node::Array { len, .. } = node { Some(*len) } else { None };
        let own = length(self.store.node(source));
        let rival = self.store.rivals(target).iter().copied().find(|rival| length(self.store.node(*rival)) == own);
        let rival = match rival {
            Some(rival) => {
                self.list(rival, source);
                rival
            }
            None => {
                self.store.add_rival(target, source);
                source
            }
        };
        if first_fetch(self.store.node(rival)) < first_fetch(self.store.node(target)) {
            self.store.swap(target, rival);
        }
    }

    fn conflict(&mut self, kind: ConflictKind) {
        if self.conflicts.len() < PLACES_MAX {
            self.conflicts.push(Conflict { steps: self.steps.clone(), kind });
        }
    }
}

/// Of values of different kinds, at most one of which can be right, which stands.
fn rank(node: &Node) -> u8 {
    match node {
        Node::Null(_) => 0,
        Node::Leaf(_) => 1,
        Node::Object(_) => 2,
        Node::Array { .. } => 3,
    }
}

fn first_fetch(node: &Node) -> Option<FetchId> {
    if let Node::Array { fetch, .. } = node { Some(*fetch) } else { None }
}

/// A copy of a node and all below it, for a second place. Leaves still refer to the same bytes.
///
/// # Errors
/// If the store is full.
pub fn copy(store: &mut Store<'_>, node: NodeId) -> Result<NodeId, Full> {
    match *store.node(node) {
        Node::Object(Object { ty, told_by, members }) => {
            let mut copies = Vec::with_capacity(members.places().len());
            for place in members.places() {
                if let Some((key, member)) = store.member_at(place) {
                    copies.push((key, copy(store, member)?));
                }
            }
            store.add_object(ty, told_by, &copies)
        }
        Node::Array { start, len, fetch } => {
            let mut items = store.items(start, len).to_vec();
            for item in &mut items {
                *item = copy(store, *item)?;
            }
            store.add_array(&items, fetch)
        }
        leaf => store.add(leaf),
    }
}
