//! What is wrong with a file's YAML, in the words of whoever writes it. The library's own are for programmers.
//!
//! Of compose files, too: whoever writes one reads the same words.

use serde_saphyr::Error;

use super::Place;

/// What is wrong and where.
pub fn words(error: &Error) -> String {
    let place = error.location().map(|place| format!("{}: ", Place::from(place)));
    format!("{}{}", place.unwrap_or_default(), reason(error))
}

/// What is wrong.
pub fn reason(error: &Error) -> String {
    match error.without_snippet() {
        Error::AliasError { error, .. } => reason(error),
        Error::Message { msg, .. } => msg.clone(),
        Error::Eof { .. } => "the file ends too early".to_owned(),
        Error::MultipleDocuments { .. } => "there is more than one YAML document in the file".to_owned(),
        Error::DuplicateMappingKey { key: Some(key), .. } => format!("the key {key} is written twice"),
        Error::DuplicateMappingKey { key: None, .. } => "a key is written twice".to_owned(),
        Error::NullIntoString { .. } => "a text is needed here, and nothing is written".to_owned(),
        Error::InvalidScalar { ty, .. } => format!("{} is needed here", needed(ty)),
        Error::InvalidBooleanStrict { .. } => "true or false is needed here".to_owned(),
        Error::Unexpected { expected, .. } => format!("{} is needed here", needed(expected)),
        Error::SerdeInvalidType { unexpected, expected, .. }
        | Error::SerdeInvalidValue { unexpected, expected, .. } => {
            format!("{} is needed here, not {unexpected}", needed(expected))
        }
        Error::SerdeUnknownField { field, expected, .. } => {
            format!("the key {field} is not known; known are {}", expected.join(", "))
        }
        Error::SerdeMissingField { field, .. } => format!("the key {field} is missing"),
        Error::UnknownAnchor { .. } => "an alias names an anchor that is not there".to_owned(),
        Error::UnsupportedTag { tag, .. } => format!("the tag {tag} is not known"),
        Error::QuotingRequired { value, .. } => format!("put {value} in quotes"),
        Error::IndentationError { required, actual, .. } => {
            format!("{actual} spaces stand before this, and {required} are needed")
        }
        Error::RecursiveReferencesRequireWeakTypes { .. } => "an alias stands within what it names".to_owned(),
        Error::ExternalMessage { msg, .. } => syntax(msg),
        other => other.render_with_formatter(&serde_saphyr::UserMessageFormatter),
    }
}

/// What the parser says of text that is no YAML.
fn syntax(message: &str) -> String {
    /// By how what it says begins.
    const WORDS: [(&str, &str); 6] = [
        (
            "mapping values are not allowed",
            "no `key: value` can stand here; look at the indentation, or put the text in quotes",
        ),
        ("simple key expected", "a colon and a space are needed after the key"),
        ("tabs disallowed", "spaces are needed here, not a tab"),
        ("unclosed bracket", "a bracket is opened here and never closed"),
        ("unclosed quote", "a quote is opened here and never closed"),
        ("misplaced bracket", "a bracket is closed here that none has opened"),
    ];
    let known = WORDS.iter().find(|(begins, _)| message.starts_with(begins));
    known.map_or_else(|| format!("this is no YAML: {message}"), |(_, words)| (*words).to_owned())
}

/// A Rust type's name, as the library gives it, or what it expects in words of its own.
fn needed(expected: &str) -> &str {
    match expected {
        "bool" | "boolean" => "true or false",
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number that is not negative",
        _ if expected.starts_with("a nonzero") => "a whole number from 1 on",
        _ if expected.starts_with("struct") || expected.contains("mapping") || expected == "a map" => {
            "a mapping (`key: value`)"
        }
        _ if expected.contains("sequence") => "a list",
        _ if expected.contains("string") || expected.contains("scalar") => "a text",
        other => other,
    }
}
