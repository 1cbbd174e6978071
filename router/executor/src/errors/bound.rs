//! Which errors are kept, and which told: those of the plan's first requests, whoever answers first.
//!
//! More are kept than are told, as some are moot in the end or say the same as others.

use super::{Entry, Errors, Subject};

impl<'p> Errors<'p> {
    /// Adds one that is found while the response is written: it comes after all others, whose numbers stay.
    /// One for which there is no room need not be made.
    pub fn push_last(&mut self, entry: Option<Entry<'p>>) {
        match entry {
            Some(entry) => self.entries.push(entry),
            None => self.omit(1),
        }
    }

    /// Whether there is room for another one of those that come last.
    pub fn takes_more(&self) -> bool {
        self.entries.len() < self.max.saturating_mul(3)
    }

    /// Leaves so many as are kept, however many there are at the moment.
    pub(super) fn keep_first(&mut self) {
        let left_out = keep(&mut self.entries, self.max.saturating_mul(2));
        self.omit(left_out);
    }

    /// Leaves so many as are told.
    pub(super) fn tell_first(&mut self) {
        let left_out = keep(&mut self.entries, self.max);
        self.omit(left_out);
    }
}

/// Leaves those that are kept, once there are so many more that it is worth putting them in order. Says how many went.
pub fn keep_some(entries: &mut Vec<Entry<'_>>, told_max: usize) -> usize {
    if entries.len() < told_max.saturating_mul(3) { 0 } else { keep(entries, told_max.saturating_mul(2)) }
}

fn keep(entries: &mut Vec<Entry<'_>>, max: usize) -> usize {
    let left_out = entries.len().saturating_sub(max);
    if left_out > 0 {
        entries.sort_by_key(rank);
        entries.truncate(max);
    }
    left_out
}

/// Contradictions come last: whose answer shows one depends on what came before.
fn rank(entry: &Entry<'_>) -> (u32, usize) {
    match (entry.subject, entry.fetch) {
        (Subject::Lost | Subject::Other, Some(fetch)) => (fetch.0, entry.call),
        _ => (u32::MAX, usize::MAX),
    }
}
