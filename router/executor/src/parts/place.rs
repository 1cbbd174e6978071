//! To which part of a response an error belongs.

use planner::QueryPlan;
use planner::plan::{FetchId, GroupId};
use rustc_hash::FxHashSet;

use crate::errors::{Entry, last_field};

/// Where an error is at home.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Home {
    /// In the first part.
    First,
    /// With the fields that are first delivered with a group's blocks.
    Group(GroupId),
    /// With any part that needs this fetch.
    Fetch(FetchId),
}

/// The fetches that the first part needs.
#[derive(Debug)]
pub struct FirstNeeds(FxHashSet<FetchId>);

impl FirstNeeds {
    /// Of a plan: its fetches and those before them.
    pub fn of(plan: &QueryPlan) -> Self {
        let mut needs: FxHashSet<FetchId> = FxHashSet::default();
        let mut open = plan.first.clone();
        while let Some(id) = open.pop() {
            if needs.insert(id) {
                open.extend(plan.fetches.get(id.0 as usize).into_iter().flat_map(|fetch| &fetch.after));
            }
        }
        Self(needs)
    }
}

/// Finds an error's home: the deferred field that its path ends in, else the fetch that it is about.
pub fn home(first: &FirstNeeds, entry: &Entry<'_>) -> Home {
    let field = entry.path.as_deref().and_then(last_field);
    let group = field.and_then(|field| field.deferred.as_ref()).map(|deferred| deferred.group);
    match (group, entry.fetch) {
        (Some(group), _) if group != GroupId::default() => Home::Group(group),
        (_, Some(fetch)) if !first.0.contains(&fetch) => Home::Fetch(fetch),
        _ => Home::First,
    }
}
