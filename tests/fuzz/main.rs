//! Fuzz targets: whatever subgraphs, clients and other people's composers send, the engine answers, and answers right.
//!
//! Each target is a test: `cargo test -p fuzz` runs a bounded share of random inputs (see [`campaign`]), and
//! `tests/full fuzz` lets coverage lead through as many as one likes. Inputs are edits of texts that mean something (see [`edit`]): random
//! bytes would never get past the lexer.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a target that meets what it doesn't expect has to fail; clippy sees only test functions as tests, not what they call"
)]

mod campaign;
mod corpus;
mod edit;
mod invent;
mod inventing;
mod items;
mod operations;
mod respected;
mod script;
mod subgraph_answers;
mod subgraphs;
mod supergraphs;
mod tokens;
mod vocabulary;

use script::Script;

#[test]
fn subgraphs() {
    campaign::run(|input| subgraphs::check(Script::new(input)));
}

#[test]
fn supergraphs() {
    campaign::run(|input| supergraphs::check(Script::new(input)));
}

#[test]
fn operations() {
    campaign::run(|input| operations::check(Script::new(input)));
}

#[test]
fn subgraph_answers() {
    campaign::run(|input| subgraph_answers::check(Script::new(input)));
}
