//! Learning what objects really are: `__typename` from a source that knows, or, where all sources know but an
//! interface object, from a subgraph that knows the interface's implementations.

use federation::query_graph::{Condition, Resolver, View};
use federation::supergraph::TypeKind;
use federation::{SubgraphId, TypeId};

use super::fill::Want;
use super::preferences::Interfaces;
use super::provide::Taken;
use super::resolves::stands;
use super::{Draft, Entries, Input, Knows, PlaceId, Source, SourceId};
use crate::PlanError;
use crate::operation::Purpose;

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

    /// Takes what is missing for all types alike from subgraphs that know the interface as an object too: then nobody
    /// needs to know what the objects really are. Says whether that did it.
    pub(super) fn take_as_interface(&mut self, place: PlaceId, missing: &[(&Want, TypeId)]) -> Result<bool, PlanError> {
        let chosen = self.of_interface(place, missing);
        let is_all = chosen.len() == missing.len();
        self.had.mixed_interfaces |= !is_all && !chosen.is_empty();
        if !is_all && self.preferences.interfaces == Interfaces::Alike {
            return Ok(false);
        }
        Ok(self.take_of_interface(place, &chosen)? == Taken::Yes && is_all)
    }

    /// Takes what can be had without types, where those are asked for as well: beside learning them, not after.
    pub(super) fn take_at_once(&mut self, place: PlaceId, wants: &[&Want]) -> Result<(), PlanError> {
        let Some(first) = self.state.place(place).sources.first().copied() else { return Ok(()) };
        if self.state.source(first).knows == Knows::Types || self.is_unknown(place) {
            return Ok(());
        }
        let mut missing = Vec::new();
        for &want in wants {
            let is_at_hand = want.types.iter().all(|ty| {
                let mut sources = self.state.place(place).sources.iter();
                sources.any(|&source| self.is_in_sight(source) && self.direct(source, ty, &want.call.name).is_some())
            });
            if !is_at_hand {
                missing.extend(want.types.iter().filter(|ty| !self.is_provided(place, *ty, want)).map(|ty| (want, ty)));
            }
        }
        let chosen = self.of_interface(place, &missing);
        self.had.mixed_interfaces |= !chosen.is_empty();
        if self.preferences.interfaces == Interfaces::Each {
            self.take_of_interface(place, &chosen)?;
        }
        Ok(())
    }

    /// What of wants can be had of objects of which only the interface is known, and how.
    fn of_interface<'w>(&self, place: PlaceId, missing: &[(&'w Want, TypeId)]) -> Vec<(&'w Want, TypeId, Resolver)> {
        let Some(first) = self.state.place(place).sources.first().copied() else { return Vec::new() };
        let interface = self.state.source(first).ty;
        let types = &self.state.place(place).types;
        let all = missing.iter().filter(|(want, _)| types.is_subset(&want.types));
        let chosen = all.filter_map(|(want, ty)| {
            let mut resolvers = self.resolvers(*ty, &want.call.name).iter();
            let resolver = resolvers.find(|found| {
                found.via == interface
                    && self.supergraph.is_interface_object(interface, found.subgraph)
                    && self.condition(found) == Condition::Always
            });
            Some((*want, *ty, *resolver?))
        });
        chosen.collect()
    }

    fn take_of_interface(&mut self, place: PlaceId, chosen: &[(&Want, TypeId, Resolver)]) -> Result<Taken, PlanError> {
        for (want, ty, resolver) in chosen {
            if self.is_provided(place, *ty, want) {
                continue;
            }
            match self.enter_interface(place, resolver.via, resolver.subgraph) {
                Ok(source) => {
                    self.decided((place, source));
                    self.take_from(source, *ty, resolver, want)?;
                }
                Err(PlanError::Unreachable { .. }) => return Ok(Taken::No),
                Err(error) => return Err(error),
            }
        }
        Ok(Taken::Yes)
    }

    /// Enters a subgraph for objects of which nothing but the interface is known.
    fn enter_interface(
        &mut self,
        place: PlaceId,
        interface: TypeId,
        subgraph: SubgraphId,
    ) -> Result<SourceId, PlanError> {
        let mut sources = self.state.place(place).sources.iter().copied();
        let at_hand = sources.find(|&source| {
            let at = self.state.source(source);
            at.ty == interface && self.state.subgraph(source) == subgraph && self.is_in_sight(source)
        });
        if let Some(source) = at_hand {
            return Ok(source);
        }
        let failure = self.unreachable(interface, "__typename");
        if !self.learning.insert(place) {
            return Err(failure);
        }
        let supergraph = self.supergraph;
        let entries = supergraph.graph.entries(interface).iter();
        let entries = entries.filter(|entry| entry.via == interface && entry.subgraph == subgraph);
        let mut result = Err(failure);
        for entry in entries {
            let key = self.field_sets.node(supergraph, &mut self.operation, (&entry.key, Purpose::Key), interface);
            let types = self.state.place(place).types.clone();
            match self.fill_key(place, &types, key) {
                Ok(()) => {}
                Err(PlanError::Unreachable { .. }) => continue,
                Err(error) => {
                    result = Err(error);
                    break;
                }
            }
            let after = types.iter().next().map(|ty| self.state.producers(&self.operation, place, ty, key));
            let depth = self.depth_after(&after.unwrap_or_default());
            let (knows, mut possible) = stands(supergraph, interface, entry.subgraph);
            if knows == Knows::Interface {
                possible.clone_from(&types);
            }
            let input = Input { types, key, requires: Vec::new() };
            result = self.add_request(entry.subgraph, Some(interface), depth, vec![input], |request| Source {
                request,
                parent: None,
                place,
                ty: interface,
                knows,
                view: View::default(),
                types: possible,
                entries: Entries::default(),
                typename: false,
            });
            break;
        }
        self.learning.remove(&place);
        result
    }

    /// Asks a subgraph that knows the implementations, best the one that has most of what is missing.
    pub(super) fn learn_types(&mut self, place: PlaceId, missing: &[(&Want, TypeId)]) -> Result<(), PlanError> {
        let Some(first) = self.state.place(place).sources.first().copied() else {
            return Err(PlanError::Internal("a place without sources"));
        };
        let interface = self.state.source(first).ty;
        let supergraph = self.supergraph;
        let entries = supergraph.graph.entries(interface).iter();
        let mut knowing: Vec<SubgraphId> = entries
            .filter(|entry| entry.via == interface && self.knows_implementations(interface, entry.subgraph))
            .map(|entry| entry.subgraph)
            .collect();
        knowing.dedup();
        knowing.sort_by_cached_key(|subgraph| {
            let served = missing.iter().filter(|(want, ty)| {
                let mut resolvers = self.resolvers(*ty, &want.call.name).iter();
                resolvers.any(|found| found.subgraph == *subgraph && self.condition(found) == Condition::Always)
            });
            std::cmp::Reverse(served.count())
        });
        for subgraph in knowing {
            match self.enter_interface(place, interface, subgraph) {
                Ok(source) => {
                    self.tell(place, source);
                    return Ok(());
                }
                Err(PlanError::Unreachable { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Err(self.unreachable(interface, "__typename"))
    }

    /// Whether a subgraph can tell what objects of an interface really are. Where it has not a single implementation
    /// its entities can't be of the interface, and a subgraph operation that asks for it would be invalid.
    fn knows_implementations(&self, interface: TypeId, subgraph: SubgraphId) -> bool {
        let supergraph = self.supergraph;
        !supergraph.is_interface_object(interface, subgraph)
            && supergraph
                .ty(interface)
                .join(subgraph)
                .is_some_and(|join| join.possible_types.iter().any(|ty| supergraph.ty(ty).kind == TypeKind::Object))
    }
}
