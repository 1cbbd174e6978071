//! Asking the provider, by jobs: whatever dies when, each question is asked until it is answered, under one key.
//!
//! A job asks everything about its payment that is unanswered ([`ask_all`]), so it doesn't matter which of them runs first, how
//! many, or how often. An answer is written down in a transaction that holds the job; a crash before it has the next attempt ask
//! again under the same key, to which the provider says what it said, and does nothing.

mod ask;
mod handler;
mod heed;

pub use ask::ask_all;
pub use handler::{Settle, SettleHandler};
pub use heed::{Heed, HeedHandler, Subject};
