//! Entering a subgraph at a place: by a source at hand, a key, as a root, or through the field that led there.

use std::collections::BTreeSet;

use federation::query_graph::{Condition, Entry, Resolver, View};
use federation::supergraph::{FieldSet, FieldSetItem};
use federation::{SubgraphId, TypeId, TypeSet};

use graphql::Name;

use super::fill::Want;
use super::levels::{Ascend, NEVER};
use super::preferences::Joining;
use super::provide::stands;
use super::{Draft, Entries, Input, Knows, PlaceId, Request, RequestId, Sight, Source, SourceId};
use crate::PlanError;
use crate::operation::{NodeId, Purpose};
use crate::plan::OperationKind;

/// What a request is to be given besides a key.
#[derive(Default)]
struct Needs {
    /// What a field requires.
    requires: Option<NodeId>,
    /// The requests that give what is read from contexts.
    read: BTreeSet<RequestId>,
}

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

    /// Refuses what schemas may chain without end: each link is walked recursively.
    pub(super) fn check_chain(&self, links: usize, what: &'static str) -> Result<(), PlanError> {
        let max = self.budget.depth_max;
        if links >= max as usize { Err(PlanError::TooComplex { what, max: u64::from(max) }) } else { Ok(()) }
    }

    fn enter_anew(&mut self, place: PlaceId, ty: TypeId, resolver: &Resolver) -> Result<SourceId, PlanError> {
        if self.supergraph.is_root(ty) {
            return self.enter_root(place, ty, resolver.subgraph);
        }
        for entry in self.ranked_entries(place, ty, resolver) {
            match self.enter_by(place, ty, entry, &Needs::default()) {
                Err(PlanError::Unreachable { .. }) => {}
                entered => return entered,
            }
        }
        self.enter_from_above(place, ty, resolver)
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
        let requires = (!requires.is_empty()).then_some(node);
        if let Some(node) = requires {
            self.fill(place, &TypeSet::one(ty), node)?;
        }
        let readings = self.readings(place, resolver)?;
        self.take_readings(&readings)?;
        let needs = Needs { requires, read: self.state.read(&self.operation, &readings) };
        for entry in self.ranked_entries(place, ty, resolver) {
            match self.enter_by(place, ty, entry, &needs) {
                Err(PlanError::Unreachable { .. }) => {}
                entered => return entered,
            }
        }
        Err(self.unreachable(ty, &self.supergraph.field(resolver.field).name))
    }

    /// What a subgraph requires for a field of objects that stand there as a type.
    pub fn requirement(&self, via: TypeId, name: &Name, subgraph: SubgraphId) -> Option<NodeId> {
        let field = *self.supergraph.ty(via).fields.get(name)?;
        let requires = self.supergraph.field(field).join(subgraph)?.requires.as_ref()?;
        self.field_sets.find((requires, Purpose::Requirement), via)
    }

    fn at_hand(&self, place: PlaceId, ty: TypeId, resolver: &Resolver) -> Option<SourceId> {
        let sources = self.state.place(place).sources.iter().copied().filter(|&source| {
            let at = self.state.source(source);
            let stands = match at.knows {
                Knows::Types => resolver.via == ty && at.types.contains(ty),
                Knows::Interface => resolver.via == at.ty && at.types.contains(ty),
            };
            stands && self.state.subgraph(source) == resolver.subgraph && self.is_in_sight(source)
        });
        sources.min_by_key(|&source| self.depth_of(source))
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
            let levels = self.levels(place, ty, &|subgraph| subgraph != resolver.subgraph, Ascend::Yes);
            entries.sort_by_cached_key(|entry| self.set_level(&levels, &entry.key, &mut Vec::new()).unwrap_or(NEVER));
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

    /// Enters by a key: takes it, then asks for entities.
    fn enter_by(&mut self, place: PlaceId, ty: TypeId, entry: &Entry, needs: &Needs) -> Result<SourceId, PlanError> {
        let key = self.field_sets.node(self.supergraph, &mut self.operation, (&entry.key, Purpose::Key), entry.via);
        self.fill_key(place, &TypeSet::one(ty), key)?;
        self.decided((place, ty, entry.subgraph, key));
        if self.state.place(place).types.len() > 1 {
            self.need_typename(place)?;
        }
        let mut after = self.state.producers(&self.operation, place, ty, key);
        if let Some(requires) = needs.requires {
            after.extend(self.state.producers(&self.operation, place, ty, requires));
        }
        after.extend(&needs.read);
        after.extend(self.state.place(place).typename.map(|source| self.state.source(source).request));
        let via = (entry.via != ty).then_some(entry.via);
        let input = Input { types: TypeSet::one(ty), key, requires: needs.requires.into_iter().collect() };
        let depth = self.depth_after(&after);
        let known = self.request_for(place, entry.subgraph, via, depth, &input);
        self.decided(known);
        if let Some(source) = known {
            let top = self.state.source_mut(source);
            top.types.insert(ty);
            let request = top.request;
            self.state.request_mut(request).add(input);
            return Ok(source);
        }
        let (knows, types) = match via {
            Some(via) => match stands(self.supergraph, via, entry.subgraph) {
                // It knows no types, so it is given those that it is asked of.
                (Knows::Interface, _) => (Knows::Interface, TypeSet::one(ty)),
                known => known,
            },
            None => (Knows::Types, TypeSet::one(ty)),
        };
        self.add_request(entry.subgraph, via, depth, vec![input], |request| Source {
            request,
            parent: None,
            place,
            ty: via.unwrap_or(ty),
            knows,
            view: View::default(),
            types,
            entries: Entries::default(),
            typename: false,
        })
    }

    /// A request for entities at a place that is late enough to be given some more.
    fn request_for(
        &mut self,
        place: PlaceId,
        subgraph: SubgraphId,
        via: Option<TypeId>,
        depth: u32,
        input: &Input,
    ) -> Option<SourceId> {
        let may_be_later = self.preferences.joining == Joining::Later;
        let sources = self.state.place(place).sources.iter().copied();
        let mut fitting = sources.filter(|&source| {
            let at = self.state.source(source);
            let request = self.state.request(at.request);
            at.parent.is_none()
                && !request.inputs.is_empty()
                && request.subgraph == subgraph
                && request.via == via
                && (request.depth == depth || (may_be_later && request.depth > depth))
                && request.stage == self.state.stage
                && request.part == self.state.part
                // An interface's own entry learns types: it has no concrete ones to be given.
                && !(via.is_some() && at.knows == Knows::Types)
                && request.inputs.iter().all(|known| self.fit(known, input))
                && (via.is_none() || asks_alike(&request.inputs, std::slice::from_ref(input)))
        });
        let found = fitting.next()?;
        if self.state.request(self.state.source(found).request).depth > depth {
            self.had.joined_later = true;
        }
        Some(found)
    }

    /// Whether two inputs can be given to one request.
    pub(super) fn fit(&self, a: &Input, b: &Input) -> bool {
        let all = |input: &Input| -> Vec<NodeId> { std::iter::once(input.key).chain(input.requires.clone()).collect() };
        let both = a.types.intersection(&b.types);
        both.iter().next().is_none_or(|ty| !self.conflicts(ty, &all(a), &all(b)))
    }

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
        let max = self.budget.fetches_max;
        if self.state.requests.len() >= max.saturating_mul(4) {
            return Err(PlanError::TooComplex { what: "requests to subgraphs", max: max as u64 });
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

    fn enter_root(&mut self, place: PlaceId, ty: TypeId, subgraph: SubgraphId) -> Result<SourceId, PlanError> {
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

    /// A source of a subgraph that is asked the field above, if there is none yet.
    pub(super) fn enter_above(
        &mut self,
        place: PlaceId,
        ty: TypeId,
        resolver: &Resolver,
    ) -> Result<SourceId, PlanError> {
        self.step(1)?;
        match self.at_hand(place, ty, resolver) {
            Some(source) => Ok(source),
            None => self.enter_from_above(place, ty, resolver),
        }
    }

    /// Asks the field that led to the place of another subgraph too. Never a root field of a mutation: it would be run
    /// twice.
    fn enter_from_above(&mut self, place: PlaceId, ty: TypeId, resolver: &Resolver) -> Result<SourceId, PlanError> {
        let failure = self.unreachable(ty, &self.supergraph.field(resolver.field).name);
        let Some(parent) = self.state.place(place).parent.clone() else { return Err(failure) };
        let is_top = self.state.place(parent.place).parent.is_none();
        // What is deferred goes through no value again: it comes with the request that is there.
        if self.sight == Sight::Own
            || !self.may_ask_again(place, ty, resolver.subgraph)
            || (is_top && self.operation.kind != OperationKind::Query)
        {
            return Err(failure);
        }
        let known = self.state.place(place).types.clone();
        let value = self.state.place(parent.place).values.under(&parent.key);
        let child = value.flat_map(|value| &value.children).find(|child| child.place == place);
        // Its place stands already, so any node would do; the client's own is the right one.
        let node = child.and_then(|child| child.node).unwrap_or(self.operation.top);
        let is_client = self.state.place(parent.place).client_keys.contains(&parent.key);
        let want = Want {
            call: parent.call.clone(),
            key: is_client.then(|| parent.key.clone()),
            client: child.and_then(|child| child.node),
            child: Some(node),
            types: parent.types.clone(),
        };
        for above in parent.types.iter() {
            let resolvers = self.resolvers(above, &parent.call.name).iter();
            let mut resolvers = resolvers.filter(|found| found.subgraph == resolver.subgraph);
            let Some(found) = resolvers.find(|found| self.condition(found) == Condition::Always) else {
                return Err(failure);
            };
            let source = self.enter(parent.place, above, found)?;
            self.take_from(source, above, found, &want)?;
        }
        self.keep_types(place, known);
        self.decided((place, resolver.subgraph));
        self.at_hand(place, ty, resolver).ok_or(failure)
    }

    /// Lets objects be what the subgraphs that were asked first know of: where another one says otherwise, the earlier
    /// has the word.
    fn keep_types(&mut self, place: PlaceId, known: TypeSet) {
        for source in self.state.place(place).sources.clone() {
            let at = self.state.source_mut(source);
            at.types = at.types.intersection(&known);
        }
        self.state.place_mut(place).types = known;
    }
}

/// Whether the same is required of every type in either of two lists. A request to an interface object asks all of its
/// entities for the same fields, so each has to be sent what any of them requires.
pub(super) fn asks_alike(a: &[Input], b: &[Input]) -> bool {
    let inputs = || a.iter().chain(b);
    let required = |ty: TypeId| -> BTreeSet<NodeId> {
        inputs().filter(|input| input.types.contains(ty)).flat_map(|input| input.requires.iter().copied()).collect()
    };
    let mut by_type = inputs().flat_map(|input| input.types.iter()).map(required);
    by_type.next().is_none_or(|first| by_type.all(|other| other == first))
}

impl Request {
    /// Adds to what is given of a type.
    fn add(&mut self, input: Input) {
        match self.inputs.iter_mut().find(|known| input.types.is_subset(&known.types)) {
            Some(known) => {
                for node in input.requires {
                    if !known.requires.contains(&node) {
                        known.requires.push(node);
                    }
                }
            }
            None => self.inputs.push(input),
        }
    }
}
