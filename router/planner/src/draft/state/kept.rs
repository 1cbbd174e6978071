//! What is kept of a state while something is tried: what it was made of before, as far as it was changed.

use rustc_hash::FxHashMap;

use super::keyed::{Entries, Values};
use super::{Entry, Place, PlaceId, Request, RequestId, Source, SourceId, Value};

/// What a state was when a try began.
#[derive(Clone, Debug, Default)]
pub struct Try {
    pub places: usize,
    pub sources: usize,
    pub requests: usize,
    pub jobs: usize,
    pub place_changes: FxHashMap<PlaceId, Kept<Place, Value>>,
    pub source_changes: FxHashMap<SourceId, Kept<Source, Entry>>,
    pub request_changes: FxHashMap<RequestId, Request>,
    /// The fields of sources from which all were taken, as they were then.
    pub taken: FxHashMap<SourceId, Entries>,
}

/// What a place or a source was.
#[derive(Clone, Debug)]
pub struct Kept<Head, Item> {
    /// All but its items, if that was changed.
    pub head: Option<Head>,
    /// How many items it had.
    pub len: usize,
    /// Items that were changed.
    pub items: FxHashMap<usize, Item>,
}

impl<Head, Item> Kept<Head, Item> {
    pub fn new(len: usize) -> Self {
        Self { head: None, len, items: FxHashMap::default() }
    }

    /// Adds what a try within this one has kept.
    pub fn absorb(&mut self, inner: Self) {
        self.head = self.head.take().or(inner.head);
        let len = self.len;
        for (index, item) in sorted(inner.items) {
            if index < len {
                self.items.entry(index).or_insert(item);
            }
        }
    }
}

/// In a defined order, as all that is planned.
pub fn sorted<Id: Ord, T>(map: FxHashMap<Id, T>) -> Vec<(Id, T)> {
    let mut list: Vec<(Id, T)> = map.into_iter().collect();
    list.sort_by(|(a, _), (b, _)| a.cmp(b));
    list
}

impl Place {
    pub fn without_values(&self) -> Self {
        Self {
            parent: self.parent.clone(),
            declared: self.declared,
            types: self.types.clone(),
            node: self.node,
            client_keys: self.client_keys.clone(),
            sources: self.sources.clone(),
            values: Values::default(),
            typename: self.typename,
        }
    }
}

impl Source {
    pub fn without_entries(&self) -> Self {
        Self {
            request: self.request,
            parent: self.parent,
            place: self.place,
            ty: self.ty,
            knows: self.knows,
            view: self.view.clone(),
            types: self.types.clone(),
            entries: Entries::default(),
            typename: self.typename,
        }
    }
}
