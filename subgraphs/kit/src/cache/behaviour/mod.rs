//! The behaviour test that every shared tier is held to, so that [`crate::cache`]'s argument holds with each.
//!
//! Each check works on a tier that has nothing yet. [`shared_cache_behaviour_tests!`](crate::shared_cache_behaviour_tests) makes
//! a test of each. What isn't checked here, since only the tier's own tests can bring it about: that what it loses never comes
//! back.
#![expect(clippy::expect_used, reason = "checks fail by panicking, as tests do")]

mod changes;
mod leases;
mod many;

use std::{sync::Arc, time::Duration};

use bytes::Bytes;

use super::{Held, Lease, NamedChange, Offer, Outcome, SharedCache, Space, Version, Wanted};

pub use changes::{
    a_change_takes_values_and_leases_away_and_is_remembered, a_change_that_is_known_changes_nothing,
    a_floor_is_a_change_that_the_tier_has_lost, absence_is_held_and_outlasts_no_change,
};
pub use leases::{
    a_failed_load_leaves_things_as_they_were, a_process_takes_its_own_lease_again, leases_of_the_dead_end_with_time,
    who_holds_the_lease_puts_the_value,
};
pub use many::{
    a_thousand_keys_go_at_once, numbers_only_rise, spaces_have_nothing_in_common, what_was_cleared_never_comes_back,
};

const MINE: u64 = 1;
const OTHERS: u64 = 2;
const TTL: Duration = Duration::from_secs(60);

/// A tier under trial.
struct Trial {
    cache: Arc<dyn SharedCache>,
    space: Space,
}

impl Trial {
    fn of(cache: Arc<dyn SharedCache>) -> Self {
        Self { cache, space: space("test:thing:1") }
    }

    async fn get(&self, name: &str, floor: u64, lease: Lease) -> Held {
        let wanted = [Wanted { name: name.to_owned(), floor: Version(floor), lease }];
        self.cache.get_many(&self.space, &wanted).await.expect("an answer").remove(0)
    }

    async fn put(&self, name: &str, lease: Lease, outcome: Outcome) -> bool {
        let offers = [Offer { name: name.to_owned(), lease, outcome }];
        self.cache.put_many(&self.space, &offers).await.expect("an answer").remove(0)
    }

    async fn forget(&self, name: &str, version: Option<u64>) {
        let changes = [NamedChange { name: name.to_owned(), version: version.map(Version) }];
        self.cache.forget_many(&self.space, &changes).await.expect("an answer");
    }

    /// Puts a value into an empty place.
    async fn fill(&self, name: &str, version: u64) {
        let lease = lease(MINE);
        assert!(matches!(self.get(name, 0, lease).await, Held::Leased { .. }));
        assert!(self.put(name, lease, value(version)).await);
    }
}

fn space(prefix: &str) -> Space {
    Space { prefix: prefix.to_owned(), lease: Duration::from_secs(5), change: Duration::from_secs(15) }
}

fn lease(process: u64) -> Lease {
    Lease { process, number: fastrand::u64(..) }
}

fn value(version: u64) -> Outcome {
    Outcome::Value(Version(version), text(version), TTL)
}

fn text(version: u64) -> Bytes {
    format!("version {version}").into()
}

fn held(version: u64) -> Held {
    Held::Value(Version(version), text(version))
}

/// Makes a test of each check of [`behaviour`](crate::cache::behaviour), on a tier that an async closure makes, together with
/// whatever has to live as long.
#[macro_export]
macro_rules! shared_cache_behaviour_tests {
    ($fresh:expr) => {
        $crate::shared_cache_behaviour_tests! {
            @each $fresh;
            who_holds_the_lease_puts_the_value,
            a_failed_load_leaves_things_as_they_were,
            a_process_takes_its_own_lease_again,
            leases_of_the_dead_end_with_time,
            a_change_takes_values_and_leases_away_and_is_remembered,
            a_change_that_is_known_changes_nothing,
            a_floor_is_a_change_that_the_tier_has_lost,
            absence_is_held_and_outlasts_no_change,
            what_was_cleared_never_comes_back,
            spaces_have_nothing_in_common,
            a_thousand_keys_go_at_once,
            numbers_only_rise,
        }
    };
    (@each $fresh:expr; $($check:ident,)+) => {
        $(
            #[tokio::test(flavor = "multi_thread")]
            async fn $check() {
                let (cache, _kept) = ($fresh)().await;
                $crate::cache::behaviour::$check(cache).await;
            }
        )+
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::MemoryCache;

    crate::shared_cache_behaviour_tests!(async || (Arc::<MemoryCache>::default() as Arc<dyn SharedCache>, ()));
}
