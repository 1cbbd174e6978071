//! What writing a response may take beyond its own bytes, in all its parts together.
//!
//! What was brought once is written at each of its places, so the answers' size bounds none of this.

use std::cell::Cell;

use super::TooLarge;
use super::view::Found;
use crate::errors::ClientStep;
use crate::policy::Policy;

/// So many times the bytes that a response may have are written in vain. Without things that stand at several places it
/// can't come to that: there is no more to be written than came.
const TAKEN_BACK: usize = 8;
/// Objects written anew beyond those that came: where several places of one have faults, its text is not copied. Some
/// tenths of a second.
const ANEW_MAX: usize = 1_000_000;

/// See the module.
#[derive(Debug)]
pub struct Budget {
    /// Bytes that may be taken back yet, since null comes up.
    taken_back: Cell<usize>,
    /// Bytes that the objects may take yet at which later parts begin: each is kept, with the way to it.
    begun: Cell<usize>,
    /// Objects that were written and not copied.
    written: Cell<usize>,
    /// How often each may be that came once: the response may be in so many parts.
    views: usize,
}

impl Budget {
    /// What a policy allows for a response that is in so many parts besides the first.
    pub fn new(policy: &Policy, parts: usize) -> Self {
        let taken_back = policy.response_bytes_max.saturating_mul(TAKEN_BACK);
        Self {
            taken_back: Cell::new(taken_back),
            begun: Cell::new(policy.response_bytes_max),
            written: Cell::new(0),
            views: parts.saturating_add(1),
        }
    }

    /// Counts bytes that are taken back.
    ///
    /// # Errors
    /// If they are too many.
    pub fn take_back(&self, bytes: usize) -> Result<(), TooLarge> {
        spend(&self.taken_back, bytes)
    }

    /// Counts an object at which later parts begin, so many steps below the top.
    ///
    /// # Errors
    /// If they take too much.
    pub fn begin(&self, steps: usize) -> Result<(), TooLarge> {
        let way = steps.saturating_mul(size_of::<ClientStep<'_>>());
        spend(&self.begun, way.saturating_add(size_of::<Found<'_>>()))
    }

    /// Counts an object that is written, where so many nodes came.
    ///
    /// # Errors
    /// If they are too many.
    pub fn write(&self, nodes: usize) -> Result<(), TooLarge> {
        let written = self.written.get().saturating_add(1);
        self.written.set(written);
        let most = nodes.saturating_mul(self.views).saturating_add(ANEW_MAX);
        if written <= most { Ok(()) } else { Err(TooLarge) }
    }
}

fn spend(budget: &Cell<usize>, amount: usize) -> Result<(), TooLarge> {
    budget.set(budget.get().checked_sub(amount).ok_or(TooLarge)?);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_object_may_be_written_once_a_part_and_some_anew() {
        let budget = Budget::new(&Policy::default(), 2);
        assert!((0..3 * 100 + ANEW_MAX).all(|_| budget.write(100).is_ok()));
        assert_eq!(budget.write(100), Err(TooLarge));
        assert_eq!(budget.write(1_000), Ok(()), "more have come");
    }

    #[test]
    fn places_where_parts_begin_take_no_more_than_a_response() {
        let policy = Policy { response_bytes_max: 10_000, ..Policy::default() };
        let budget = Budget::new(&policy, 1);
        let begun = (0..10_000).take_while(|_| budget.begin(10).is_ok()).count();
        assert!((20..100).contains(&begun), "{begun}");
        assert_eq!(Budget::new(&policy, 1).begin(1_000), Err(TooLarge));
    }
}
