//! Finding what a draft has: by id, and the values that keys and requirements read.

use std::collections::BTreeSet;

use federation::{SubgraphId, TypeId};
use graphql::Name;

use super::{Child, Place, PlaceId, Request, RequestId, Source, SourceId, State, Value};
use crate::operation::{Call, NodeId, Operation, What};

#[expect(clippy::indexing_slicing, reason = "ids are made by this draft alone, and nothing is ever removed")]
impl State {
    /// The place of an id.
    pub fn place(&self, id: PlaceId) -> &Place {
        &self.places[id.0 as usize]
    }

    pub(super) fn place_at(&mut self, id: PlaceId) -> &mut Place {
        &mut self.places[id.0 as usize]
    }

    /// The source of an id.
    pub fn source(&self, id: SourceId) -> &Source {
        &self.sources[id.0 as usize]
    }

    pub(super) fn source_at(&mut self, id: SourceId) -> &mut Source {
        &mut self.sources[id.0 as usize]
    }

    /// The request of an id.
    pub fn request(&self, id: RequestId) -> &Request {
        &self.requests[id.0 as usize]
    }

    pub(super) fn request_at(&mut self, id: RequestId) -> &mut Request {
        &mut self.requests[id.0 as usize]
    }

    /// The subgraph of a source.
    pub fn subgraph(&self, source: SourceId) -> SubgraphId {
        self.request(self.source(source).request).subgraph
    }

    /// The value of a call at a place for a concrete type that keys and requirements read: under the client's own key
    /// if it selects the same, since what is needed below was taken there.
    pub fn value(
        &self,
        operation: &Operation,
        (place, ty): (PlaceId, TypeId),
        call: &Call,
        child: Option<NodeId>,
    ) -> Option<&Value> {
        let values = &self.place(place).values;
        let (key, _) = self.client_selection(operation, (place, ty), call, child);
        let own = key.and_then(|key| values.find(call, Some(&key), ty));
        own.or_else(|| values.find(call, None, ty))
    }

    /// The client's own key for a field of objects of a type, and what it selects below: the first of several under
    /// which what is wanted below may stand too.
    pub fn client_selection(
        &self,
        operation: &Operation,
        (place, ty): (PlaceId, TypeId),
        call: &Call,
        wanted: Option<NodeId>,
    ) -> (Option<Name>, Option<NodeId>) {
        let Some(node) = self.place(place).node else { return (None, None) };
        let node = operation.node(node);
        let variant = node.variants.iter().find(|variant| variant.types.contains(ty));
        let mut fields = variant.into_iter().flat_map(|variant| &variant.fields);
        let selected = fields.find(|field| {
            matches!(&field.what, What::Field(known) if known == call)
                && field.child.zip(wanted).is_none_or(|(client, wanted)| operation.may_share(client, wanted))
        });
        selected.map(|selected| (selected.key.clone(), selected.child)).unwrap_or_default()
    }

    /// The requests that give the values of a node at a place, for one concrete type.
    pub fn producers(&self, operation: &Operation, place: PlaceId, ty: TypeId, node: NodeId) -> BTreeSet<RequestId> {
        let mut found = BTreeSet::new();
        let mut open = vec![(place, ty, node)];
        while let Some((place, ty, node)) = open.pop() {
            let node = operation.node(node);
            let Some(variant) = node.variants.iter().find(|variant| variant.types.contains(ty)) else { continue };
            for selected in &variant.fields {
                let What::Field(call) = &selected.what else {
                    found.extend(self.place(place).typename.map(|source| self.source(source).request));
                    continue;
                };
                let Some(value) = self.value(operation, (place, ty), call, selected.child) else { continue };
                match (selected.child, value.child(ty)) {
                    (Some(node), Some(child)) => {
                        if self.place(child).types.len() > 1 {
                            found.extend(self.place(child).typename.map(|source| self.source(source).request));
                        }
                        let types: Vec<TypeId> = self.place(child).types.iter().collect();
                        open.extend(types.into_iter().map(|ty| (child, ty, node)));
                        found.extend(value.producer(ty).map(|source| self.source(source).request));
                    }
                    _ => found.extend(value.producer(ty).map(|source| self.source(source).request)),
                }
            }
        }
        found
    }
}

impl Value {
    /// The source that gives it for a concrete type.
    pub fn producer(&self, ty: TypeId) -> Option<SourceId> {
        self.producers.iter().find(|(types, _)| types.contains(ty)).map(|(_, source)| *source)
    }

    /// Whether none of those that lead to a place below have the value from another source.
    pub fn is_from(&self, child: &Child, source: SourceId) -> bool {
        child.types.iter().all(|ty| self.producer(ty).is_none_or(|producer| producer == source))
    }

    /// The place below for a concrete type.
    pub fn child(&self, ty: TypeId) -> Option<PlaceId> {
        self.children.iter().find(|child| child.types.contains(ty)).map(|child| child.place)
    }
}
