//! From an operation's text to a valid document.

use apollo_compiler::diagnostic::ToCliReport as _;
use apollo_compiler::parser::{Parser, SourceSpan};
use apollo_compiler::validation::{DiagnosticData, DiagnosticList, Valid};
use apollo_compiler::{ExecutableDocument, Schema};

use crate::limits::{OperationLimits, check_operations};
use crate::location::Positions;
use crate::parser_limit::{self, ParserLimit};
use crate::request::{RequestError, code};
use crate::suggest::Suggestions;
use crate::validation_message::message;

/// Errors told at most.
const ERRORS_MAX: usize = 50;
/// Nested syntax that the parser follows: bounds its stack. Twice [`OperationLimits::depth_max`], which is for
/// fields alone, and no more than this.
const RECURSION_MAX: usize = 400;

/// Parses a document, checks the limits and validates it against the API schema.
///
/// # Errors
/// [`code::PARSE_FAILED`], [`code::VALIDATION_FAILED`], or the code of the limit that was reached.
pub fn parse_operation(
    schema: &Valid<Schema>,
    text: &str,
    limits: &OperationLimits,
    suggestions: Suggestions,
) -> Result<Valid<ExecutableDocument>, Vec<RequestError>> {
    let recursion = limits.depth_max.saturating_mul(2).clamp(16, RECURSION_MAX);
    let document = Parser::new()
        .recursion_limit(recursion)
        .token_limit(limits.tokens_max)
        .parse_ast(text, "")
        .map_err(|found| syntax_errors(&found.errors, limits))?;
    check_operations(&document, limits).map_err(|error| vec![error])?;
    document.to_executable_validate(schema).map_err(|found| validation_errors(schema, &found.errors, suggestions))
}

fn syntax_errors(list: &DiagnosticList, limits: &OperationLimits) -> Vec<RequestError> {
    match parser_limit::reached(list) {
        Some(ParserLimit::Tokens) => {
            let message = format!("The document has too many tokens; the limit is {}.", limits.tokens_max);
            return vec![RequestError::new(code::MAX_TOKENS_LIMIT, message)];
        }
        Some(ParserLimit::Recursion) => {
            return vec![RequestError::new(code::MAX_DEPTH_LIMIT, "The document is nested too deeply.")];
        }
        None => {}
    }
    errors(list, code::PARSE_FAILED, |found| {
        let text = found.to_string();
        let text = text.strip_prefix("syntax error: ").unwrap_or(&text).trim_end_matches('.');
        Some(format!("Syntax error: {text}."))
    })
}

fn validation_errors(schema: &Schema, list: &DiagnosticList, suggestions: Suggestions) -> Vec<RequestError> {
    if list.iter().any(|found| found.error.unstable_error_name() == Some("RecursionLimitError")) {
        return vec![RequestError::new(code::MAX_DEPTH_LIMIT, "The operation is nested too deeply.")];
    }
    // A selection set all of whose fields are unknown is reported for these alone, not as missing too.
    let unknown: Vec<SourceSpan> = list
        .iter()
        .filter(|found| found.error.unstable_error_name() == Some("UndefinedField"))
        .filter_map(|found| found.error.location())
        .collect();
    let follows = |found: &DiagnosticData| {
        found.unstable_error_name() == Some("MissingSubselection")
            && found.location().is_some_and(|parent| {
                let within = parent.offset()..parent.end_offset();
                unknown.iter().any(|span| within.contains(&span.offset()))
            })
    };
    errors(list, code::VALIDATION_FAILED, |found| (!follows(found)).then(|| message(schema, found, suggestions)))
}

fn errors(
    list: &DiagnosticList,
    code: &'static str,
    message: impl Fn(&DiagnosticData) -> Option<String>,
) -> Vec<RequestError> {
    let mut positions = None;
    list.iter()
        .filter_map(|found| {
            let message = message(found.error)?;
            let positions = positions.get_or_insert_with(|| Positions::new(found.sources));
            let location = found.error.location().and_then(|span| positions.start(span));
            Some(RequestError::new(code, message).at(location))
        })
        .take(ERRORS_MAX)
        .collect()
}

#[cfg(test)]
mod tests;
