//! Counts of the last moments, in a ring of slots.

use std::time::Duration;

use tokio::time::Instant;

/// How finely moments are forgotten.
const SLOTS: u32 = 10;

/// Calls and failures of the last moments.
pub(super) struct Window {
    slot: Duration,
    start: Instant,
    /// By number of the slot since the start, modulo their count.
    slots: [Slot; SLOTS as usize],
}

#[derive(Clone, Copy, Default)]
struct Slot {
    number: u64,
    calls: u32,
    failures: u32,
}

impl Window {
    pub fn new(length: Duration, now: Instant) -> Self {
        let slot = (length / SLOTS).max(Duration::from_millis(1));
        Self { slot, start: now, slots: [Slot::default(); SLOTS as usize] }
    }

    /// Counts a call.
    pub fn count(&mut self, now: Instant, failed: bool) {
        let number = self.number(now);
        let at = usize::try_from(number % u64::from(SLOTS)).unwrap_or(0);
        let Some(slot) = self.slots.get_mut(at) else { return };
        if slot.number != number {
            *slot = Slot { number, ..Slot::default() };
        }
        slot.calls = slot.calls.saturating_add(1);
        slot.failures = slot.failures.saturating_add(u32::from(failed));
    }

    /// Calls and failures.
    pub fn totals(&self, now: Instant) -> (u32, u32) {
        let oldest = self.number(now).saturating_sub(u64::from(SLOTS) - 1);
        let recent = self.slots.iter().filter(|slot| slot.number >= oldest);
        recent.fold((0, 0), |(calls, failures), slot| {
            (slot.calls.saturating_add(calls), slot.failures.saturating_add(failures))
        })
    }

    fn number(&self, now: Instant) -> u64 {
        let slots = now.saturating_duration_since(self.start).as_nanos() / self.slot.as_nanos().max(1);
        u64::try_from(slots).unwrap_or(u64::MAX)
    }
}
