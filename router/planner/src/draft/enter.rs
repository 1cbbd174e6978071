//! Entering a subgraph at a place: by a source at hand, a key, as a root, or through the field that led there.

use federation::query_graph::{Entry, Resolver};
use federation::supergraph::{FieldSet, FieldSetItem};
use federation::{SubgraphId, TypeId, TypeSet};
use graphql::Name;

use super::entities::Needs;
use super::levels::{Ascend, NEVER};
use super::preferences::Ascending;
use super::{Draft, Knows, PlaceId, SourceId};
use crate::PlanError;
use crate::operation::{NodeId, Purpose};

impl<'a> Draft<'a> {
    /// A source of a resolver's subgraph for objects of a type.
    pub(super) fn enter(&mut self, place: PlaceId, ty: TypeId, resolver: &Resolver) -> Result<SourceId, PlanError> {
        self.step(1)?;
        if let Some(source) = self.at_hand(place, ty, resolver) {
            return Ok(source);
        }
        let guard = (place, ty, resolver.subgraph);
        self.check_chain(self.entering.len(), "keys that need one another")?;
        if !self.entering.insert(guard) {
            return Err(self.unreachable(ty, &self.supergraph.field(resolver.field).name));
        }
        let entered = self.enter_anew(place, ty, resolver);
        self.entering.remove(&guard);
        entered
    }

    /// A source of a resolver's subgraph for objects of a type: where that is an interface object there, for those of all
    /// types that lead to the same place, since what is taken below is taken from one source.
    pub(super) fn enter_for_all(
        &mut self,
        place: PlaceId,
        types: &TypeSet,
        ty: TypeId,
        resolver: &Resolver,
    ) -> Result<SourceId, PlanError> {
        if resolver.via == ty {
            return self.enter(place, ty, resolver);
        }
        self.step(1)?;
        self.check_chain(self.entering.len(), "keys that need one another")?;
        let sources = self.state.place(place).sources.iter().copied();
        let at_hand = sources.filter(|&source| {
            let is_for_all = types.is_subset(&self.state.source(source).types);
            is_for_all && self.is_of(source, ty, resolver)
        });
        if let Some(source) = at_hand.min_by_key(|&source| self.depth_of(source)) {
            return Ok(source);
        }
        let guard = (place, ty, resolver.subgraph);
        if self.entering.insert(guard) {
            let entered = self.enter_by_any((place, types), ty, resolver, &Needs::default());
            self.entering.remove(&guard);
            if !matches!(entered, Err(PlanError::Unreachable { .. })) {
                return entered;
            }
        }
        self.enter(place, ty, resolver)
    }

    /// Refuses what schemas may chain without end: each link is walked recursively.
    pub(super) fn check_chain(&self, links: usize, what: &'static str) -> Result<(), PlanError> {
        let max = self.budget.depth_max;
        if links >= max as usize { Err(PlanError::TooComplex { what, max: u64::from(max) }) } else { Ok(()) }
    }

    fn enter_anew(&mut self, place: PlaceId, ty: TypeId, resolver: &Resolver) -> Result<SourceId, PlanError> {
        if self.supergraph.is_root(ty) {
            return self.enter_root(place, ty, resolver.subgraph);
        }
        match self.enter_by_any((place, &TypeSet::one(ty)), ty, resolver, &Needs::default()) {
            Err(PlanError::Unreachable { .. }) => self.enter_from_above(place, ty, resolver),
            entered => entered,
        }
    }

    /// Enters by the first key, best first, that can be had for objects of all types; one of them is looked at.
    fn enter_by_any(
        &mut self,
        (place, types): (PlaceId, &TypeSet),
        ty: TypeId,
        resolver: &Resolver,
        needs: &Needs<'_>,
    ) -> Result<SourceId, PlanError> {
        for entry in self.ranked_entries(place, ty, resolver) {
            match self.enter_by(place, types, entry, needs) {
                Err(PlanError::Unreachable { .. }) => {}
                entered => return entered,
            }
        }
        Err(self.unreachable(ty, &self.supergraph.field(resolver.field).name))
    }

    /// A source for a field with requirements: of a request that is given them along with a key.
    pub(super) fn enter_with(
        &mut self,
        place: PlaceId,
        ty: TypeId,
        resolver: &Resolver,
        requires: &FieldSet,
    ) -> Result<SourceId, PlanError> {
        let node =
            self.field_sets.node(self.supergraph, &mut self.operation, (requires, Purpose::Requirement), resolver.via);
        let requires = (!requires.is_empty()).then_some((requires, node));
        if let Some((_, node)) = requires {
            self.fill_given(place, &TypeSet::one(ty), node)?;
        }
        let readings = self.readings(place, resolver)?;
        self.take_readings(&readings)?;
        let needs = Needs { requires, read: self.state.read(&self.operation, &readings) };
        self.enter_by_any((place, &TypeSet::one(ty)), ty, resolver, &needs)
    }

    /// What a subgraph requires for a field of objects that stand there as a type, wherever it is read.
    pub fn requirement(&self, via: TypeId, name: &Name, subgraph: SubgraphId) -> impl Iterator<Item = NodeId> + use<> {
        let field = self.supergraph.ty(via).fields.get(name);
        let join = field.and_then(|&field| self.supergraph.field(field).join(subgraph));
        let requires = join.and_then(|join| join.requires.as_ref());
        let found = |purpose| requires.and_then(|requires| self.field_sets.find((requires, purpose), via));
        [Purpose::Requirement, Purpose::Apart].map(found).into_iter().flatten()
    }

    pub(super) fn at_hand(&self, place: PlaceId, ty: TypeId, resolver: &Resolver) -> Option<SourceId> {
        let sources = self.state.place(place).sources.iter().copied();
        sources.filter(|&source| self.is_of(source, ty, resolver)).min_by_key(|&source| self.depth_of(source))
    }

    /// Whether a source is of a resolver's subgraph, and stands for objects of a type.
    fn is_of(&self, source: SourceId, ty: TypeId, resolver: &Resolver) -> bool {
        let at = self.state.source(source);
        let stands = match at.knows {
            Knows::Types => resolver.via == ty,
            Knows::Interface => resolver.via == at.ty,
        };
        let is_there = stands && at.types.contains(ty);
        is_there && self.state.subgraph(source) == resolver.subgraph && self.is_in_sight(source)
    }

    /// The keys into a resolver's subgraph, those that are known soonest first.
    fn ranked_entries(&mut self, place: PlaceId, ty: TypeId, resolver: &Resolver) -> Vec<&'a Entry> {
        let supergraph = self.supergraph;
        let entries = supergraph.graph.entries(ty).iter();
        let mut entries: Vec<&'a Entry> =
            entries.filter(|entry| entry.subgraph == resolver.subgraph && entry.via == resolver.via).collect();
        if entries.len() > 1 {
            if let Some(at_hand) = entries.iter().position(|entry| self.is_at_hand(place, ty, &entry.key)) {
                entries.swap(0, at_hand);
                return entries;
            }
            let ways: &[Ascend] = match self.preferences.ascend {
                Ascending::LastResort => &[Ascend::No, Ascend::Yes],
                _ => &[Ascend::Yes],
            };
            for &ascend in ways {
                let levels = self.levels(place, ty, &|subgraph| subgraph != resolver.subgraph, ascend);
                let level = |entry: &Entry| self.set_level(&levels, &entry.key, &mut Vec::new()).unwrap_or(NEVER);
                entries.sort_by_cached_key(|entry| level(entry));
                if entries.first().is_some_and(|soonest| level(soonest) != NEVER) {
                    break;
                }
            }
        }
        entries
    }

    /// Whether all of a key is to be had from sources at hand; of nested selections the outermost fields.
    fn is_at_hand(&self, place: PlaceId, ty: TypeId, key: &FieldSet) -> bool {
        let sources = &self.state.place(place).sources;
        key.iter().all(|item| match item {
            FieldSetItem::Field { field: Some(field), .. } => {
                let name = &self.supergraph.field(*field).name;
                sources.iter().any(|&source| self.direct(source, ty, name).is_some())
            }
            _ => true,
        })
    }
}
