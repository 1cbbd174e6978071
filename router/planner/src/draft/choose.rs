//! Choosing the subgraphs to enter at a place, for all values missing there at once.
//!
//! Choosing a way per field is what makes plans with a request too many; here a *set* of subgraphs is chosen. Each
//! set is weighed by the steps that it needs, then its requests, then what remains missing below. Small candidate
//! sets are weighed exhaustively, in order of size; beyond that subgraphs are dropped one by one while nothing gets
//! worse.

use federation::{SubgraphId, TypeId, TypeSet};
use graphql::Name;
use indexmap::IndexMap;
use rustc_hash::FxHashSet;

use super::fill::Want;
use super::levels::Ascend;
use super::preferences::Ascent;
use super::weigh::Choice;
use super::{Draft, Knows, PlaceId, Sight};
use crate::PlanError;
use crate::operation::NodeId;

/// Up to so many candidates all sets of them are weighed: 2^8, some hundred sets at worst.
const EXHAUSTIVE_MAX: usize = 8;

/// Weighing all sets may look at so many values in sum, not to use up the budget at one place.
const WORK_MAX: usize = 50_000;

/// What is missing where: equal situations have equal choices.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Situation {
    missing: Vec<(TypeId, Name, Option<NodeId>)>,
    sources: Vec<(SubgraphId, TypeId, Knows, TypeSet, bool)>,
}

/// How a subgraph is entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Way {
    /// By a key.
    Key,
    /// By asking it the field above.
    Above,
}

/// The subgraph for a missing value, when the value is known, and how the subgraph is entered.
pub(super) type Item = (SubgraphId, u32, Way);

impl Draft<'_> {
    /// Chooses a subgraph for each missing value: its index, the subgraph and the way there, soonest known first.
    pub(super) fn choose(
        &mut self,
        place: PlaceId,
        missing: &[(&Want, TypeId)],
    ) -> Result<Vec<(usize, SubgraphId, Way)>, PlanError> {
        // Aliases of one field are one choice.
        let mut kinds: IndexMap<(TypeId, &str, Option<NodeId>), Vec<usize>> = IndexMap::new();
        for (index, (want, ty)) in missing.iter().enumerate() {
            kinds.entry((*ty, want.call.name.as_str(), want.child)).or_default().push(index);
        }
        let firsts = kinds.values().filter_map(|indexes| missing.get(*indexes.first()?).copied());
        let firsts: Vec<(&Want, TypeId)> = firsts.collect();
        self.note_contested(&firsts);
        let ascends = self.ascends(place, &firsts);
        let situation = if ascends == Ascent::No { self.situation(place, &firsts) } else { None };
        let known = situation.as_ref().and_then(|situation| self.choices.get(situation)).cloned();
        let by_item = match known {
            Some(by_item) => by_item,
            None => match self.best(place, &firsts, Ascend::No)? {
                Some(choice) if ascends != Ascent::No => match self.best(place, &firsts, Ascend::Yes)? {
                    Some(above) if above.cost.steps < choice.cost.steps => above.by_item,
                    Some(above) if ascends == Ascent::NoLonger && above.cost.steps == choice.cost.steps => {
                        above.by_item
                    }
                    _ => choice.by_item,
                },
                Some(choice) => {
                    if let Some(situation) = situation {
                        self.choices.insert(situation, choice.by_item.clone());
                    }
                    choice.by_item
                }
                None => match self.best(place, &firsts, Ascend::Yes)? {
                    Some(choice) => choice.by_item,
                    None => return Err(self.no_choice(place, &firsts)),
                },
            },
        };
        self.decided((place, &by_item));
        let chosen = kinds.into_values().zip(by_item);
        let mut chosen: Vec<(usize, Item)> =
            chosen.flat_map(|(indexes, item)| indexes.into_iter().map(move |index| (index, item))).collect();
        chosen.sort_by_key(|(index, (_, level, _))| (*level, *index));
        Ok(chosen.into_iter().map(|(index, (subgraph, _, way))| (index, subgraph, way)).collect())
    }

    /// All that a choice by keys depends on; `None` where something is provided, which is rare.
    fn situation(&self, place: PlaceId, missing: &[(&Want, TypeId)]) -> Option<Situation> {
        let sources = self.state.place(place).sources.iter().map(|&source| {
            let at = self.state.source(source);
            at.view
                .is_empty()
                .then(|| (self.state.subgraph(source), at.ty, at.knows, at.types.clone(), self.is_in_sight(source)))
        });
        let missing = missing.iter().map(|(want, ty)| (*ty, want.call.name.clone(), want.child));
        Some(Situation { missing: missing.collect(), sources: sources.collect::<Option<Vec<_>>>()? })
    }

    /// Says which value it is that can't be had.
    fn no_choice(&mut self, place: PlaceId, missing: &[(&Want, TypeId)]) -> PlanError {
        for (want, ty) in missing {
            if self.sight == Sight::Own {
                return self.unreachable(*ty, &want.call.name);
            }
            let levels = self.levels(place, *ty, &|_| true, Ascend::Yes);
            if self.field_level(&levels, &want.call.name).is_none() {
                return self.unreachable(*ty, &want.call.name);
            }
        }
        PlanError::Internal("no choice among possible ones")
    }

    fn best(
        &mut self,
        place: PlaceId,
        missing: &[(&Want, TypeId)],
        ascend: Ascend,
    ) -> Result<Option<Choice>, PlanError> {
        let Some(all) = self.weigh(place, missing, &|_| true, ascend)? else { return Ok(None) };
        let candidates = self.candidates(missing);
        let candidates: Vec<SubgraphId> = candidates.into_iter().collect();
        let mut best = all;
        let work = missing.len() << candidates.len().min(EXHAUSTIVE_MAX);
        if candidates.len() <= EXHAUSTIVE_MAX && work <= WORK_MAX {
            let mut sets: Vec<u32> = (0..1_u32 << candidates.len()).collect();
            sets.sort_by_key(|set| set.count_ones());
            for set in sets {
                let allowed = |subgraph| {
                    candidates
                        .iter()
                        .position(|candidate| *candidate == subgraph)
                        .is_some_and(|bit| set >> bit & 1 == 1)
                };
                // As many requests as subgraphs: larger sets can't be better than one that needs no more steps.
                if best.cost.requests < set.count_ones() && best.cost.steps <= 1 {
                    break;
                }
                if let Some(choice) = self.weigh(place, missing, &allowed, ascend)?
                    && choice.cost < best.cost
                {
                    best = choice;
                }
            }
            return Ok(Some(best));
        }
        let mut kept: FxHashSet<SubgraphId> = candidates.iter().copied().collect();
        for candidate in &candidates {
            kept.remove(candidate);
            let allowed = |subgraph| kept.contains(&subgraph);
            match self.weigh(place, missing, &allowed, ascend)? {
                Some(choice) if choice.cost <= best.cost => best = choice,
                _ => {
                    kept.insert(*candidate);
                }
            }
        }
        Ok(Some(best))
    }
}
