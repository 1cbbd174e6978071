//! Which positions of the response an error already speaks of, and which errors speak of a null in the end.
//!
//! A null or missing value gets no error of its own where there is one at, above or below its position. An error about
//! what a subgraph failed to give is moot where nothing is null: another one gave all of it.

use super::Errors;
use super::place::ClientStep;
use super::tree::{Position, Tree};

/// The positions of all errors.
#[derive(Debug)]
pub struct Cover<'p> {
    tree: Tree<'p, Marks>,
    /// By error: its position; `None` for those without a path.
    ends: Vec<Option<Position>>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Marks {
    /// Whether an error is here.
    ends: bool,
    /// Whether something here or below is amiss that an error here speaks of.
    is_amiss: bool,
    /// Whether the value here is null.
    is_null: bool,
}

/// What the errors say of one position.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Covered {
    /// The position, if there are errors at it or below.
    position: Option<Position>,
    /// The nearest position with an error, at it or above.
    end: Option<Position>,
}

impl Covered {
    /// Whether an error is at the position, above or below.
    pub fn is_told(self) -> bool {
        self != Self::default()
    }
}

impl<'p> Cover<'p> {
    /// The positions of these errors.
    pub fn new(errors: &Errors<'p>) -> Self {
        let mut cover = Self { tree: Tree::default(), ends: Vec::new() };
        for path in errors.every_path() {
            let end = path.map(|path| cover.tree.position(path));
            if let Some(marks) = end.and_then(|end| cover.tree.at_mut(end)) {
                marks.ends = true;
            }
            cover.ends.push(end);
        }
        cover
    }

    /// The response's top.
    pub fn top(&self) -> Covered {
        Covered { position: self.tree.below(0).next().map(|_| 0), end: None }
    }

    /// One step down.
    pub fn step(&self, from: Covered, step: ClientStep<'_>) -> Covered {
        let position = from.position.and_then(|at| self.tree.step(at, step));
        let end = position.filter(|at| self.tree.at(*at).is_some_and(|marks| marks.ends));
        Covered { position, end: end.or(from.end) }
    }

    /// Notes that the value at a position is null.
    pub fn null(&mut self, covered: Covered) {
        if let Some(marks) = covered.position.and_then(|at| self.tree.at_mut(at)) {
            marks.is_null = true;
        }
    }

    /// Notes that something is amiss at a position, of which errors above may speak.
    pub fn amiss(&mut self, covered: Covered) {
        let mut next = covered.end;
        while let Some(at) = next {
            let Some(marks) = self.tree.at_mut(at).filter(|marks| !marks.is_amiss) else { return };
            marks.is_amiss = true;
            next = self.tree.parent(at);
        }
    }

    /// Whether nothing at, above or below an error's position is null on its account.
    pub fn is_moot(&self, error: usize) -> bool {
        let Some(end) = self.ends.get(error).copied().flatten() else { return false };
        let is_null = |at: &Position| self.tree.at(*at).is_none_or(|marks| marks.is_null);
        !self.tree.at(end).is_none_or(|marks| marks.is_amiss)
            && !std::iter::successors(Some(end), |at| self.tree.parent(*at)).any(|at| is_null(&at))
    }
}
