//! Which positions of the response an error already speaks of, and which errors speak of a null in the end.
//!
//! A null or missing value gets no error of its own where there is one at, above or below its position. An error about
//! what a subgraph failed to give is moot where nothing is null: another one gave all of it.

use std::collections::HashMap;

use rustc_hash::FxBuildHasher;

use super::Errors;
use super::place::ClientStep;

/// The positions of all errors, as a tree.
#[derive(Debug)]
pub struct Cover<'p> {
    nodes: Vec<CoverNode<'p>>,
    /// By error: its node; `None` for those without a path.
    ends: Vec<Option<usize>>,
}

#[derive(Debug, Default)]
struct CoverNode<'p> {
    ends: bool,
    parent: Option<usize>,
    children: HashMap<ClientStep<'p>, usize, FxBuildHasher>,
    /// Whether something is null because of the errors here: the value itself, or one below.
    has_null: bool,
    /// Whether the value here is null.
    is_null: bool,
}

/// What the errors say of one position.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Covered {
    /// The position in the tree, if there are errors at it or below.
    node: Option<usize>,
    /// The nearest position with an error, at it or above.
    end: Option<usize>,
}

impl Covered {
    /// Whether an error is at the position, above or below.
    pub fn is_told(self) -> bool {
        self != Self::default()
    }
}

impl<'p> Cover<'p> {
    /// The tree of the errors' positions.
    pub fn new(errors: &Errors<'p>) -> Self {
        let mut cover = Self { nodes: vec![CoverNode::default()], ends: Vec::new() };
        for path in errors.every_path() {
            let end = path.map(|path| {
                let end = path.iter().fold(0, |at, step| cover.child(at, *step));
                if let Some(node) = cover.nodes.get_mut(end) {
                    node.ends = true;
                }
                end
            });
            cover.ends.push(end);
        }
        cover
    }

    /// The response's top.
    pub fn top(&self) -> Covered {
        let has_any = self.nodes.first().is_some_and(|node| !node.children.is_empty());
        Covered { node: has_any.then_some(0), end: None }
    }

    /// One step down.
    pub fn step(&self, from: Covered, step: ClientStep<'_>) -> Covered {
        let child = from.node.and_then(|at| self.nodes.get(at)?.children.get(&step).copied());
        let ends = child.filter(|child| self.nodes.get(*child).is_some_and(|node| node.ends));
        Covered { node: child, end: ends.or(from.end) }
    }

    /// Notes that the value at a position is null.
    pub fn null(&mut self, covered: Covered) {
        if let Some(node) = covered.node.and_then(|at| self.nodes.get_mut(at)) {
            node.is_null = true;
        }
    }

    /// Notes that something is amiss at a position, of which an error above may speak.
    pub fn amiss(&mut self, covered: Covered) {
        let mut next = covered.end;
        while let Some(node) = next.and_then(|at| self.nodes.get_mut(at)) {
            // Those above are noted already.
            next = node.parent.filter(|_| !node.has_null);
            node.has_null = true;
        }
    }

    /// Whether nothing at, above or below an error's position is null on its account.
    pub fn is_moot(&self, error: usize) -> bool {
        let Some(end) = self.ends.get(error).copied().flatten() else { return false };
        let mut next = self.nodes.get(end).filter(|node| !node.has_null);
        while let Some(node) = next {
            if node.is_null {
                return false;
            }
            let Some(parent) = node.parent else { return true };
            next = self.nodes.get(parent);
        }
        false
    }

    fn child(&mut self, at: usize, step: ClientStep<'p>) -> usize {
        if let Some(child) = self.nodes.get(at).and_then(|node| node.children.get(&step)) {
            return *child;
        }
        let child = self.nodes.len();
        self.nodes.push(CoverNode { parent: Some(at), ..CoverNode::default() });
        if let Some(node) = self.nodes.get_mut(at) {
            node.children.insert(step, child);
        }
        child
    }
}
