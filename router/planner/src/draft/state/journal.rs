//! Trying something in a draft and taking it back. What a try changes is copied before its first change, value by value;
//! what it adds is cut off. So a try costs what it touches, however large the draft is.
//!
//! All changes of a state go through here: nothing else may change values or selected fields.

use super::kept::{Kept, Try, sorted};
use super::{Entry, Place, PlaceId, Request, RequestId, Source, SourceId, State, Value};

impl State {
    /// Begins a try, which [`Self::keep`] or [`Self::undo`] ends. Tries nest.
    pub(in crate::draft) fn begin(&mut self) {
        self.tries.push(Try {
            places: self.places.len(),
            sources: self.sources.len(),
            requests: self.requests.len(),
            jobs: self.jobs.len(),
            ..Try::default()
        });
    }

    /// Ends the innermost try: what it did stays.
    pub(in crate::draft) fn keep(&mut self) {
        let (Some(done), Some(outer)) = (self.tries.pop(), self.tries.last_mut()) else { return };
        for (id, kept) in sorted(done.place_changes) {
            if (id.0 as usize) < outer.places {
                outer.place_changes.entry(id).or_insert_with(|| Kept::new(kept.len)).absorb(kept);
            }
        }
        for (id, mut kept) in sorted(done.source_changes) {
            if (id.0 as usize) < outer.sources {
                if outer.taken.contains_key(&id) {
                    kept.items.clear();
                }
                outer.source_changes.entry(id).or_insert_with(|| Kept::new(kept.len)).absorb(kept);
            }
        }
        for (id, request) in sorted(done.request_changes) {
            if (id.0 as usize) < outer.requests {
                outer.request_changes.entry(id).or_insert(request);
            }
        }
        for (id, entries) in sorted(done.taken) {
            if (id.0 as usize) < outer.sources {
                outer.taken.entry(id).or_insert(entries);
            }
        }
    }

    /// Ends the innermost try: nothing of what it did stays.
    pub(in crate::draft) fn undo(&mut self) {
        let Some(done) = self.tries.pop() else { return };
        self.places.truncate(done.places);
        self.sources.truncate(done.sources);
        self.requests.truncate(done.requests);
        self.jobs.truncate(done.jobs);
        for (id, kept) in sorted(done.place_changes) {
            let Some(place) = self.places.get_mut(id.0 as usize) else { continue };
            place.values.restore(kept.len, sorted(kept.items));
            if let Some(head) = kept.head {
                let values = std::mem::take(&mut place.values);
                *place = Place { values, ..head };
            }
        }
        for (id, entries) in sorted(done.taken) {
            if let Some(source) = self.sources.get_mut(id.0 as usize) {
                source.entries = entries;
            }
        }
        for (id, kept) in sorted(done.source_changes) {
            let Some(source) = self.sources.get_mut(id.0 as usize) else { continue };
            source.entries.restore(kept.len, sorted(kept.items));
            if let Some(head) = kept.head {
                let entries = std::mem::take(&mut source.entries);
                *source = Source { entries, ..head };
            }
        }
        for (id, request) in sorted(done.request_changes) {
            if let Some(at) = self.requests.get_mut(id.0 as usize) {
                *at = request;
            }
        }
    }

    /// How many things have been copied for tries since this was asked last.
    pub(in crate::draft) fn take_copied(&mut self) -> u64 {
        std::mem::take(&mut self.copied)
    }

    /// A place, to change anything but its values.
    pub(in crate::draft) fn place_mut(&mut self, id: PlaceId) -> &mut Place {
        if let Some((kept, place)) = self.kept_place(id)
            && kept.head.is_none()
        {
            kept.head = Some(place.without_values());
            self.copied += 1;
        }
        self.place_at(id)
    }

    /// Adds a value, and gives its index.
    pub(in crate::draft) fn push_value(&mut self, id: PlaceId, value: Value) -> usize {
        self.kept_place(id);
        self.place_at(id).values.push(value)
    }

    /// A value of a place; its key and call stay as they are.
    pub(in crate::draft) fn value_mut(&mut self, id: PlaceId, index: usize) -> Option<&mut Value> {
        if let Some((kept, place)) = self.kept_place(id)
            && index < kept.len
            && !kept.items.contains_key(&index)
            && let Some(value) = place.values.get(index)
        {
            kept.items.insert(index, value.clone());
            self.copied += 1;
        }
        self.place_at(id).values.get_mut(index)
    }

    /// A source, to change anything but its fields.
    pub(in crate::draft) fn source_mut(&mut self, id: SourceId) -> &mut Source {
        if let Some((kept, source)) = self.kept_source(id)
            && kept.head.is_none()
        {
            kept.head = Some(source.without_entries());
            self.copied += 1;
        }
        self.source_at(id)
    }

    /// Adds a field to a source.
    pub(in crate::draft) fn push_entry(&mut self, id: SourceId, entry: Entry) {
        self.kept_source(id);
        self.source_at(id).entries.push(entry);
    }

    /// A field of a source; its key stays as it is.
    pub(in crate::draft) fn entry_mut(&mut self, id: SourceId, index: usize) -> Option<&mut Entry> {
        let is_taken = self.tries.last().is_some_and(|at| at.taken.contains_key(&id));
        if let Some((kept, source)) = self.kept_source(id)
            && !is_taken
            && index < kept.len
            && !kept.items.contains_key(&index)
            && let Some(entry) = source.entries.get(index)
        {
            kept.items.insert(index, entry.clone());
            self.copied += 1;
        }
        self.source_at(id).entries.get_mut(index)
    }

    /// Takes all fields of a source.
    pub(in crate::draft) fn take_entries(&mut self, id: SourceId) -> Vec<Entry> {
        if self.kept_source(id).is_some()
            && let (Some(at), Some(source)) = (self.tries.last_mut(), self.sources.get(id.0 as usize))
            && !at.taken.contains_key(&id)
        {
            at.taken.insert(id, source.entries.clone());
            self.copied += source.entries.iter().len() as u64;
        }
        self.source_at(id).entries.take()
    }

    /// A request.
    pub(in crate::draft) fn request_mut(&mut self, id: RequestId) -> &mut Request {
        if let (Some(at), Some(request)) = (self.tries.last_mut(), self.requests.get(id.0 as usize))
            && (id.0 as usize) < at.requests
            && !at.request_changes.contains_key(&id)
        {
            at.request_changes.insert(id, request.clone());
            self.copied += 1;
        }
        self.request_at(id)
    }

    /// What is kept of a place that stood before the innermost try.
    fn kept_place(&mut self, id: PlaceId) -> Option<(&mut Kept<Place, Value>, &Place)> {
        let (at, place) = (self.tries.last_mut()?, self.places.get(id.0 as usize)?);
        let kept = at.place_changes.entry(id);
        ((id.0 as usize) < at.places).then(|| (kept.or_insert_with(|| Kept::new(place.values.len())), place))
    }

    /// What is kept of a source that stood before the innermost try.
    fn kept_source(&mut self, id: SourceId) -> Option<(&mut Kept<Source, Entry>, &Source)> {
        let (at, source) = (self.tries.last_mut()?, self.sources.get(id.0 as usize)?);
        let kept = at.source_changes.entry(id);
        ((id.0 as usize) < at.sources).then(|| (kept.or_insert_with(|| Kept::new(source.entries.iter().len())), source))
    }
}
