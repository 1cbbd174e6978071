//! Connections of HTTP/1.1 on which nothing is asked. The one that rests shortest is used next, so that those that
//! aren't needed grow old.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::http1::Link;

/// Connections to one origin.
pub struct Resting {
    count_max: usize,
    time_max: Duration,
    /// With the time they began to rest: the oldest first.
    links: Mutex<Vec<(Instant, Box<Link>)>>,
}

impl Resting {
    /// Of so many, for so long.
    pub fn new(count_max: usize, time_max: Duration) -> Self {
        Self { count_max, time_max, links: Mutex::default() }
    }

    /// One that may be used.
    pub fn take(&self) -> Option<Box<Link>> {
        loop {
            let (since, mut link) = self.links().pop()?;
            if since.elapsed() < self.time_max && link.is_ready() {
                return Some(link);
            }
        }
    }

    /// Lets one rest, if there is room.
    pub fn put(&self, link: Box<Link>) {
        let mut links = self.links();
        if links.len() < self.count_max {
            links.push((Instant::now(), link));
        }
    }

    /// Closes those that rested too long; whether there are others.
    pub fn sweep(&self) -> bool {
        let mut links = self.links();
        let count = links.iter().take_while(|(since, _)| since.elapsed() >= self.time_max).count();
        let overdue: Vec<_> = links.drain(..count).collect();
        let others = !links.is_empty();
        // They are closed when nobody waits for the list.
        drop(links);
        drop(overdue);
        others
    }

    fn links(&self) -> MutexGuard<'_, Vec<(Instant, Box<Link>)>> {
        self.links.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
