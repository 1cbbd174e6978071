//! What was handled and isn't acknowledged yet.
//!
//! Acknowledging is a statement of the bus, or a request to it, for however many messages, and nobody waits for it: what is handled at about
//! the same time is acknowledged together. What isn't when its process dies comes again and is passed over, as ever.

use std::{future::pending, time::Duration};

use tokio::time::Instant;
use wire::bus::Place;

/// How long the first waits for others: a small part of what a partition takes to change hands, which waits for it.
const LINGER: Duration = Duration::from_millis(5);
/// How many wait at most: as many as a consumer usually holds beside them, and far fewer than a bus hands out unacknowledged.
const TOGETHER_MAX: usize = 256;

/// The places, and since when the first of them waits.
#[derive(Default)]
pub(super) struct Handled {
    places: Vec<Place>,
    since: Option<Instant>,
}

impl Handled {
    pub(super) fn add(&mut self, places: Vec<Place>) {
        if !places.is_empty() {
            self.since.get_or_insert_with(Instant::now);
        }
        self.places.extend(places);
    }

    /// Those that are to be acknowledged.
    pub(super) fn places(&self) -> &[Place] {
        &self.places
    }

    /// They are acknowledged.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Whether they are to be acknowledged now.
    pub(super) fn is_due(&self) -> bool {
        self.places.len() >= TOGETHER_MAX || self.since.is_some_and(|since| since.elapsed() >= LINGER)
    }

    /// Waits until the first has waited for long enough; for ever when there is none.
    pub(super) async fn due(&self) {
        match self.since {
            Some(since) => tokio::time::sleep(LINGER.saturating_sub(since.elapsed())).await,
            None => pending().await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(positions: impl IntoIterator<Item = u64>) -> Vec<Place> {
        positions.into_iter().map(|position| Place { partition: 0, position: (position, 0) }).collect()
    }

    #[tokio::test(start_paused = true)]
    async fn waits_for_others_from_the_first_on() {
        let mut handled = Handled::default();
        handled.add(Vec::new());
        assert!(tokio::time::timeout(LINGER * 100, handled.due()).await.is_err());
        let began = Instant::now();
        handled.add(places([1]));
        tokio::time::sleep(LINGER / 2).await;
        handled.add(places([2, 3]));
        assert!(!handled.is_due());
        handled.due().await;
        assert!(handled.is_due());
        assert!((LINGER..LINGER * 2).contains(&began.elapsed()));
        assert_eq!(handled.places(), places([1, 2, 3]));
        handled.clear();
        assert!(!handled.is_due() && handled.places().is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn many_do_not_wait() {
        let mut handled = Handled::default();
        handled.add(places(1..256));
        assert!(!handled.is_due());
        handled.add(places([256]));
        assert!(handled.is_due());
    }
}
