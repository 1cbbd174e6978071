//! Nulls in the store: why they are, and what was asked below them.

use planner::plan::Selection;

use super::{Full, Node, NodeId, Store};
use crate::null::{Null, Part, Reason};

impl<'p> Store<'p> {
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
}
