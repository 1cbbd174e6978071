//! Numbers by key that are remembered for a while, in bounded memory: which version a key has at least, how far a user has
//! written.
//!
//! It may remember too much, never too little: what there is no room for is remembered of every key.

use std::{
    collections::{HashMap, VecDeque},
    hash::Hash,
    time::Duration,
};

use tokio::time::Instant;

/// How many numbers are remembered: a thousand changes a second for a minute, some megabytes.
const REMEMBERED_MAX: usize = 65_536;

/// What is known of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Known {
    /// Nothing was said of it lately.
    Nothing,
    /// This was the greatest number said of it.
    AtLeast(u64),
    /// It is one of those of which something may have been said.
    Perhaps,
}

pub(crate) struct Recent<K> {
    span: Duration,
    numbers: HashMap<K, (u64, Instant)>,
    /// In the order in which they end; a key that was said again stands here twice.
    ends: VecDeque<(Instant, K)>,
    perhaps_until: Option<Instant>,
}

impl<K: Eq + Hash + Clone> Recent<K> {
    pub fn new(span: Duration) -> Self {
        Self { span, numbers: HashMap::new(), ends: VecDeque::new(), perhaps_until: None }
    }

    /// Remembers `number` of `key`, or a greater one that was said before.
    pub fn raise(&mut self, key: &K, number: u64) {
        let now = Instant::now();
        self.forget_ended(now);
        if self.ends.len() >= REMEMBERED_MAX {
            self.everything_from_now();
        }
        let end = now + self.span;
        let known = self.numbers.entry(key.clone()).or_insert((number, end));
        *known = (known.0.max(number), end);
        self.ends.push_back((end, key.clone()));
    }

    /// What was said of `key` in the last while.
    pub fn known(&self, key: &K) -> Known {
        let now = Instant::now();
        match self.numbers.get(key) {
            Some((number, end)) if *end > now => Known::AtLeast(*number),
            _ if self.perhaps_until.is_some_and(|end| end > now) => Known::Perhaps,
            _ => Known::Nothing,
        }
    }

    /// Something may have been said of any key until now.
    pub fn everything_from_now(&mut self) {
        self.numbers = HashMap::new();
        self.ends = VecDeque::new();
        self.perhaps_until = Some(Instant::now() + self.span);
    }

    fn forget_ended(&mut self, now: Instant) {
        while let Some((end, key)) = self.ends.pop_front_if(|(end, _)| *end <= now) {
            // Unless it was said again since.
            if self.numbers.get(&key).is_some_and(|(_, last)| *last == end) {
                self.numbers.remove(&key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPAN: Duration = Duration::from_secs(10);

    #[tokio::test(start_paused = true)]
    async fn the_greatest_number_is_remembered_for_the_span_since_the_last() {
        let mut recent = Recent::new(SPAN);
        recent.raise(&"a", 5);
        tokio::time::advance(SPAN / 2).await;
        recent.raise(&"a", 3);
        tokio::time::advance(SPAN / 2).await;
        recent.raise(&"b", 1);
        assert_eq!(recent.known(&"a"), Known::AtLeast(5));
        assert_eq!(recent.known(&"c"), Known::Nothing);
        tokio::time::advance(SPAN / 2).await;
        assert_eq!(recent.known(&"a"), Known::Nothing);
        assert_eq!(recent.known(&"b"), Known::AtLeast(1));
        tokio::time::advance(SPAN).await;
        recent.raise(&"d", 1);
        assert_eq!((recent.numbers.len(), recent.ends.len()), (1, 1));
    }

    #[tokio::test(start_paused = true)]
    async fn what_there_is_no_room_for_is_remembered_of_every_key() {
        let mut recent = Recent::new(SPAN);
        for key in 0..=REMEMBERED_MAX {
            recent.raise(&key, 7);
            assert!(recent.ends.len() <= REMEMBERED_MAX && recent.numbers.len() <= REMEMBERED_MAX);
        }
        assert_eq!(recent.known(&0), Known::Perhaps);
        assert_eq!(recent.known(&usize::MAX), Known::Perhaps);
        assert_eq!(recent.known(&REMEMBERED_MAX), Known::AtLeast(7));
        tokio::time::advance(SPAN).await;
        assert_eq!(recent.known(&0), Known::Nothing);
    }
}
