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

/// By rounds; `None` if some requests wait for each other.
fn depths(state: &State, operation: &Operation, used: &Used) -> Option<BTreeMap<RequestId, u32>> {
    let after: FxHashMap<RequestId, Vec<RequestId>> = used
        .requests
        .iter()
        .map(|&id| (id, state.after(operation, id).into_iter().filter(|id| used.requests.contains(id)).collect()))
        .collect();
    let mut depths: BTreeMap<RequestId, u32> = BTreeMap::new();
    // Each round settles at least one more request.
    while depths.len() < used.requests.len() {
        let before = depths.len();
        for id in &used.requests {
            let Some(after) = after.get(id).filter(|_| !depths.contains_key(id)) else { continue };
            let known: Option<Vec<u32>> = after.iter().map(|id| depths.get(id).copied()).collect();
            if let Some(known) = known {
                depths.insert(*id, known.into_iter().max().unwrap_or(0) + 1);
            }
        }
        if depths.len() == before {
            return None;
        }
    }
    Some(depths)
}
