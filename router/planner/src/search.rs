//! Looking for the best plan: fewest steps one after another, then fewest requests, then shortest operations.
//!
//! A draft chooses place by place, exactly where there is little to choose from. What suits one place may cost a request
//! at another; so drafts are made that prefer different things, and the plan that costs least stays. What is varied:
//! - which subgraphs are avoided: all sets of them where few have anything that another has too, else one more at a
//!   time while that helps;
//! - whether a field that led to a place is asked of another subgraph too, instead of entering that by a key: nowhere,
//!   everywhere, or at one place;
//! - whether a request of a later step is given more to do, and whether what can be had of interface objects without
//!   their types is asked at once.
//!
//! The first plan is good by itself, so that the search may end at any time. Where there is nothing to choose it
//! isn't begun.

use std::collections::BTreeSet;

use federation::{LabelSet, SubgraphId, Supergraph};
use rustc_hash::FxHashSet;

use crate::draft::{Ascending, Choices, Draft, Interfaces, Joining, Known, Order, Preferences, draft};
use crate::operation::Operation;
use crate::plan::QueryPlan;
use crate::{Budget, PlanError, emit};

/// Of so many subgraphs that give the same, all sets to avoid are tried: 2^4 plans.
const ALL_SETS_MAX: usize = 4;

/// So many places are tried alone for asking the field above.
const ASCENTS_MAX: usize = 8;

/// Steps that all plans together may take before the last one is begun, so that the search costs some milliseconds at
/// most: operations of thousands of fields get the first plan.
const STEPS_MAX: u64 = 3_000;

/// What a plan costs, compared in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Cost {
    /// Requests one after another: round trips that nothing makes shorter.
    steps: u32,
    /// Requests: work for subgraphs and network.
    requests: usize,
    /// Bytes of operations.
    bytes: usize,
}

impl Cost {
    fn of(plan: &QueryPlan) -> Self {
        let bytes = plan.fetches.iter().map(|fetch| fetch.document.len()).sum();
        Self { steps: plan.steps(), requests: plan.requests(), bytes }
    }

    /// What the plan of a draft costs at least: at best all entities of a subgraph are asked for in one request.
    fn least(draft: &Draft<'_>, order: &Order) -> Self {
        let requests = order.used.requests.iter().map(|&id| draft.state.request(id));
        let (roots, entities): (Vec<_>, Vec<_>) = requests.partition(|request| request.inputs.is_empty());
        let entities: BTreeSet<_> = entities.iter().map(|request| (request.subgraph, request.stage)).collect();
        Self { steps: order.steps(), requests: roots.len() + entities.len(), bytes: 0 }
    }
}

/// A plan with what it came of.
struct Candidate {
    plan: QueryPlan,
    cost: Cost,
    preferences: Preferences,
}

struct Search<'a> {
    supergraph: &'a Supergraph,
    labels: &'a LabelSet,
    operation: &'a Operation,
    budget: &'a Budget<'a>,
    /// Plans that may still be made.
    left: u32,
    /// Steps that all plans so far took.
    steps: u64,
    /// What the drafts so far decided.
    seen: FxHashSet<u64>,
    /// What they have in common.
    known: Option<Known>,
    best: Candidate,
}

/// Plans a bound operation.
///
/// # Errors
/// As [`crate::plan`].
pub fn search(
    (supergraph, labels): (&Supergraph, &LabelSet),
    operation: &Operation,
    budget: &Budget<'_>,
) -> Result<QueryPlan, PlanError> {
    let preferences = Preferences::default();
    let first = draft((supergraph, labels), Known::new(operation.clone()), (&preferences, budget))?;
    let plan = emit::emit(&first, &Order::of(&first)?, budget)?;
    let had = first.had.clone();
    let mut search = Search {
        supergraph,
        labels,
        operation,
        budget,
        left: budget.plans_max.saturating_sub(1),
        steps: first.steps(),
        seen: std::iter::once(first.decisions()).collect(),
        known: Some(first.into_known()),
        best: Candidate { cost: Cost::of(&plan), plan, preferences },
    };
    if search.may_improve(&had) {
        search.vary_order(&had);
        search.vary_ascents(&had);
        search.vary_subgraphs(&had);
    }
    Ok(search.best.plan)
}

impl Search<'_> {
    /// Whether there is anything to choose that could make the plan better.
    fn may_improve(&self, had: &Choices) -> bool {
        let is_least = self.best.cost.steps <= 1 && self.best.cost.requests <= 1;
        !is_least && (had.ascents > 0 || had.contested.len() > 1 || had.joined_later || had.mixed_interfaces)
    }

    fn vary_order(&mut self, had: &Choices) {
        if had.joined_later {
            self.try_with(|preferences| preferences.joining = Joining::SameStep);
        }
        if had.mixed_interfaces {
            self.try_with(|preferences| preferences.interfaces = Interfaces::Each);
        }
    }

    fn vary_ascents(&mut self, had: &Choices) {
        if had.ascents == 0 {
            return;
        }
        self.try_with(|preferences| preferences.ascend = Ascending::Shorter);
        self.try_with(|preferences| preferences.ascend = Ascending::Everywhere);
        if had.ascents > 1 {
            for number in 0..had.ascents.min(ASCENTS_MAX) {
                self.try_with(|preferences| preferences.ascend = Ascending::At(number));
            }
        }
    }

    fn vary_subgraphs(&mut self, had: &Choices) {
        let contested: Vec<SubgraphId> = had.contested.iter().copied().collect();
        if contested.len() <= ALL_SETS_MAX {
            // Neither none nor all: those avoid nothing.
            for set in 1..(1_usize << contested.len()).saturating_sub(1) {
                let avoid: BTreeSet<SubgraphId> =
                    contested.iter().enumerate().filter(|(bit, _)| set >> bit & 1 == 1).map(|(_, id)| *id).collect();
                self.try_with(|preferences| preferences.avoid = avoid);
            }
            return;
        }
        // What it didn't help to avoid may help once another is avoided. Ends: each round but the last avoids one more.
        loop {
            let mut is_better = false;
            for &id in &contested {
                is_better |= self.avoids(id);
            }
            if !is_better {
                return;
            }
        }
    }

    /// Whether it helps to avoid one subgraph more.
    fn avoids(&mut self, id: SubgraphId) -> bool {
        !self.best.preferences.avoid.contains(&id)
            && self.try_with(|preferences| {
                preferences.avoid.insert(id);
            })
    }

    /// Makes a plan of other preferences; says whether it is the best so far. One that fails is none.
    fn try_with(&mut self, change: impl FnOnce(&mut Preferences)) -> bool {
        let mut preferences = self.best.preferences.clone();
        change(&mut preferences);
        if self.left == 0 || self.steps > STEPS_MAX || preferences == self.best.preferences {
            return false;
        }
        self.left -= 1;
        match self.better(&preferences) {
            Ok(None) => false,
            Ok(Some((plan, cost))) => {
                self.best = Candidate { plan, cost, preferences };
                true
            }
            Err(PlanError::Stopped) => {
                self.left = 0;
                false
            }
            Err(_) => {
                // Whatever it took is not known: another may take as much.
                self.left /= 2;
                false
            }
        }
    }

    /// Makes a plan of some preferences, if it may be better than the best: it is written only then.
    fn better(&mut self, preferences: &Preferences) -> Result<Option<(QueryPlan, Cost)>, PlanError> {
        let known = self.known.take().unwrap_or_else(|| Known::new(self.operation.clone()));
        let draft = draft((self.supergraph, self.labels), known, (preferences, self.budget))?;
        self.steps = self.steps.saturating_add(draft.steps());
        let mut better = None;
        if self.seen.insert(draft.decisions()) {
            let order = Order::of(&draft)?;
            if Cost::least(&draft, &order) < self.best.cost {
                let plan = emit::emit(&draft, &order, self.budget)?;
                let cost = Cost::of(&plan);
                better = (cost < self.best.cost).then_some((plan, cost));
            }
        }
        self.known = Some(draft.into_known());
        Ok(better)
    }
}
