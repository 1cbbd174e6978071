//! The GraphQL language: parse, validate, print, coerce, introspect, diagnose.
//!
//! Wraps `apollo-compiler`; no other crate names it. Everything here is pure: no I/O, no clock, no
//! globals, and every entry point takes its bounds.

pub mod coerce;
mod default_cycles;
pub mod defer;
pub mod diagnostic;
pub mod executable_location;
pub mod field_set;
pub mod introspect;
pub mod json;
pub mod limits;
pub mod location;
pub mod operation;
pub mod parse;
mod parser_limit;
pub mod render;
pub mod request;
pub mod sdl;
pub mod suggest;
mod validation_message;

pub use apollo_compiler::ast;
pub use apollo_compiler::collections;
pub use apollo_compiler::diagnostic::ToCliReport;
pub use apollo_compiler::executable;
pub use apollo_compiler::parser::{Parser, SourceMap, SourceSpan};
pub use apollo_compiler::schema;
pub use apollo_compiler::validation::{DiagnosticList, Valid, WithErrors};
pub use apollo_compiler::{ExecutableDocument, Name, Node, Schema};

pub use coerce::coerce_variables;
pub use default_cycles::default_cycles;
pub use defer::with_defer;
pub use diagnostic::{Diagnostic, Label, Location, Severity};
pub use executable_location::is_executable_location;
pub use field_set::{FieldSetError, parse_field_set};
pub use introspect::Introspection;
pub use limits::OperationLimits;
pub use location::{FINDINGS_MAX, Positions, diagnostics, label, left_out, location};
pub use operation::select_operation;
pub use parse::parse_operation;
pub use render::render;
pub use request::RequestError;
pub use sdl::{SchemaLimits, parse_schema, parse_schema_document};
pub use suggest::Suggestions;
