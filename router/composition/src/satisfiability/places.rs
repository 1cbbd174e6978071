//! Places: a value known to one subgraph, as one of its types, with what the way there provides.

use federation::query_graph::View;
use federation::supergraph::FieldSet;
use federation::{FieldId, SubgraphId, Supergraph, TypeId};
use rustc_hash::FxHashMap;

/// What the way to a place provides: an index among the [`Views`] seen. [`ViewId::NONE`] provides nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct ViewId(u32);

impl ViewId {
    pub(super) const NONE: Self = Self(0);
}

/// A value in one subgraph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Place {
    pub(super) subgraph: SubgraphId,
    /// As what the subgraph knows it: of a field, the type that it has there; of an object, that object or an
    /// interface that the subgraph takes for one.
    pub(super) ty: TypeId,
    pub(super) view: ViewId,
}

impl Place {
    /// Whether everything that the other place resolves is resolved here too.
    pub(super) fn covers(self, other: Self) -> bool {
        let same = self.subgraph == other.subgraph && self.ty == other.ty;
        same && (other.view == self.view || other.view == ViewId::NONE)
    }
}

/// All views seen, each once. Few fields provide anything, so equal texts are what they are told apart by.
pub(super) struct Views {
    views: Vec<View>,
    by_text: FxHashMap<String, ViewId>,
    below: FxHashMap<(ViewId, TypeId, FieldId, SubgraphId), ViewId>,
}

impl Views {
    pub(super) fn new() -> Self {
        Self { views: vec![View::default()], by_text: FxHashMap::default(), below: FxHashMap::default() }
    }

    pub(super) fn get(&self, id: ViewId) -> Option<&View> {
        self.views.get(id.0 as usize)
    }

    /// The view below a field that is resolved at a place of an object.
    pub(super) fn below(
        &mut self,
        supergraph: &Supergraph,
        object: TypeId,
        place: Place,
        (field, provides): (FieldId, Option<&FieldSet>),
    ) -> ViewId {
        if place.view == ViewId::NONE && provides.is_none() {
            return ViewId::NONE;
        }
        let key = (place.view, object, field, place.subgraph);
        if let Some(&known) = self.below.get(&key) {
            return known;
        }
        let below = self.get(place.view).map(|view| view.below(supergraph, object, field, provides));
        let id = below.map_or(ViewId::NONE, |view| self.intern(view));
        self.below.insert(key, id);
        id
    }

    fn intern(&mut self, view: View) -> ViewId {
        if view.is_empty() {
            return ViewId::NONE;
        }
        let next = ViewId(self.views.len() as u32);
        let id = *self.by_text.entry(format!("{view:?}")).or_insert(next);
        if id == next {
            self.views.push(view);
        }
        id
    }
}
