//! What clients do: requests over plain connections, each answer checked, each latency kept.
//!
//! [`closed`] keeps a number of connections busy, which finds what a router can do; [`open`] sends at a given rate whatever
//! the answers do, which finds how long clients wait. No answer is believed unread: status and length of every one, the bytes
//! of some.

mod closed;
mod expectation;
mod open;
mod shot;
mod tally;

pub use closed::closed;
pub use expectation::{Equality, Expectation};
pub use open::{Rate, open};
pub use shot::{Connections, Shot, Target};

#[cfg(test)]
mod tests;
