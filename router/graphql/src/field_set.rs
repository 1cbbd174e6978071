//! Field sets: what `@key`, `@requires`, `@provides` and contexts hold in a string. The one place that reads and bounds them.

use apollo_compiler::ast::{Definition, OperationType, Selection};
use apollo_compiler::parser::Parser;
use thiserror::Error;

use crate::parser_limit::{self, ParserLimit};

/// Nested levels of a field set. All who walk one may recurse: the deepest seen in the public audits has 4.
const DEPTH_MAX: usize = 64;
/// Tokens of a field set.
const TOKENS_MAX: usize = 10_000;

/// A field set that is not one.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum FieldSetError {
    /// No field at all.
    #[error("the field set is empty")]
    Empty,
    /// Nested beyond the bound.
    #[error("the field set is nested too deeply; at most {DEPTH_MAX} levels are read")]
    TooDeep,
    /// Longer than the bound.
    #[error("the field set is too long; at most {TOKENS_MAX} tokens are read")]
    TooLong,
    /// The text does not parse.
    #[error("{0}")]
    Syntax(String),
}

/// Parses a field set as syntax alone: names are not looked up. Braces around the whole of it may be left out.
///
/// # Errors
/// When the text is empty, is not a selection, or goes beyond the bounds.
pub fn parse_field_set(text: &str) -> Result<Vec<Selection>, FieldSetError> {
    if text.trim().is_empty() {
        return Err(FieldSetError::Empty);
    }
    let braced = text.trim_start().starts_with('{');
    let document = if braced { text.to_owned() } else { format!("{{ {text}\n}}") };
    let mut parser = Parser::new().recursion_limit(DEPTH_MAX).token_limit(TOKENS_MAX);
    let document =
        parser.parse_ast(document, "field set").map_err(|failure| match parser_limit::reached(&failure.errors) {
            Some(ParserLimit::Recursion) => FieldSetError::TooDeep,
            Some(ParserLimit::Tokens) => FieldSetError::TooLong,
            None => {
                let first = failure.errors.iter().next().map(|error| error.error.to_string());
                FieldSetError::Syntax(first.unwrap_or_else(|| "syntax error".to_owned()))
            }
        })?;
    match document.definitions.as_slice() {
        [Definition::OperationDefinition(operation)]
            if operation.name.is_none()
                && operation.operation_type == OperationType::Query
                && operation.variables.is_empty()
                && operation.directives.is_empty()
                && !operation.selection_set.is_empty() =>
        {
            Ok(operation.selection_set.clone())
        }
        _ => Err(FieldSetError::Syntax("not a single selection".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_with_and_without_braces() {
        assert_eq!(parse_field_set("id org { id }").unwrap().len(), 2);
        assert_eq!(parse_field_set("{ id }").unwrap().len(), 1);
        assert_eq!(parse_field_set("id # comment").unwrap().len(), 1);
        assert_eq!(parse_field_set("... on A { x } y(first: 3)").unwrap().len(), 2);
    }

    #[test]
    fn refuses_what_is_no_field_set() {
        assert_eq!(parse_field_set("  "), Err(FieldSetError::Empty));
        for text in ["id }", "a } query X { b", "id }  { name", "a {", "{"] {
            assert!(matches!(parse_field_set(text), Err(FieldSetError::Syntax(_))), "{text}");
        }
    }

    #[test]
    fn is_bounded_as_told() {
        let nested = |levels: usize| format!("{}x{}", "a{".repeat(levels - 1), "}".repeat(levels - 1));
        assert!(parse_field_set(&nested(DEPTH_MAX)).is_ok());
        assert_eq!(parse_field_set(&nested(DEPTH_MAX + 1)), Err(FieldSetError::TooDeep));
        assert_eq!(parse_field_set(&"a{".repeat(100_000)), Err(FieldSetError::TooDeep));
        assert_eq!(parse_field_set(&"a ".repeat(TOKENS_MAX + 1)), Err(FieldSetError::TooLong));
    }
}
