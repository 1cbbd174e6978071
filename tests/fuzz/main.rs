//! Fuzz targets: whatever subgraphs, clients and other people's composers send, the engine answers, and answers right.
//!
//! Each target is a test: `cargo test -p fuzz` runs a bounded share of random inputs, and `cargo bolero test` lets
//! coverage lead through as many as one likes. Inputs are edits of texts that mean something (see [`edit`]): random
//! bytes would never get past the lexer.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a target that meets what it doesn't expect has to fail; clippy sees only test functions as tests, not what they call"
)]

mod corpus;
mod edit;
mod invent;
mod operations;
mod respected;
mod script;
mod subgraph_answers;
mod subgraphs;
mod supergraphs;
mod tokens;

use script::Script;

/// Bytes of an input: enough for [`edit::EDITS_MAX`] edits and an answer of some hundred values.
const INPUT_BYTES_MAX: usize = 1_024;

#[test]
fn subgraphs() {
    bolero::check!().with_max_len(INPUT_BYTES_MAX).for_each(|input: &[u8]| subgraphs::check(Script::new(input)));
}

#[test]
fn supergraphs() {
    bolero::check!().with_max_len(INPUT_BYTES_MAX).for_each(|input: &[u8]| supergraphs::check(Script::new(input)));
}

#[test]
fn operations() {
    bolero::check!().with_max_len(INPUT_BYTES_MAX).for_each(|input: &[u8]| operations::check(Script::new(input)));
}

#[test]
fn subgraph_answers() {
    bolero::check!().with_max_len(INPUT_BYTES_MAX).for_each(|input: &[u8]| subgraph_answers::check(Script::new(input)));
}
