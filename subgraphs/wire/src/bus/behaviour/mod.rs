//! The behaviour test that every bus is held to, so that whoever consumes needn't know on which one.
//!
//! Each check works on a bus that has no messages and no groups, waits for what must come with a bound, and never waits for something
//! not to come: it publishes a last message behind, and what comes before that is all there is. [`all`] runs every check;
//! [`bus_behaviour_tests!`](crate::bus_behaviour_tests) makes a test of each.
//!
//! What is not checked here, since it takes a broker that dies: that what was acknowledged to a publisher is kept.

mod acknowledging;
mod backlog;
mod bounds;
mod compare;
mod groups;
mod order;
mod reader;
mod sharing;
#[cfg(test)]
mod tests;
mod waiting;

use std::sync::Arc;

use futures::future::BoxFuture;

use super::Bus;
use reader::Trial;

pub use compare::Failure;
pub use reader::WAIT;

/// One thing that a bus has to do.
struct Check {
    name: &'static str,
    run: for<'a> fn(Trial<'a>) -> BoxFuture<'a, Result<(), Failure>>,
}

macro_rules! checks {
    ($($module:ident::$name:ident,)+) => {
        &[$(Check { name: stringify!($name), run: |trial| Box::pin($module::$name(trial)) }),+]
    };
}

const CHECKS: &[Check] = checks![
    order::keys_keep_their_order,
    order::a_thousand_are_published_at_once,
    order::messages_come_as_they_were_sent,
    order::places_grow_and_a_key_stays_in_its_partition,
    groups::a_new_group_begins_with_the_oldest,
    groups::groups_take_nothing_from_each_other,
    groups::topics_do_not_mix,
    acknowledging::what_is_not_acknowledged_comes_again,
    acknowledging::what_is_acknowledged_does_not_come_again,
    acknowledging::acknowledgements_come_in_any_order,
    backlog::the_backlog_is_what_is_not_acknowledged,
    sharing::consumers_of_a_group_share_the_keys,
    sharing::a_dropped_consumers_keys_go_to_the_other,
    bounds::what_is_too_long_is_refused_before_anything_is_sent,
    bounds::the_longest_messages_are_taken,
    bounds::nothing_can_be_published,
    waiting::a_waiting_consumer_is_woken,
    waiting::a_wait_can_be_given_up,
];

/// Runs every check, each on a bus of its own: `fresh` makes one that has no messages yet, and whatever has to live as long.
///
/// # Errors
/// Each check that failed, with why.
pub async fn all<Kept>(fresh: impl AsyncFn() -> (Arc<dyn Bus>, Kept)) -> Result<(), Vec<(&'static str, Failure)>> {
    let mut failures = Vec::new();
    for check in CHECKS {
        let (bus, _kept) = fresh().await;
        if let Err(failure) = (check.run)(Trial { bus: &*bus, wait: WAIT }).await {
            failures.push((check.name, failure));
        }
    }
    if failures.is_empty() { Ok(()) } else { Err(failures) }
}

/// Runs one check, by its name.
///
/// # Errors
/// Why it failed; or that there is none of this name.
pub async fn check(name: &str, bus: &dyn Bus) -> Result<(), Failure> {
    run(name, Trial { bus, wait: WAIT }).await
}

async fn run(name: &str, trial: Trial<'_>) -> Result<(), Failure> {
    match CHECKS.iter().find(|check| check.name == name) {
        Some(check) => (check.run)(trial).await,
        None => Err(Failure::new(format!("there is no check {name}"))),
    }
}

/// The names of all checks.
pub fn names() -> impl Iterator<Item = &'static str> {
    CHECKS.iter().map(|check| check.name)
}

/// Makes a test of each check, on a bus that an async closure makes: see [`all`](crate::bus::behaviour::all). The tests run on
/// several threads, since a bus may have tasks of its own.
#[macro_export]
macro_rules! bus_behaviour_tests {
    ($fresh:expr) => {
        $crate::bus_behaviour_tests! {
            @each $fresh;
            keys_keep_their_order,
            a_thousand_are_published_at_once,
            messages_come_as_they_were_sent,
            places_grow_and_a_key_stays_in_its_partition,
            a_new_group_begins_with_the_oldest,
            groups_take_nothing_from_each_other,
            topics_do_not_mix,
            what_is_not_acknowledged_comes_again,
            what_is_acknowledged_does_not_come_again,
            acknowledgements_come_in_any_order,
            the_backlog_is_what_is_not_acknowledged,
            consumers_of_a_group_share_the_keys,
            a_dropped_consumers_keys_go_to_the_other,
            what_is_too_long_is_refused_before_anything_is_sent,
            the_longest_messages_are_taken,
            nothing_can_be_published,
            a_waiting_consumer_is_woken,
            a_wait_can_be_given_up,
        }
    };
    (@each $fresh:expr; $($check:ident,)+) => {
        $(
            #[tokio::test(flavor = "multi_thread")]
            async fn $check() {
                let (bus, _kept) = ($fresh)().await;
                assert_eq!($crate::bus::behaviour::check(stringify!($check), &*bus).await, Ok(()));
            }
        )+

        #[test]
        fn no_check_is_left_out() {
            assert!($crate::bus::behaviour::names().eq([$(stringify!($check)),+]));
        }
    };
}
