//! What the shop stands on goes away while customers buy: orders are accepted as long as their own database and the prices are there, and
//! come to the same end later.
//!
//! `OUTAGE_SECONDS` is how long the message bus is away, and MongoDB from processes that start without it, 20 by default; `KILLS` how often
//! each store is killed, 2 by default.

mod bus;
mod cache;
mod catalogue;
mod levels;
mod postgres;

/// Orders before anything goes away, and between two kills.
const ORDERS_BETWEEN: usize = 8;

fn number(variable: &str, default: u64) -> u64 {
    std::env::var(variable).map_or(default, |text| text.parse().expect("a number"))
}
