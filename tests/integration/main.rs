//! The integration tests: the program as users run it, on real services.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that meets what it doesn't expect has to fail; clippy sees only test functions as tests, not what they call"
)]

mod support;

mod bad_input;
mod benchmark_workload;
mod buying;
mod clients;
mod commands;
mod compose_file;
mod data_subgraphs;
mod disputes;
mod faults;
mod faulty_subgraphs;
mod federation_audit;
mod forms;
mod lifecycle;
mod platform_page;
mod random_supergraphs;
mod reads;
mod real_stack;
mod reloads;
mod statements;
mod strangers;
mod variants;
