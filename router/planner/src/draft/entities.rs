//! Entering a subgraph by a key: a request for entities, or one that is there already and is given some more.

use std::collections::BTreeSet;

use federation::query_graph::{Entry, View};
use federation::supergraph::FieldSet;
use federation::{SubgraphId, TypeId, TypeSet};

use super::preferences::Joining;
use super::resolves::stands;
use super::{Draft, Entries, Input, Knows, PlaceId, Request, RequestId, Source, SourceId};
use crate::PlanError;
use crate::operation::{NodeId, Purpose};

/// What a request is to be given besides a key.
#[derive(Default)]
pub(super) struct Needs<'s> {
    /// What a field requires, with its node.
    pub requires: Option<(&'s FieldSet, NodeId)>,
    /// The requests that give what is read from contexts.
    pub read: BTreeSet<RequestId>,
}

impl Draft<'_> {
    /// Enters by a key, for objects of all of some types at once: takes it, then asks for entities.
    pub(super) fn enter_by(
        &mut self,
        place: PlaceId,
        types: &TypeSet,
        entry: &Entry,
        needs: &Needs<'_>,
    ) -> Result<SourceId, PlanError> {
        let (key, requires) = self.fill_input(place, types, entry, needs)?;
        self.decided((place, types, entry.subgraph, key));
        if self.state.place(place).types.len() > 1 {
            self.need_typename(place)?;
        }
        let mut after = needs.read.clone();
        for (ty, node) in
            types.iter().flat_map(|ty| [Some(key), requires].into_iter().flatten().map(move |node| (ty, node)))
        {
            after.extend(self.state.producers(&self.operation, place, ty, node));
        }
        after.extend(self.state.place(place).typename.map(|source| self.state.source(source).request));
        let via = (!types.contains(entry.via)).then_some(entry.via);
        let input = |ty| Input { types: TypeSet::one(ty), key, requires: requires.into_iter().collect() };
        let inputs: Vec<Input> = types.iter().map(input).collect();
        let depth = self.depth_after(&after);
        let known = self.request_for(place, entry.subgraph, via, depth, &inputs);
        self.decided(known);
        if let Some(source) = known {
            let top = self.state.source_mut(source);
            top.types.union_with(types);
            let request = top.request;
            inputs.into_iter().for_each(|input| self.state.request_mut(request).add(input));
            return Ok(source);
        }
        let (knows, types) = match via {
            Some(via) => match stands(self.supergraph, via, entry.subgraph) {
                // It knows no types, so it is given those that it is asked of.
                (Knows::Interface, _) => (Knows::Interface, types.clone()),
                known => known,
            },
            None => (Knows::Types, types.clone()),
        };
        self.add_request(entry.subgraph, via, depth, inputs, |request| Source {
            request,
            parent: None,
            place,
            ty: entry.via,
            knows,
            view: View::default(),
            types,
            entries: Entries::default(),
            typename: false,
        })
    }

    /// Takes a key, and what is required along with it from the same objects: if one of both can't be read from the
    /// client's, neither is. Gives their nodes.
    fn fill_input(
        &mut self,
        place: PlaceId,
        types: &TypeSet,
        entry: &Entry,
        needs: &Needs<'_>,
    ) -> Result<(NodeId, Option<NodeId>), PlanError> {
        let key = self.field_sets.node(self.supergraph, &mut self.operation, (&entry.key, Purpose::Key), entry.via);
        self.fill_key(place, types, key)?;
        let Some((set, requires)) = needs.requires else { return Ok((key, None)) };
        if !types.iter().any(|ty| self.conflicts((place, ty), &[key], &[requires])) {
            return Ok((key, Some(requires)));
        }
        let [key, requires] = [&entry.key, set]
            .map(|set| self.field_sets.node(self.supergraph, &mut self.operation, (set, Purpose::Apart), entry.via));
        self.fill_key(place, types, key)?;
        self.fill_given(place, types, requires)?;
        Ok((key, Some(requires)))
    }

    /// A request for entities at a place that is late enough to be given some more.
    fn request_for(
        &mut self,
        place: PlaceId,
        subgraph: SubgraphId,
        via: Option<TypeId>,
        depth: u32,
        inputs: &[Input],
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
                && request.inputs.iter().all(|known| inputs.iter().all(|input| self.fit(place, known, input)))
                && (via.is_none() || asks_alike(&request.inputs, inputs))
        });
        let found = fitting.next()?;
        if self.state.request(self.state.source(found).request).depth > depth {
            self.had.joined_later = true;
        }
        Some(found)
    }

    /// Whether two inputs can be given to one request.
    pub(super) fn fit(&self, place: PlaceId, a: &Input, b: &Input) -> bool {
        let all = |input: &Input| -> Vec<NodeId> { std::iter::once(input.key).chain(input.requires.clone()).collect() };
        let both = a.types.intersection(&b.types);
        both.iter().all(|ty| !self.conflicts((place, ty), &all(a), &all(b)))
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
