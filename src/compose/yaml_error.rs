//! What is wrong with a compose file's YAML, in the words of whoever writes it. The library's own are for programmers.

use serde_saphyr::Error;

/// What is wrong and where.
pub fn words(error: &Error) -> String {
    let place = error.location().map(|place| format!("line {}, column {}: ", place.line(), place.column()));
    format!("{}{}", place.unwrap_or_default(), reason(error))
}

fn reason(error: &Error) -> String {
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
        other => other.render_with_formatter(&serde_saphyr::UserMessageFormatter),
    }
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
