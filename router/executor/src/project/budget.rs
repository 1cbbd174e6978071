//! What writing a response may take beyond its own bytes, in all its parts together.
//!
//! What was brought once is written at each of its places, so the answers' size bounds none of this.

use std::cell::Cell;

use super::TooLarge;
use crate::policy::Policy;

/// So many times the bytes that a response may have are written in vain. Without things that stand at several places it
/// can't come to that: there is no more to be written than came.
const TAKEN_BACK: usize = 8;

/// See the module.
#[derive(Debug)]
pub struct Budget {
    /// Bytes that may be taken back yet, since null comes up.
    taken_back: Cell<usize>,
    /// Objects at which later parts may begin yet: each is kept, with the way to it.
    begun: Cell<usize>,
}

impl Budget {
    /// What a policy allows.
    pub fn new(policy: &Policy) -> Self {
        let taken_back = policy.response_bytes_max.saturating_mul(TAKEN_BACK);
        Self { taken_back: Cell::new(taken_back), begun: Cell::new(policy.nodes_max) }
    }

    /// Counts bytes that are taken back.
    ///
    /// # Errors
    /// If they are too many.
    pub fn take_back(&self, bytes: usize) -> Result<(), TooLarge> {
        spend(&self.taken_back, bytes)
    }

    /// Counts an object at which later parts begin.
    ///
    /// # Errors
    /// If they are too many.
    pub fn begin(&self) -> Result<(), TooLarge> {
        spend(&self.begun, 1)
    }
}

fn spend(budget: &Cell<usize>, amount: usize) -> Result<(), TooLarge> {
    budget.set(budget.get().checked_sub(amount).ok_or(TooLarge)?);
    Ok(())
}
