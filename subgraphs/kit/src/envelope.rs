//! What kit itself reads and writes of the envelope in which messages travel: CloudEvents 1.0 as structured JSON.
//!
//! Reading needs the event's id, which tells whether a message was seen before, and its type, which tells whether a group has a use for
//! it. Writing is for dead letters.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize};
use uuid::Uuid;

/// What kit looks at of each message.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Head {
    /// The event's id.
    pub id: Uuid,
    /// What it is, if it says so.
    #[serde(default, rename = "type", deserialize_with = "text")]
    pub type_name: Option<String>,
    /// When it happened, if it says so in a way that is understood.
    #[serde(default, deserialize_with = "time")]
    pub time: Option<DateTime<Utc>>,
    /// In which span, if it says so.
    #[serde(default, deserialize_with = "text")]
    pub traceparent: Option<String>,
}

/// What traces ask of a message.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub(crate) struct Traced {
    /// In which span it was written.
    #[serde(default, deserialize_with = "text")]
    pub traceparent: Option<String>,
}

impl Traced {
    /// Nothing of what is no envelope.
    pub(crate) fn read(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or_default()
    }
}

impl Head {
    /// `None` for what is no envelope.
    pub(crate) fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}

/// The event's id; `None` for what is no envelope.
pub(crate) fn event_id(text: &str) -> Option<Uuid> {
    Head::read(text).map(|Head { id, .. }| id)
}

/// A text, or nothing of what isn't one.
fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    match serde_json::Value::deserialize(deserializer)? {
        serde_json::Value::String(text) => Ok(Some(text)),
        _ => Ok(None),
    }
}

/// A time, or nothing of what isn't one: that is for whoever handles the message to refuse.
fn time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<DateTime<Utc>>, D::Error> {
    let value = serde_json::Value::deserialize(deserializer)?;
    Ok(value.as_str().and_then(|text| text.parse().ok()))
}

/// An envelope around `data`.
#[derive(Debug, Serialize)]
pub(crate) struct NewEnvelope<'a, D> {
    pub specversion: &'static str,
    pub id: Uuid,
    /// `/supergraph/<domain>`.
    pub source: String,
    /// With its version.
    #[serde(rename = "type")]
    pub kind: String,
    pub subject: &'a str,
    pub time: DateTime<Utc>,
    pub datacontenttype: &'static str,
    pub data: D,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_is_read_among_anything_else() {
        let id = Uuid::now_v7();
        let text = format!(r#"{{"specversion":"1.0","data":{{"id":7,"x":[[1]]}},"id":"{id}","more":null}}"#);
        assert_eq!(event_id(&text), Some(id));
    }

    #[test]
    fn what_is_no_envelope_has_none() {
        for text in ["", "{}", "7", r#"{"id":7}"#, r#"{"id":"x"}"#, "{\"id\":", &"[".repeat(100_000)] {
            assert_eq!(event_id(text), None, "{}", text.get(..20).unwrap_or(text));
        }
    }
}
