//! What of a draft is used: everything that the response shows, and what that in turn is asked by. The rest was
//! tried in vain.

use std::collections::BTreeSet;

use federation::TypeSet;
use rustc_hash::{FxHashMap, FxHashSet};

use super::{PlaceId, ReadAt, RequestId, SourceId, State, Value};
use crate::operation::{NodeId, Operation, What};

/// The used parts of a draft.
#[derive(Clone, Debug, Default)]
pub struct Used {
    /// Fields of sources' selections, by index.
    pub entries: FxHashSet<(SourceId, usize)>,
    /// Sources whose `__typename` is read.
    pub typenames: FxHashSet<SourceId>,
    /// Requests.
    pub requests: BTreeSet<RequestId>,
    places: FxHashSet<PlaceId>,
    seen: FxHashMap<(PlaceId, NodeId), TypeSet>,
    open: Vec<(PlaceId, TypeSet, NodeId)>,
}

impl Used {
    /// Finds what is used.
    pub fn of(state: &State, operation: &Operation) -> Self {
        let mut used = Self::default();
        used.open.push((PlaceId(0), TypeSet::one(operation.root), operation.top));
        while let Some((place, types, node)) = used.open.pop() {
            let seen = used.seen.entry((place, node)).or_default();
            let types = types.difference(seen);
            if !types.is_empty() {
                seen.union_with(&types);
                used.visit(state, operation, (place, &types, node));
            }
        }
        used
    }

    fn visit(&mut self, state: &State, operation: &Operation, (place, types, node): (PlaceId, &TypeSet, NodeId)) {
        let node = operation.node(node);
        let at = state.place(place);
        let tells = if node.is_client() { node.tells(&at.types) } else { at.types.len() > 1 };
        for variant in &node.variants {
            let types = variant.types.intersection(types);
            if types.is_empty() {
                continue;
            }
            if tells || variant.fields.iter().any(|field| field.what == What::Typename) {
                self.typename(state, place);
            }
            for selected in &variant.fields {
                let What::Field(call) = &selected.what else { continue };
                if selected.key.is_some() {
                    let mut left = types.clone();
                    for (_, value) in at.values.candidates(call, selected.key.as_ref()) {
                        left = self.value(state, value, (left, selected.child));
                    }
                    continue;
                }
                for ty in types.iter() {
                    let value = state.value(operation, (place, ty), call, selected.child);
                    value.map(|value| self.value(state, value, (TypeSet::one(ty), selected.child)));
                }
            }
        }
    }

    /// Marks a value of objects of some types. Gives the types that don't have it.
    fn value(&mut self, state: &State, value: &Value, (types, node): (TypeSet, Option<NodeId>)) -> TypeSet {
        let mut left = types.clone();
        for (of, source) in &value.producers {
            let mut here = of.intersection(&left);
            if here.is_empty() {
                continue;
            }
            left = left.difference(of);
            for (index, entry) in state.source(*source).entries.under(&value.key) {
                if entry.call == value.call && !entry.types.intersection(&here).is_empty() {
                    self.entry(state, *source, index);
                    here = here.difference(&entry.types);
                }
            }
        }
        let had = types.difference(&left);
        let below = value.children.iter().filter(|child| !child.types.intersection(&had).is_empty());
        if let Some(node) = node {
            self.open.extend(below.map(|child| (child.place, state.place(child.place).types.clone(), node)));
        }
        left
    }

    fn entry(&mut self, state: &State, source: SourceId, index: usize) {
        if self.mark(state, source, index) {
            self.source(state, source);
        }
    }

    /// Marks a field alone, with what its arguments are read from; says whether it is new.
    fn mark(&mut self, state: &State, source: SourceId, index: usize) -> bool {
        let is_new = self.entries.insert((source, index));
        let entry = state.source(source).entries.get(index).filter(|_| is_new);
        for reading in entry.map(|entry| entry.readings.as_slice()).unwrap_or_default() {
            reading.sources.iter().for_each(|source| self.read(state, source));
        }
        is_new
    }

    /// Marks what a context is read from.
    fn read(&mut self, state: &State, from: &ReadAt) {
        if from.by_type {
            self.typename(state, from.place);
        }
        let Some(node) = from.node else { return };
        self.open.push((from.place, from.types.clone(), node));
    }

    /// Marks the fields around a source, and its request.
    fn source(&mut self, state: &State, source: SourceId) {
        let mut at = source;
        while let Some(parent) = state.source(at).parent {
            let key = state.place(state.source(at).place).parent.as_ref().map(|parent| &parent.key);
            let mut entries = key.into_iter().flat_map(|key| state.source(parent).entries.under(key));
            if let Some((index, _)) = entries.find(|(_, entry)| entry.child == Some(at)) {
                self.mark(state, parent, index);
            }
            at = parent;
        }
        self.place(state, state.source(source).place);
        let request = state.source(source).request;
        if !self.requests.insert(request) {
            return;
        }
        let place = state.source(at).place;
        self.place(state, place);
        for input in &state.request(request).inputs {
            let nodes = std::iter::once(&input.key).chain(&input.requires);
            self.open.extend(nodes.map(|&node| (place, input.types.clone(), node)));
        }
        if state.needs_typename(request) {
            self.typename(state, place);
        }
    }

    /// Marks what tells the types of places above that a path depends on.
    fn place(&mut self, state: &State, place: PlaceId) {
        let mut at = place;
        while self.places.insert(at) {
            let Some(parent) = &state.place(at).parent else { break };
            if state.is_typed(at) {
                self.typename(state, parent.place);
            }
            at = parent.place;
        }
    }

    fn typename(&mut self, state: &State, place: PlaceId) {
        if let Some(source) = state.place(place).typename
            && self.typenames.insert(source)
        {
            self.source(state, source);
        }
    }
}

impl State {
    /// Whether the place hangs below objects of but some of the types that the place above may have.
    pub fn is_typed(&self, place: PlaceId) -> bool {
        let Some(parent) = &self.place(place).parent else { return false };
        !self.place(parent.place).types.is_subset(&parent.types)
    }

    /// Whether a request for entities has to know what the objects are.
    pub fn needs_typename(&self, request: RequestId) -> bool {
        let request = self.request(request);
        let top = self.source(request.top);
        let asks_any = request.via.is_some() && request.inputs.iter().all(|input| input.types.len() > 1);
        !request.inputs.is_empty() && !asks_any && self.place(top.place).types.len() > 1
    }

    /// The requests that come right before a request: those that it reads. One that reads itself can't be run:
    /// [`super::depths`] finds it like any other circle.
    pub fn after(&self, operation: &Operation, id: RequestId) -> BTreeSet<RequestId> {
        let request = self.request(id);
        let place = self.source(request.top).place;
        let mut after = BTreeSet::new();
        for input in &request.inputs {
            for ty in input.types.iter() {
                for &node in std::iter::once(&input.key).chain(&input.requires) {
                    after.extend(self.producers(operation, place, ty, node));
                }
            }
        }
        for entry in self.source(request.top).entries.iter() {
            after.extend(self.read(operation, &entry.readings));
        }
        let typename = |place: PlaceId| self.place(place).typename.map(|source| self.source(source).request);
        if self.needs_typename(id) {
            after.extend(typename(place));
        }
        let mut at = place;
        while let Some(parent) = &self.place(at).parent {
            if self.is_typed(at) {
                after.extend(typename(parent.place));
            }
            if request.inputs.is_empty() && at == place {
                for ty in parent.types.iter() {
                    let values = &self.place(parent.place).values;
                    let source = values.find(&parent.call, Some(&parent.key), ty).and_then(|value| value.producer(ty));
                    after.extend(source.map(|source| self.source(source).request));
                }
            }
            at = parent.place;
        }
        after
    }
}
