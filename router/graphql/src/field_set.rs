//! Field sets: what `@key`, `@requires` and `@provides` hold in a string.

use apollo_compiler::ast::{Definition, OperationType, Selection};
use apollo_compiler::parser::Parser;

use crate::diagnostic::Diagnostic;
use crate::location::diagnostics;

/// Nested levels of a field set.
const DEPTH_MAX: usize = 32;
/// Tokens of a field set.
const TOKENS_MAX: usize = 5_000;

/// Parses a field set, its outer braces optional, as syntax alone: names are not looked up.
///
/// # Errors
/// `INVALID_FIELD_SET`, with labels whose source is empty and whose column is that in the text, plus one when
/// the outer braces are left out.
pub fn parse_field_set(text: &str) -> Result<Vec<Selection>, Vec<Diagnostic>> {
    const CODE: &str = "INVALID_FIELD_SET";
    let trimmed = text.trim_start();
    let wrapped = if trimmed.starts_with('{') { trimmed.to_owned() } else { format!("{{{text}\n}}") };
    let document = Parser::new()
        .recursion_limit(DEPTH_MAX)
        .token_limit(TOKENS_MAX)
        .parse_ast(wrapped, "")
        .map_err(|found| diagnostics(&found.errors, CODE))?;
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
        _ => Err(vec![Diagnostic::error(CODE, format!("\"{text}\" is not a field set."))]),
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
        for text in ["", "  ", "id }", "a } query X { b", "a {", "{"] {
            assert!(parse_field_set(text).is_err(), "{text}");
        }
        assert!(parse_field_set(&"a{".repeat(100_000)).is_err());
    }
}
