//! Which bound of the parser's cut a text short: it tells in words alone.

use apollo_compiler::validation::DiagnosticList;

/// A bound of the parser's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParserLimit {
    /// Too many tokens.
    Tokens,
    /// Nested too deeply.
    Recursion,
}

/// The bound that was reached first, if any: what else was found means nothing then.
pub fn reached(list: &DiagnosticList) -> Option<ParserLimit> {
    list.iter().find_map(|found| {
        let message = found.error.to_string();
        if message.contains("token limit reached") {
            Some(ParserLimit::Tokens)
        } else if message.contains("recursion limit reached") {
            Some(ParserLimit::Recursion)
        } else {
            None
        }
    })
}
