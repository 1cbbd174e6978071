//! The proof itself, proved: plans are bent in every way that a fault of planning could bend them, and none that would
//! answer wrongly is found sound.
//!
//! By default each kind of fault is made once in some plans; `COUNT` makes so many of each kind in every plan. What a plan
//! survives unharmed is listed in [`harmless`], each with its reason.

mod alike;
mod documents;
mod fetches;
mod harmless;
mod order;
mod plans;
mod response;
mod site;

use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};

use crate::plan::FetchKind;
use crate::{Asked, Decided, QueryPlan, Unsound};
use federation::LabelSet;
use plans::Planned;
use site::{Bend, Site};

/// Plans that each kind of fault is made in by default.
const PLANS: usize = 24;

/// A kind of fault that can be made in fewer of the plans proves nothing.
const BENT_MIN: usize = 3;

fn bends() -> impl Iterator<Item = (&'static str, Bend)> {
    [documents::BENDS, fetches::BENDS, order::BENDS, response::BENDS, alike::BENDS].into_iter().flatten().copied()
}

/// The plans in an order of the fault's own, which stays when others join them.
fn shuffled<'a>(plans: &'a [Planned], what: &str) -> Vec<&'a Planned> {
    let mut plans: Vec<_> = plans.iter().collect();
    plans.sort_by_cached_key(|plan| {
        BuildHasherDefault::<DefaultHasher>::default().hash_one((what, &plan.name, &plan.query))
    });
    plans
}

fn sites(plan: &QueryPlan, bend: Bend) -> usize {
    let mut site = Site(usize::MAX);
    bend(&mut plan.clone(), &mut site);
    usize::MAX - site.0
}

fn is_sound(planned: &Planned, plan: &QueryPlan) -> bool {
    found(planned, plan).is_empty()
}

fn found(planned: &Planned, plan: &QueryPlan) -> Vec<Unsound> {
    let conditions = |name: &str| planned.condition(name);
    let decided = Decided { conditions: &conditions, labels: &LabelSet::default(), deferral: planned.deferral };
    let asked = Asked { document: &planned.document, operation_name: None, decided };
    crate::sound(plan, (&planned.supergraph, &planned.supergraph.schemas), asked).err().unwrap_or_default()
}

#[test]
fn no_bent_plan_is_sound() {
    let count: Option<usize> = std::env::var("COUNT").ok().and_then(|count| count.parse().ok());
    let plans = plans::plans();
    let (mut survived, mut all) = (Vec::new(), 0);
    for (what, bend) in bends() {
        let mut bent = 0;
        for (turn, planned) in shuffled(&plans, what).into_iter().enumerate() {
            if count.is_none() && bent >= PLANS {
                break;
            }
            let sites = sites(&planned.plan, bend);
            for site in 0..count.unwrap_or(1).min(sites) {
                let mut plan = planned.plan.clone();
                assert!(bend(&mut plan, &mut Site((turn + site) % sites)), "{what}: {}", planned.query);
                bent += 1;
                if is_sound(planned, &plan) && harmless::reason(what, planned, &plan).is_none() {
                    let text = crate::print(&plan, &planned.supergraph);
                    survived.push(format!("{what}: {} {}\n{text}", planned.name, planned.query));
                }
            }
        }
        if bent < BENT_MIN {
            survived.push(format!("{what}: there are only {bent} to try"));
        }
        all += bent;
    }
    assert!(survived.is_empty(), "{} of {all} survived:\n{}", survived.len(), survived.join("\n"));
}

#[test]
fn finds_a_mutation_that_runs_beside_what_belongs_to_the_one_before() {
    let plans = plans::plans();
    let planned = plans.iter().find(|planned| planned.query.starts_with("mutation { a: addProduct")).unwrap();
    let mut plan = planned.plan.clone();
    let last = plan.fetches.iter_mut().rfind(|fetch| matches!(fetch.kind, FetchKind::Root { .. })).unwrap();
    assert!(!std::mem::take(&mut last.after).is_empty());
    let found = found(planned, &plan);
    assert!(found.iter().any(|one| matches!(one, Unsound::MutationOrder { .. })), "{found:?}");
}
