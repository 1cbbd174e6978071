//! Positions: an object with every place where its fields can be asked for.
//!
//! A way leads to some *seeds*: the places that a field itself gives. From there keys lead on, and what keys and
//! `@requires` need may have to be fetched from places reached before, so a position grows until nothing is added: the
//! least fixpoint. Conditions can ask for positions below, and those, in schemas that go round in circles, for this one
//! again; then all positions of the circle grow together, as tabled evaluation of Datalog does.

use std::rc::Rc;

use federation::{FieldId, TypeId};
use rustc_hash::FxHashMap;

use super::contexts::ContextSet;
use super::places::Place;

/// An index among all [`Positions`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct PositionId(pub(super) u32);

/// An object, the places that a field gives of it, and the contexts set above.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Way {
    pub(super) object: TypeId,
    pub(super) seeds: Rc<[Place]>,
    pub(super) contexts: ContextSet,
}

/// How far a position is settled.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Growing, at this depth of the stack.
    Growing(usize),
    /// Grown in this round as far as positions that still grow allow, of which the lowest stands at this depth.
    Tentative { round: u32, lowest: usize },
    /// Final.
    Settled,
}

/// A position.
pub(super) struct Position {
    pub(super) way: Way,
    /// Every place, seeds first. None covers another.
    pub(super) places: Vec<Place>,
    /// Fields with conditions that hold, by field and resolver index: they resolve wherever the value comes from.
    pub(super) served: Vec<(FieldId, usize)>,
    state: State,
}

/// What to do about a position that is asked for.
pub(super) enum Asked {
    /// Read it as it is.
    Ready(PositionId),
    /// Let it grow, then [`Positions::settle`] it.
    Grow(PositionId),
}

/// All positions.
#[derive(Default)]
pub(super) struct Positions {
    all: Vec<Position>,
    by_way: FxHashMap<Way, PositionId>,
    depth: usize,
    round: u32,
    /// Places and served fields added so far, to tell a round that added none.
    additions: usize,
    /// The lowest depth of a growing position that was read.
    lowest_read: usize,
    tentative: Vec<PositionId>,
}

/// The stack's state while a position grows.
pub(super) struct Frame {
    depth: usize,
    outer_lowest: usize,
    additions: usize,
    tentative: usize,
}

impl Positions {
    pub(super) fn get(&self, id: PositionId) -> Option<&Position> {
        self.all.get(id.0 as usize)
    }

    /// How deeply growing positions nest.
    pub(super) fn depth(&self) -> usize {
        self.depth
    }

    /// The position of a way, made when it is new.
    pub(super) fn ask(&mut self, way: Way) -> Asked {
        if let Some(&id) = self.by_way.get(&way) {
            let round = self.round;
            let lowest = &mut self.lowest_read;
            return match self.all.get(id.0 as usize).map(|position| position.state) {
                Some(State::Growing(depth)) => {
                    *lowest = depth.min(*lowest);
                    Asked::Ready(id)
                }
                Some(State::Tentative { round: seen, .. }) if seen != round => Asked::Grow(id),
                Some(State::Tentative { lowest: waits_for, .. }) => {
                    // Whoever reads what isn't final is no more final itself.
                    *lowest = waits_for.min(*lowest);
                    Asked::Ready(id)
                }
                _ => Asked::Ready(id),
            };
        }
        let id = PositionId(self.all.len() as u32);
        let places = way.seeds.to_vec();
        self.by_way.insert(way.clone(), id);
        self.all.push(Position { way, places, served: Vec::new(), state: State::Settled });
        Asked::Grow(id)
    }

    /// Begins to grow a position.
    pub(super) fn enter(&mut self, id: PositionId) -> Frame {
        let frame = Frame {
            depth: self.depth,
            outer_lowest: std::mem::replace(&mut self.lowest_read, usize::MAX),
            additions: self.additions,
            tentative: self.tentative.len(),
        };
        self.set_state(id, State::Growing(self.depth));
        self.depth += 1;
        frame
    }

    /// Whether another round is needed: somebody read this position before it was grown, and something was added.
    pub(super) fn again(&mut self, frame: &mut Frame) -> bool {
        if self.lowest_read != frame.depth || self.additions == frame.additions {
            return false;
        }
        frame.additions = self.additions;
        self.lowest_read = usize::MAX;
        self.round = self.round.wrapping_add(1);
        true
    }

    /// Ends growing: the position is final, with all that waited for it, unless it read one further down the stack.
    pub(super) fn settle(&mut self, id: PositionId, frame: Frame) {
        self.depth = frame.depth;
        if self.lowest_read < frame.depth {
            self.set_state(id, State::Tentative { round: self.round, lowest: self.lowest_read });
            self.tentative.push(id);
        } else {
            self.set_state(id, State::Settled);
            for waiting in self.tentative.split_off(frame.tentative) {
                self.set_state(waiting, State::Settled);
            }
            self.lowest_read = usize::MAX;
        }
        self.lowest_read = self.lowest_read.min(frame.outer_lowest);
    }

    /// Adds a place, unless one covers it.
    pub(super) fn add_place(&mut self, id: PositionId, place: Place) -> bool {
        let Some(position) = self.all.get_mut(id.0 as usize) else { return false };
        if position.places.iter().any(|known| known.covers(place)) {
            return false;
        }
        position.places.push(place);
        self.additions += 1;
        true
    }

    /// Notes that a field's conditions hold.
    pub(super) fn add_served(&mut self, id: PositionId, served: (FieldId, usize)) {
        if let Some(position) = self.all.get_mut(id.0 as usize) {
            position.served.push(served);
            self.additions += 1;
        }
    }

    fn set_state(&mut self, id: PositionId, state: State) {
        if let Some(position) = self.all.get_mut(id.0 as usize) {
            position.state = state;
        }
    }
}
