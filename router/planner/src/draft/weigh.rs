//! Weighing a set of subgraphs to enter at a place, for all values missing there at once.

use federation::query_graph::{Condition, Resolver};
use federation::supergraph::FieldSetItem;
use federation::{SubgraphId, TypeId};
use indexmap::IndexSet;
use rustc_hash::{FxHashMap, FxHashSet};

use super::choose::{Item, Way};
use super::fill::Want;
use super::levels::{Ascend, Levels, NEVER};
use super::{Draft, PlaceId};
use crate::PlanError;

/// What a choice costs, compared in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cost {
    /// Values from subgraphs to avoid.
    pub avoided: u32,
    pub steps: u32,
    pub requests: u32,
    pub fields: u32,
}

/// How one value may be had, best first: reluctance, steps, requests, and what is missing below.
type Rank = (u32, u32, u32, super::estimate::Estimate);

/// A choice for each missing value.
pub(super) struct Choice {
    pub cost: Cost,
    pub by_item: Vec<Item>,
}

impl Draft<'_> {
    /// The subgraphs that may have a part in getting what is missing.
    pub(super) fn candidates(&self, missing: &[(&Want, TypeId)]) -> IndexSet<SubgraphId> {
        let mut found = IndexSet::new();
        let mut seen: FxHashSet<(TypeId, &str)> = FxHashSet::default();
        let mut open: Vec<(TypeId, &str)> = missing.iter().map(|(want, ty)| (*ty, want.call.name.as_str())).collect();
        while let Some((ty, name)) = open.pop() {
            if !seen.insert((ty, name)) {
                continue;
            }
            for resolver in self.resolvers(ty, name) {
                match self.condition(resolver) {
                    Condition::Never | Condition::Provided => continue,
                    Condition::Requires(set) => open.extend(self.names(set).map(|name| (ty, name))),
                    Condition::Always => {}
                }
                if found.insert(resolver.subgraph) {
                    let entries = self.supergraph.graph.entries(ty).iter();
                    for entry in entries.filter(|entry| entry.subgraph == resolver.subgraph) {
                        open.extend(self.names(&entry.key).map(|name| (ty, name)));
                    }
                }
            }
        }
        found.sort();
        found
    }

    fn names<'s>(&'s self, set: &'s [FieldSetItem]) -> impl Iterator<Item = &'s str> {
        set.iter().filter_map(|item| match item {
            FieldSetItem::Field { field: Some(field), .. } => Some(self.supergraph.field(*field).name.as_str()),
            _ => None,
        })
    }

    /// Weighs entering no other subgraphs than the allowed ones; `None` if that isn't enough.
    pub(super) fn weigh(
        &mut self,
        place: PlaceId,
        missing: &[(&Want, TypeId)],
        allowed: &dyn Fn(SubgraphId) -> bool,
        ascend: Ascend,
    ) -> Result<Option<Choice>, PlanError> {
        self.step(missing.len() as u64)?;
        let mut by_type: FxHashMap<TypeId, Levels> = FxHashMap::default();
        let mut by_item = Vec::with_capacity(missing.len());
        let mut cost = Cost { avoided: 0, steps: 0, requests: 0, fields: 0 };
        let mut requests: FxHashSet<(SubgraphId, u32)> = FxHashSet::default();
        for (want, ty) in missing {
            if !by_type.contains_key(ty) {
                let levels = self.levels(place, *ty, allowed, ascend);
                by_type.insert(*ty, levels);
            }
            let Some(levels) = by_type.get(ty) else { continue };
            let mut best: Option<(Rank, Resolver, u32)> = None;
            for resolver in self.resolvers(*ty, &want.call.name) {
                let level = self.level_to_take(levels, resolver);
                if level == NEVER {
                    continue;
                }
                let below = self.estimate_resolver(resolver, want.child);
                let fresh = u32::from(level > 0 && !requests.contains(&(resolver.subgraph, level)));
                let reluctance = self.reluctance(resolver.subgraph);
                let rank = (reluctance, level + below.steps, fresh + below.requests, below);
                if best.as_ref().is_none_or(|(known, ..)| rank < *known) {
                    best = Some((rank, *resolver, level));
                }
            }
            let Some(((avoided, steps, _, below), resolver, level)) = best else { return Ok(None) };
            cost.avoided += avoided;
            cost.steps = cost.steps.max(steps);
            cost.requests = cost.requests.saturating_add(below.requests);
            cost.fields = cost.fields.saturating_add(below.fields);
            let is_above = ascend == Ascend::Yes && self.condition(&resolver) == Condition::Always;
            let way = if is_above && levels.is_above(resolver.subgraph) { Way::Above } else { Way::Key };
            by_item.push((resolver.subgraph, level, way));
            count(levels, resolver.subgraph, level, &mut requests);
            if let Condition::Requires(set) = self.condition(&resolver) {
                for name in self.names(set).map(str::to_owned).collect::<Vec<_>>() {
                    let known = self.field_level(levels, &name);
                    if let Some((level, Some(subgraph))) = known {
                        count(levels, subgraph, level, &mut requests);
                    }
                }
            }
        }
        cost.requests = cost.requests.saturating_add(requests.len() as u32);
        Ok(Some(Choice { cost, by_item }))
    }
}

/// Counts a request, and those that its key comes from.
fn count(levels: &Levels, subgraph: SubgraphId, level: u32, requests: &mut FxHashSet<(SubgraphId, u32)>) {
    let mut open = vec![(subgraph, level)];
    while let Some((subgraph, level)) = open.pop() {
        if level == 0 || level == NEVER || !requests.insert((subgraph, level)) {
            continue;
        }
        for &through in levels.through.get(usize::from(subgraph.0)).map(Vec::as_slice).unwrap_or_default() {
            open.push((through, levels.level(through)));
        }
    }
}
