//! Response keys as they stand in a response.

use std::ops::Deref;

/// A response key, kept as it is written: quoted, with the comma before it that all but the first have, and the colon behind it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ResponseKey(Box<str>);

impl ResponseKey {
    /// Of a name.
    pub fn new(name: &str) -> Self {
        Self(format!(",\"{name}\":").into())
    }

    /// The bytes to be written; an object's first has a brace instead of the comma.
    pub fn written(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl Deref for ResponseKey {
    type Target = str;

    fn deref(&self) -> &str {
        self.0.get(2..self.0.len() - 2).unwrap_or_default()
    }
}
