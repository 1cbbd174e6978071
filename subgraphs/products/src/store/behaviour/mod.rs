//! The behaviour test that every store of products is held to, so that whoever uses one needn't know which.
//!
//! Each check works on an empty store. [`store_behaviour_tests!`](crate::store_behaviour_tests) makes a test of each. What isn't
//! checked here, since it takes a server that dies: that what was acknowledged is kept.

mod categories;
mod levels;
mod lists;
mod pages;
mod samples;
mod telling;
mod writing;

use std::fmt::Debug;
use std::sync::Arc;

use futures::future::BoxFuture;
use wire::bus::Message;

use super::{ProductStore, StoreError};

/// A store to be checked.
pub trait Stage: Send + Sync {
    /// The store, empty at first.
    fn store(&self) -> Arc<dyn ProductStore>;

    /// What waits to be told, in the order in which it would be.
    fn told(&self) -> BoxFuture<'_, Result<Vec<Message>, StoreError>>;
}

/// Why a check failed.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The store did something else.
    #[error("{0}")]
    Other(String),
    /// The store failed.
    #[error("the store failed")]
    Store(#[from] StoreError),
    /// A message can't be made or read.
    #[error("a message can't be read")]
    Message(#[from] wire::event::EnvelopeError),
    /// A page can't be asked for.
    #[error("a page can't be asked for")]
    Page(#[from] kit::Error),
}

type Outcome = Result<(), Failure>;
type Run = for<'a> fn(&'a dyn Stage) -> BoxFuture<'a, Outcome>;

macro_rules! checks {
    ($($module:ident::$name:ident,)+) => {
        &[$((stringify!($name), |stage| Box::pin($module::$name(stage)))),+]
    };
}

const CHECKS: &[(&str, Run)] = checks![
    writing::a_product_reads_back_by_all_its_keys,
    writing::no_two_skus_are_the_same,
    writing::a_write_wants_the_version_before,
    writing::writers_at_once_lose_nothing,
    telling::what_is_told_waits_with_what_it_tells_of,
    telling::what_is_refused_is_not_told,
    lists::every_order_walks_both_ways,
    lists::filters_narrow,
    lists::what_is_withdrawn_is_listed_no_more,
    levels::levels_are_noted_by_item,
    levels::levels_that_come_late_are_passed_over,
    levels::of_levels_at_once_the_last_counts,
    categories::a_category_reads_back_and_is_guarded,
    pages::a_page_reads_back_and_is_guarded,
    pages::pages_are_listed_by_slug,
];

/// Runs one check, by its name.
///
/// # Errors
/// Why it failed; or that there is none of this name.
pub async fn check(name: &str, stage: &dyn Stage) -> Outcome {
    match CHECKS.iter().find(|(known, _)| *known == name) {
        Some((_, run)) => run(stage).await,
        None => Err(Failure::Other(format!("there is no check {name}"))),
    }
}

/// The names of all checks.
pub fn names() -> impl Iterator<Item = &'static str> {
    CHECKS.iter().map(|(name, _)| *name)
}

fn same<T: PartialEq + Debug>(what: &str, found: T, expected: T) -> Outcome {
    if found == expected {
        return Ok(());
    }
    Err(Failure::Other(format!("{what}: found {found:#?}, expected {expected:#?}")))
}

/// Makes a test of each check, on a [`Stage`] that an async closure makes. The tests run on several threads.
#[macro_export]
macro_rules! store_behaviour_tests {
    ($fresh:expr) => {
        $crate::store_behaviour_tests! {
            @each $fresh;
            a_product_reads_back_by_all_its_keys,
            no_two_skus_are_the_same,
            a_write_wants_the_version_before,
            writers_at_once_lose_nothing,
            what_is_told_waits_with_what_it_tells_of,
            what_is_refused_is_not_told,
            every_order_walks_both_ways,
            filters_narrow,
            what_is_withdrawn_is_listed_no_more,
            levels_are_noted_by_item,
            levels_that_come_late_are_passed_over,
            of_levels_at_once_the_last_counts,
            a_category_reads_back_and_is_guarded,
            a_page_reads_back_and_is_guarded,
            pages_are_listed_by_slug,
        }
    };
    (@each $fresh:expr; $($check:ident,)+) => {
        $(
            #[tokio::test(flavor = "multi_thread")]
            async fn $check() {
                let stage = ($fresh)().await;
                if let Err(failure) = $crate::store::behaviour::check(stringify!($check), &stage).await {
                    panic!("{failure}: {failure:?}");
                }
            }
        )+

        #[test]
        fn no_check_is_left_out() {
            assert!($crate::store::behaviour::names().eq([$(stringify!($check)),+]));
        }
    };
}
