//! Schema documents: parse within limits, findings as diagnostics.

use apollo_compiler::Schema;
use apollo_compiler::ast::Document;
use apollo_compiler::parser::Parser;
use apollo_compiler::validation::Valid;

use crate::diagnostic::Diagnostic;
use crate::location::diagnostics;

/// What a schema document may hold at most. Large supergraphs have some millions of tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaLimits {
    /// Lexical tokens.
    pub tokens_max: usize,
    /// Nested levels of types and values.
    pub recursion_max: usize,
}

impl Default for SchemaLimits {
    fn default() -> Self {
        Self { tokens_max: 20_000_000, recursion_max: 200 }
    }
}

/// The code for SDL that doesn't parse or isn't a schema.
pub const INVALID_GRAPHQL: &str = "INVALID_GRAPHQL";

/// Parses SDL as syntax alone. `name` is what labels call the source, such as a subgraph's name.
///
/// # Errors
/// Every syntax error, or the limit that was reached, as [`INVALID_GRAPHQL`].
pub fn parse_schema_document(name: &str, sdl: &str, limits: &SchemaLimits) -> Result<Document, Vec<Diagnostic>> {
    Parser::new()
        .recursion_limit(limits.recursion_max)
        .token_limit(limits.tokens_max)
        .parse_ast(sdl, name)
        .map_err(|found| diagnostics(&found.errors, INVALID_GRAPHQL))
}

/// Parses and validates SDL as a whole schema, definitions of every directive included.
///
/// # Errors
/// All findings as [`INVALID_GRAPHQL`].
pub fn parse_schema(name: &str, sdl: &str, limits: &SchemaLimits) -> Result<Valid<Schema>, Vec<Diagnostic>> {
    parse_schema_document(name, sdl, limits)?
        .to_schema_validate()
        .map_err(|found| diagnostics(&found.errors, INVALID_GRAPHQL))
}
