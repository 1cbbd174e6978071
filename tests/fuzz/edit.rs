//! Texts broken by a script: tokens left out, doubled, swapped, replaced, and stretches of other texts put between.

use crate::script::Script;

/// Edits of one text: more only pile up errors.
pub const EDITS_MAX: usize = 12;
/// Tokens that one edit moves.
const STRETCH_MAX: usize = 12;

/// The text that a script makes of one, with other texts of its kind to take from.
pub fn edit(seed: &[String], others: &[Vec<String>], script: &mut Script<'_>) -> String {
    let mut tokens: Vec<&str> = seed.iter().map(String::as_str).collect();
    for _ in 0..script.index(EDITS_MAX + 1) {
        if script.is_empty() || tokens.is_empty() {
            break;
        }
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
            // A name for a name: the text stays well-formed, and what it says changes.
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
    join(&tokens)
}

fn join(tokens: &[&str]) -> String {
    let mut text = String::with_capacity(tokens.iter().map(|token| token.len() + 1).sum());
    let mut before = "";
    for token in tokens {
        if !before.is_empty() && !matches!(before, "@" | "$" | "...") {
            text.push(' ');
        }
        text.push_str(token);
        before = token;
    }
    text
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
