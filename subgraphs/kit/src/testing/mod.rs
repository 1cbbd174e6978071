//! What tests of subgraphs need: a real database a test.
//!
//! Only built for tests. It must never be reachable from the binary.
#![expect(clippy::expect_used, reason = "a test without its database can only fail")]

