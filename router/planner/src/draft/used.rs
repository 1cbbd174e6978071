//! What of a draft is used: everything that the response shows, and what that in turn is asked by. The rest was
//! tried in vain.

use std::collections::BTreeSet;

use federation::TypeId;
use rustc_hash::FxHashSet;

use super::{PlaceId, RequestId, SourceId, State};
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
    seen: FxHashSet<(PlaceId, TypeId, NodeId)>,
    open: Vec<(PlaceId, TypeId, NodeId)>,
}

impl Used {
    /// Finds what is used.
    pub fn of(state: &State, operation: &Operation) -> Self {
        let mut used = Self::default();
        used.open.push((PlaceId(0), operation.root, operation.top));
        while let Some((place, ty, node)) = used.open.pop() {
            if used.seen.insert((place, ty, node)) {
                used.visit(state, operation, (place, ty, node));
            }
        }
        used
    }

    fn visit(&mut self, state: &State, operation: &Operation, (place, ty, node): (PlaceId, TypeId, NodeId)) {
        let node = operation.node(node);
        let Some(variant) = node.variants.iter().find(|variant| variant.types.contains(ty)) else { return };
        let is_asked = variant.fields.iter().any(|field| field.what == What::Typename);
        let tells =
            if node.is_client() { node.tells(&state.place(place).types) } else { state.place(place).types.len() > 1 };
        if is_asked || tells {
            self.typename(state, place);
        }
        for selected in &variant.fields {
            let What::Field(call) = &selected.what else { continue };
            let value = match &selected.key {
                Some(key) => state.place(place).values.find(call, Some(key), ty),
                None => state.value(operation, (place, ty), call, selected.child),
            };
            let Some(value) = value else { continue };
            if let Some(source) = value.producer(ty) {
                let mut entries = state.source(source).entries.under(&value.key);
                let index = entries.find(|(_, entry)| entry.call == *call && entry.types.contains(ty));
                if let Some((index, _)) = index {
                    self.entry(state, source, index);
                }
            }
            if let (Some(node), Some(child)) = (selected.child, value.child(ty)) {
                self.open.extend(state.place(child).types.iter().map(|ty| (child, ty, node)));
            }
        }
    }

    fn entry(&mut self, state: &State, source: SourceId, index: usize) {
        if self.entries.insert((source, index)) {
            self.source(state, source);
        }
    }

    /// Marks the fields around a source, and its request.
    fn source(&mut self, state: &State, source: SourceId) {
        let mut at = source;
        while let Some(parent) = state.source(at).parent {
            let key = state.place(state.source(at).place).parent.as_ref().map(|parent| &parent.key);
            let mut entries = key.into_iter().flat_map(|key| state.source(parent).entries.under(key));
            if let Some((index, _)) = entries.find(|(_, entry)| entry.child == Some(at)) {
                self.entries.insert((parent, index));
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
            for ty in input.types.iter() {
                self.open.extend(std::iter::once(&input.key).chain(&input.requires).map(|&node| (place, ty, node)));
            }
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
