//! Which positions of the response an error already speaks of.
//!
//! A null or missing value gets no error of its own where there is one at, above or below its position.

use std::collections::HashMap;

use rustc_hash::FxBuildHasher;

use super::place::{ClientPath, ClientStep};

/// The positions of all errors, as a tree.
#[derive(Debug, Default)]
pub struct Cover<'p> {
    nodes: Vec<CoverNode<'p>>,
}

#[derive(Debug, Default)]
struct CoverNode<'p> {
    ends: bool,
    children: HashMap<ClientStep<'p>, usize, FxBuildHasher>,
}

/// What the errors say of one position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Covered {
    /// Nothing, neither of it nor of anything above or below.
    No,
    /// There is one at it or above.
    Yes,
    /// There is one below.
    Below(usize),
}

impl<'p> Cover<'p> {
    /// The tree of these positions.
    pub fn new<'e>(paths: impl Iterator<Item = &'e ClientPath<'p>>) -> Self
    where
        'p: 'e,
    {
        let mut cover = Self { nodes: vec![CoverNode::default()] };
        for path in paths {
            let mut at = 0;
            for step in path {
                at = cover.child(at, *step);
            }
            if let Some(node) = cover.nodes.get_mut(at) {
                node.ends = true;
            }
        }
        cover
    }

    /// The response's top.
    pub fn top(&self) -> Covered {
        match self.nodes.first() {
            Some(node) if !node.children.is_empty() => Covered::Below(0),
            _ => Covered::No,
        }
    }

    /// One step down.
    pub fn step(&self, from: Covered, step: ClientStep<'_>) -> Covered {
        let Covered::Below(at) = from else { return from };
        let child = self.nodes.get(at).and_then(|node| node.children.get(&step));
        match child.and_then(|child| self.nodes.get(*child).map(|node| (*child, node.ends))) {
            None => Covered::No,
            Some((_, true)) => Covered::Yes,
            Some((child, false)) => Covered::Below(child),
        }
    }

    fn child(&mut self, at: usize, step: ClientStep<'p>) -> usize {
        if let Some(child) = self.nodes.get(at).and_then(|node| node.children.get(&step)) {
            return *child;
        }
        let child = self.nodes.len();
        self.nodes.push(CoverNode::default());
        if let Some(node) = self.nodes.get_mut(at) {
            node.children.insert(step, child);
        }
        child
    }
}
