//! The order of a draft's requests: which are used, and how many come one after another up to each.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::{Draft, RequestId, State, Used};
use crate::PlanError;
use crate::operation::Operation;

/// The used requests of a draft, in steps.
pub struct Order {
    /// What is used.
    pub used: Used,
    /// How many requests come one after another up to each used one.
    pub depths: BTreeMap<RequestId, u32>,
}

impl Order {
    /// Finds the order.
    ///
    /// # Errors
    /// [`PlanError::Internal`] if requests wait for each other.
    pub fn of(draft: &Draft<'_>) -> Result<Self, PlanError> {
        let used = Used::of(&draft.state, &draft.operation);
        let depths = depths(&draft.state, &draft.operation, &used)
            .ok_or(PlanError::Internal("requests that wait for each other"))?;
        Ok(Self { used, depths })
    }

    /// The length of the longest chain of requests.
    pub fn steps(&self) -> u32 {
        self.depths.values().copied().max().unwrap_or(0)
    }
}

/// `None` if some requests wait for each other.
fn depths(state: &State, operation: &Operation, used: &Used) -> Option<BTreeMap<RequestId, u32>> {
    let mut followers: FxHashMap<RequestId, Vec<RequestId>> = FxHashMap::default();
    let mut waits: FxHashMap<RequestId, usize> = FxHashMap::default();
    for &id in &used.requests {
        let after = state.after(operation, id);
        let after = after.iter().filter(|before| used.requests.contains(before));
        waits.insert(id, after.clone().count());
        after.for_each(|before| followers.entry(*before).or_default().push(id));
    }
    let mut depths: BTreeMap<RequestId, u32> = used.requests.iter().map(|&id| (id, 1)).collect();
    let mut open: Vec<RequestId> = used.requests.iter().copied().filter(|id| waits.get(id) == Some(&0)).collect();
    let mut settled = 0;
    while let Some(id) = open.pop() {
        settled += 1;
        let depth = depths.get(&id).copied()?;
        for follower in followers.get(&id).into_iter().flatten() {
            let at = depths.get_mut(follower)?;
            *at = (*at).max(depth + 1);
            let waits = waits.get_mut(follower)?;
            *waits -= 1;
            if *waits == 0 {
                open.push(*follower);
            }
        }
    }
    (settled == used.requests.len()).then_some(depths)
}
