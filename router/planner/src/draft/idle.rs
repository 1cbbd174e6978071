//! Values that are asked twice, once for nothing: a field that another subgraph had to be asked too, for what is below it.

use federation::TypeSet;
use rustc_hash::FxHashSet;

use super::{Draft, Order, PlaceId, SourceId};

/// A value that may as well come from another source.
struct Idle {
    place: PlaceId,
    /// Its index there.
    value: usize,
    from: SourceId,
    to: SourceId,
}

impl Draft<'_> {
    /// Takes values of which only that they are there is used from sources that give them too, and no later. Says whether
    /// there are any.
    pub(super) fn settle_idle(&mut self, order: &Order) -> bool {
        let idle: Vec<Idle> = (0..self.state.sources.len() as u32)
            .map(SourceId)
            .filter(|source| order.used.requests.contains(&self.state.source(*source).request))
            .flat_map(|source| self.idle(order, source))
            .collect();
        // Each value once: where it goes to may be left, too, and has been asked for the types of the first alone.
        let mut moved = FxHashSet::default();
        for Idle { place, value, from, to } in idle.iter().filter(|idle| moved.insert((idle.place, idle.value))) {
            let producers = self.state.value_mut(*place, *value).into_iter().flat_map(|value| &mut value.producers);
            producers.filter(|(_, producer)| producer == from).for_each(|(_, producer)| *producer = *to);
        }
        !idle.is_empty()
    }

    /// The values of a source of which nothing below is used.
    fn idle(&self, order: &Order, from: SourceId) -> Vec<Idle> {
        let source = self.state.source(from);
        let place = self.state.place(source.place);
        let mut idle = Vec::new();
        for (index, entry) in source.entries.iter().enumerate() {
            let Some(child) = entry.child.filter(|_| order.used.entries.contains(&(from, index))) else { continue };
            let below = self.state.source(child);
            let is_read = (0..below.entries.iter().len()).any(|index| order.used.entries.contains(&(child, index)));
            if is_read || order.used.typenames.contains(&child) {
                continue;
            }
            for (value, given) in place.values.candidates(&entry.call, Some(&entry.key)) {
                let from_here = given.producers.iter().filter(|(_, producer)| *producer == from);
                let types: Vec<&TypeSet> = from_here.map(|(types, _)| types).collect();
                let mut others = place.sources.iter().copied().filter(|&other| other != from && !types.is_empty());
                let to = others.find(|&to| self.asks_too(order, (from, to), (index, below.place), &types));
                idle.extend(to.map(|to| Idle { place: source.place, value, from, to }));
            }
        }
        idle
    }

    /// Whether another source is asked for an entry of a source too, no later than that.
    fn asks_too(
        &self,
        order: &Order,
        (from, to): (SourceId, SourceId),
        (index, below): (usize, PlaceId),
        types: &[&TypeSet],
    ) -> bool {
        let Some(entry) = self.state.source(from).entries.get(index) else { return false };
        let request = |source: SourceId| self.state.source(source).request;
        let depth = |source: SourceId| order.depths.get(&request(source));
        let (a, b) = (self.state.request(request(from)), self.state.request(request(to)));
        let is_in_time = depth(to).is_some_and(|to| depth(from).is_some_and(|from| to <= from));
        let mut same = self.state.source(to).entries.under(&entry.key);
        is_in_time
            && (a.stage, a.part) == (b.stage, b.part)
            && same.any(|(index, other)| {
                order.used.entries.contains(&(to, index))
                    && other.call == entry.call
                    && types.iter().all(|types| types.is_subset(&other.types))
                    && other.child.is_some_and(|child| self.state.source(child).place == below)
            })
    }
}
