//! What one fetch asks: its requests, and the objects that get the answers.

use planner::plan::{FetchId, FetchKind};

use super::{Call, Run};
use crate::path::objects_at;
use crate::represent::represent;

impl Run<'_> {
    /// The requests of a fetch; none if nothing is to be asked.
    pub fn start(&mut self, id: FetchId) -> Vec<Call> {
        let request = self.request;
        let Some(fetch) = request.plan.fetches.get(id.0 as usize) else { return Vec::new() };
        match &fetch.kind {
            FetchKind::Root { path } => {
                let objects = objects_at(&self.store, std::slice::from_ref(path));
                if objects.is_empty() {
                    return Vec::new();
                }
                let positions = objects.into_iter().map(|object| (object, 0)).collect();
                vec![Call { fetch: id, representations: None, positions, count: 1 }]
            }
            FetchKind::Entities(entities) => {
                let objects = objects_at(&self.store, &entities.paths);
                let represented = represent(
                    &self.store,
                    request.supergraph,
                    &entities.representations,
                    &objects,
                    request.policy.representations_max,
                );
                self.errors.about(id);
                self.leave_out(fetch, &represented.incomplete);
                let call = |batch: crate::represent::Batch| Call {
                    fetch: id,
                    representations: Some(batch.text),
                    count: batch.count,
                    positions: batch.positions,
                };
                represented.batches.into_iter().map(call).collect()
            }
        }
    }
}
