//! Merging requests for the same entities of the same subgraph: an early one that nothing waits for joins a later
//! one, as long as no other request has to wait longer in the end.

use federation::{SubgraphId, TypeId};
use indexmap::IndexMap;

use super::entities::asks_alike;
use super::{Draft, Order, PartId, PlaceId, RequestId, SourceId, State, Used};

/// Of merges that can't all be made, so many are tried one by one.
const SINGLE_TRIES_MAX: usize = 64;

/// So many sources are visited in about the time of a step.
const VISITED_A_STEP: u64 = 16;

/// What requests for the same entities have in common: place, subgraph, interface, stage and part of the response.
type Fellows = (PlaceId, SubgraphId, Option<TypeId>, u32, PartId);

impl Draft<'_> {
    /// Merges what can be merged: all at once if that does no harm, else one by one, as long as the budget lasts.
    pub(super) fn merge_requests(&mut self) {
        let Ok(mut before) = Order::of(self) else { return };
        // Each looks at all that is drafted.
        let steps = (self.state.sources.len() as u64).div_ceil(VISITED_A_STEP);
        if self.step(steps).is_err() {
            return;
        }
        if self.settle_idle(&before) {
            let Ok(settled) = Order::of(self) else { return };
            before = settled;
        }
        let longest = before.steps();
        let pairs = self.mergeable(&before.used);
        if pairs.is_empty() || self.try_merge(&pairs, longest) {
            return;
        }
        for pair in pairs.iter().take(SINGLE_TRIES_MAX) {
            if self.budget.is_stopped() || self.step(steps).is_err() {
                return;
            }
            self.try_merge(std::slice::from_ref(pair), longest);
        }
    }

    /// Merges, unless the longest chain of requests grows.
    fn try_merge(&mut self, pairs: &[(RequestId, RequestId)], longest: u32) -> bool {
        self.state.begin();
        for &(early, late) in pairs {
            self.state.merge(early, late);
        }
        if Order::of(self).is_ok_and(|now| now.steps() <= longest) {
            self.state.keep();
            return true;
        }
        self.state.undo();
        false
    }

    /// Whether no key of two sources leads to two places: an interface object would be asked both of all its objects, and its
    /// answer has but one value there.
    fn lead_alike(&self, a: SourceId, b: SourceId) -> bool {
        let place = |child: Option<SourceId>| child.map(|child| self.state.source(child).place);
        let others = &self.state.source(b).entries;
        let mut entries = self.state.source(a).entries.iter();
        entries.all(|entry| others.under(&entry.key).all(|(_, other)| place(other.child) == place(entry.child)))
    }

    /// Pairs of an earlier and a later request for the same entities of the same subgraph. No request is in two
    /// pairs, except that what is later in one may be earlier in the next.
    fn mergeable(&self, used: &Used) -> Vec<(RequestId, RequestId)> {
        let mut groups: IndexMap<Fellows, Vec<RequestId>> = IndexMap::new();
        for &id in &used.requests {
            let request = self.state.request(id);
            if !request.inputs.is_empty() {
                let place = self.state.source(request.top).place;
                let fellows = (place, request.subgraph, request.via, request.stage, request.part);
                groups.entry(fellows).or_default().push(id);
            }
        }
        let fits = |early: RequestId, late: RequestId| {
            let (a, b) = (self.state.request(early), self.state.request(late));
            let place = self.state.source(a.top).place;
            self.state.source(a.top).knows == self.state.source(b.top).knows
                && a.inputs.iter().all(|a| b.inputs.iter().all(|b| self.fit(place, a, b)))
                && (a.via.is_none() || (asks_alike(&a.inputs, &b.inputs) && self.lead_alike(a.top, b.top)))
        };
        let mut pairs = Vec::new();
        for mut group in groups.into_values() {
            group.sort_by_key(|&id| (self.state.request(id).depth, id));
            for (index, &early) in group.iter().enumerate() {
                let later = group.get(index + 1..).unwrap_or_default();
                // Only neighbours are merged; what is merged already must fit what comes later too.
                let late = later.first().filter(|_| later.iter().all(|&late| fits(early, late)));
                pairs.extend(late.map(|&late| (early, late)));
            }
        }
        pairs
    }
}

impl State {
    /// Moves all of a request into another one for the same entities.
    fn merge(&mut self, from: RequestId, into: RequestId) {
        let (from_top, into_top) = (self.request(from).top, self.request(into).top);
        let inputs = std::mem::take(&mut self.request_mut(from).inputs);
        for input in inputs {
            let request = self.request_mut(into);
            match request.inputs.iter_mut().find(|known| input.types.is_subset(&known.types)) {
                Some(known) => {
                    known.requires.extend(input.requires);
                    known.requires.sort();
                    known.requires.dedup();
                }
                None => request.inputs.push(input),
            }
        }
        self.request_mut(from).merged = true;
        let mut open = vec![(from_top, into_top)];
        while let Some((from, to)) = open.pop() {
            self.merge_source(from, to, into, &mut open);
        }
    }

    fn merge_source(&mut self, from: SourceId, to: SourceId, request: RequestId, open: &mut Vec<(SourceId, SourceId)>) {
        let types = self.source(from).types.clone();
        let typename = self.source(from).typename;
        let entries = self.take_entries(from);
        let at = self.source_mut(to);
        at.types.union_with(&types);
        at.typename |= typename;
        for entry in entries {
            let same = self.source(to).entries.under(&entry.key).find(|(_, known)| {
                known.call == entry.call
                    && known.readings == entry.readings
                    && match (known.child, entry.child) {
                        (None, None) => true,
                        (Some(a), Some(b)) => {
                            let (a, b) = (self.source(a), self.source(b));
                            a.place == b.place && a.ty == b.ty
                        }
                        _ => false,
                    }
            });
            let same = same.map(|(index, _)| index);
            let known = same.and_then(|index| self.entry_mut(to, index));
            match known {
                Some(known) => {
                    known.types.union_with(&entry.types);
                    if let (Some(from), Some(to)) = (entry.child, known.child) {
                        open.push((from, to));
                    }
                }
                None => {
                    if let Some(child) = entry.child {
                        self.source_mut(child).parent = Some(to);
                        self.move_to(child, request);
                    }
                    self.push_entry(to, entry);
                }
            }
        }
        let place = self.source(from).place;
        let at = self.place_mut(place);
        at.sources.retain(|source| *source != from);
        if at.typename == Some(from) {
            at.typename = Some(to);
        }
        let values = self.place(place).values.iter().enumerate();
        let produced = values.filter(|(_, value)| value.producers.iter().any(|(_, producer)| *producer == from));
        for index in produced.map(|(index, _)| index).collect::<Vec<_>>() {
            let producers = self.value_mut(place, index).into_iter().flat_map(|value| &mut value.producers);
            producers.filter(|(_, producer)| *producer == from).for_each(|(_, producer)| *producer = to);
        }
    }

    /// Gives a source and all below it to another request.
    fn move_to(&mut self, source: SourceId, request: RequestId) {
        let mut open = vec![source];
        while let Some(source) = open.pop() {
            let at = self.source_mut(source);
            at.request = request;
            open.extend(at.entries.iter().filter_map(|entry| entry.child));
        }
    }
}
