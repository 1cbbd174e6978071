//! From an envelope to a text, checked by the same rules as reading: what is written can be read.

use std::sync::Arc;

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::attribute::{EXTENSIONS_MAX, is_name, is_text};
use super::{Attribute, Envelope, EnvelopeError};
use crate::bus::{MESSAGE_BYTES_MAX, Message};

/// Names that no extension may have, since they are fields.
const TAKEN: [&str; 14] = [
    "specversion",
    "id",
    "source",
    "type",
    "subject",
    "time",
    "datacontenttype",
    "traceparent",
    "sequence",
    "correlationid",
    "causationid",
    "actor",
    "data",
    "data_base64",
];

impl Envelope {
    /// Writes the envelope: attributes in a fixed order, then its data as it is.
    ///
    /// # Errors
    /// [`EnvelopeError`] for values that a reader would refuse.
    pub fn to_text(&self) -> Result<String, EnvelopeError> {
        self.check()?;
        let text = serde_json::to_string(self).map_err(EnvelopeError::Unwritable)?;
        if text.len() > MESSAGE_BYTES_MAX {
            return Err(EnvelopeError::TooLong { bytes: text.len(), bytes_max: MESSAGE_BYTES_MAX });
        }
        Ok(text)
    }

    /// The envelope as a message under its subject, by which its order is kept.
    ///
    /// # Errors
    /// [`EnvelopeError`] for values that a reader would refuse, and if there is no subject.
    pub fn to_message(&self) -> Result<Message, EnvelopeError> {
        let key = self.subject.as_deref().ok_or(EnvelopeError::Missing("subject"))?;
        Ok(Message { key: Arc::from(key), text: Arc::from(self.to_text()?) })
    }

    fn check(&self) -> Result<(), EnvelopeError> {
        let texts = [("id", &self.id), ("source", &self.source), ("type", &self.type_name)];
        let optional = [
            ("subject", &self.subject),
            ("datacontenttype", &self.data_content_type),
            ("traceparent", &self.traceparent),
            ("correlationid", &self.correlation_id),
            ("causationid", &self.causation_id),
            ("actor", &self.actor),
        ];
        let given = optional.into_iter().filter_map(|(name, text)| text.as_ref().map(|text| (name, text)));
        for (name, text) in texts.into_iter().chain(given) {
            if !is_text(text) {
                return Err(EnvelopeError::Value(name.to_owned()));
            }
        }
        if self.extensions.len() > EXTENSIONS_MAX {
            return Err(EnvelopeError::TooManyAttributes);
        }
        for (name, value) in &self.extensions {
            if !is_name(name) || TAKEN.contains(&name.as_str()) {
                return Err(EnvelopeError::Name);
            }
            if !value.is_valid() {
                return Err(EnvelopeError::Value(name.clone()));
            }
        }
        Ok(())
    }
}

impl Serialize for Envelope {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("specversion", "1.0")?;
        map.serialize_entry("id", &self.id)?;
        map.serialize_entry("source", &self.source)?;
        map.serialize_entry("type", &self.type_name)?;
        let sequence = self.sequence.map(|sequence| format!("{sequence:020}"));
        let attributes = [("subject", &self.subject), ("datacontenttype", &self.data_content_type)];
        let ours = [
            ("traceparent", &self.traceparent),
            ("sequence", &sequence),
            ("correlationid", &self.correlation_id),
            ("causationid", &self.causation_id),
            ("actor", &self.actor),
        ];
        if let Some(time) = &self.time {
            map.serialize_entry("time", time)?;
        }
        for (name, text) in attributes.into_iter().chain(ours) {
            if let Some(text) = text {
                map.serialize_entry(name, text)?;
            }
        }
        for (name, value) in &self.extensions {
            map.serialize_entry::<str, Attribute>(name, value)?;
        }
        if let Some(data) = &self.data {
            map.serialize_entry("data", data)?;
        }
        map.end()
    }
}
