//! The commands that show and make schemas and plans, as users type them.

mod contracts;
mod hints;
mod own_subgraphs;
mod payments_unsaid;
mod plans;
mod subgraph_elsewhere;

/// A fixture's path.
fn fixture(path: &str) -> String {
    format!("{}/tests/fixtures/{path}", env!("CARGO_MANIFEST_DIR"))
}
