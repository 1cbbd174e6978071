//! From a text to an envelope: every member is known by name, within its bounds, there once, and of its type.

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::Value;
use serde_json::value::RawValue;

use super::attribute::{EXTENSIONS_MAX, is_name};
use super::members::Members;
use super::{Attribute, Data, Envelope, EnvelopeError};
use crate::bus::MESSAGE_BYTES_MAX;

/// Members that an envelope has fields for, and `specversion`.
const FIELDS: usize = 13;

impl Envelope {
    /// Reads an envelope.
    ///
    /// # Errors
    /// [`EnvelopeError`] for what is no CloudEvent 1.0, has binary data, or exceeds a bound.
    pub fn parse(text: &str) -> Result<Self, EnvelopeError> {
        if text.len() > MESSAGE_BYTES_MAX {
            return Err(EnvelopeError::TooLong { bytes: text.len(), bytes_max: MESSAGE_BYTES_MAX });
        }
        let Members(members) = serde_json::from_str(text).map_err(EnvelopeError::Json)?;
        if members.len() > FIELDS + EXTENSIONS_MAX {
            return Err(EnvelopeError::TooManyAttributes);
        }
        let mut parser = Parser::new(members)?;
        if parser.take("data_base64").is_some() {
            return Err(EnvelopeError::Binary);
        }
        let data = parser.take("data").map(Data::from);
        if parser.text("specversion")?.as_deref() != Some("1.0") {
            return Err(EnvelopeError::SpecVersion);
        }
        Ok(Self {
            id: parser.required("id")?,
            source: parser.required("source")?,
            type_name: parser.required("type")?,
            subject: parser.text("subject")?,
            time: parser.time("time")?,
            data_content_type: parser.text("datacontenttype")?,
            traceparent: parser.text("traceparent")?,
            sequence: parser.sequence("sequence")?,
            correlation_id: parser.text("correlationid")?,
            causation_id: parser.text("causationid")?,
            actor: parser.text("actor")?,
            extensions: parser.rest()?,
            data,
        })
    }
}

/// Hands the members out by name. There are some thirty at most, so looking through them beats hashing.
struct Parser<'a> {
    members: Vec<(Cow<'a, str>, &'a RawValue)>,
}

impl<'a> Parser<'a> {
    fn new(members: Vec<(Cow<'a, str>, &'a RawValue)>) -> Result<Self, EnvelopeError> {
        for (at, (name, _)) in members.iter().enumerate() {
            if !is_name(name) && name != "data_base64" {
                return Err(EnvelopeError::Name);
            }
            if members.iter().take(at).any(|(earlier, _)| earlier == name) {
                return Err(EnvelopeError::Repeated(name.clone().into_owned()));
            }
        }
        Ok(Self { members })
    }

    fn take(&mut self, name: &str) -> Option<&'a RawValue> {
        let at = self.members.iter().position(|(known, _)| known == name)?;
        Some(self.members.swap_remove(at).1)
    }

    fn attribute(&mut self, name: &str) -> Result<Option<Attribute>, EnvelopeError> {
        self.take(name).map_or(Ok(None), |value| read_attribute(name, value))
    }

    fn text(&mut self, name: &str) -> Result<Option<String>, EnvelopeError> {
        match self.attribute(name)? {
            None => Ok(None),
            Some(Attribute::Text(text)) => Ok(Some(text)),
            Some(_) => Err(EnvelopeError::Value(name.to_owned())),
        }
    }

    fn required(&mut self, name: &'static str) -> Result<String, EnvelopeError> {
        self.text(name)?.ok_or(EnvelopeError::Missing(name))
    }

    fn time(&mut self, name: &str) -> Result<Option<DateTime<Utc>>, EnvelopeError> {
        let read = |text: String| DateTime::parse_from_rfc3339(&text).map(|time| time.to_utc());
        self.text(name)?.map(read).transpose().map_err(|_| EnvelopeError::Value(name.to_owned()))
    }

    fn sequence(&mut self, name: &str) -> Result<Option<u64>, EnvelopeError> {
        let is_number = |text: &String| text.bytes().all(|byte| byte.is_ascii_digit());
        let Some(text) = self.text(name)? else { return Ok(None) };
        let number = Some(text).filter(is_number).and_then(|text| text.parse().ok());
        number.map(Some).ok_or_else(|| EnvelopeError::Value(name.to_owned()))
    }

    fn rest(self) -> Result<BTreeMap<String, Attribute>, EnvelopeError> {
        let read = |(name, value): (Cow<'_, str>, &RawValue)| {
            read_attribute(&name, value).map(|value| value.map(|value| (name.into_owned(), value))).transpose()
        };
        self.members.into_iter().filter_map(read).collect()
    }
}

/// An attribute's value; null means that it isn't there.
fn read_attribute(name: &str, value: &RawValue) -> Result<Option<Attribute>, EnvelopeError> {
    let refused = || EnvelopeError::Value(name.to_owned());
    match serde_json::from_str(value.get()).map_err(|_| refused())? {
        Value::Null => Ok(None),
        value => Attribute::from_value(value).map(Some).ok_or_else(refused),
    }
}
