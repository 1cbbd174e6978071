//! Taking a value from a source: the field is selected there, and what is below it has a place.

use federation::query_graph::{Condition, Resolver};
use federation::{TypeId, TypeSet};
use graphql::Name;

use super::fill::Want;
use super::resolves::stands;
use super::{Draft, Entries, Entry, Knows, PlaceId, Source, SourceId};
use crate::PlanError;

impl Draft<'_> {
    /// Selects a field at a source, and enters the value at its place.
    pub(super) fn take_from(
        &mut self,
        source: SourceId,
        ty: TypeId,
        resolver: &Resolver,
        want: &Want,
    ) -> Result<(), PlanError> {
        self.step(1)?;
        let place = self.state.source(source).place;
        let value = self.value_index(place, want);
        let types = match self.state.source(source).knows {
            Knows::Types => TypeSet::one(ty),
            // What it requires has been taken for this type alone.
            Knows::Interface if matches!(self.condition(resolver), Condition::Requires(_)) => TypeSet::one(ty),
            Knows::Interface => self.given_alike((place, source), value, ty),
        };
        let child_place = self.child_place((place, source), value, &types, want);
        let key = match self.state.place(place).values.get(value) {
            Some(value) => value.key.clone(),
            None => return Err(PlanError::Internal("a value that isn't there")),
        };
        self.select(source, &types, resolver, (key, want), child_place)?;
        if let Some(value) = self.state.value_mut(place, value) {
            // Who gives it already stays the one who does: the request may be asked by the very value.
            let types: TypeSet = types.iter().filter(|&ty| value.producer(ty).is_none()).collect();
            match value.producers.iter_mut().find(|(_, producer)| *producer == source) {
                Some((known, _)) => known.union_with(&types),
                None if types.is_empty() => {}
                None => value.producers.push((types, source)),
            }
        }
        Ok(())
    }

    /// Adds a field to a source's selection.
    fn select(
        &mut self,
        source: SourceId,
        types: &TypeSet,
        resolver: &Resolver,
        (key, want): (Name, &Want),
        child_place: Option<PlaceId>,
    ) -> Result<(), PlanError> {
        let supergraph = self.supergraph;
        let join = supergraph.join_of(resolver).ok_or(PlanError::Internal("a resolver without join"))?;
        let named = join.ty.named();
        let readings = self.readings(self.state.source(source).place, resolver)?;
        let same = self.state.source(source).entries.under(&key).find(|(_, entry)| {
            entry.call == want.call
                && entry.readings == readings
                && match (entry.child, child_place) {
                    (None, None) => true,
                    (Some(child), Some(place)) => {
                        let child = self.state.source(child);
                        child.place == place && child.ty == named
                    }
                    _ => false,
                }
        });
        let same = same.map(|(index, _)| index);
        if let Some(entry) = same.and_then(|index| self.state.entry_mut(source, index)) {
            entry.types.union_with(types);
            return Ok(());
        }
        let child = child_place.map(|place| {
            let parent = self.state.source(source);
            let view = parent.view.below(supergraph, resolver.via, resolver.field, join.provides.as_ref());
            let request = parent.request;
            let (knows, types) = stands(supergraph, named, resolver.subgraph);
            let source = Source {
                request,
                parent: Some(source),
                place,
                ty: named,
                knows,
                view,
                types,
                entries: Entries::default(),
                typename: false,
            };
            self.add_source(source)
        });
        let entry =
            Entry { key, call: want.call.clone(), types: types.clone(), field: resolver.field, child, readings };
        self.state.push_entry(source, entry);
        Ok(())
    }
}
