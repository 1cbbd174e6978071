//! The values of an envelope's attributes, as CloudEvents defines them, within our bounds.

use serde::Serialize;
use serde_json::Value;

/// Bytes of one attribute's text: a subject is a message's key, too.
pub const ATTRIBUTE_BYTES_MAX: usize = crate::bus::KEY_BYTES_MAX;
/// Attributes beside those that an [`super::Envelope`] has fields for. Senders add one or two.
pub const EXTENSIONS_MAX: usize = 16;
/// Bytes of an attribute's name. CloudEvents advises against more than 20.
const NAME_BYTES_MAX: usize = 32;

/// An attribute's value. Times, URIs and bytes are texts in JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Attribute {
    /// Yes or no.
    Boolean(bool),
    /// A whole number; CloudEvents has no larger ones.
    Integer(i32),
    /// A text of 1 to [`ATTRIBUTE_BYTES_MAX`] bytes without control characters.
    Text(String),
}

impl Attribute {
    /// From JSON; `None` for what no attribute may be.
    pub(super) fn from_value(value: Value) -> Option<Self> {
        match value {
            Value::Bool(value) => Some(Self::Boolean(value)),
            Value::Number(number) => Some(Self::Integer(number.as_i64()?.try_into().ok()?)),
            Value::String(text) => is_text(&text).then_some(Self::Text(text)),
            Value::Null | Value::Array(_) | Value::Object(_) => None,
        }
    }

    pub(super) fn is_valid(&self) -> bool {
        !matches!(self, Self::Text(text) if !is_text(text))
    }
}

/// Whether an attribute may be called so.
pub(super) fn is_name(name: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    (1..=NAME_BYTES_MAX).contains(&name.len()) && name.bytes().all(is_plain)
}

/// Whether an attribute may have this text.
pub(super) fn is_text(text: &str) -> bool {
    (1..=ATTRIBUTE_BYTES_MAX).contains(&text.len()) && !text.chars().any(is_disallowed)
}

/// Control characters, and what Unicode calls noncharacters.
fn is_disallowed(character: char) -> bool {
    let code = u32::from(character);
    character.is_control() || (0xFDD0..=0xFDEF).contains(&code) || code & 0xFFFE == 0xFFFE
}
