//! The merged data of one request: nodes in an arena over the subgraphs' own bytes.
//!
//! A leaf is a span of an answer, so strings and numbers are never copied, decoded or re-encoded until the
//! response is written. Nodes are never shared between two places: whoever has a node's id may change it.

use std::ops::Range;

use bytes::Bytes;
use federation::TypeId;
use graphql::json::Kind;
use planner::plan::{FetchId, KeyId, Selection};
use rustc_hash::FxHashMap;

use crate::policy::Policy;
use crate::null::{AskedSets, Null, Part, Reason};

/// A node of the [`Store`] that gave it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(u32);

/// A value.
#[derive(Clone, Debug)]
pub enum Node {
    /// Null.
    Null(Null),
    /// A scalar, or any JSON that is taken whole.
    Leaf(Leaf),
    /// An object whose members are known one by one.
    Object(Object),
    /// A list of the store's items.
    Array {
        /// The first item's place.
        start: u32,
        /// The number of items.
        len: u32,
        /// The first fetch of the plan that brought it.
        fetch: FetchId,
    },
}

/// A span of a buffer.
#[derive(Clone, Copy, Debug)]
pub struct Leaf {
    /// Which answer.
    pub buffer: u32,
    /// The first byte.
    pub start: u32,
    /// The number of bytes.
    pub len: u32,
    /// What the bytes are.
    pub kind: Kind,
}

/// What is known of an object.
#[derive(Clone, Debug)]
pub struct Object {
    /// Its concrete type.
    pub ty: ObjectType,
    /// The first fetch of the plan that told the type.
    pub told_by: FetchId,
    /// Its members, each key once, in the order of arrival.
    pub members: Vec<(KeyId, NodeId)>,
}

/// What is known of an object's concrete type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum ObjectType {
    /// No subgraph was asked for it.
    #[default]
    NotAsked,
    /// No subgraph told, and the one that was to be asked for it gave nothing of the object.
    NotLearnt,
    /// A subgraph was asked and did not tell.
    Untold,
    /// A subgraph told a name that is no object type's.
    Invalid,
    /// This.
    Known(TypeId),
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
    nodes_max: usize,
    /// Lists that came for the place of another of a different length.
    rivals: FxHashMap<NodeId, Vec<NodeId>>,
    asked: AskedSets<'p>,
}

/// How much a store holds.
#[derive(Clone, Copy, Debug)]
pub struct Mark {
    buffers: usize,
    bytes: usize,
    nodes: usize,
    items: usize,
}

/// The store holds as many nodes, or as many bytes, as it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full;

impl<'p> Store<'p> {
    /// A store that holds the response's top object alone.
    pub fn new(root: TypeId, policy: &Policy) -> Self {
        let top = Node::Object(Object { ty: ObjectType::Known(root), told_by: FetchId(0), members: Vec::new() });
        let nodes_max = policy.nodes_max.min(u32::MAX as usize);
        Self {
            buffers: Vec::new(),
            bytes: 0,
            bytes_max: policy.answers_bytes_max,
            nodes: vec![top],
            items: Vec::new(),
            nodes_max,
            rivals: FxHashMap::default(),
            asked: AskedSets::default(),
        }
    }

    /// The response's top object.
    pub fn root(&self) -> NodeId {
        NodeId(0)
    }

    /// Keeps an answer's bytes; its number is what leaves refer to.
    ///
    /// # Errors
    /// If it is too large for spans, or all together are too large.
    pub fn add_buffer(&mut self, bytes: Bytes, fetch: FetchId) -> Result<u32, Full> {
        let total = self.bytes.saturating_add(bytes.len());
        if u32::try_from(bytes.len()).is_err() || total > self.bytes_max {
            return Err(Full);
        }
        self.bytes = total;
        let number = u32::try_from(self.buffers.len()).map_err(|_| Full)?;
        self.buffers.push((bytes, fetch));
        Ok(number)
    }

    /// The number of bytes kept: about what the response takes.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// What is there by now.
    pub fn mark(&self) -> Mark {
        Mark { buffers: self.buffers.len(), bytes: self.bytes, nodes: self.nodes.len(), items: self.items.len() }
    }

    /// Forgets what was added since a mark, to which nothing from before may refer.
    pub fn forget(&mut self, since: Mark) {
        self.buffers.truncate(since.buffers);
        self.bytes = since.bytes;
        self.nodes.truncate(since.nodes);
        self.items.truncate(since.items);
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

    /// Adds a null, below which a selection was asked if it isn't a leaf.
    ///
    /// # Errors
    /// If there are too many nodes.
    pub fn add_null(&mut self, reason: Reason, selection: Option<&'p Selection>) -> Result<NodeId, Full> {
        let asked = self.asked.of(selection, reason);
        self.add(Node::Null(Null { reason, asked }))
    }

    /// Says of a null, if the node is one, that something else is null there as well.
    pub fn null_too(&mut self, id: NodeId, reason: Reason, selection: Option<&'p Selection>) {
        let asked = self.asked.of(selection, reason);
        self.join_nulls(id, Null { reason, asked });
    }

    /// Says of a null, if the node is one, that another one stands there as well.
    pub fn join_nulls(&mut self, id: NodeId, other: Null) {
        if let Some(Node::Null(null)) = self.nodes.get_mut(id.0 as usize) {
            null.reason = null.reason.worse(other.reason);
            null.asked = self.asked.both(null.asked, other.asked);
        }
    }

    /// Says of a null, if the node is one, that all that was asked there failed.
    pub fn fail_null(&mut self, id: NodeId, reason: Reason) {
        if let Some(Node::Null(null)) = self.nodes.get_mut(id.0 as usize) {
            null.reason = null.reason.worse(reason);
            null.asked = self.asked.failed(null.asked, reason);
        }
    }

    /// Why a node is null, if it is.
    pub fn reason(&self, id: NodeId) -> Reason {
        match self.node(id) {
            Node::Null(null) => null.reason,
            _ => Reason::Answered,
        }
    }

    /// What was asked below a null.
    pub fn asked_below(&self, null: Null) -> Vec<Part<'p>> {
        self.asked.parts(null.asked)
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

    /// The lists that came for the same place and don't fit.
    pub fn rivals(&self, list: NodeId) -> &[NodeId] {
        self.rivals.get(&list).map(Vec::as_slice).unwrap_or_default()
    }

    /// Keeps a list that doesn't fit, beside the one that stands at its place.
    pub fn add_rival(&mut self, list: NodeId, rival: NodeId) {
        self.rivals.entry(list).or_default().push(rival);
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

    /// A leaf's JSON text.
    pub fn text(&self, leaf: Leaf) -> &[u8] {
        let start = leaf.start as usize;
        let bytes = self.buffers.get(leaf.buffer as usize).map(|(bytes, _)| bytes);
        bytes.and_then(|bytes| bytes.get(start..start + leaf.len as usize)).unwrap_or_default()
    }

    /// The fetch that a leaf came from.
    pub fn origin(&self, leaf: Leaf) -> Option<FetchId> {
        self.buffers.get(leaf.buffer as usize).map(|(_, fetch)| *fetch)
    }
}

impl Object {
    /// Takes what is in it out.
    pub fn take(&mut self) -> Self {
        let Self { ty, told_by, members } = self;
        Self { ty: std::mem::take(ty), told_by: *told_by, members: std::mem::take(members) }
    }

    /// The member of a key.
    pub fn member(&self, key: KeyId) -> Option<NodeId> {
        self.members.iter().find(|(name, _)| *name == key).map(|(_, node)| *node)
    }
}
