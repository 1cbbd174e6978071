//! Making requests, and when they come.

use std::collections::BTreeSet;

use federation::query_graph::View;
use federation::{SubgraphId, TypeId, TypeSet};

use super::{Draft, Entries, Input, Knows, PlaceId, Request, RequestId, Source, SourceId};
use crate::PlanError;

/// For each fetch that a plan may have, so many requests may be drafted: some are merged, others not used in the end.
const DRAFTED_PER_FETCH: usize = 4;

impl Draft<'_> {
    /// How many requests come one after another up to that of a source.
    pub(super) fn depth_of(&self, source: SourceId) -> u32 {
        self.state.request(self.state.source(source).request).depth
    }

    pub(super) fn depth_after(&self, after: &BTreeSet<RequestId>) -> u32 {
        after.iter().map(|&request| self.state.request(request).depth).max().unwrap_or(0) + 1
    }

    pub(super) fn add_request(
        &mut self,
        subgraph: SubgraphId,
        via: Option<TypeId>,
        depth: u32,
        inputs: Vec<Input>,
        top: impl FnOnce(RequestId) -> Source,
    ) -> Result<SourceId, PlanError> {
        let max = self.budget.fetches_max.saturating_mul(DRAFTED_PER_FETCH);
        if self.state.requests.len() >= max {
            return Err(PlanError::TooComplex { what: "requests to choose from", max: max as u64 });
        }
        let id = RequestId(self.state.requests.len() as u32);
        let (stage, part) = (self.state.stage, self.state.part);
        let top = top(id);
        self.state.requests.push(Request {
            subgraph,
            top: SourceId(0),
            inputs,
            via,
            depth,
            stage,
            part,
            merged: false,
        });
        let source = self.add_source(top);
        self.state.request_mut(id).top = source;
        Ok(source)
    }

    pub(super) fn enter_root(
        &mut self,
        place: PlaceId,
        ty: TypeId,
        subgraph: SubgraphId,
    ) -> Result<SourceId, PlanError> {
        if self.supergraph.ty(ty).join(subgraph).is_none() {
            return Err(self.unreachable(ty, "__typename"));
        }
        let mut after = BTreeSet::new();
        if let Some(parent) = self.state.place(place).parent.clone() {
            for above in parent.types.iter() {
                let value = self.state.place(parent.place).values.find(&parent.call, Some(&parent.key), above);
                let source = value.and_then(|value| value.producer(above));
                after.extend(source.map(|source| self.state.source(source).request));
            }
        }
        let mut depth = self.depth_after(&after);
        if self.state.stage > 0 && after.is_empty() {
            let before = self.state.requests.iter().filter(|request| request.stage < self.state.stage);
            depth = before.map(|request| request.depth).max().unwrap_or(0) + 1;
        }
        self.add_request(subgraph, None, depth, Vec::new(), |request| Source {
            request,
            parent: None,
            place,
            ty,
            knows: Knows::Types,
            view: View::default(),
            types: TypeSet::one(ty),
            entries: Entries::default(),
            typename: false,
        })
    }
}
