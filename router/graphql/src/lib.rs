//! The GraphQL language: parse, validate, print, coerce, introspect, diagnose.
//!
//! Wraps `apollo-compiler`; no other crate names it. Everything here is pure: no I/O, no clock, no
//! globals, and every entry point takes its bounds.

pub mod diagnostic;
pub mod json;

pub use apollo_compiler::ast;
pub use apollo_compiler::collections;
pub use apollo_compiler::executable;
pub use apollo_compiler::parser::SourceSpan;
pub use apollo_compiler::schema;
pub use apollo_compiler::validation::Valid;
pub use apollo_compiler::{ExecutableDocument, Name, Node, Schema};

pub use diagnostic::{Diagnostic, Label, Location, Severity};
