//! Learning what objects really are: `__typename` from a source that knows, or, where all sources know but an
//! interface object, from a subgraph that knows the interface's implementations.

use federation::TypeId;
use federation::query_graph::{Condition, View};

use super::fill::Want;
use super::provide::stands;
use super::{Draft, Input, Knows, PlaceId, Source, SourceId};
use crate::PlanError;

impl Draft<'_> {
    /// Makes sure that some source tells the concrete type at a place.
    pub(super) fn need_typename(&mut self, place: PlaceId) -> Result<(), PlanError> {
        if self.state.place(place).typename.is_some() || self.state.place(place).parent.is_none() {
            return Ok(());
        }
        if self.is_unknown(place) {
            return self.learn_types(place, &[]);
        }
        let sources = self.state.place(place).sources.iter().copied();
        let mut knowing = sources.filter(|&source| self.state.source(source).knows == Knows::Types);
        if let Some(source) = knowing.next() {
            self.tell(place, source);
        }
        Ok(())
    }

    fn tell(&mut self, place: PlaceId, source: SourceId) {
        self.state.source_mut(source).typename = true;
        self.state.place_mut(place).typename = Some(source);
    }

    /// Asks a subgraph that knows the implementations, best the one that has most of what is missing.
    pub(super) fn learn_types(&mut self, place: PlaceId, missing: &[(&Want, TypeId)]) -> Result<(), PlanError> {
        self.step(1)?;
        let first = self.state.place(place).sources.first().copied();
        let Some(first) = first else { return Err(PlanError::Internal("a place without sources")) };
        let interface = self.state.source(first).ty;
        let failure = self.unreachable(interface, "__typename");
        if !self.learning.insert(place) {
            return Err(failure);
        }
        let supergraph = self.supergraph;
        let entries = supergraph.graph.entries(interface).iter();
        let mut entries: Vec<_> = entries
            .filter(|entry| {
                entry.via == interface && !supergraph.is_interface_object(interface, entry.subgraph)
            })
            .collect();
        entries.sort_by_cached_key(|entry| {
            let served = missing.iter().filter(|(want, ty)| {
                let mut resolvers = self.resolvers(*ty, &want.call.name).iter();
                resolvers.any(|found| {
                    found.subgraph == entry.subgraph && self.condition(found) == Condition::Always
                })
            });
            std::cmp::Reverse(served.count())
        });
        let mut result = Err(failure);
        for entry in entries {
            let key = self.field_sets.node(supergraph, &mut self.operation, &entry.key, interface);
            let types = self.state.place(place).types.clone();
            match self.fill(place, &types, key) {
                Ok(()) => {}
                Err(PlanError::Unreachable { .. }) => continue,
                Err(error) => {
                    result = Err(error);
                    break;
                }
            }
            let after = types.iter().next().map(|ty| self.state.producers(&self.operation, place, ty, key));
            let depth = self.depth_after(&after.unwrap_or_default());
            let (knows, possible) = stands(supergraph, interface, entry.subgraph);
            let input = Input { types, key, requires: Vec::new() };
            let added = self.add_request(entry.subgraph, Some(interface), depth, vec![input], |request| Source {
                request,
                parent: None,
                place,
                ty: interface,
                knows,
                view: View::default(),
                types: possible,
                entries: Vec::new(),
                typename: false,
            });
            result = added.map(|source| self.tell(place, source));
            break;
        }
        self.learning.remove(&place);
        result
    }
}
