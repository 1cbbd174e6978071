//! Which states a walk has seen. A state needs no second look when one with no more places, no more contexts and no
//! more decided labels was looked at: whatever that one proves holds for it as well.

use std::rc::Rc;

use federation::TypeId;
use rustc_hash::{FxHashMap, FxHashSet};

use super::contexts::{ContextSet, Contexts};
use super::labels::{self, Decided};
use super::places::Place;
use super::position::PositionId;

/// States compared with a new one, newest first. Beyond, only an equal one saves the look; that costs time alone.
const COMPARED_MAX: usize = 64;

/// Where a walk is, apart from how it came there.
#[derive(Clone)]
pub(super) struct State {
    pub(super) position: PositionId,
    /// The contexts set below the position.
    pub(super) contexts: ContextSet,
    pub(super) decided: Decided,
}

struct Looked {
    places: Rc<[Place]>,
    contexts: ContextSet,
    decided: Decided,
}

/// A value of some type on its way to being told apart into objects.
#[derive(PartialEq, Eq, Hash)]
struct Value {
    ty: TypeId,
    options: Rc<[Place]>,
    contexts: ContextSet,
    decided: Decided,
}

/// What a walk has seen.
#[derive(Default)]
pub(super) struct Seen {
    by_object: FxHashMap<TypeId, Vec<Looked>>,
    exactly: FxHashSet<(TypeId, Rc<[Place]>, ContextSet, Decided)>,
    values: FxHashSet<Value>,
    /// What an earlier walk saw of which everything holds.
    proved: Option<Rc<Self>>,
}

impl Seen {
    /// Nothing yet, on top of what is proved.
    pub(super) fn over(proved: Option<Rc<Self>>) -> Self {
        Self { proved, ..Self::default() }
    }

    /// Notes a value with the places where it is; says whether it is new.
    pub(super) fn is_new_value(
        &mut self,
        ty: TypeId,
        options: &[Place],
        (contexts, decided): (ContextSet, &Decided),
    ) -> bool {
        self.values.insert(Value { ty, options: options.into(), contexts, decided: Rc::clone(decided) })
    }

    /// Notes a state; says whether it needs a look.
    pub(super) fn is_new(&mut self, known: &Contexts<'_>, object: TypeId, places: &[Place], state: &State) -> bool {
        let proved = self.proved.as_ref().is_some_and(|proved| proved.implies(known, object, places, state));
        if proved || self.implies(known, object, places, state) {
            return false;
        }
        let mut sorted = places.to_vec();
        sorted.sort_unstable();
        let places: Rc<[Place]> = sorted.into();
        if !self.exactly.insert((object, Rc::clone(&places), state.contexts, Rc::clone(&state.decided))) {
            return false;
        }
        self.by_object.entry(object).or_default().push(Looked {
            places,
            contexts: state.contexts,
            decided: Rc::clone(&state.decided),
        });
        true
    }

    fn implies(&self, known: &Contexts<'_>, object: TypeId, places: &[Place], state: &State) -> bool {
        let looked = self.by_object.get(&object).map(Vec::as_slice).unwrap_or_default();
        looked.iter().rev().take(COMPARED_MAX).any(|other| {
            known.is_subset(other.contexts, state.contexts)
                && labels::is_subset(&other.decided, &state.decided)
                && are_covered(&other.places, places)
        })
    }
}

/// Whether every place of the first list is covered by one of the second.
fn are_covered(first: &[Place], second: &[Place]) -> bool {
    first.len() <= second.len() && first.iter().all(|&place| second.iter().any(|other| other.covers(place)))
}
