//! A plan to be looked at: as text for a terminal, as JSON for programs, as a Mermaid flowchart for documents.
//!
//! All three tell the same; none is ever read back.

mod json;
mod mermaid;
mod text;
mod words;

pub use json::print as print_json;
pub use mermaid::print as print_mermaid;
pub use text::print;
