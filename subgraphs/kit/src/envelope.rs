//! What kit itself reads and writes of the envelope in which messages travel: CloudEvents 1.0 as structured JSON.
//!
//! Reading needs the event's id alone, which tells whether a message was seen before. Writing is for dead letters.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The event's id; `None` for what is no envelope.
pub(crate) fn event_id(text: &str) -> Option<Uuid> {
    #[derive(Deserialize)]
    struct Envelope {
        id: Uuid,
    }
    serde_json::from_str(text).ok().map(|Envelope { id }| id)
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
