//! Providing wanted values: from sources at hand, else from those that the best choice of subgraphs opens up.

use federation::query_graph::{Condition, Resolver};
use federation::supergraph::Supergraph;
use federation::{SubgraphId, TypeId, TypeSet};
use graphql::Name;

use super::choose::Way;
use super::fill::Want;
use super::{Child, Draft, Entries, Entry, Knows, Owner, Parent, PlaceId, Source, SourceId, Value};
use crate::PlanError;

impl Draft<'_> {
    /// Provides all wants at a place, and what is wanted below them.
    pub(super) fn take(&mut self, place: PlaceId, wants: &[Want]) -> Result<(), PlanError> {
        let (several, plain): (Vec<&Want>, Vec<&Want>) =
            wants.iter().partition(|want| self.has_alternatives(place, want));
        self.take_at_once(place, &plain)?;
        let mut missing: Vec<(&Want, TypeId)> = Vec::new();
        for want in &plain {
            for ty in want.types.iter() {
                if !self.is_provided(place, ty, want) && !self.take_direct(place, ty, want)? {
                    missing.push((want, ty));
                }
            }
        }
        if !missing.is_empty() && self.is_unknown(place) && !self.take_as_interface(place, &missing)? {
            self.learn_types(place, &missing)?;
            let known = self.state.place(place).types.clone();
            let mut left = Vec::new();
            for (want, ty) in missing {
                if known.contains(ty) && !self.is_provided(place, ty, want) && !self.take_direct(place, ty, want)? {
                    left.push((want, ty));
                }
            }
            missing = left;
        }
        missing.retain(|(want, ty)| !self.is_provided(place, *ty, want));
        if !missing.is_empty() {
            self.take_chosen(place, &missing)?;
        }
        for want in plain {
            self.fill_below(place, want)?;
        }
        for want in several {
            self.take_alternatives(place, want)?;
        }
        Ok(())
    }

    /// Whether the value of a want stands at the place already.
    pub(super) fn is_provided(&self, place: PlaceId, ty: TypeId, want: &Want) -> bool {
        self.state.place(place).values.find(&want.call, want.key.as_ref(), ty).is_some()
    }

    /// Takes a value from a source at hand: the one that needs least besides.
    fn take_direct(&mut self, place: PlaceId, ty: TypeId, want: &Want) -> Result<bool, PlanError> {
        let mut sources: Vec<SourceId> = self.state.place(place).sources.clone();
        sources.retain(|&source| self.is_in_sight(source));
        let mut best: Option<(super::estimate::Estimate, u32, SourceId, Resolver)> = None;
        for source in sources {
            let Some(resolver) = self.direct(source, ty, &want.call.name) else { continue };
            let estimate = self.estimate_value(source, &resolver, want.child);
            let depth = self.depth_of(source);
            if best.as_ref().is_none_or(|(other, other_depth, ..)| (estimate, depth) < (*other, *other_depth)) {
                best = Some((estimate, depth, source, resolver));
            }
        }
        let Some((_, _, source, resolver)) = best else { return Ok(false) };
        self.take_from(source, ty, &resolver, want)?;
        Ok(true)
    }

    /// Takes values from subgraphs that have to be entered first, in the order in which they become known.
    fn take_chosen(&mut self, place: PlaceId, missing: &[(&Want, TypeId)]) -> Result<(), PlanError> {
        for (index, subgraph, way) in self.choose(place, missing)? {
            let Some((want, ty)) = missing.get(index) else { continue };
            if self.is_provided(place, *ty, want) {
                continue;
            }
            let above = if way == Way::Above { self.take_above(place, *ty, want, subgraph)? } else { Taken::No };
            if above == Taken::Yes {
                continue;
            }
            let chosen = self.take_by(place, *ty, want, subgraph);
            let Err(error) = chosen else { continue };
            if !matches!(error, PlanError::Unreachable { .. }) {
                return Err(error);
            }
            // The estimate was wrong: any other subgraph will do.
            let others = self.resolvers(*ty, &want.call.name).iter().map(|resolver| resolver.subgraph);
            let others: Vec<SubgraphId> = others.filter(|&other| other != subgraph).collect();
            let mut found = false;
            for other in others {
                match self.take_by(place, *ty, want, other) {
                    Ok(()) => {
                        found = true;
                        break;
                    }
                    Err(PlanError::Unreachable { .. }) => {}
                    Err(error) => return Err(error),
                }
            }
            if !found {
                return Err(error);
            }
        }
        Ok(())
    }

    /// Takes a value from a subgraph that is asked the field above.
    fn take_above(
        &mut self,
        place: PlaceId,
        ty: TypeId,
        want: &Want,
        subgraph: SubgraphId,
    ) -> Result<Taken, PlanError> {
        let mut resolvers = self.resolvers(ty, &want.call.name).iter();
        let resolver = resolvers.find(|found| found.subgraph == subgraph && self.condition(found) == Condition::Always);
        let Some(resolver) = resolver else { return Ok(Taken::No) };
        match self.enter_above(place, ty, resolver) {
            Ok(source) => self.take_from(source, ty, resolver, want).map(|()| Taken::Yes),
            Err(PlanError::Unreachable { .. }) => Ok(Taken::No),
            Err(error) => Err(error),
        }
    }

    /// Takes a value from a subgraph, entering it as need be.
    pub(super) fn take_by(
        &mut self,
        place: PlaceId,
        ty: TypeId,
        want: &Want,
        subgraph: SubgraphId,
    ) -> Result<(), PlanError> {
        let resolvers = self.resolvers(ty, &want.call.name);
        for resolver in resolvers.iter().filter(|resolver| resolver.subgraph == subgraph) {
            let source = match self.condition(resolver) {
                Condition::Always => self.enter(place, ty, resolver),
                Condition::Requires(set) => {
                    let guard = (place, ty, want.call.clone());
                    self.check_chain(self.requiring.len(), "requirements of one another")?;
                    if !self.requiring.insert(guard.clone()) {
                        continue;
                    }
                    let entered = self.enter_with(place, ty, resolver, set);
                    self.requiring.remove(&guard);
                    entered
                }
                Condition::Provided | Condition::Never => continue,
            };
            match source {
                Ok(source) => return self.take_from(source, ty, resolver, want),
                Err(PlanError::Unreachable { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Err(self.unreachable(ty, &want.call.name))
    }

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

    /// The value for a want: the client's key, or one that nothing else uses.
    fn value_index(&mut self, place: PlaceId, want: &Want) -> usize {
        let at = self.state.place(place);
        // A planner's own key is shared by all types that it is free for.
        let known = at
            .values
            .candidates(&want.call, want.key.as_ref())
            .into_iter()
            .find(|(_, value)| want.key.is_some() || value.owner == Owner::Planner)
            .map(|(index, _)| index);
        if let Some(known) = known {
            return known;
        }
        let owner = if want.key.is_some() { Owner::Client } else { Owner::Planner };
        let key = want.key.clone().unwrap_or_else(|| self.fresh_key(place, want));
        let value = Value { key, owner, call: want.call.clone(), producers: Vec::new(), children: Vec::new() };
        self.state.push_value(place, value)
    }

    /// A key of the planner's own: the field's name where that is free.
    fn fresh_key(&self, place: PlaceId, want: &Want) -> Name {
        let place = self.state.place(place);
        let is_free = |key: &Name| {
            !self.aliases.contains(key) && !place.client_keys.contains(key) && place.values.under(key).next().is_none()
        };
        let arguments = want.call.arguments.0;
        if arguments == 0 && is_free(&want.call.name) {
            return want.call.name.clone();
        }
        // Ends: there are fewer values than numbers.
        let mut number = arguments;
        loop {
            let key = Name::new_unchecked(&format!("_{}_{number}", want.call.name));
            if is_free(&key) {
                return key;
            }
            number = number.wrapping_add(1);
        }
    }

    /// The types to which an interface object gives a value along with one of them: those whose value leads to the same
    /// place. What is taken below from another subgraph is there for those alone that have the value from that one.
    fn given_alike(&self, (place, source): (PlaceId, SourceId), value: usize, ty: TypeId) -> TypeSet {
        let types = self.state.place(place).types.intersection(&self.state.source(source).types);
        let Some(value) = self.state.place(place).values.get(value) else { return types };
        let others = value.children.iter().filter(|child| !value.is_from(child, source));
        match value.children.iter().find(|child| child.types.contains(ty)) {
            Some(child) if !value.is_from(child, source) => types.intersection(&child.types),
            _ => others.fold(types, |types, other| types.difference(&other.types)),
        }
    }

    /// The place below a value for some types. It is shared with others whose value comes from the same source: what is
    /// taken below is taken once, which has to be there for all. An interface object has but one such place.
    fn child_place(
        &mut self,
        (place, source): (PlaceId, SourceId),
        value: usize,
        types: &TypeSet,
        want: &Want,
    ) -> Option<PlaceId> {
        want.child?;
        let first = types.iter().next()?;
        let supergraph = self.supergraph;
        let field = *supergraph.ty(first).fields.get(&want.call.name)?;
        let declared = supergraph.field(field).ty.named();
        let client = want.client;
        let known = self.state.place(place).values.get(value)?;
        let is_alike = |child: &Child| {
            (child.node == client || self.state.source(source).knows == Knows::Interface)
                && self.state.place(child.place).declared == declared
                && known.is_from(child, source)
        };
        let of_types = known.children.iter().position(|child| !child.types.intersection(types).is_empty());
        let known = of_types.or_else(|| known.children.iter().position(is_alike));
        if let Some(known) = known {
            let child = self.state.value_mut(place, value)?.children.get_mut(known)?;
            child.types.union_with(types);
            let below = child.place;
            if let Some(parent) = &mut self.state.place_mut(below).parent {
                parent.types.union_with(types);
            }
            return Some(below);
        }
        let key = self.state.place(place).values.get(value)?.key.clone();
        let parent = Parent { place, key, call: want.call.clone(), types: types.clone() };
        let below = self.add_place(Some(parent), declared, client);
        let child = Child { types: types.clone(), node: client, place: below };
        self.state.value_mut(place, value)?.children.push(child);
        Some(below)
    }

    /// Whether a want leads to a value of abstract type that several subgraphs could give. Such a value has to come
    /// from one alone: what it is may differ between them.
    fn has_alternatives(&self, place: PlaceId, want: &Want) -> bool {
        let Some(first) = want.types.iter().next() else { return false };
        if want.child.is_none() || self.is_provided(place, first, want) || self.is_unknown(place) {
            return false;
        }
        let Some(&field) = self.supergraph.ty(first).fields.get(&want.call.name) else { return false };
        if !self.supergraph.ty(self.supergraph.field(field).ty.named()).is_abstract() {
            return false;
        }
        self.alternatives(place, first, want).len() > 1
    }

    /// The resolvers that a value may come from, with the source at hand if there is one.
    fn alternatives(&self, place: PlaceId, ty: TypeId, want: &Want) -> Vec<(Resolver, Option<SourceId>)> {
        let sources = &self.state.place(place).sources;
        let resolvers = self.resolvers(ty, &want.call.name).iter();
        let alternatives = resolvers.map(|resolver| {
            let mut at_hand = sources.iter().copied();
            let at_hand = at_hand.find(|&source| {
                self.is_in_sight(source) && self.direct(source, ty, &want.call.name) == Some(*resolver)
            });
            (*resolver, at_hand)
        });
        alternatives
            .filter(|(resolver, at_hand)| at_hand.is_some() || self.condition(resolver) == Condition::Always)
            .collect()
    }

    /// Takes a value of abstract type from the first subgraph, best first, that gets everything below it.
    fn take_alternatives(&mut self, place: PlaceId, want: &Want) -> Result<(), PlanError> {
        let Some(first) = want.types.iter().next() else { return Ok(()) };
        let sources = self.state.place(place).sources.iter();
        let soonest = sources.map(|&source| self.depth_of(source)).min().unwrap_or(0);
        let mut ranked = Vec::new();
        for (resolver, at_hand) in self.alternatives(place, first, want) {
            let (estimate, entering, depth) = match at_hand {
                Some(source) => (self.estimate_value(source, &resolver, want.child), 0, self.depth_of(source)),
                None => (self.estimate_resolver(&resolver, want.child), 1, soonest + 1),
            };
            // What is at hand came of a choice already; another subgraph may know fewer of its types.
            let reluctance = if entering > 0 { self.reluctance(resolver.subgraph) } else { 0 };
            let rank = (reluctance, depth + estimate.steps, estimate.requests + entering, estimate);
            ranked.push((rank, resolver.subgraph));
        }
        if ranked.len() > 1 {
            self.had.contested.extend(ranked.iter().map(|(_, subgraph)| *subgraph));
        }
        ranked.sort();
        let mut failure = self.unreachable(first, &want.call.name);
        for (_, subgraph) in ranked {
            self.state.begin();
            let tried = want.types.iter().try_for_each(|ty| self.take_of(place, ty, want, subgraph));
            let tried = tried.and_then(|()| self.fill_below(place, want));
            self.count_copied()?;
            match tried {
                Ok(()) => {
                    self.state.keep();
                    self.decided((place, subgraph));
                    return Ok(());
                }
                Err(error @ PlanError::Unreachable { .. }) => failure = error,
                Err(error) => return Err(error),
            }
            self.state.undo();
        }
        Err(failure)
    }

    /// Takes a value from a subgraph: from a source of it at hand, or by entering it.
    fn take_of(&mut self, place: PlaceId, ty: TypeId, want: &Want, subgraph: SubgraphId) -> Result<(), PlanError> {
        if self.is_provided(place, ty, want) {
            return Ok(());
        }
        let alternatives = self.alternatives(place, ty, want);
        let mut of_subgraph = alternatives.into_iter().filter(|(resolver, _)| resolver.subgraph == subgraph);
        match of_subgraph.find_map(|(resolver, source)| Some((resolver, source?))) {
            Some((resolver, source)) => self.take_from(source, ty, &resolver, want),
            None => self.take_by(place, ty, want, subgraph),
        }
    }
}

/// Whether values were taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Taken {
    Yes,
    No,
}

/// What a subgraph knows of values of a type, and which concrete types they may have there.
pub(super) fn stands(supergraph: &Supergraph, ty: TypeId, subgraph: SubgraphId) -> (Knows, TypeSet) {
    match supergraph.ty(ty).join(subgraph) {
        Some(join) if join.is_interface_object => (Knows::Interface, join.possible_types.clone()),
        Some(join) => (Knows::Types, join.possible_types.clone()),
        None => (Knows::Types, TypeSet::default()),
    }
}
