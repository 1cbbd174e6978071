//! What crosses process borders, for the router and the subgraphs alike.
//!
//! A leaf: it depends on neither side, knows no web framework and no GraphQL
//! library, and does no I/O. Time and key bytes are handed in.

pub mod bus;
pub mod codes;
pub mod identity;
pub mod read_after;
pub mod topic;
