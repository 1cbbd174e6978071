//! How soon each subgraph can be entered for an object at a place, and each field of it be known: levels count
//! requests one after another beyond what is at hand.
//!
//! Nothing is taken here. Of nested selections in keys only the outermost field is looked at: entering itself finds
//! out about the rest.

use std::cell::RefCell;

use federation::query_graph::Condition;
use federation::{FieldId, SubgraphId, TypeId};
use rustc_hash::{FxHashMap, FxHashSet};

use super::{Draft, PlaceId};
use crate::plan::OperationKind;

/// Can't be had.
pub const NEVER: u32 = u32::MAX;

/// Whether to look for subgraphs through the field that led to the place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ascend {
    /// Only keys.
    No,
    /// Keys, and asking the field above of other subgraphs.
    Yes,
}

/// Which subgraphs may be entered.
pub type Allowed<'f> = &'f dyn Fn(SubgraphId) -> bool;

/// The levels of subgraphs for objects of one type at one place.
#[derive(Debug)]
pub struct Levels {
    /// The place.
    pub place: PlaceId,
    /// The type.
    pub ty: TypeId,
    /// By subgraph: when something of it is at hand.
    pub at_hand: Vec<u32>,
    /// By subgraph: when it can be entered anew, by a key.
    pub entered: Vec<u32>,
    /// Those that would be at hand if they were asked the field above.
    above: FxHashSet<SubgraphId>,
    /// By subgraph: those whose answers the key is made of.
    pub through: Vec<Vec<SubgraphId>>,
    /// From where fields are to be had that are at hand.
    pub(super) direct: RefCell<FxHashMap<FieldId, Option<SubgraphId>>>,
    /// What has been found out of fields: nothing of it holds once a subgraph is entered sooner.
    pub(super) fields: RefCell<FxHashMap<FieldId, Option<Level>>>,
}

/// When a field is known, and from where.
pub type Level = (u32, Option<SubgraphId>);

impl Draft<'_> {
    /// Finds the levels of all subgraphs by widening rounds.
    pub(super) fn levels(&mut self, place: PlaceId, ty: TypeId, allowed: Allowed<'_>, ascend: Ascend) -> Levels {
        let count = self.supergraph.subgraphs.len();
        self.steps = self.steps.saturating_add(1);
        let mut levels = Levels {
            place,
            ty,
            at_hand: vec![NEVER; count],
            entered: vec![NEVER; count],
            above: FxHashSet::default(),
            through: vec![Vec::new(); count],
            direct: RefCell::default(),
            fields: RefCell::default(),
        };
        for &source in &self.state.place(place).sources {
            if self.stands_for(source, ty)
                && self.is_in_sight(source)
                && let Some(level) = levels.at_hand.get_mut(usize::from(self.state.subgraph(source).0))
            {
                *level = 0;
            }
        }
        if self.supergraph.is_root(ty) {
            for join in &self.supergraph.ty(ty).joins {
                if allowed(join.subgraph) && levels.level(join.subgraph) == NEVER {
                    levels.enter(join.subgraph, 1, Vec::new());
                }
            }
            return levels;
        }
        if ascend == Ascend::Yes {
            self.ascended(allowed, &mut levels);
        }
        if let Some(graph) = self.key_graph(ty) {
            self.walk_keys(&graph, allowed, &mut levels);
            return levels;
        }
        let entries = self.supergraph.graph.entries(ty);
        // Each round but the last enters some subgraph sooner.
        for _ in 0..=count {
            let mut changed = false;
            levels.fields.get_mut().clear();
            for entry in entries.iter().filter(|entry| allowed(entry.subgraph)) {
                let mut through = Vec::new();
                let Some(level) = self.set_level(&levels, &entry.key, &mut through) else { continue };
                let level = level.saturating_add(1);
                if level < levels.entered(entry.subgraph) {
                    levels.enter(entry.subgraph, level, through);
                    changed = true;
                }
            }
            if !changed {
                break;
            }
        }
        levels
    }

    fn ascended(&mut self, allowed: Allowed<'_>, levels: &mut Levels) {
        let at = self.state.place(levels.place);
        let Some(parent) = at.parent.clone() else { return };
        if self.state.place(parent.place).parent.is_none() && self.operation.kind != OperationKind::Query {
            return;
        }
        let Some(above) = parent.types.iter().next() else { return };
        let resolvers = self.resolvers(above, &parent.call.name);
        if resolvers.is_empty() {
            return;
        }
        let found = self.levels(parent.place, above, allowed, Ascend::Yes);
        for resolver in resolvers {
            if self.condition(resolver) != Condition::Always || !self.gives(resolver, levels.ty) {
                continue;
            }
            let level = found.level(resolver.subgraph);
            if level < levels.level(resolver.subgraph) && (level == 0 || allowed(resolver.subgraph)) {
                if let Some(at_hand) = levels.at_hand.get_mut(usize::from(resolver.subgraph.0)) {
                    *at_hand = level;
                    levels.above.insert(resolver.subgraph);
                }
                if let (Some(through), Some(above)) = (
                    levels.through.get_mut(usize::from(resolver.subgraph.0)),
                    found.through.get(usize::from(resolver.subgraph.0)),
                ) {
                    through.clone_from(above);
                }
            }
        }
    }
}

impl Levels {
    /// When a field is known, if that has been found out.
    pub(super) fn known(&self, field: FieldId) -> Option<Level> {
        self.fields.borrow().get(&field).copied().flatten()
    }

    /// When a subgraph is there, anew or at hand.
    pub fn level(&self, subgraph: SubgraphId) -> u32 {
        let index = usize::from(subgraph.0);
        let at = |levels: &[u32]| levels.get(index).copied().unwrap_or(NEVER);
        at(&self.at_hand).min(at(&self.entered))
    }

    /// When a subgraph can be entered anew; 0 if there is no such one.
    pub(super) fn entered(&self, subgraph: SubgraphId) -> u32 {
        self.entered.get(usize::from(subgraph.0)).copied().unwrap_or(0)
    }

    /// Whether a subgraph is there through the field above no later than by a key.
    pub fn is_above(&self, subgraph: SubgraphId) -> bool {
        let index = usize::from(subgraph.0);
        let at = |levels: &[u32]| levels.get(index).copied().unwrap_or(NEVER);
        self.above.contains(&subgraph) && at(&self.at_hand) <= at(&self.entered)
    }

    /// Lets a subgraph be entered.
    pub(super) fn enter(&mut self, subgraph: SubgraphId, level: u32, through: Vec<SubgraphId>) {
        let index = usize::from(subgraph.0);
        if let (Some(entered), Some(known)) = (self.entered.get_mut(index), self.through.get_mut(index)) {
            *entered = level;
            *known = through;
        }
    }
}
