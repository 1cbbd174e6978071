//! Tokens left out, doubled, swapped, replaced, and stretches of other texts put between, wherever that is.

use crate::script::Script;

/// Tokens that one edit moves.
const STRETCH_MAX: usize = 12;

/// One edit of a text that has tokens.
pub fn once<'t>(tokens: &mut Vec<&'t str>, others: &'t [Vec<String>], script: &mut Script<'_>) {
    let at = script.index(tokens.len());
    match script.index(6) {
        0 => {
            let end = (at + 1 + script.index(STRETCH_MAX)).min(tokens.len());
            tokens.drain(at..end);
        }
        1 => {
            let end = (at + 1 + script.index(STRETCH_MAX)).min(tokens.len());
            let stretch = tokens[at..end].to_vec();
            let to = script.index(tokens.len());
            tokens.splice(to..to, stretch);
        }
        2 => {
            let other = script.index(tokens.len());
            tokens.swap(at, other);
        }
        3 => tokens[at] = tokens[script.index(tokens.len())],
        4 => tokens[at] = *script.choose(&WORDS),
        _ => {
            let other = script.choose(others);
            let from = script.index(other.len());
            let end = (from + 1 + script.index(STRETCH_MAX)).min(other.len());
            tokens.splice(at..at, other[from.min(end)..end].iter().map(String::as_str));
        }
    }
}

const WORDS: [&str; 40] = [
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    ":",
    "!",
    "=",
    "|",
    "&",
    "@",
    "$",
    "...",
    "-1",
    "1e400",
    "2147483648",
    "\"\"",
    "\"id\"",
    "\"a { b }\"",
    "null",
    "true",
    "type",
    "interface",
    "union",
    "enum",
    "input",
    "scalar",
    "extend",
    "implements",
    "directive",
    "schema",
    "on",
    "fragment",
    "mutation",
    "subscription",
    "__typename",
    "Query",
    "_entities",
    "ID",
];
