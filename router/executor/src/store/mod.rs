//! The merged data of one request: nodes in an arena over the subgraphs' own bytes.
//!
//! A leaf is a span of an answer, so strings and numbers are never copied, decoded or re-encoded until the
//! response is written. A node stands at one place, or at several that are to stay equal: whoever has a node's id may
//! change it.

mod buffers;
mod members;
mod node;
mod nulls;
mod rivals;

use std::ops::Range;

use bytes::Bytes;
use federation::TypeId;
use fixedbitset::FixedBitSet;
use planner::plan::{FetchId, KeyId};
use rustc_hash::FxHashMap;

use crate::null::{AskedSets, Null};
use crate::path::Step;
use crate::policy::Policy;

pub use members::Members;
pub use node::{Leaf, Node, Object, ObjectType};

/// A node of the [`Store`] that gave it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(u32);

impl NodeId {
    /// Below [`Store::nodes_len`].
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// The arena.
#[derive(Debug)]
pub struct Store<'p> {
    buffers: Vec<(Bytes, FetchId)>,
    /// The bytes of all buffers, and how many they may be.
    bytes: usize,
    bytes_max: usize,
    nodes: Vec<Node>,
    items: Vec<NodeId>,
    members: Vec<(KeyId, NodeId)>,
    nodes_max: usize,
    /// Lists that came for the place of another of a different length.
    rivals: FxHashMap<NodeId, Vec<NodeId>>,
    asked: AskedSets<'p>,
    /// The nodes that stand at several places.
    repeated: FixedBitSet,
}

/// Bytes of an answer for each of its values, about; and for how many values room is made before they are seen.
const BYTES_A_VALUE: usize = 40;
const EXPECTED_MAX: usize = 100_000;

/// How much a store holds.
#[derive(Clone, Copy, Debug)]
pub struct Mark {
    buffers: usize,
    bytes: usize,
    nodes: usize,
    items: usize,
    members: usize,
}

/// The store holds as many nodes, or as many bytes, as it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full;

impl<'p> Store<'p> {
    /// A store that holds the response's top object alone.
    pub fn new(root: TypeId, policy: &Policy) -> Self {
        let top =
            Node::Object(Object { ty: ObjectType::Known(root), told_by: FetchId(0), members: Members::default() });
        let nodes_max = policy.nodes_max.min(u32::MAX as usize);
        Self {
            buffers: Vec::new(),
            bytes: 0,
            bytes_max: policy.answers_bytes_max,
            nodes: vec![top],
            items: Vec::new(),
            members: Vec::new(),
            nodes_max,
            rivals: FxHashMap::default(),
            asked: AskedSets::default(),
            repeated: FixedBitSet::new(),
        }
    }

    /// How many nodes there are.
    pub fn nodes_len(&self) -> usize {
        self.nodes.len()
    }

    /// The response's top object.
    pub fn root(&self) -> NodeId {
        NodeId(0)
    }

    /// What is there by now.
    pub fn mark(&self) -> Mark {
        Mark {
            buffers: self.buffers.len(),
            bytes: self.bytes,
            nodes: self.nodes.len(),
            items: self.items.len(),
            members: self.members.len(),
        }
    }

    /// Forgets what was added since a mark, to which nothing from before may refer.
    pub fn forget(&mut self, since: Mark) {
        self.buffers.truncate(since.buffers);
        self.bytes = since.bytes;
        self.nodes.truncate(since.nodes);
        self.items.truncate(since.items);
        self.members.truncate(since.members);
        self.repeated.remove_range(since.nodes.min(self.repeated.len())..);
    }

    /// Says that a node stands at another place as well.
    pub fn mark_repeated(&mut self, node: NodeId) {
        self.repeated.grow_and_insert(node.index());
    }

    /// By node: whether it stands at several places.
    pub fn repeated(&self) -> &FixedBitSet {
        &self.repeated
    }

    /// Makes room for about as many values as an answer of so many bytes has.
    pub fn expect_values(&mut self, bytes: usize) {
        let values = (bytes / BYTES_A_VALUE).min(EXPECTED_MAX);
        self.nodes.reserve(values);
        self.members.reserve(values);
    }

    /// Adds a node.
    ///
    /// # Errors
    /// If there are too many.
    pub fn add(&mut self, node: Node) -> Result<NodeId, Full> {
        if self.nodes.len() >= self.nodes_max {
            return Err(Full);
        }
        let id = u32::try_from(self.nodes.len()).map_err(|_| Full)?;
        self.nodes.push(node);
        Ok(NodeId(id))
    }

    /// Adds a list of nodes.
    ///
    /// # Errors
    /// If there are too many.
    pub fn add_array(&mut self, items: &[NodeId], fetch: FetchId) -> Result<NodeId, Full> {
        let start = u32::try_from(self.items.len()).map_err(|_| Full)?;
        let len = u32::try_from(items.len()).map_err(|_| Full)?;
        self.items.extend_from_slice(items);
        self.add(Node::Array { start, len, fetch })
    }

    /// A node.
    pub fn node(&self, id: NodeId) -> &Node {
        self.nodes.get(id.0 as usize).unwrap_or(&Node::Null(Null::NOTHING))
    }

    /// A node, to be changed.
    pub fn node_mut(&mut self, id: NodeId) -> Option<&mut Node> {
        self.nodes.get_mut(id.0 as usize)
    }

    /// Exchanges what two nodes hold.
    pub fn swap(&mut self, one: NodeId, other: NodeId) {
        let (one, other) = (one.0 as usize, other.0 as usize);
        if one.max(other) < self.nodes.len() {
            self.nodes.swap(one, other);
        }
    }

    /// An object, if the node is one.
    pub fn object(&self, id: NodeId) -> Option<&Object> {
        match self.node(id) {
            Node::Object(object) => Some(object),
            _ => None,
        }
    }

    /// An object, if the node is one, to be changed.
    pub fn object_mut(&mut self, id: NodeId) -> Option<&mut Object> {
        match self.node_mut(id) {
            Some(Node::Object(object)) => Some(object),
            _ => None,
        }
    }

    /// The item of an array at a place of [`Self::item_range`].
    pub fn item(&self, place: usize) -> Option<NodeId> {
        self.items.get(place).copied()
    }

    /// The places of an array's items.
    pub fn item_range(start: u32, len: u32) -> Range<usize> {
        start as usize..start as usize + len as usize
    }

    /// An array's items.
    pub fn items(&self, start: u32, len: u32) -> &[NodeId] {
        self.items.get(Self::item_range(start, len)).unwrap_or_default()
    }

    /// What is one step below a node, if anything is.
    pub fn below(&self, node: NodeId, step: Step) -> Option<NodeId> {
        match (self.node(node), step) {
            (Node::Object(object), Step::Key(key)) => self.member(object, key),
            (&Node::Array { start, len, .. }, Step::Index(index)) => {
                self.items(start, len).get(index as usize).copied()
            }
            _ => None,
        }
    }
}
