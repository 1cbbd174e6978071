//! Relay connections by keyset: pages that stay right while rows come and go,
//! and that cost the same however deep a client pages.
//!
//! A store gets a [`PageRequest`], selects `after < key` and `key < before` in
//! the request's direction, at most [`PageRequest::rows_max`] rows, and hands
//! them to [`PageRequest::connection`]. It must never page by offset.

mod connection;
mod cursor;
mod request;
mod sort_time;

pub use connection::{Connection, Edge, PageInfo};
pub use request::{Direction, PAGE_LENGTH_DEFAULT, PAGE_LENGTH_MAX, PageBound, PageRequest};
pub use sort_time::SortTime;
