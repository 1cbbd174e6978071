//! Positions in the response that an error is about.
//!
//! Ways to positions are looked for only here, so what goes well pays nothing for them.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use planner::plan::{Fetch, FetchId, FetchKind, PathSegment, Target};
use rustc_hash::{FxHashMap, FxHashSet};

use super::{Call, Run};
use crate::errors::{ClientPath, Entry, Errors, client_path};
use crate::path::{Step, count_places, visit_places};
use crate::store::NodeId;

/// Positions that are told for one error or failed request; of further ones the number is told.
pub const POSITIONS_MAX: usize = 20;

/// The objects that a number of an answer is for.
#[derive(Debug, Default)]
pub struct Affected {
    /// The ways to those that are told.
    pub ways: Vec<Vec<Step>>,
    /// Whether there are others.
    pub more: bool,
}

impl<'p> Run<'p> {
    /// Adds an error for each of some objects; beyond [`POSITIONS_MAX`] one with the number of those left. None is
    /// added where one at or above speaks of the position already, by a fault of the fetch itself or of one before it.
    pub fn tell_positions(
        &mut self,
        fetch: &'p Fetch,
        nodes: &[NodeId],
        entry: impl Fn(ClientPath<'p>, usize) -> Entry<'p>,
    ) {
        let (mut shown, mut above): (Vec<Vec<Step>>, _) = (Vec::new(), Above::default());
        self.visit_places(fetch, nodes.iter().copied(), |_, steps| {
            if shown.len() < POSITIONS_MAX {
                shown.push(steps.to_vec());
                return ControlFlow::Continue(());
            }
            above.add(steps);
            ControlFlow::Break(())
        });
        let rest = if above.0.is_empty() { 0 } else { self.count_places(fetch, nodes).saturating_sub(shown.len()) };
        let causes = self.causes();
        let told =
            |errors: &Errors<'p>, path: &ClientPath<'p>| errors.paths_of(&causes).any(|above| path.starts_with(above));
        for steps in shown {
            for path in self.failed_at(fetch, &steps) {
                if !told(&self.errors, &path) {
                    self.errors.push(entry(path, 0));
                }
            }
        }
        for path in self.client_paths(&above.0) {
            if !told(&self.errors, &path) {
                self.errors.push(entry(path, rest));
            }
        }
    }

    /// The fetch that is being dealt with, and all that it waited for.
    pub fn causes(&self) -> FxHashSet<FetchId> {
        let mut causes = FxHashSet::default();
        let mut open: Vec<FetchId> = self.errors.current().into_iter().collect();
        while let Some(id) = open.pop() {
            if causes.insert(id) {
                open.extend(self.request.plan.fetches.get(id.0 as usize).into_iter().flat_map(|fetch| &fetch.after));
            }
        }
        causes
    }

    /// By number of an answer, of some of them: the places that it is for, at most [`POSITIONS_MAX`] told.
    pub fn affected(&self, call: &Call, fetch: &Fetch, numbers: &BTreeSet<usize>) -> BTreeMap<usize, Affected> {
        let asked = call.positions.iter().filter(|(_, number)| numbers.contains(number));
        let number_of: FxHashMap<NodeId, usize> = asked.copied().collect();
        let mut affected: BTreeMap<usize, Affected> = BTreeMap::new();
        self.visit_places(fetch, number_of.keys().copied(), |node, steps| {
            let Some(number) = number_of.get(&node) else { return ControlFlow::Continue(()) };
            let Affected { ways, more } = affected.entry(*number).or_default();
            if ways.len() < POSITIONS_MAX {
                ways.push(steps.to_vec());
            } else {
                *more = true;
            }
            ControlFlow::Continue(())
        });
        affected
    }

    /// The positions of an error in some objects.
    pub fn paths_below(&self, affected: &Affected, rest: &[Step]) -> impl Iterator<Item = ClientPath<'p>> {
        let at = (&self.request.plan.response, &self.store);
        let full = move |way: &Vec<Step>| client_path(at, &way.iter().chain(rest).copied().collect::<Vec<_>>());
        affected.ways.iter().filter_map(full)
    }

    /// At the top each field that is null; below, the object that lacks fields, or the field if it is only one.
    pub fn failed_at(&self, fetch: &'p Fetch, steps: &[Step]) -> Vec<ClientPath<'p>> {
        let at = (&self.request.plan.response, &self.store);
        let Some(base) = client_path(at, steps) else { return Vec::new() };
        let mut fields: Vec<ClientPath<'p>> = Vec::new();
        let (mut is_own, mut is_of_others) = (false, false);
        for field in &fetch.output.fields {
            let Target::Key(key) = field.target else { continue };
            let mut steps = steps.to_vec();
            steps.push(Step::Key(key));
            match client_path(at, &steps) {
                None => is_of_others = true,
                // For the planner's own use.
                Some(path) if path.len() <= base.len() => is_own = true,
                Some(path) if !fields.contains(&path) => fields.push(path),
                Some(_) => {}
            }
        }
        if fields.is_empty() && is_of_others && !is_own {
            // What failed is asked of objects of other types alone.
            return fields;
        }
        if fields.len() == 1 || (base.is_empty() && !fields.is_empty()) { fields } else { vec![base] }
    }

    /// The places above some objects that aren't in a list of them: one, or one for each path that was asked for.
    pub fn ancestors(&self, fetch: &Fetch, nodes: &[NodeId]) -> Vec<ClientPath<'p>> {
        let mut above = Above::default();
        self.visit_places(fetch, nodes.iter().copied(), |_, steps| {
            above.add(steps);
            ControlFlow::Break(())
        });
        self.client_paths(&above.0)
    }

    fn client_paths(&self, ways: &[Vec<Step>]) -> Vec<ClientPath<'p>> {
        ways.iter().filter_map(|steps| client_path((&self.request.plan.response, &self.store), steps)).collect()
    }

    /// Calls back for places of some objects that the fetch was for, in the order of its paths and then of the data, on each
    /// path until that breaks it off: for more than [`POSITIONS_MAX`] of each object, if it stands at so many. They are
    /// looked for only when there is an error to tell.
    pub fn visit_places(
        &self,
        fetch: &Fetch,
        nodes: impl Iterator<Item = NodeId>,
        mut found: impl FnMut(NodeId, &[Step]) -> ControlFlow<()>,
    ) {
        // A path that leads to one place of an object leads to all of them: so the first that does tells them all.
        let mut path_to: FxHashMap<NodeId, Option<usize>> = nodes.map(|node| (node, None)).collect();
        for (number, path) in fetch.kind.paths().iter().enumerate() {
            visit_places(&self.store, path, POSITIONS_MAX + 1, |node, steps| {
                let is_told_here = path_to.get_mut(&node).is_some_and(|path| *path.get_or_insert(number) == number);
                if is_told_here { found(node, steps) } else { ControlFlow::Continue(()) }
            });
        }
    }

    /// The number of all places of some objects that the fetch was for.
    fn count_places(&self, fetch: &Fetch, nodes: &[NodeId]) -> usize {
        let mut wanted: FxHashSet<NodeId> = nodes.iter().copied().collect();
        let mut on_path = |path: &Vec<PathSegment>| count_places(&self.store, path, |node| wanted.remove(&node));
        fetch.kind.paths().iter().fold(0, |total: usize, path| total.saturating_add(on_path(path)))
    }
}

/// Different places that are in no list of what is there, at most [`POSITIONS_MAX`]. All that is at the end of one path has
/// the same one above it.
#[derive(Default)]
struct Above(Vec<Vec<Step>>);

impl Above {
    /// Adds the one above some steps.
    fn add(&mut self, steps: &[Step]) {
        let above = steps.split(|step| matches!(step, Step::Index(_))).next().unwrap_or_default();
        if self.0.len() < POSITIONS_MAX && self.0.iter().all(|place| place != above) {
            self.0.push(above.to_vec());
        }
    }
}

pub fn is_top(fetch: &Fetch) -> bool {
    matches!(&fetch.kind, FetchKind::Root { path } if path.is_empty())
}
