//! Something for each of some positions of the response, as a tree: what is at a position or below it is found without
//! looking at anything else.

use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

use super::place::ClientStep;

/// A position in the [`Tree`] that gave it; 0 is the response's top.
pub type Position = usize;

/// See the module.
#[derive(Debug)]
pub struct Tree<'p, T> {
    branches: Vec<Branch<'p, T>>,
}

#[derive(Debug, Default)]
struct Branch<'p, T> {
    parent: Option<Position>,
    children: IndexMap<ClientStep<'p>, Position, FxBuildHasher>,
    value: T,
}

impl<T: Default> Default for Tree<'_, T> {
    fn default() -> Self {
        Self { branches: vec![Branch::default()] }
    }
}

impl<'p, T: Default> Tree<'p, T> {
    /// The position at the end of a path.
    pub fn position(&mut self, path: &[ClientStep<'p>]) -> Position {
        path.iter().fold(0, |at, step| self.child(at, *step))
    }

    fn child(&mut self, at: Position, step: ClientStep<'p>) -> Position {
        if let Some(child) = self.step(at, step) {
            return child;
        }
        let child = self.branches.len();
        self.branches.push(Branch { parent: Some(at), ..Branch::default() });
        if let Some(branch) = self.branches.get_mut(at) {
            branch.children.insert(step, child);
        }
        child
    }
}

impl<T> Tree<'_, T> {
    /// One step down, if there is anything.
    pub fn step(&self, from: Position, step: ClientStep<'_>) -> Option<Position> {
        self.branches.get(from)?.children.get(&step).copied()
    }

    /// One step up.
    pub fn parent(&self, of: Position) -> Option<Position> {
        self.branches.get(of)?.parent
    }

    /// The positions one step below.
    pub fn below(&self, at: Position) -> impl Iterator<Item = Position> {
        self.branches.get(at).into_iter().flat_map(|branch| branch.children.values().copied())
    }

    /// What is at a position.
    pub fn at(&self, position: Position) -> Option<&T> {
        self.branches.get(position).map(|branch| &branch.value)
    }

    /// What is at a position, to be changed.
    pub fn at_mut(&mut self, position: Position) -> Option<&mut T> {
        self.branches.get_mut(position).map(|branch| &mut branch.value)
    }
}
