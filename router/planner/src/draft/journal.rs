//! Trying something in a draft and taking it back: what a try changes is copied before its first change, and what it
//! adds is cut off. A try costs what it touches, however large the draft is.

use rustc_hash::FxHashMap;

use super::{Place, PlaceId, Request, RequestId, Source, SourceId, State};

/// What a draft was when a try began.
#[derive(Clone, Debug, Default)]
pub(super) struct Try {
    places: Kept<PlaceId, Place>,
    sources: Kept<SourceId, Source>,
    requests: Kept<RequestId, Request>,
    jobs: usize,
}

/// Of a growing list: its length, and what has been changed since.
#[derive(Clone, Debug)]
struct Kept<Id, T> {
    len: usize,
    changed: FxHashMap<Id, T>,
}

impl<Id, T> Default for Kept<Id, T> {
    fn default() -> Self {
        Self { len: 0, changed: FxHashMap::default() }
    }
}

impl<Id: Copy + Eq + std::hash::Hash, T: Clone> Kept<Id, T> {
    fn begin(len: usize) -> Self {
        Self { len, changed: FxHashMap::default() }
    }

    /// Copies an item before its first change. Gives what that costs.
    fn keep(&mut self, (id, index): (Id, u32), item: &T, cost: impl FnOnce(&T) -> usize) -> usize {
        if index as usize >= self.len || self.changed.contains_key(&id) {
            return 0;
        }
        self.changed.insert(id, item.clone());
        cost(item)
    }

    fn undo(self, list: &mut Vec<T>, index: impl Fn(Id) -> u32) {
        list.truncate(self.len);
        #[expect(clippy::iter_over_hash_type, reason = "each is put where it was, in whatever order")]
        for (id, item) in self.changed {
            if let Some(at) = list.get_mut(index(id) as usize) {
                *at = item;
            }
        }
    }

    /// Hands over what an outer try has to put back too.
    fn merge_into(self, outer: &mut Self, index: impl Fn(Id) -> u32) {
        #[expect(clippy::iter_over_hash_type, reason = "each is kept by its id, in whatever order")]
        for (id, item) in self.changed {
            if (index(id) as usize) < outer.len {
                outer.changed.entry(id).or_insert(item);
            }
        }
    }
}

impl State {
    /// Begins a try, which [`Self::keep`] or [`Self::undo`] ends. Tries nest.
    pub(super) fn begin(&mut self) {
        self.tries.push(Try {
            places: Kept::begin(self.places.len()),
            sources: Kept::begin(self.sources.len()),
            requests: Kept::begin(self.requests.len()),
            jobs: self.jobs.len(),
        });
    }

    /// Ends the innermost try: what it did stays.
    pub(super) fn keep(&mut self) {
        let (Some(done), outer) = (self.tries.pop(), self.tries.last_mut()) else { return };
        if let Some(outer) = outer {
            done.places.merge_into(&mut outer.places, |id| id.0);
            done.sources.merge_into(&mut outer.sources, |id| id.0);
            done.requests.merge_into(&mut outer.requests, |id| id.0);
        }
    }

    /// Ends the innermost try: nothing of what it did stays.
    pub(super) fn undo(&mut self) {
        let Some(done) = self.tries.pop() else { return };
        done.places.undo(&mut self.places, |id| id.0);
        done.sources.undo(&mut self.sources, |id| id.0);
        done.requests.undo(&mut self.requests, |id| id.0);
        self.jobs.truncate(done.jobs);
    }

    /// What has been copied for tries since this was asked last: values and selected fields.
    pub(super) fn take_copied(&mut self) -> u64 {
        std::mem::take(&mut self.copied) as u64
    }

    pub(super) fn keep_place(&mut self, id: PlaceId) {
        if let (Some(at), Some(place)) = (self.tries.last_mut(), self.places.get(id.0 as usize)) {
            self.copied += at.places.keep((id, id.0), place, |place| 1 + place.values.len());
        }
    }

    pub(super) fn keep_source(&mut self, id: SourceId) {
        if let (Some(at), Some(source)) = (self.tries.last_mut(), self.sources.get(id.0 as usize)) {
            self.copied += at.sources.keep((id, id.0), source, |source| 1 + source.entries.iter().len());
        }
    }

    pub(super) fn keep_request(&mut self, id: RequestId) {
        if let (Some(at), Some(request)) = (self.tries.last_mut(), self.requests.get(id.0 as usize)) {
            self.copied += at.requests.keep((id, id.0), request, |_| 1);
        }
    }
}
