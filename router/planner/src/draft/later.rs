//! What is deferred: filled after the first part of the response, each group of fields by requests of its own.
//!
//! A deferred field is never asked of a request that serves another part: its subgraph is entered anew, by a key that
//! the other part's requests give. Where no key leads there, as with value types and entities without keys, the field
//! comes with the request that is there, and only its delivery waits.

use super::fill::Want;
use super::{Draft, PlaceId, SourceId};
use crate::PlanError;
use crate::operation::{GroupId, NodeId};

/// A part of the response: a group of fields at the place where they begin. 0 is the first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartId(pub u32);

/// Which requests a wanted value may be taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sight {
    /// Any.
    All,
    /// Those of the part that is being filled.
    Own,
}

/// Fields of a group to be filled at a place.
#[derive(Clone, Debug)]
pub(super) struct Job {
    place: PlaceId,
    node: NodeId,
    group: GroupId,
}

impl Draft<'_> {
    /// Puts off fields of another group than that which is being filled.
    pub(super) fn put_off(&mut self, place: PlaceId, node: NodeId, group: GroupId) {
        let known = |job: &Job| (job.place, job.node, job.group) == (place, node, group);
        if group != GroupId::default() && !self.state.jobs.iter().any(known) {
            self.state.jobs.push(Job { place, node, group });
        }
    }

    /// Fills all that was put off, and what is put off on the way.
    pub(super) fn fill_later(&mut self) -> Result<(), PlanError> {
        let mut next = 0;
        while let Some(Job { place, node, group }) = self.state.jobs.get(next).cloned() {
            next += 1;
            self.state.part = PartId(next as u32);
            self.state.group = group;
            let types = self.state.place(place).types.clone();
            let (wants, _) = self.wants(place, &types, node)?;
            self.take_apart(place, &wants)?;
        }
        Ok(())
    }

    /// Takes values by requests of their own; those that can't be had so, from what is there.
    fn take_apart(&mut self, place: PlaceId, wants: &[Want]) -> Result<(), PlanError> {
        if self.take_own(place, wants)? {
            return Ok(());
        }
        for want in wants {
            let want = std::slice::from_ref(want);
            if !self.take_own(place, want)? {
                self.take(place, want)?;
            }
        }
        Ok(())
    }

    /// Takes values by requests of their own, if they can be had so.
    fn take_own(&mut self, place: PlaceId, wants: &[Want]) -> Result<bool, PlanError> {
        self.state.begin();
        self.sight = Sight::Own;
        let taken = self.take(place, wants);
        self.sight = Sight::All;
        self.count_copied()?;
        match taken {
            Ok(()) => {
                self.state.keep();
                Ok(true)
            }
            Err(PlanError::Unreachable { .. }) => {
                self.state.undo();
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }

    /// Whether values may be taken from a source now.
    pub(super) fn is_in_sight(&self, source: SourceId) -> bool {
        self.sight == Sight::All || self.state.request(self.state.source(source).request).part == self.state.part
    }

    /// Fills a key: it may come from any request.
    pub(super) fn fill_key(
        &mut self,
        place: PlaceId,
        types: &federation::TypeSet,
        key: NodeId,
    ) -> Result<(), PlanError> {
        let sight = std::mem::replace(&mut self.sight, Sight::All);
        let filled = self.fill_given(place, types, key);
        self.sight = sight;
        filled
    }
}
