//! Which fields of the response a part of it has, and where further parts begin.

use planner::plan::{BlockId, GroupId, ShapeField, Variant};

use crate::errors::ClientPath;
use crate::store::NodeId;

/// What of the response is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// All of it, whatever is deferred.
    Whole,
    /// The first part.
    First,
    /// What is first delivered with some blocks.
    Group(GroupId),
    /// All that a block asks for, delivered before or not.
    Block(BlockId),
}

/// An object at which later parts of the response may begin.
#[derive(Clone, Debug)]
pub struct Found<'p> {
    /// The object.
    pub node: NodeId,
    /// What is answered of it.
    pub variant: &'p Variant,
    /// Where it stands.
    pub path: ClientPath<'p>,
}

impl View {
    /// Whether a field is written.
    pub fn shows(self, field: &ShapeField) -> bool {
        match (self, &field.deferred) {
            (Self::Whole, _) | (Self::First, None) => true,
            (Self::Group(_) | Self::Block(_), None) => false,
            (Self::First, Some(deferred)) => deferred.group == GroupId::default(),
            (Self::Group(group), Some(deferred)) => deferred.group == group,
            (Self::Block(block), Some(deferred)) => deferred.asked.contains(&block),
        }
    }

    /// Whether later parts may begin at an object.
    pub fn is_begun_at(self, variant: &Variant) -> bool {
        self != Self::Whole
            && (!variant.begun.is_empty() || variant.fields.iter().any(|field| field.deferred.is_some()))
    }
}
