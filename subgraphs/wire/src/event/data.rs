//! An envelope's data: a JSON text that is kept as it came.

use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};

/// A JSON text, byte for byte. Equal to another one of the same bytes only.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Data(Box<RawValue>);

impl Data {
    /// A value as JSON.
    ///
    /// # Errors
    /// For what JSON can't say: a map whose keys aren't texts.
    pub fn of<T: Serialize>(value: &T) -> serde_json::Result<Self> {
        to_raw_value(value).map(Self)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.get()
    }
}

impl From<&RawValue> for Data {
    fn from(text: &RawValue) -> Self {
        Self(text.to_owned())
    }
}

impl PartialEq for Data {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Data {}
